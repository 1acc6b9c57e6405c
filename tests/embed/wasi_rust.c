/* A Rust library for WASI: its maps, files, variables, panics and exit. */
#include <sys/stat.h>

#include "cdylib.h"
#include "check.h"

int main(void)
{
    static const char *const directories[] = {"given::/data", NULL};
    static const char *const environment[] = {"A=1", "B=2", NULL};
    struct dagger_options options = {.directories = directories, .environment = environment};
    struct dagger_instance *guest;
    int32_t n = -1, at = 0;
    char text[5] = "";
    CHECK(mkdir("given", 0777) == 0);
    CHECK_RESULT(dagger_instance_new(&cdylib_module, NULL, &guest), 0, "");
    CHECK_RESULT(cdylib_look(guest, &n), DAGGER_RESULT_UNREACHABLE, "unreachable"); /* no file */
    CHECK(dagger_instance_free(guest) == 0);

    FILE *file = fopen("given/file", "w");
    CHECK(file && fputs("found", file) >= 0 && fclose(file) == 0);
    CHECK(dagger_instance_new(&cdylib_module, &options, &guest) == 0);
    CHECK(cdylib_look(guest, &n) == 0 && n == 2);
    CHECK(cdylib_said(guest, &at) == 0);
    CHECK(dagger_memory_read(guest, (uint32_t)at, text, 5) == 0 && memcmp(text, "found", 5) == 0);
    CHECK(cdylib_fail(guest) == DAGGER_RESULT_UNREACHABLE);
    CHECK_RESULT(cdylib_quit(guest, 4), DAGGER_RESULT_EXITED, "the guest has exited with status 4");
    CHECK(dagger_instance_free(guest) == 0);
    return 0;
}
