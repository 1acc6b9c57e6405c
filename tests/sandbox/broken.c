/* A runtime with an error: what a guest writes is done, by the host's own calls. Linked into
 * executables of these tests by --wrap=dagger_call_close, never into anything else.
 *
 * close(-1000 - N) does the N-th of what is in `deeds` and gives 0 if the host let it happen, else
 * the errno value.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static long open_outside(void)
{
    return open("/etc/passwd", O_RDONLY);
}

static long open2_outside(void)
{
    uint64_t how[3] = {O_RDONLY};
    return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how, sizeof how);
}

static long write_outside(void)
{
    return open("/tmp", O_TMPFILE | O_WRONLY, 0600);
}

static long list_outside(void)
{
    return open("/", O_RDONLY | O_DIRECTORY);
}

static long tcp_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}

static long unix_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long netlink_socket(void)
{
    return socket(AF_NETLINK, SOCK_RAW, 0);
}

static long listen_tcp(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof any) ? -1 : 0;
}

/* The port that the variable says, at the loopback interface. */
static struct sockaddr_in place(const char *variable)
{
    const char *port = getenv(variable);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons((uint16_t)strtol(port ? port : "0", NULL, 10));
    return address;
}

static long listen_at(const char *variable)
{
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = place(variable);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on))
        return -1;
    return bind(fd, (struct sockaddr *)&address, sizeof address);
}

static long connect_to(const char *variable)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = place(variable);
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&address, sizeof address);
}

static long listen_named(void)
{
    return listen_at("LISTEN_NAMED");
}

static long listen_other(void)
{
    return listen_at("LISTEN_OTHER");
}

static long connect_named(void)
{
    return connect_to("CONNECT_NAMED");
}

static long connect_other(void)
{
    return connect_to("CONNECT_OTHER");
}

/* To somebody, without connect(2). */
static long send_somewhere(int type, int flags)
{
    int fd = socket(AF_INET, type, 0);
    struct sockaddr_in address = place("CONNECT_OTHER");
    return fd < 0 ? -1 : sendto(fd, "x", 1, flags, (struct sockaddr *)&address, sizeof address);
}

static long send_udp(void)
{
    return send_somewhere(SOCK_DGRAM, 0);
}

static long fast_open(void)
{
    return send_somewhere(SOCK_STREAM, MSG_FASTOPEN);
}

static long fast_open_message(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = place("CONNECT_OTHER");
    struct iovec data = {"x", 1};
    struct msghdr message = {&address, sizeof address, &data, 1, NULL, 0, 0};
    return fd < 0 ? -1 : sendmsg(fd, &message, MSG_FASTOPEN);
}

/* TCP over several ways, whose ports Landlock does not look at. */
static long connect_multipath(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);
    struct sockaddr_in address = place("CONNECT_OTHER");
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&address, sizeof address);
}

static long listen_multipath(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);
    return fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof any) ? -1 : 0;
}

static long keep_socket(void)
{
    struct stat st;
    if (fstat(3, &st) == 0 && S_ISSOCK(st.st_mode))
        return 0;
    errno = EBADF; /* also where the number is another file's now */
    return -1;
}

static long run_program(void)
{
    char *argv[] = {"sh", "-c", "exit 0", NULL}, *none[] = {NULL};
    return execve("/bin/sh", argv, none);
}

static long trace(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static long read_process(void)
{
    char from[8] = "", to[8];
    struct iovec local = {to, sizeof to}, remote = {from, sizeof from};
    return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) < 0 ? -1 : 0;
}

static long make_process(void)
{
    long child = fork();
    if (child == 0)
        _exit(0);
    return child;
}

static long signal_parent(void)
{
    return kill(getppid(), 0);
}

/* As musl's raise() does it to this one. */
static long signal_by_thread(void)
{
    return syscall(SYS_tkill, getppid(), 0);
}

static long make_code(void)
{
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? -1 : 0;
}

static long turn_into_code(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static long memory_file(void)
{
    return memfd_create("code", 0);
}

static long gain_keys(void)
{
    return syscall(SYS_keyctl, 0, -3, 1) < 0 ? -1 : 0; /* the session's keyring */
}

static long other_abi(void)
{
#ifdef __x86_64__
    return syscall(0x40000000 | SYS_getpid) < 0 ? -1 : 0;
#else
    errno = ENOSYS;
    return -1;
#endif
}

static long read_inherited(void)
{
    char byte;
    return read(99, &byte, 1);
}

static long (*const deeds[])(void) = {
    open_outside,   open2_outside,  write_outside,     list_outside,      tcp_socket,
    unix_socket,    netlink_socket, listen_tcp,        run_program,       trace,
    read_process,   make_process,   signal_parent,     signal_by_thread,  make_code,
    turn_into_code, memory_file,    gain_keys,         other_abi,         read_inherited,
    listen_named,   listen_other,   connect_named,     connect_other,     keep_socket,
    send_udp,       fast_open,      fast_open_message, connect_multipath, listen_multipath,
};

uint32_t __real_dagger_call_close(void *imports, uint32_t sd);
uint32_t __wrap_dagger_call_close(void *imports, uint32_t sd);

uint32_t __wrap_dagger_call_close(void *imports, uint32_t sd)
{
    uint32_t number = (uint32_t)-1000 - sd;
    if (number >= sizeof deeds / sizeof *deeds)
        return __real_dagger_call_close(imports, sd);
    errno = 0;
    return deeds[number]() < 0 ? (uint32_t)errno : 0;
}
