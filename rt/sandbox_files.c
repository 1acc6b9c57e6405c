/* Landlock (Linux 5.13; what is used here is of 5.19): of the file system what is needed, whatever
 * the process's user may do. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "node.h"
#include "sandbox.h"

/* linux/landlock.h of kernels older than these is still in use. */
enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    REFER = 1 << 13,    /* ABI 2: links and renames between directories, forbidden before */
    TRUNCATE = 1 << 14, /* ABI 3 */
    ALL_OF_ABI_2 = (1 << 14) - 1,

    BIND_TCP = 1 << 0, /* ABI 4 */
    CONNECT_TCP = 1 << 1,

    SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0, /* ABI 6 */
    SCOPE_SIGNAL = 1 << 1,

    CREATE_RULESET_VERSION = 1,
    RULE_PATH_BENEATH = 1,
    RULE_NET_PORT = 2,
};

enum {
    READ = READ_FILE | READ_DIR,
    WRITE = (ALL_OF_ABI_2 | TRUNCATE) & ~(EXECUTE | READ),
    OF_FILES = WRITE_FILE | READ_FILE | TRUNCATE | EXECUTE, /* no others may be given for a file */
};

struct ruleset_attributes {
    uint64_t fs, net, scoped;
};
struct path_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));
struct port_rule {
    uint64_t allowed, port;
};

/* What name resolution, libcurl and its TLS read, and where libraries are. Not all of these are
 * there on a host. */
static const char *const for_network[] = {
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.cache",
    "/etc/resolv.conf",
    "/run/systemd/resolve",
    "/run/NetworkManager",
    "/run/resolvconf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
    "/etc/crypto-policies",
    "/usr/share/ca-certificates",
    "/usr/local/share/ca-certificates",
};

static int last_error(long result)
{
    return result < 0 ? -errno : 0;
}

static int allow_descriptor(int rules, int fd, uint64_t access)
{
    struct path_rule rule = {access, fd};
    return last_error(syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH, &rule, 0U));
}

/* What is not there can't be opened: no error. */
static int allow_path(int rules, const char *path, uint64_t access)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return 0;
    int error = allow_descriptor(rules, fd, access);
    if (error == -EINVAL) /* no directory, which would be dearer to find out before */
        error = allow_descriptor(rules, fd, access & OF_FILES);
    close(fd);
    return error;
}

/* "DIR:DIR" of LD_LIBRARY_PATH, which is where its user has libcurl. */
static int allow_library_path(int rules)
{
    const char *list = getenv("LD_LIBRARY_PATH");
    while (list && *list) {
        char path[PATH_MAX];
        size_t len = strcspn(list, ":;");
        bool fits = len > 0 && len < sizeof path;
        if (fits) {
            memcpy(path, list, len);
            path[len] = '\0';
        }
        int error = fits ? allow_path(rules, path, READ) : 0;
        if (error)
            return error;
        list += len + (list[len] != '\0');
    }
    return 0;
}

static int allow_network(int rules, const char *ca_file)
{
    int error = allow_library_path(rules);
    for (size_t i = 0; !error && i < sizeof for_network / sizeof *for_network; i++)
        error = allow_path(rules, for_network[i], READ);
    if (!error && ca_file)
        error = allow_path(rules, ca_file, READ);
    return error;
}

/* `ports`: 0 behind the last. */
static int allow_ports(int rules, const uint16_t *ports, uint64_t access)
{
    int error = 0;
    for (; !error && *ports; ports++) {
        struct port_rule rule = {access, *ports};
        error = last_error(syscall(SYS_landlock_add_rule, rules, RULE_NET_PORT, &rule, 0U));
    }
    return error;
}

static int allow_directories(int rules, const struct dagger_process *process, uint64_t write)
{
    int error = 0;
    for (size_t i = 0; !error && i < process->len; i++) {
        bool read_only;
        const struct dagger_stream *stream = process->slots[i].stream;
        int fd = stream ? dagger_directory_descriptor(stream, &read_only) : -1;
        if (fd >= 0)
            error = allow_descriptor(rules, fd, READ | (read_only ? 0 : write));
    }
    return error;
}

static int allow(int rules, const struct dagger_needs *needs, const struct dagger_process *process,
                 uint64_t write)
{
    const char *root = process->host.root ? process->host.root : ".";
    int error = 0;
    if (needs->root_read || needs->root_write)
        error = allow_path(rules, root,
                           (needs->root_read ? READ : 0) | (needs->root_write ? write : 0));
    if (!error && needs->directories)
        error = allow_directories(rules, process, write);
    if (!error && needs->network)
        error = allow_network(rules, process->host.ca_file);
    return error;
}

/* Which of the two ABI 4 forbids but for ports that are named. */
static uint64_t limited(const struct dagger_needs *needs)
{
    return (needs->listen && !needs->listen_ports ? 0 : BIND_TCP) |
           (needs->network && !needs->ports ? 0 : CONNECT_TCP);
}

/* A long answer of a name server comes by TCP. */
static const uint16_t name_service[] = {53, 0};

static int allow_network_ports(int rules, const struct dagger_needs *needs)
{
    int error = 0;
    if (needs->network && needs->ports)
        error = allow_ports(rules, needs->ports, CONNECT_TCP);
    if (!error && needs->network && needs->ports)
        error = allow_ports(rules, name_service, CONNECT_TCP);
    if (!error && needs->listen && needs->listen_ports)
        error = allow_ports(rules, needs->listen_ports, BIND_TCP);
    return error;
}

int dagger_sandbox_files(const struct dagger_needs *needs, const struct dagger_process *process,
                         int *version)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0UL, CREATE_RULESET_VERSION);
    if (abi < 0)
        return -errno;
    if (abi < 2)
        return -EOPNOTSUPP; /* it would refuse what guests may do */
    uint64_t all = ALL_OF_ABI_2 | (abi >= 3 ? TRUNCATE : 0);
    struct ruleset_attributes attributes = {
        .fs = all,
        .net = abi >= 4 ? limited(needs) : 0,
        .scoped = abi >= 6 ? SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL : 0,
    };
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0U);
    if (rules < 0)
        return -errno;
    int error = allow(rules, needs, process, WRITE & all);
    if (!error && abi >= 4)
        error = allow_network_ports(rules, needs);
    if (!error)
        error = last_error(syscall(SYS_landlock_restrict_self, rules, 0U));
    close(rules);
    *version = (int)abi;
    return error;
}
