/* Every function that takes a descriptor, with ones that are not open: BADF, and nothing is
 * written. */
#include "files.h"

static const u32 none[] = {UNKNOWN_FD, UINT32_MAX, INT32_MAX, 0x80000000, 1024, 65536};
static unsigned char out[64], before[64];
#define OUT ((void *)out)
static struct wasi_iovec vector = {out, 8};

#define BAD_CASE(name, call)                                                                       \
    CASE(name)                                                                                     \
    {                                                                                              \
        for (u32 i = 0; i < sizeof none / sizeof *none; i++) {                                     \
            u32 fd = none[i];                                                                      \
            EXPECT(call, BADF);                                                                    \
            TRUE(same(out, before, sizeof out));                                                   \
        }                                                                                          \
    }                                                                                              \
    _Static_assert(1, "")

BAD_CASE(fd_advise, wasi_fd_advise(fd, 0, 0, 0));
BAD_CASE(fd_allocate, wasi_fd_allocate(fd, 0, 1));
BAD_CASE(fd_close, wasi_fd_close(fd));
BAD_CASE(fd_datasync, wasi_fd_datasync(fd));
BAD_CASE(fd_fdstat_get, wasi_fd_fdstat_get(fd, OUT));
BAD_CASE(fd_fdstat_set_flags, wasi_fd_fdstat_set_flags(fd, 0));
BAD_CASE(fd_fdstat_set_rights, wasi_fd_fdstat_set_rights(fd, 0, 0));
BAD_CASE(fd_filestat_get, wasi_fd_filestat_get(fd, OUT));
BAD_CASE(fd_filestat_set_size, wasi_fd_filestat_set_size(fd, 0));
BAD_CASE(fd_filestat_set_times, wasi_fd_filestat_set_times(fd, 0, 0, SET_ATIM));
BAD_CASE(fd_pread, wasi_fd_pread(fd, &vector, 1, 0, OUT));
BAD_CASE(fd_prestat_get, wasi_fd_prestat_get(fd, OUT));
BAD_CASE(fd_prestat_dir_name, wasi_fd_prestat_dir_name(fd, OUT, 8));
BAD_CASE(fd_pwrite, wasi_fd_pwrite(fd, &vector, 1, 0, OUT));
BAD_CASE(fd_read, wasi_fd_read(fd, &vector, 1, OUT));
BAD_CASE(fd_readdir, wasi_fd_readdir(fd, OUT, 8, 0, OUT));
BAD_CASE(fd_renumber_from, wasi_fd_renumber(fd, ROOT));
BAD_CASE(fd_renumber_to, wasi_fd_renumber(ROOT, fd));
BAD_CASE(fd_seek, wasi_fd_seek(fd, 0, WHENCE_CUR, OUT));
BAD_CASE(fd_sync, wasi_fd_sync(fd));
BAD_CASE(fd_tell, wasi_fd_tell(fd, OUT));
BAD_CASE(fd_write, wasi_fd_write(fd, &vector, 1, OUT));
BAD_CASE(path_create_directory, wasi_path_create_directory(fd, P("x")));
BAD_CASE(path_filestat_get, wasi_path_filestat_get(fd, 0, P("file"), OUT));
BAD_CASE(path_filestat_set_times, wasi_path_filestat_set_times(fd, 0, P("file"), 0, 0, SET_ATIM));
BAD_CASE(path_link_from, wasi_path_link(fd, 0, P("file"), ROOT, P("x")));
BAD_CASE(path_link_to, wasi_path_link(ROOT, 0, P("file"), fd, P("x")));
BAD_CASE(path_open, wasi_path_open(fd, 0, P("file"), 0, READ_RIGHTS, 0, 0, OUT));
BAD_CASE(path_readlink, wasi_path_readlink(fd, P("link-file"), OUT, 8, OUT));
BAD_CASE(path_remove_directory, wasi_path_remove_directory(fd, P("hollow")));
BAD_CASE(path_rename_from, wasi_path_rename(fd, P("file"), ROOT, P("x")));
BAD_CASE(path_rename_to, wasi_path_rename(ROOT, P("file"), fd, P("x")));
BAD_CASE(path_symlink, wasi_path_symlink(P("file"), fd, P("x")));
BAD_CASE(path_unlink_file, wasi_path_unlink_file(fd, P("file")));
BAD_CASE(sock_accept, wasi_sock_accept(fd, 0, OUT));
BAD_CASE(sock_recv, wasi_sock_recv(fd, &vector, 1, 0, OUT, OUT));
BAD_CASE(sock_send, wasi_sock_send(fd, &vector, 1, 0, OUT));
BAD_CASE(sock_shutdown, wasi_sock_shutdown(fd, SHUT_READ));

CASE(nothing_was_changed)
{
    OK(has_text("file", "0123456789"));
    OK(exists("hollow"));
    EXPECT(exists("x"), NOENT);
}

MAIN();
