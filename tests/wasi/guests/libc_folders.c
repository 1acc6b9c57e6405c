/* Folders and names by wasi-libc: opendir, mkdir, rename, unlink, links. */
#include "libc.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char text[256];

static int make(const char *path)
{
    int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    return fd < 0 ? fd : close(fd);
}

/* How many entries there are besides the dots; -1 if they can't be read. */
static int entries(const char *path)
{
    DIR *dir = opendir(path);
    int n = 0;
    if (dir == NULL)
        return -1;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    return closedir(dir) == 0 ? n : -1;
}

CASE(readdir_of_many)
{
    EQUAL(entries("many"), 100);
    EQUAL(entries("/many/"), 100);
    EQUAL(entries("hollow"), 0);
    EQUAL(entries("link-dir"), 5);
}

CASE(readdir_rewinds)
{
    char first[256];
    DIR *dir = opendir("many");
    TRUE(dir != NULL);
    strcpy(first, readdir(dir)->d_name);
    for (int i = 0; i < 50; i++)
        TRUE(readdir(dir) != NULL);
    rewinddir(dir);
    TRUE(strcmp(first, readdir(dir)->d_name) == 0);
    EQUAL(closedir(dir), 0);
}

CASE(scandir_sorts)
{
    struct dirent **list;
    int n = scandir("many", &list, NULL, alphasort);
    EQUAL(n, 102);
    TRUE(strcmp(list[2]->d_name, "f00") == 0 && strcmp(list[101]->d_name, "f99") == 0);
    TRUE(list[2]->d_type == DT_REG);
    for (int i = 0; i < n; i++)
        free(list[i]);
    free(list);
}

CASE(opendir_of_what_is_none)
{
    FAILS(opendir("file") == NULL ? -1 : 0, ENOTDIR);
    FAILS(opendir("nowhere") == NULL ? -1 : 0, ENOENT);
    FAILS(opendir("link-out-dir") == NULL ? -1 : 0, EPERM);
}

CASE(mkdir_and_rmdir)
{
    EQUAL(mkdir("d-one", 0700), 0);
    FAILS(mkdir("d-one", 0700), EEXIST);
    EQUAL(mkdir("d-one/two", 0700), 0);
    FAILS(rmdir("d-one"), ENOTEMPTY);
    EQUAL(rmdir("d-one/two"), 0);
    EQUAL(rmdir("d-one"), 0);
    FAILS(rmdir("d-one"), ENOENT);
    FAILS(mkdir("link-out-dir/made", 0700), EPERM);
}

CASE(rename_and_unlink)
{
    EQUAL(make("d-a"), 0);
    EQUAL(rename("d-a", "/d-b"), 0);
    FAILS(rename("d-a", "d-b"), ENOENT);
    EQUAL(rename("d-b", "hollow/c"), 0);
    FAILS(unlink("hollow"), EISDIR);
    EQUAL(remove("hollow/c"), 0);
    FAILS(unlink("hollow/c"), ENOENT);
    FAILS(rename("dir", "dir/sub/x"), EINVAL);
}

CASE(links)
{
    EQUAL(symlink("file", "d-link"), 0);
    EQUAL(readlink("d-link", text, sizeof text), 4);
    TRUE(memcmp(text, "file", 4) == 0);
    FAILS(readlink("file", text, sizeof text), EINVAL);
    FAILS(symlink("/etc/passwd", "d-absolute"), EPERM);
    EQUAL(link("file", "d-hard"), 0);
    EQUAL(unlink("d-hard"), 0);
    FAILS(link("dir", "d-hard"), EPERM);
}

CASE(at_calls)
{
    struct stat st;
    int dir = open("dir", O_RDONLY | O_DIRECTORY);
    TRUE(dir > 2);
    EQUAL(fstatat(dir, "inner", &st, 0), 0);
    EQUAL(st.st_size, 6);
    EQUAL(mkdirat(dir, "d-at", 0700), 0);
    EQUAL(unlinkat(dir, "d-at", AT_REMOVEDIR), 0);
    FAILS(fstatat(dir, "../file", &st, 0), EPERM);
    FAILS(openat(dir, "../file", O_RDONLY), EPERM);
    EQUAL(close(dir), 0);
}

CASE(access_tells_what_is_there)
{
    EQUAL(access("file", R_OK | W_OK), 0);
    FAILS(access("nowhere", F_OK), ENOENT);
    FAILS(access("link-out", R_OK), EPERM);
}

CASE(working_folder)
{
    TRUE(getcwd(text, sizeof text) != NULL && strcmp(text, "/") == 0);
    EQUAL(chdir("dir"), 0);
    EQUAL(access("inner", F_OK), 0);
    EQUAL(chdir("/"), 0);
    EQUAL(access("dir/inner", F_OK), 0);
}

int main(void)
{
    return (int)run_cases();
}
