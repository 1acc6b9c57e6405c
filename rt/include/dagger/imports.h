/* Every function that a guest may import, in one table: daggercc checks types against it, compiled
 * guests and the interpreter call by it.
 *
 * The C function of a row is dagger_call_NAME(struct w2c_dagger *imports, ...), on guest addresses
 * and with guest numbers. How a guest names it: the five calls as in docs/abi.md; wasi_X is X of
 * "wasi_snapshot_preview1" and of "wasi_unstable", of which wasi_unstable_X is another X.
 *
 * Source: docs/abi.md; the witx files of WASI snapshot 0 and preview 1
 * (github.com/WebAssembly/WASI).
 */
#ifndef DAGGER_IMPORTS_H
#define DAGGER_IMPORTS_H

#include <stdint.h>

/* X(name, results: 0 or 1 (uint32_t), parameters, their types...) */
#define DAGGER_CORE_IMPORTS(X)                                                                     \
    X(open, 1, 2, uint32_t, uint32_t)                                                              \
    X(close, 1, 1, uint32_t)                                                                       \
    X(read, 1, 3, uint32_t, uint32_t, uint32_t)                                                    \
    X(write, 1, 3, uint32_t, uint32_t, uint32_t)                                                   \
    X(flush, 1, 1, uint32_t)                                                                       \
    X(abort, 0, 4, uint32_t, uint32_t, uint32_t, uint32_t)

/* The same, without "wasi_" before the names. Results are errno values of WASI. */
#define DAGGER_WASI_IMPORTS(X)                                                                     \
    X(args_get, 1, 2, uint32_t, uint32_t)                                                          \
    X(args_sizes_get, 1, 2, uint32_t, uint32_t)                                                    \
    X(environ_get, 1, 2, uint32_t, uint32_t)                                                       \
    X(environ_sizes_get, 1, 2, uint32_t, uint32_t)                                                 \
    X(clock_res_get, 1, 2, uint32_t, uint32_t)                                                     \
    X(clock_time_get, 1, 3, uint32_t, uint64_t, uint32_t)                                          \
    X(fd_advise, 1, 4, uint32_t, uint64_t, uint64_t, uint32_t)                                     \
    X(fd_allocate, 1, 3, uint32_t, uint64_t, uint64_t)                                             \
    X(fd_close, 1, 1, uint32_t)                                                                    \
    X(fd_datasync, 1, 1, uint32_t)                                                                 \
    X(fd_fdstat_get, 1, 2, uint32_t, uint32_t)                                                     \
    X(fd_fdstat_set_flags, 1, 2, uint32_t, uint32_t)                                               \
    X(fd_fdstat_set_rights, 1, 3, uint32_t, uint64_t, uint64_t)                                    \
    X(fd_filestat_get, 1, 2, uint32_t, uint32_t)                                                   \
    X(fd_filestat_set_size, 1, 2, uint32_t, uint64_t)                                              \
    X(fd_filestat_set_times, 1, 4, uint32_t, uint64_t, uint64_t, uint32_t)                         \
    X(fd_pread, 1, 5, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t)                            \
    X(fd_prestat_get, 1, 2, uint32_t, uint32_t)                                                    \
    X(fd_prestat_dir_name, 1, 3, uint32_t, uint32_t, uint32_t)                                     \
    X(fd_pwrite, 1, 5, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t)                           \
    X(fd_read, 1, 4, uint32_t, uint32_t, uint32_t, uint32_t)                                       \
    X(fd_readdir, 1, 5, uint32_t, uint32_t, uint32_t, uint64_t, uint32_t)                          \
    X(fd_renumber, 1, 2, uint32_t, uint32_t)                                                       \
    X(fd_seek, 1, 4, uint32_t, uint64_t, uint32_t, uint32_t)                                       \
    X(fd_sync, 1, 1, uint32_t)                                                                     \
    X(fd_tell, 1, 2, uint32_t, uint32_t)                                                           \
    X(fd_write, 1, 4, uint32_t, uint32_t, uint32_t, uint32_t)                                      \
    X(path_create_directory, 1, 3, uint32_t, uint32_t, uint32_t)                                   \
    X(path_filestat_get, 1, 5, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)                   \
    X(path_filestat_set_times, 1, 7, uint32_t, uint32_t, uint32_t, uint32_t, uint64_t, uint64_t,   \
      uint32_t)                                                                                    \
    X(path_link, 1, 7, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)       \
    X(path_open, 1, 9, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint64_t, uint64_t,       \
      uint32_t, uint32_t)                                                                          \
    X(path_readlink, 1, 6, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)             \
    X(path_remove_directory, 1, 3, uint32_t, uint32_t, uint32_t)                                   \
    X(path_rename, 1, 6, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)               \
    X(path_symlink, 1, 5, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)                        \
    X(path_unlink_file, 1, 3, uint32_t, uint32_t, uint32_t)                                        \
    X(poll_oneoff, 1, 4, uint32_t, uint32_t, uint32_t, uint32_t)                                   \
    X(proc_exit, 0, 1, uint32_t)                                                                   \
    X(proc_raise, 1, 1, uint32_t)                                                                  \
    X(random_get, 1, 2, uint32_t, uint32_t)                                                        \
    X(sched_yield, 1, 0, )                                                                         \
    X(sock_accept, 1, 3, uint32_t, uint32_t, uint32_t)                                             \
    X(sock_recv, 1, 6, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)                 \
    X(sock_send, 1, 5, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)                           \
    X(sock_shutdown, 1, 2, uint32_t, uint32_t)                                                     \
    X(unstable_fd_filestat_get, 1, 2, uint32_t, uint32_t)                                          \
    X(unstable_fd_seek, 1, 4, uint32_t, uint64_t, uint32_t, uint32_t)                              \
    X(unstable_path_filestat_get, 1, 5, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t)          \
    X(unstable_poll_oneoff, 1, 4, uint32_t, uint32_t, uint32_t, uint32_t)

/* DAGGER_EACH_n(M, types...): M(0, type) M(1, type) and so on, for the n of a row. */
#define DAGGER_EACH_0(M, nothing)
#define DAGGER_EACH_1(M, a)                   M(0, a)
#define DAGGER_EACH_2(M, a, b)                M(0, a) M(1, b)
#define DAGGER_EACH_3(M, a, b, c)             DAGGER_EACH_2(M, a, b) M(2, c)
#define DAGGER_EACH_4(M, a, b, c, d)          DAGGER_EACH_3(M, a, b, c) M(3, d)
#define DAGGER_EACH_5(M, a, b, c, d, e)       DAGGER_EACH_4(M, a, b, c, d) M(4, e)
#define DAGGER_EACH_6(M, a, b, c, d, e, f)    DAGGER_EACH_5(M, a, b, c, d, e) M(5, f)
#define DAGGER_EACH_7(M, a, b, c, d, e, f, g) DAGGER_EACH_6(M, a, b, c, d, e, f) M(6, g)
#define DAGGER_EACH_9(M, a, b, c, d, e, f, g, h, i)                                                \
    DAGGER_EACH_7(M, a, b, c, d, e, f, g) M(7, h) M(8, i)
enum { DAGGER_IMPORT_PARAMETERS = 9 }; /* at most */

#define DAGGER_TYPE_0 void
#define DAGGER_TYPE_1 uint32_t

/* The runtime's side of the imports; generated code only hands the pointer through. */
struct w2c_dagger;

#define DAGGER_PARAMETER(i, type) , type
#define X(name, results, count, ...)                                                               \
    DAGGER_TYPE_##results dagger_call_##name(                                                      \
        struct w2c_dagger *imports DAGGER_EACH_##count(DAGGER_PARAMETER, __VA_ARGS__));
DAGGER_CORE_IMPORTS(X)
#undef X
#define X(name, results, count, ...)                                                               \
    DAGGER_TYPE_##results dagger_call_wasi_##name(                                                 \
        struct w2c_dagger *imports DAGGER_EACH_##count(DAGGER_PARAMETER, __VA_ARGS__));
DAGGER_WASI_IMPORTS(X)
#undef X

/* The same by pointer and with all arguments in order, each in 64 bits: for whoever calls what is
 * known only by name. `call` returns 0 where the function returns nothing. */
struct dagger_import {
    const char *name; /* of the row; "wasi_..." */
    uint32_t (*call)(struct w2c_dagger *imports, const uint64_t *arguments);
};

#endif
