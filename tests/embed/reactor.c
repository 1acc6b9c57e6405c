/* A library for WASI, as wasi-libc makes them: what the programs here ask of it is in its buffer,
 * texts one behind the other, and so is what it found. Functions return a count or -errno. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

/* Not in every wasi-libc. */
__attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_raise"))) int
proc_raise(int signal);

char text[4096];
static int initialized;

__attribute__((constructor)) static void construct(void)
{
    initialized++;
    if (getenv("EXIT"))
        exit(atoi(getenv("EXIT")));
}

char *EXPORT(buffer)(void)
{
    return text;
}

int EXPORT(ready)(void)
{
    return initialized;
}

/* The text of the file that is named. */
int EXPORT(read_file)(void)
{
    FILE *file = fopen(text, "r");
    if (!file)
        return -errno;
    size_t len = fread(text, 1, sizeof text - 1, file);
    text[len] = 0;
    fclose(file);
    return (int)len;
}

/* A file's name, and what is to be in it. */
int EXPORT(write_file)(void)
{
    const char *data = text + strlen(text) + 1;
    FILE *file = fopen(text, "w");
    if (!file)
        return -errno;
    int result = fputs(data, file) < 0 || fflush(file) != 0 ? -errno : (int)strlen(data);
    fclose(file);
    return result;
}

int EXPORT(make_link)(void)
{
    return symlink(text, text + strlen(text) + 1) == 0 ? 0 : -errno;
}

int EXPORT(find_variable)(void)
{
    const char *value = getenv(text);
    return value ? snprintf(text, sizeof text, "%s", value) : -1;
}

/* The arguments, each with a newline. */
int EXPORT(find_arguments)(void)
{
    char *list[16], *copy = malloc(1024), *out = text;
    size_t count, size;
    if (__wasi_args_sizes_get(&count, &size) != 0 || count > 16 || size > 1024 ||
        __wasi_args_get((uint8_t **)list, (uint8_t *)copy) != 0)
        return -1;
    *out = 0;
    for (size_t i = 0; i < count; i++)
        out += sprintf(out, "%s\n", list[i]);
    free(copy);
    return (int)count;
}

int EXPORT(say)(void)
{
    int len = printf("%s", text);
    return fflush(stdout) == 0 ? len : -errno;
}

int EXPORT(hear)(void)
{
    return (int)read(0, text, sizeof text);
}

/* Waits until there is something to be heard. */
int EXPORT(listen)(void)
{
    struct pollfd input = {.fd = 0, .events = POLLIN};
    return poll(&input, 1, -1);
}

int EXPORT(nap)(int milliseconds)
{
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    return nanosleep(&time, NULL);
}

long long EXPORT(now)(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int EXPORT(entropy)(void)
{
    return getentropy(text, 16);
}

int EXPORT(signal_self)(int number)
{
    return proc_raise(number);
}

/* Leaves the file that is named open. */
int EXPORT(trap_with_file)(void)
{
    FILE *file = fopen(text, "w");
    if (!file)
        return -errno;
    fputs("written", file);
    fflush(file);
    fputs(", not flushed", file);
    __builtin_trap();
}

/* What stdio has gathered is written on the way out. */
void EXPORT(quit)(int status)
{
    printf("bye\n");
    exit(status);
}
