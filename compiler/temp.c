#include "temp.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "diag.h"

static char *folder;        /* absolute */
static const char *removed; /* what to remove at exit: folder, or NULL */
static const char *output;

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    remove(path);
    return 0;
}

void temp_remove(void)
{
    if (output != NULL)
        unlink(output);
    if (removed != NULL)
        nftw(removed, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    output = removed = NULL;
}

static char *open_kept(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        diag_error("can't create folder '%s':", text_shown(path));
        return NULL;
    }
    char *absolute = realpath(path, NULL);
    if (absolute == NULL)
        diag_error("can't use folder '%s':", text_shown(path));
    return absolute;
}

static char *open_removed(void)
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || *parent == 0)
        parent = "/tmp";
    char *absolute = realpath(parent, NULL);
    char *path = alloc_format("%s/daggercc-XXXXXX", absolute != NULL ? absolute : parent);
    free(absolute);
    if (mkdtemp(path) == NULL) {
        diag_error("can't create a temporary folder in '%s':", text_shown(parent));
        diag_note("TMPDIR names another place for it");
        free(path);
        return NULL;
    }
    removed = path;
    return path;
}

const char *temp_open(const char *keep)
{
    atexit(temp_remove);
    folder = keep != NULL ? open_kept(keep) : open_removed();
    return folder;
}

char *temp_path(const char *name)
{
    return alloc_format("%s/%s", folder, name);
}

FILE *temp_create(const char *name)
{
    char *path = temp_path(name);
    /* In a kept folder the name may be taken, even by a link to elsewhere: replace, never follow.
     */
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file == NULL)
        diag_error("can't create '%s':", text_shown(path));
    free(path);
    return file;
}

int temp_close(FILE *file, const char *name)
{
    int bad = ferror(file);
    if (fclose(file) != 0 || bad) {
        diag_error("can't write '%s':", name);
        return -1;
    }
    return 0;
}

int temp_write(const char *name, const char *text)
{
    FILE *file = temp_create(name);
    if (file == NULL)
        return -1;
    fputs(text, file);
    return temp_close(file, name);
}

void temp_remember_output(const char *path)
{
    output = path;
}

void temp_forget_output(void)
{
    output = NULL;
}
