/* The filter of system calls: a verdict for each number, and these as a search tree of classic BPF,
 * which the kernel walks once for each number when it takes the filter and then seldom again. */
#include <errno.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox.h"
#include "sandbox_check.h"

/* What other architectures do without. */
enum { NONE = -1 };
#ifdef __x86_64__
enum { ARCHITECTURE = AUDIT_ARCH_X86_64 };
#else
enum { ARCHITECTURE = AUDIT_ARCH_AARCH64 };
#define SYS_access   NONE
#define SYS_iopl     NONE
#define SYS_ioperm   NONE
#define SYS_lstat    NONE
#define SYS_open     NONE
#define SYS_poll     NONE
#define SYS_readlink NONE
#define SYS_select   NONE
#define SYS_stat     NONE
#define SYS_time     NONE
#endif

enum {
    NUMBERS = 512,    /* none has more; what comes later does not exist here, see verdict_of */
    NEW = 424,        /* from here on numbers are the same everywhere, and of 2019 or later: clone3
                         for one, whose flags can't be looked at, so that it is clone */
    X32 = 0x40000000, /* the calls of another ABI of x86-64 */
    INSTRUCTIONS = 1024, /* of a filter; the kernel takes 4096 */
};

enum verdict {
    REFUSED,
    MISSING, /* as in older kernels, so that the C library does it the old way */
    KILLED,
    ALLOWED,
    CHECKED, /* and the number of the check */
};

static const struct {
    const struct sock_filter *program;
    uint8_t count;
} checks[] = {
#define CHECK(name)                                                                                \
    {                                                                                              \
        check_##name, sizeof check_##name / sizeof *check_##name                                   \
    }
    CHECK(protection), CHECK(mapping),    CHECK(thread),    CHECK(socket),       CHECK(limit),
    CHECK(no_path),    CHECK(empty_path), CHECK(read_only), CHECK(ioctl),        CHECK(fcntl),
    CHECK(self),       CHECK(tcp_socket), CHECK(send),      CHECK(send_message), CHECK(send_back),
#undef CHECK
};
enum {
    PROTECTION = CHECKED,
    MAPPING,
    THREAD,
    SOCKET,
    LIMIT,
    NO_PATH,
    EMPTY_PATH,
    READ_ONLY,
    IOCTL,
    FCNTL,
    SELF,
    TCP_SOCKET,
    SEND,
    SEND_MESSAGE,
    SEND_BACK,
};

/* What a process makes that runs a guest, and what any of its streams does with what is open. */
static const struct rule {
    short number;
    uint8_t verdict;
} always[] = {
    {SYS_read, ALLOWED},
    {SYS_write, ALLOWED},
    {SYS_readv, ALLOWED},
    {SYS_writev, ALLOWED},
    {SYS_pread64, ALLOWED},
    {SYS_pwrite64, ALLOWED},
    {SYS_preadv, ALLOWED},
    {SYS_pwritev, ALLOWED},
    {SYS_preadv2, ALLOWED},
    {SYS_pwritev2, ALLOWED},
    {SYS_lseek, ALLOWED},
    {SYS_close, ALLOWED},
    {SYS_fstat, ALLOWED},
    {SYS_newfstatat, EMPTY_PATH},
    {SYS_fstatfs, ALLOWED},
    {SYS_fsync, ALLOWED},
    {SYS_fdatasync, ALLOWED},
    {SYS_ftruncate, ALLOWED},
    {SYS_fallocate, ALLOWED},
    {SYS_fadvise64, ALLOWED},
    {SYS_utimensat, NO_PATH},
    {SYS_fcntl, FCNTL},
    {SYS_ioctl, IOCTL},
    {SYS_poll, ALLOWED},
    {SYS_ppoll, ALLOWED},
    {SYS_select, ALLOWED},
    {SYS_pselect6, ALLOWED},
    {SYS_mmap, PROTECTION},
    {SYS_mprotect, PROTECTION},
    {SYS_munmap, ALLOWED},
    {SYS_mremap, ALLOWED},
    {SYS_madvise, ALLOWED},
    {SYS_brk, ALLOWED},
    {SYS_rt_sigaction, ALLOWED},
    {SYS_rt_sigprocmask, ALLOWED},
    {SYS_rt_sigreturn, ALLOWED},
    {SYS_sigaltstack, ALLOWED},
    {SYS_restart_syscall, ALLOWED},
    {SYS_setitimer, ALLOWED}, /* guest_limits.c: the clock goes on after the limit */
    {SYS_tgkill, SELF},       /* raise(), as the GNU C library has it */
    {SYS_tkill, SELF},        /* as musl has it, of the first thread */
    {SYS_getpid, ALLOWED},
    {SYS_gettid, ALLOWED},
    {SYS_getuid, ALLOWED},
    {SYS_geteuid, ALLOWED},
    {SYS_getgid, ALLOWED},
    {SYS_getegid, ALLOWED},
    {SYS_uname, ALLOWED},
    {SYS_sysinfo, ALLOWED},
    {SYS_getrusage, ALLOWED},
    {SYS_prlimit64, LIMIT},
    {SYS_sched_yield, ALLOWED},
    {SYS_sched_getaffinity, ALLOWED},
    {SYS_clock_gettime, ALLOWED},
    {SYS_clock_getres, ALLOWED},
    {SYS_clock_nanosleep, ALLOWED},
    {SYS_nanosleep, ALLOWED},
    {SYS_gettimeofday, ALLOWED},
    {SYS_time, ALLOWED},
    {SYS_getrandom, ALLOWED},
    {SYS_futex, ALLOWED},
    {SYS_exit, ALLOWED},
    {SYS_exit_group, ALLOWED},
};

/* With files that can be opened; which, Landlock knows. */
static const struct rule for_files[] = {
    {SYS_openat, ALLOWED},     {SYS_openat2, ALLOWED},    {SYS_newfstatat, ALLOWED},
    {SYS_getdents64, ALLOWED}, {SYS_readlinkat, ALLOWED}, {SYS_faccessat, ALLOWED},
    {SYS_faccessat2, ALLOWED}, /* for musl */
    {SYS_open, ALLOWED},       {SYS_access, ALLOWED},
};

/* And changed. */
static const struct rule for_changes[] = {
    {SYS_mkdirat, ALLOWED},   {SYS_unlinkat, ALLOWED}, {SYS_renameat, ALLOWED},
    {SYS_renameat2, ALLOWED}, {SYS_linkat, ALLOWED},   {SYS_symlinkat, ALLOWED},
    {SYS_fchmod, ALLOWED},    {SYS_fchown, ALLOWED},   {SYS_utimensat, ALLOWED},
};

/* With a network: libcurl, which is loaded when it is needed, its threads and their sockets. */
static const struct rule for_network[] = {
    {SYS_socket, SOCKET},
    {SYS_socketpair, ALLOWED},
    {SYS_connect, ALLOWED},
    {SYS_sendto, SEND},
    {SYS_recvfrom, ALLOWED},
    {SYS_sendmsg, SEND_MESSAGE},
    {SYS_recvmsg, ALLOWED},
    {SYS_sendmmsg, SEND},
    {SYS_recvmmsg, ALLOWED},
    {SYS_setsockopt, ALLOWED},
    {SYS_getsockopt, ALLOWED},
    {SYS_getsockname, ALLOWED},
    {SYS_getpeername, ALLOWED},
    {SYS_shutdown, ALLOWED},
    {SYS_pipe2, ALLOWED},
    {SYS_eventfd2, ALLOWED},
    {SYS_mmap, MAPPING},
    {SYS_clone, THREAD},
    {SYS_set_robust_list, ALLOWED},
    {SYS_rseq, ALLOWED},
    {SYS_newfstatat, ALLOWED},
    {SYS_openat, READ_ONLY},
    {SYS_readlinkat, ALLOWED},
    {SYS_readlink, ALLOWED},
    {SYS_getdents64, ALLOWED},
    {SYS_access, ALLOWED},
    {SYS_stat, ALLOWED},
    {SYS_lstat, ALLOWED},
};

/* With connections to this process: taking and using them, */
static const struct rule for_connections[] = {
    {SYS_accept4, ALLOWED},    {SYS_sendto, SEND_BACK},   {SYS_recvfrom, ALLOWED},
    {SYS_setsockopt, ALLOWED}, {SYS_getsockopt, ALLOWED}, {SYS_shutdown, ALLOWED},
};

/* and listening for them. */
static const struct rule for_listening[] = {
    {SYS_socket, TCP_SOCKET},
    {SYS_bind, ALLOWED},
    {SYS_listen, ALLOWED},
    {SYS_getsockname, ALLOWED},
};

/* Nothing that is here has any use for these but harm. */
static const struct rule never[] = {
    {SYS_execve, KILLED},
    {SYS_execveat, KILLED},
    {SYS_ptrace, KILLED},
    {SYS_process_vm_readv, KILLED},
    {SYS_process_vm_writev, KILLED},
    {SYS_pidfd_getfd, KILLED},
    {SYS_kill, KILLED},
    {SYS_pidfd_send_signal, KILLED},
    {SYS_bpf, KILLED},
    {SYS_perf_event_open, KILLED},
    {SYS_userfaultfd, KILLED},
    {SYS_io_uring_setup, KILLED},
    {SYS_memfd_create, KILLED},
    {SYS_keyctl, KILLED},
    {SYS_add_key, KILLED},
    {SYS_request_key, KILLED},
    {SYS_mount, KILLED},
    {SYS_umount2, KILLED},
    {SYS_move_mount, KILLED},
    {SYS_open_tree, KILLED},
    {SYS_fsopen, KILLED},
    {SYS_pivot_root, KILLED},
    {SYS_chroot, KILLED},
    {SYS_unshare, KILLED},
    {SYS_setns, KILLED},
    {SYS_init_module, KILLED},
    {SYS_finit_module, KILLED},
    {SYS_delete_module, KILLED},
    {SYS_kexec_load, KILLED},
    {SYS_kexec_file_load, KILLED},
    {SYS_reboot, KILLED},
    {SYS_open_by_handle_at, KILLED},
    {SYS_personality, KILLED},
    {SYS_setuid, KILLED},
    {SYS_setgid, KILLED},
    {SYS_setresuid, KILLED},
    {SYS_setresgid, KILLED},
    {SYS_capset, KILLED},
    {SYS_iopl, KILLED},
    {SYS_ioperm, KILLED},
};

/* ---- Verdicts ---------------------------------------------------------------------------------
 */

static void apply(uint8_t *verdicts, const struct rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rules[i].number >= 0)
            verdicts[rules[i].number] = rules[i].verdict;
}
#define APPLY(rules) apply(verdicts, rules, sizeof(rules) / sizeof *(rules))

/* Later ones stand over earlier ones. */
static void decide(const struct dagger_needs *needs, uint8_t verdicts[NUMBERS])
{
    bool changes = needs->root_write || needs->directories;
    memset(verdicts, REFUSED, NEW);
    memset(verdicts + NEW, MISSING, NUMBERS - NEW);
    APPLY(always);
    if (needs->listen || needs->inherited)
        APPLY(for_connections);
    if (needs->listen)
        APPLY(for_listening);
    if (needs->network) /* which may do more with sockets */
        APPLY(for_network);
    if (changes || needs->root_read)
        APPLY(for_files);
    if (changes)
        APPLY(for_changes);
    APPLY(never);
}

/* ---- The program ------------------------------------------------------------------------------
 */

struct filter {
    const uint8_t *verdicts;
    struct sock_filter program[INSTRUCTIONS];
    size_t len;
    bool full;
};

static void emit(struct filter *filter, struct sock_filter instruction)
{
    if (filter->len == INSTRUCTIONS)
        filter->full = true;
    else
        filter->program[filter->len++] = instruction;
}

static void emit_leaf(struct filter *filter, uint8_t verdict)
{
    static const uint32_t answers[] = {
        [REFUSED] = REFUSE(EPERM),
        [MISSING] = REFUSE(ENOSYS),
        [KILLED] = SECCOMP_RET_KILL_PROCESS,
        [ALLOWED] = SECCOMP_RET_ALLOW,
    };
    if (verdict < CHECKED) {
        emit(filter, (struct sock_filter)RETURN(answers[verdict]));
        return;
    }
    for (size_t i = 0; i < checks[verdict - CHECKED].count; i++) {
        struct sock_filter instruction = checks[verdict - CHECKED].program[i];
        if (verdict == SELF && BPF_CLASS(instruction.code) == BPF_JMP)
            instruction.k = (uint32_t)getpid();
        emit(filter, instruction);
    }
}

/* The first number behind `from` that has another verdict. */
static size_t next_run(const uint8_t *verdicts, size_t from)
{
    size_t at = from + 1;
    while (at < NUMBERS && verdicts[at] == verdicts[from])
        at++;
    return at;
}

/* The tree for the runs that begin at starts[0] and on; `count` of them, at least one. */
static void emit_tree(struct filter *filter, const uint16_t *starts, size_t count)
{
    if (count == 1) {
        emit_leaf(filter, filter->verdicts[starts[0]]);
        return;
    }
    size_t half = count / 2, branch = filter->len;
    emit(filter, (struct sock_filter)IF_AT_LEAST(starts[half], 0, 0));
    emit_tree(filter, starts, half);
    size_t distance = filter->len - branch - 1;
    if (distance > UINT8_MAX)
        filter->full = true; /* jumps go no further */
    filter->program[branch].jt = (uint8_t)distance;
    emit_tree(filter, starts + half, count - half);
}

static int make(struct filter *filter)
{
    static uint16_t starts[NUMBERS];
    size_t count = 0;
    for (size_t at = 0; at < NUMBERS; at = next_run(filter->verdicts, at))
        starts[count++] = (uint16_t)at;
    emit(filter, (struct sock_filter)LOAD(arch));
    emit(filter, (struct sock_filter)IF_EQUAL(ARCHITECTURE, 1, 0));
    emit(filter, (struct sock_filter)RETURN(SECCOMP_RET_KILL_PROCESS));
    emit(filter, (struct sock_filter)LOAD(nr));
    emit(filter, (struct sock_filter)IF_AT_LEAST(X32, 0, 1));
    emit(filter, (struct sock_filter)RETURN(SECCOMP_RET_KILL_PROCESS));
    emit_tree(filter, starts, count); /* the last run has no end */
    return filter->full ? -E2BIG : 0;
}

int dagger_sandbox_calls(const struct dagger_needs *needs)
{
    static uint8_t verdicts[NUMBERS];
    static struct filter filter;
    decide(needs, verdicts);
    filter = (struct filter){.verdicts = verdicts};
    int error = make(&filter);
    struct sock_fprog program = {(unsigned short)filter.len, filter.program};
    /* Without this flag kernels before 5.16 slow down all that the process does. */
    if (!error && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                          &program) != 0)
        error = -errno;
    return error;
}
