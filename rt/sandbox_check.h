/* Of sandbox_calls.c: system calls whose arguments say whether they are allowed, as programs of
 * classic BPF that end with the answer. Arguments that are pointers can't be looked behind. */
#ifndef DAGGER_RT_SANDBOX_CHECK_H
#define DAGGER_RT_SANDBOX_CHECK_H

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define REFUSE(error) (SECCOMP_RET_ERRNO | (error))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, value)
#define LOAD(member)                                                                               \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, member))
/* Of an argument its lower half (the host is little-endian), which is all of an int, and its upper.
 */
#define ARGUMENT(n) LOAD(args[n])
#define ARGUMENT_HIGH(n)                                                                           \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, args[n]) + 4)
/* How many instructions to leave out if so, if not. */
#define IF_ANY(bits, so, not )       BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, so, not )
#define IF_EQUAL(value, so, not )    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, so, not )
#define IF_GREATER(value, so, not )  BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, value, so, not )
#define IF_AT_LEAST(value, so, not ) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, value, so, not )

/* No memory that can be run. */
static const struct sock_filter check_protection[] = {
    ARGUMENT(2), IF_ANY(PROT_EXEC, 1, 0), RETURN(SECCOMP_RET_ALLOW), RETURN(REFUSE(EPERM))};

/* None but a file's, that can't be written: libraries. */
static const struct sock_filter check_mapping[] = {
    ARGUMENT(2),          IF_ANY(PROT_EXEC, 0, 3),     IF_ANY(PROT_WRITE, 3, 0),
    ARGUMENT(3),          IF_ANY(MAP_ANONYMOUS, 1, 0), RETURN(SECCOMP_RET_ALLOW),
    RETURN(REFUSE(EPERM))};

/* Threads, which name resolution is done in, and no processes. */
static const struct sock_filter check_thread[] = {ARGUMENT(0), IF_ANY(CLONE_THREAD, 0, 1),
                                                  RETURN(SECCOMP_RET_ALLOW), RETURN(REFUSE(EPERM))};

/* TCP and UDP: not the host's own sockets, by which its services are spoken to, nor raw ones, nor
 * protocols whose ports Landlock does not know (MPTCP). */
static const struct sock_filter check_socket[] = {ARGUMENT(2),
                                                  IF_EQUAL(0, 2, 0),
                                                  IF_EQUAL(IPPROTO_TCP, 1, 0),
                                                  IF_EQUAL(IPPROTO_UDP, 0, 8),
                                                  ARGUMENT(1),
                                                  BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf),
                                                  IF_EQUAL(SOCK_STREAM, 1, 0),
                                                  IF_EQUAL(SOCK_DGRAM, 0, 4),
                                                  ARGUMENT(0),
                                                  IF_EQUAL(AF_INET, 1, 0),
                                                  IF_EQUAL(AF_INET6, 0, 1),
                                                  RETURN(SECCOMP_RET_ALLOW),
                                                  RETURN(REFUSE(EAFNOSUPPORT))};

/* TCP alone. */
static const struct sock_filter check_tcp_socket[] = {ARGUMENT(2),
                                                      IF_EQUAL(0, 1, 0),
                                                      IF_EQUAL(IPPROTO_TCP, 0, 7),
                                                      ARGUMENT(1),
                                                      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf),
                                                      IF_EQUAL(SOCK_STREAM, 0, 4),
                                                      ARGUMENT(0),
                                                      IF_EQUAL(AF_INET, 1, 0),
                                                      IF_EQUAL(AF_INET6, 0, 1),
                                                      RETURN(SECCOMP_RET_ALLOW),
                                                      RETURN(REFUSE(EAFNOSUPPORT))};

/* sendto, sendmmsg, sendmsg: MSG_FASTOPEN would connect, and Landlock not see it. */
static const struct sock_filter check_send[] = {ARGUMENT(3), IF_ANY(MSG_FASTOPEN, 1, 0),
                                                RETURN(SECCOMP_RET_ALLOW), RETURN(REFUSE(EPERM))};
static const struct sock_filter check_send_message[] = {
    ARGUMENT(2), IF_ANY(MSG_FASTOPEN, 1, 0), RETURN(SECCOMP_RET_ALLOW), RETURN(REFUSE(EPERM))};

/* sendto: to whom the socket is connected to. */
static const struct sock_filter check_send_back[] = {
    ARGUMENT(4), IF_EQUAL(0, 0, 5),          ARGUMENT_HIGH(4),          IF_EQUAL(0, 0, 3),
    ARGUMENT(3), IF_ANY(MSG_FASTOPEN, 1, 0), RETURN(SECCOMP_RET_ALLOW), RETURN(REFUSE(EPERM))};

/* prlimit: the process's own, to be read. */
static const struct sock_filter check_limit[] = {ARGUMENT(0),
                                                 IF_EQUAL(0, 0, 5),
                                                 ARGUMENT(2),
                                                 IF_EQUAL(0, 0, 3),
                                                 ARGUMENT_HIGH(2),
                                                 IF_EQUAL(0, 0, 1),
                                                 RETURN(SECCOMP_RET_ALLOW),
                                                 RETURN(REFUSE(EPERM))};

/* utimensat: of an open file. */
static const struct sock_filter check_no_path[] = {
    ARGUMENT(1),       IF_EQUAL(0, 0, 3),         ARGUMENT_HIGH(1),
    IF_EQUAL(0, 0, 1), RETURN(SECCOMP_RET_ALLOW), RETURN(REFUSE(EACCES))};

/* fstatat: as the C library's fstat() asks. */
static const struct sock_filter check_empty_path[] = {
    ARGUMENT(3), IF_ANY(AT_EMPTY_PATH, 0, 1), RETURN(SECCOMP_RET_ALLOW), RETURN(REFUSE(EACCES))};

/* openat: for reading. */
static const struct sock_filter check_read_only[] = {
    ARGUMENT(2), IF_ANY(O_ACCMODE | O_CREAT | O_TRUNC, 1, 0), RETURN(SECCOMP_RET_ALLOW),
    RETURN(REFUSE(EACCES))};

/* tgkill: of this process, whose number takes the place of the 0. tkill: of its first thread, which
 * has the same. */
static const struct sock_filter check_self[] = {
    ARGUMENT(0), IF_EQUAL(0, 0, 1), RETURN(SECCOMP_RET_ALLOW), RETURN(SECCOMP_RET_KILL_PROCESS)};

/* Is it a terminal, how large, how much is there to read. */
static const struct sock_filter check_ioctl[] = {ARGUMENT(1),
                                                 IF_EQUAL(TCGETS, 3, 0),
                                                 IF_EQUAL(TIOCGWINSZ, 2, 0),
                                                 IF_EQUAL(FIONREAD, 1, 0),
                                                 IF_EQUAL(FIONBIO, 0, 1),
                                                 RETURN(SECCOMP_RET_ALLOW),
                                                 RETURN(REFUSE(EPERM))};

/* Flags and duplicates: no locks, leases or signals. */
static const struct sock_filter check_fcntl[] = {ARGUMENT(1), IF_EQUAL(F_DUPFD_CLOEXEC, 1, 0),
                                                 IF_GREATER(F_SETFL, 1, 0),
                                                 RETURN(SECCOMP_RET_ALLOW), RETURN(REFUSE(EPERM))};

#endif
