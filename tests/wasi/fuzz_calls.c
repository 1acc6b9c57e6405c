/* libFuzzer target: whatever a guest calls with whatever numbers, in whatever order, over whatever
 * is in its memory, the calls answer with one of their errors and touch nothing outside the guest's
 * memory (guard pages see to that) and its directory.
 *
 *     build-fuzz/tests/fuzz_calls -max_total_time=300 CORPUS tests/wasi/corpus/calls
 *
 * An input is a list of calls; its second half is put into the memory, too, behind some paths.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rt/runtime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
int __wrap_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *wait,
                 const sigset_t *set);

enum { MEMORY = 65536, CALLS_MAX = 64, FILE_MAX_SIZE = 1 << 20 };

static const char secret[] = "nobody's business";
static char top[] = "/tmp/dagger-fuzz-XXXXXX";
static wasm_rt_memory_t memory;

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* ---- What may be called -----------------------------------------------------------------------
 */

#define ARGUMENT(i, type) , (type)arguments[i]
#define WIDTH(i, type)    sizeof(type),
#define CALL_1(call)      return call
#define CALL_0(call)                                                                               \
    call;                                                                                          \
    return 0
#define FUNCTION(name, results, count, ...)                                                        \
    static uint32_t call_##name(struct w2c_dagger *imports, const uint64_t *arguments)             \
    {                                                                                              \
        (void)arguments;                                                                           \
        CALL_##results(dagger_call_##name(imports DAGGER_EACH_##count(ARGUMENT, __VA_ARGS__)));    \
    }
#define WASI_FUNCTION(name, ...) FUNCTION(wasi_##name, __VA_ARGS__)
DAGGER_CORE_IMPORTS(FUNCTION)
DAGGER_WASI_IMPORTS(WASI_FUNCTION)

struct row {
    uint32_t (*call)(struct w2c_dagger *imports, const uint64_t *arguments);
    bool wasi;
    unsigned count;
    uint8_t widths[DAGGER_IMPORT_PARAMETERS + 1];
};

#define ROW(name, results, count, ...)                                                             \
    {call_##name, false, count, {DAGGER_EACH_##count(WIDTH, __VA_ARGS__) 0}},
#define WASI_ROW(name, results, count, ...)                                                        \
    {call_wasi_##name, true, count, {DAGGER_EACH_##count(WIDTH, __VA_ARGS__) 0}},
static const struct row rows[] = {DAGGER_CORE_IMPORTS(ROW) DAGGER_WASI_IMPORTS(WASI_ROW)};

/* These end the process, as they should. */
static bool ends(const struct row *row)
{
    return row->call == call_abort || row->call == call_wasi_proc_exit ||
           row->call == call_wasi_proc_raise;
}

/* Nobody waits here, and nobody leaves the machine. */
static bool allowed(const struct dagger_host *host, const struct dagger_url *url)
{
    static const char *const schemes[] = {"file", "log", "random", "null", "zero", "args", "env"};
    (void)host;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (dagger_slice_is(url->scheme, schemes[i]))
            return i != 1; /* a log is what libFuzzer writes */
    return false;
}

int __wrap_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *wait, const sigset_t *set)
{
    (void)wait, (void)set;
    int ready = poll(fds, count, 0);
    if (count == 0) { /* for a clock only: until the end of days, it may be */
        errno = ENOMEM;
        return -1;
    }
    for (nfds_t i = 0; ready == 0 && i < count; i++)
        fds[i].revents = fds[i].events;
    return (int)count;
}

/* ---- Where it happens -------------------------------------------------------------------------
 */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type;
    return at->level == 0 ? 0 : remove(path);
}

static void clean(const char *path)
{
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void remove_top(void)
{
    clean(top);
    rmdir(top);
}

static void put_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    require(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void furnish(void)
{
    clean(".");
    put_file("file", "some bytes in a file\n");
    require(mkdir("dir", 0700) == 0);
    put_file("dir/inner", "more\n");
    require(symlink("file", "link") == 0 && symlink("../outside/secret", "out") == 0);
    require(symlink("dir", "dirlink") == 0);
}

static void outside_is_untouched(void)
{
    char text[64] = "";
    int fd = open("../outside/secret", O_RDONLY);
    require(fd >= 0 && read(fd, text, sizeof text - 1) == (ssize_t)(sizeof secret - 1));
    close(fd);
    struct stat st;
    require(strcmp(text, secret) == 0 && stat("../outside", &st) == 0 && st.st_nlink == 2);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    require(mkdtemp(top) && chdir(top) == 0 && mkdir("inside", 0700) == 0);
    require(mkdir("outside", 0700) == 0);
    put_file("outside/secret", secret);
    require(chdir("inside") == 0);
    atexit(remove_top);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){FILE_MAX_SIZE, FILE_MAX_SIZE});
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    close(null);
    dagger_memory_allocate(&memory, 1, 1, false, 65536);
    return 0;
}

static void begin(void)
{
    static const char *const arguments[] = {"program", "argument", NULL},
                             *const environment[] = {"NAME=value", NULL},
                             *const directories[] = {".::/", "dir::/dir::ro", NULL};
    struct w2c_dagger *imports = &dagger_runtime.imports;
    struct dagger_host host = {
        .arguments = arguments, .environment = environment, .allowed = allowed};
    furnish();
    dagger_process_init(&imports->process, &host);
    imports->memory = &memory;
    dagger_wasi_prepare(imports, directories);
    dagger_process_close(&imports->process, 2); /* libFuzzer's */
}

/* ---- One input --------------------------------------------------------------------------------
 */

struct input {
    const uint8_t *data;
    size_t size;
};

static uint64_t take(struct input *input, unsigned bytes)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < bytes && input->size > 0; i++, input->size--)
        number = number << 8 | *input->data++;
    return number;
}

/* Paths that lead somewhere, one every SLOT bytes from address 0 on. */
enum { SLOT = 16 };
static const char paths[][SLOT] = {
    "file",  "dir",       "dir/inner", "link",     "out",     "dirlink/inner", "..",
    "new",   "/file",     "dir/../x",  "file/",    "dir/",    "../outside",    ".",
    "out/x", "dirlink/n", "absent/x",  "file://f", "null://", "args://0",      "",
};

/* Mostly a descriptor, a small number, a path's address or another one in the memory. */
static uint64_t argument(struct input *input, unsigned width)
{
    switch (take(input, 1) % 6) {
    case 0:
    case 1:
        return take(input, 1) % 16;
    case 2:
        return take(input, 2);
    case 3:
        return take(input, 1) % (sizeof paths / SLOT) * SLOT;
    case 4:
        return UINT64_MAX >> (64 - 8 * width) & -take(input, 1);
    default:
        return take(input, width);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    unsigned count = (unsigned)take(&input, 1) % CALLS_MAX;
    size_t filled = size / 2 < MEMORY ? size / 2 : MEMORY;
    memset(memory.data, 0, MEMORY);
    memcpy(memory.data, data + (size - filled), filled);
    memcpy(memory.data, paths, sizeof paths);
    begin();
    for (unsigned i = 0; i < count && input.size > 0; i++) {
        const struct row *row = &rows[take(&input, 1) % (sizeof rows / sizeof *rows)];
        uint64_t arguments[DAGGER_IMPORT_PARAMETERS] = {0};
        for (unsigned j = 0; j < row->count; j++)
            arguments[j] = argument(&input, row->widths[j]);
        if (ends(row))
            continue;
        int32_t result = (int32_t)row->call(&dagger_runtime.imports, arguments);
        require(row->wasi ? result >= 0 && result <= 76 : result >= DAGGER_UNAVAIL);
    }
    dagger_process_end(&dagger_runtime.imports.process, DAGGER_END_NORMAL);
    outside_is_untouched();
    return 0;
}
