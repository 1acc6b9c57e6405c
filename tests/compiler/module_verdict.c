/* Reads each file named as an argument, and prints one line a file: "ok" with the features used and
 * the numbers of imported and of all functions, or "refused". With --clean DIR, also writes the
 * copies that wasm2c would get: DIR/N.wasm of a program with names, DIR/N.fuel.wasm of one that
 * counts what it runs, and DIR/N.library.wasm of a library without names, N counting from 0. With
 * --time, prints seconds and peak memory in kB of one reading instead. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "module.h"

static const uint8_t *map(const char *path, size_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    void *bytes;

    if (fd < 0 || fstat(fd, &status) != 0)
        return NULL;
    *size = (size_t)status.st_size;
    bytes = mmap(NULL, *size ? *size : 1, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    return bytes == MAP_FAILED ? NULL : bytes;
}

static int write_copy(struct module *module, const char *folder, int number, const char *kind)
{
    bool library = strcmp(kind, ".library") == 0;
    struct module_wishes wishes = {.library = library, .trusted = ~(feature_set)0};
    struct module_clean how = {
        .library = library, .names = !library, .fuel = strcmp(kind, ".fuel") == 0};
    char path[4096];
    FILE *out;
    int result;

    if (module_check(module, &wishes) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/%d%s.wasm", folder, number, kind);
    out = fopen(path, "wb");
    if (!out)
        return -1;
    result = module_write_clean(module, &how, out);
    return fclose(out) == 0 ? result : -1;
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* The most that this program had resident, in kB. (getrusage() would count its parent's too.) */
static long peak_memory(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    long peak = -1;

    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0)
            peak = strtol(line + 6, NULL, 10);
    if (status)
        fclose(status);
    return peak;
}

static int one(const char *path, int number, const char *folder, bool timed)
{
    struct module module;
    struct timespec start;
    size_t size = 0;
    const uint8_t *bytes = map(path, &size);
    int result = 0;
    double seconds;

    if (!bytes)
        return -1;
    diag_setup("module_verdict", path);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    if (module_read(&module, bytes, size) == 0) {
        seconds = seconds_since(&start);
        if (timed)
            printf("%.4f %ld\n", seconds, peak_memory());
        else
            printf("ok %x %u %u\n", (unsigned)module.features, module.functions.imported,
                   module.functions.total);
        if (folder)
            result = write_copy(&module, folder, number, "") |
                     write_copy(&module, folder, number, ".fuel") |
                     write_copy(&module, folder, number, ".library");
        module_release(&module);
    } else {
        puts("refused");
    }
    munmap((void *)bytes, size ? size : 1);
    return result;
}

int main(int argc, char **argv)
{
    const char *folder = NULL;
    bool timed = false;
    int result = 0, i = 1;

    if (i + 1 < argc && strcmp(argv[i], "--clean") == 0) {
        folder = argv[i + 1];
        i += 2;
    } else if (i < argc && strcmp(argv[i], "--time") == 0) {
        timed = true;
        i++;
    }
    for (int number = 0; i < argc; i++, number++)
        result |= one(argv[i], number, folder, timed);
    return result ? EXIT_FAILURE : EXIT_SUCCESS;
}
