/* args_get, args_sizes_get, and environ_* where nothing was let through. The guest is run with five
 * arguments behind its name, and with variables in the environment of its host. */
#include "files.h"

static const char *const given[] = {"one", "", "two words", "--dir=/", "\303\244"};
enum { GIVEN = sizeof given / sizeof *given };

static char *argv[GIVEN + 2];
static char text[512];
static u32 count, size;

CASE(sizes)
{
    u32 sum = 0;
    OK(wasi_args_sizes_get(&count, &size));
    EQUAL(count, GIVEN + 1);
    for (u32 i = 0; i < GIVEN; i++)
        sum += length(given[i]) + 1;
    TRUE(size > sum + 1); /* and its name */
    TRUE(size < sizeof text);
}

CASE(arguments)
{
    argv[GIVEN + 1] = text + 7;
    text[size] = '#';
    OK(wasi_args_get(argv, text));
    TRUE(argv[0] == text && length(argv[0]) > 0);
    for (u32 i = 0; i < GIVEN; i++) {
        EQUAL(argv[i + 1] - argv[i], length(argv[i]) + 1);
        EQUAL(length(argv[i + 1]), length(given[i]));
        TRUE(same(argv[i + 1], given[i], length(given[i])));
    }
    TRUE(argv[GIVEN + 1] == text + 7 && text[size] == '#');
}

CASE(environment_is_empty)
{
    count = size = 7;
    OK(wasi_environ_sizes_get(&count, &size));
    EQUAL(count, 0);
    EQUAL(size, 0);
    OK(wasi_environ_get(argv, text));
}

/* The working directory is there when nothing was said. */
CASE(folder_by_default)
{
    struct wasi_prestat prestat;
    OK(wasi_fd_prestat_get(ROOT, &prestat));
    EQUAL(prestat.name_len, 1);
    OK(wasi_fd_prestat_dir_name(ROOT, text, 1));
    EQUAL(text[0], '/');
    EXPECT(wasi_fd_prestat_get(ROOT + 1, &prestat), BADF);
    OK(has_text("file", "0123456789"));
}

MAIN();
