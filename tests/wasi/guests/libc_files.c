/* Files by wasi-libc: stdio, open, stat, times. */
#include "libc.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char text[256];

CASE(fopen_and_fgets)
{
    FILE *file = fopen("file", "r");
    TRUE(file != NULL);
    TRUE(fgets(text, sizeof text, file) != NULL);
    TRUE(strcmp(text, "0123456789") == 0);
    TRUE(fgetc(file) == EOF && feof(file));
    EQUAL(fclose(file), 0);
}

CASE(absolute_names)
{
    FILE *file = fopen("/dir/inner", "r");
    TRUE(file != NULL);
    TRUE(fgets(text, sizeof text, file) != NULL && strcmp(text, "inner\n") == 0);
    EQUAL(fclose(file), 0);
}

CASE(fopen_to_write_append_and_update)
{
    FILE *file = fopen("c-file", "w");
    TRUE(file != NULL);
    EQUAL(fprintf(file, "%d %s\n", 42, "words"), 9);
    EQUAL(fclose(file), 0);
    file = fopen("c-file", "a");
    TRUE(file != NULL && fputs("more\n", file) >= 0 && fclose(file) == 0);
    file = fopen("c-file", "r+");
    TRUE(file != NULL && fseek(file, 3, SEEK_SET) == 0 && fputc('W', file) == 'W');
    rewind(file);
    EQUAL(fread(text, 1, sizeof text, file), 14);
    TRUE(memcmp(text, "42 Words\nmore\n", 14) == 0);
    EQUAL(ftell(file), 14);
    EQUAL(fclose(file), 0);
}

CASE(fopen_of_what_is_not_there)
{
    FAILS(fopen("nowhere", "r") == NULL ? -1 : 0, ENOENT);
    FAILS(fopen("nowhere/x", "w") == NULL ? -1 : 0, ENOENT);
    FAILS(fopen("c-new-x", "wx") == NULL ? -1 : 0, 0);
    FAILS(fopen("c-new-x", "wx") == NULL ? -1 : 0, EEXIST);
}

CASE(outside)
{
    FAILS(open("../outside/secret", O_RDONLY), EITHER_OF(EPERM, ENOTCAPABLE));
    FAILS(open("/../outside/secret", O_RDONLY), EITHER_OF(EPERM, ENOTCAPABLE));
    FAILS(open("link-out", O_RDONLY), EPERM);
    FAILS(open("link-absolute", O_RDONLY), EPERM);
    FAILS(open("link-out-new", O_CREAT | O_WRONLY, 0600), EPERM);
}

CASE(large_copy)
{
    enum { SIZE = 1 << 20 };
    unsigned char *data = malloc(SIZE), *back = malloc(SIZE);
    TRUE(data != NULL && back != NULL);
    for (u32 i = 0; i < SIZE; i++)
        data[i] = (unsigned char)(i * 2654435761u >> 24);
    FILE *file = fopen("c-large", "w+");
    TRUE(file != NULL);
    EQUAL(fwrite(data, 1, SIZE, file), SIZE);
    rewind(file);
    EQUAL(fread(back, 1, SIZE, file), SIZE);
    TRUE(memcmp(data, back, SIZE) == 0);
    EQUAL(fclose(file), 0);
    free(data);
    free(back);
}

CASE(lseek_and_pread)
{
    int fd = open("file", O_RDONLY);
    TRUE(fd > 2);
    EQUAL(lseek(fd, 0, SEEK_END), 10);
    EQUAL(pread(fd, text, 3, 2), 3);
    TRUE(memcmp(text, "234", 3) == 0);
    EQUAL(lseek(fd, -4, SEEK_CUR), 6);
    EQUAL(read(fd, text, sizeof text), 4);
    FAILS(lseek(fd, -1, SEEK_SET), EINVAL);
    FAILS(write(fd, "x", 1), EITHER_OF(EBADF, ENOTCAPABLE));
    EQUAL(close(fd), 0);
    FAILS(close(fd), EBADF);
}

CASE(stat_of_both_kinds)
{
    struct stat st;
    EQUAL(stat("link-file", &st), 0);
    TRUE(S_ISREG(st.st_mode) && st.st_size == 10 && st.st_nlink == 2);
    EQUAL(lstat("link-file", &st), 0);
    TRUE(S_ISLNK(st.st_mode) && st.st_size == 4);
    EQUAL(stat("dir", &st), 0);
    TRUE(S_ISDIR(st.st_mode));
    FAILS(stat("link-dangling", &st), ENOENT);
    FAILS(stat("file/", &st), ENOTDIR);
    FAILS(stat("loop-a", &st), ELOOP);
}

CASE(times)
{
    struct stat st;
    struct timespec set[2] = {{1000000000, 5}, {1500000000, 999999999}};
    EQUAL(close(open("c-times", O_CREAT | O_WRONLY, 0600)), 0);
    EQUAL(utimensat(AT_FDCWD, "c-times", set, 0), 0);
    EQUAL(stat("c-times", &st), 0);
    TRUE(st.st_atim.tv_sec == 1000000000 && st.st_atim.tv_nsec == 5);
    TRUE(st.st_mtim.tv_sec == 1500000000 && st.st_mtim.tv_nsec == 999999999);
}

CASE(truncate_and_allocate)
{
    struct stat st;
    int fd = open("c-size", O_CREAT | O_RDWR, 0600);
    TRUE(fd > 2);
    EQUAL(ftruncate(fd, 1000), 0);
    EQUAL(posix_fallocate(fd, 0, 3000), 0);
    EQUAL(fstat(fd, &st), 0);
    EQUAL(st.st_size, 3000);
    EQUAL(fsync(fd), 0);
    EQUAL(close(fd), 0);
}

CASE(append_flag)
{
    int fd = open("c-append", O_CREAT | O_WRONLY | O_APPEND, 0600);
    TRUE(fd > 2);
    TRUE(fcntl(fd, F_GETFL) & O_APPEND);
    EQUAL(write(fd, "ab", 2), 2);
    EQUAL(lseek(fd, 0, SEEK_SET), 0);
    EQUAL(write(fd, "cd", 2), 2);
    EQUAL(lseek(fd, 0, SEEK_CUR), 4);
    EQUAL(close(fd), 0);
}

int main(void)
{
    return (int)run_cases();
}
