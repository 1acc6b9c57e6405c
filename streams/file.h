/* What the sources of the file:// kind share. Nothing outside file*.c includes this but tests and,
 * for the paths, node_*.c.
 *
 *   file_request.c      a URL becomes a request: path, mode, options
 *   file_path.c         a path becomes a descriptor, and never leaves the root
 *   file_replacement.c  atomic=1: a new file takes an old one's name
 *   file_directory.c    a directory read as a stream of names
 *   file.c              the stream over all of them
 *
 * Functions here speak as system calls do: a descriptor or 0, or a negative errno value; those that
 * return an enum dagger_error say so.
 */
#ifndef DAGGER_STREAMS_FILE_H
#define DAGGER_STREAMS_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "stream.h"

/* --- request ------------------------------------------------------------------------------- */

enum dagger_file_mode {
    DAGGER_FILE_READ,
    DAGGER_FILE_WRITE,
    DAGGER_FILE_APPEND,
    DAGGER_FILE_CREATE,
    DAGGER_FILE_READ_WRITE,
};

struct dagger_file_request {
    char path[DAGGER_URL_MAX + 1]; /* percent-decoded, begins with '/', not normalised */
    enum dagger_file_mode mode;
    int64_t offset; /* bytes from the start, >= 0 */
    bool sync;      /* flush and close wait for the disk */
    bool atomic;    /* the content appears at close, whole or not at all */
};

/* Fills `request` from a file URL. Returns 0, DAGGER_BADURL ("%00" in the path) or DAGGER_BADINPUT
 * (a foreign host, a part that file URLs do not have, an unknown, repeated or senseless option). */
int dagger_file_request(struct dagger_file_request *request, const struct dagger_url *url);

/* --- path ---------------------------------------------------------------------------------- */

/* What this system was found to lack, on first use. Tests set these to take the other way. */
struct dagger_file_lacks {
    bool openat2; /* the kernel (before Linux 5.6) or a seccomp filter */
    bool tmpfile; /* O_TMPFILE; differs by file system, so only tests set it */
};
extern struct dagger_file_lacks dagger_file_lacks;

/* Opens the directory that paths are resolved beneath, O_PATH. The caller closes it. */
int dagger_file_root(const struct dagger_host *host);

/* Where a path goes that would leave the root: one that is absolute, has one ".." too many, or
 * leads through a symbolic link like that. */
enum dagger_file_bounds {
    DAGGER_FILE_IN_ROOT, /* the root is its "/", as after chroot(): for file://, whose root may be a
                            whole system with absolute links (DAGGER_ROOT=/) */
    DAGGER_FILE_NO_LINKS, /* the same, and every symbolic link is ELOOP */
    DAGGER_FILE_BENEATH,  /* nowhere: EPERM */
};

/* openat() beneath `root`. The links of /proc that lead anywhere (fd/N, cwd, root, ...) are refused
 * with ELOOP. Holds against renames made at the same time. `flags` may be anything but O_TMPFILE
 * and O_EXCL without O_CREAT; O_CLOEXEC and O_NOCTTY are added (O_NOCTTY not with O_PATH). */
int dagger_file_openat(int root, enum dagger_file_bounds bounds, const char *path, int flags,
                       mode_t mode);

/* Opens the directory that holds, or would hold, the file at `path`, O_PATH, with symbolic links
 * followed as open(O_CREAT) does, and stores the file's name in it. EISDIR if the path ends in "/",
 * "." or "..". */
int dagger_file_parent(int root, enum dagger_file_bounds bounds, const char *path,
                       char name[NAME_MAX + 1]);

/* Reads the symbolic link `name` into `text`. Returns its length or a negative errno value; EINVAL:
 * no link, ELOOP: one of procfs that is no text. */
ssize_t dagger_file_read_link(int dir, const char *name, char text[PATH_MAX]);

/* Makes what happened to the names in `dir` (O_PATH will do) reach the disk. */
int dagger_file_sync_directory(int dir);

/* --- replacement --------------------------------------------------------------------------- */

struct dagger_file_replacement {
    int dir;                 /* O_PATH: the directory is held, however its path changes */
    char name[NAME_MAX + 1]; /* the name to take in it */
    char temp[32];           /* the new file's name until then; "": it has none yet */
};

/* Makes an empty, unnamed (or where that can't be, oddly named) file beside the one at `path`, with
 * that one's owner and mode if it exists. Returns its descriptor, open for writing; `r` is to be
 * released. EISDIR, EOPNOTSUPP or EACCES where there is something that can't be or may not be
 * replaced; `r` is then empty. */
int dagger_file_replacement_open(struct dagger_file_replacement *r, int root,
                                 enum dagger_file_bounds bounds, const char *path);

/* Gives the file `fd` its name, in place of what had it, in one step. */
int dagger_file_replacement_publish(struct dagger_file_replacement *r, int fd);

/* Removes the new file if it was not published, and lets the directory go. */
void dagger_file_replacement_release(struct dagger_file_replacement *r);

/* --- directory ----------------------------------------------------------------------------- */

/* Makes a stream of the names in the directory `fd`, which it takes over, also when it fails.
 * Returns 0 or an enum dagger_error. */
int dagger_directory_new(int fd, struct dagger_stream **out);

#endif
