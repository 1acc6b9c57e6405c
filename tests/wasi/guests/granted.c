/* What DAGGER_ENV and DAGGER_DIRS say when it runs: CASE_SHARED is let through, and instead of the
 * folder compiled in there are "/", which is box/dir, and "/data", which is second/ to be read. */
#include "files.h"

static char *list[4];
static char text[256];
static u32 count, size, fd;

CASE(variable_let_through_when_it_runs)
{
    OK(wasi_environ_sizes_get(&count, &size));
    EQUAL(count, 1);
    OK(wasi_environ_get(list, text));
    TRUE(same(text, "CASE_SHARED=for guests", 23));
}

CASE(folders_of_the_run_replace_those_compiled_in)
{
    struct wasi_prestat prestat;
    OK(wasi_fd_prestat_get(SECOND, &prestat));
    EQUAL(prestat.name_len, 5);
    OK(wasi_fd_prestat_dir_name(SECOND, text, 5));
    TRUE(same(text, "/data", 5));
    EXPECT(wasi_fd_prestat_get(SECOND + 1, &prestat), BADF);
    OK(has_text("inner", "inner\n"));
    EXPECT(try_open(ROOT, FOLLOW, P("../file")), PERM);
}

CASE(folder_of_the_run_to_be_read)
{
    OK(open_as(SECOND, "file", 0, READ_RIGHTS, &fd));
    OK(wasi_fd_close(fd));
    EXPECT(open_as(SECOND, "file", O_TRUNCATE, FILE_RIGHTS, &fd), ROFS);
}

MAIN();
