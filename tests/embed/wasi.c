/* What instances of a WASI module are given, and what they are not. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asking.h"

static const char *const in_one[] = {"one::/data", NULL}, *const in_other[] = {"other::/data",
                                                                               NULL};

static int open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int count = 0;
    CHECK(dir != NULL);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void put_file(const char *path, const char *data)
{
    FILE *file = fopen(path, "w");
    CHECK(file && fputs(data, file) >= 0 && fclose(file) == 0);
}

static void set_up(void)
{
    CHECK(mkdir("one", 0777) == 0 && mkdir("other", 0777) == 0 && mkdir("kept", 0777) == 0);
    put_file("secret", "nobody's");
    put_file("one/a", "of one");
    put_file("kept/a", "as it was");
    CHECK(symlink("../secret", "one/out") == 0 && symlink("/etc/passwd", "one/root") == 0);
    CHECK(setenv("DAGGER_DIRS", "/::/data", 1) == 0 && setenv("DAGGER_ENV", "*", 1) == 0);
}

static void nothing_given(void)
{
    int32_t n = 0;
    struct dagger_instance *guest = make(NULL);
    CHECK(reactor_ready(guest, &n) == 0 && n == 1);
    CHECK(ask(guest, reactor_read_file, "/etc/passwd", "") < 0);
    CHECK(ask(guest, reactor_read_file, "secret", "") < 0);
    CHECK(ask(guest, reactor_read_file, "/data/secret", "") < 0);
    CHECK(ask(guest, reactor_find_variable, "PATH", "") == -1);
    CHECK(ask(guest, reactor_find_arguments, "", "") == 0);
    /* Written to nowhere, and nothing to be read. */
    CHECK(ask(guest, reactor_say, "not to be seen\n", "") == 15);
    CHECK(reactor_hear(guest, &n) == 0 && n == 0);
    CHECK(dagger_instance_free(guest) == 0);
}

static void two_directories(void)
{
    struct dagger_options for_one = {.directories = in_one}, for_other = {.directories = in_other};
    struct dagger_instance *one = make(&for_one), *other = make(&for_other);
    CHECK(reads(one, "/data/a", "of one"));
    CHECK(ask(other, reactor_read_file, "/data/a", "") == -GUEST_NOENT);
    CHECK(writes(other, "/data/a", "of the other") == 12);
    CHECK(reads(one, "/data/a", "of one") && reads(other, "/data/a", "of the other"));
    CHECK(dagger_instance_free(one) == 0);
    CHECK(reads(other, "/data/a", "of the other"));
    CHECK(dagger_instance_free(other) == 0);
}

static void escapes(void)
{
    static const char *const both[] = {"one::/data", "kept::/kept::ro", NULL};
    struct dagger_options options = {.directories = both};
    struct dagger_instance *guest = make(&options);
    CHECK(ask(guest, reactor_read_file, "/data/../secret", "") < 0);
    CHECK(ask(guest, reactor_read_file, "/data/../../../../etc/passwd", "") < 0);
    CHECK(ask(guest, reactor_read_file, "/data/out", "") == -GUEST_PERM);
    CHECK(ask(guest, reactor_read_file, "/data/root", "") == -GUEST_PERM);
    CHECK(writes(guest, "/data/out", "mine") == -GUEST_PERM);
    CHECK(ask(guest, reactor_make_link, "/etc/passwd", "/data/new") == -GUEST_PERM);
    CHECK(ask(guest, reactor_make_link, "../secret", "/data/new") == 0);
    CHECK(ask(guest, reactor_read_file, "/data/new", "") == -GUEST_PERM);
    CHECK(writes(guest, "/kept/a", "changed") == -GUEST_ROFS);
    CHECK(writes(guest, "/kept/b", "new") == -GUEST_ROFS);
    CHECK(reads(guest, "/kept/a", "as it was"));
    CHECK(dagger_instance_free(guest) == 0);
}

static void arguments_and_environment(void)
{
    char name[] = "NAME=value=1", argument[] = "two words";
    const char *arguments[] = {"guest", argument, "", NULL},
               *environment[] = {name, "EMPTY=", NULL};
    struct dagger_options options = {.arguments = arguments, .environment = environment};
    struct dagger_instance *guest = make(&options);
    memset(name, 'x', sizeof name - 1), memset(argument, 'x', sizeof argument - 1); /* copied */
    CHECK(ask(guest, reactor_find_variable, "NAME", "") == 7);
    CHECK(strcmp(text_of(guest), "value=1") == 0);
    CHECK(ask(guest, reactor_find_variable, "EMPTY", "") == 0);
    CHECK(ask(guest, reactor_find_variable, "PATH", "") == -1);
    CHECK(ask(guest, reactor_find_arguments, "", "") == 3);
    CHECK(strcmp(text_of(guest), "guest\ntwo words\n\n") == 0);
    CHECK(dagger_instance_free(guest) == 0);
}

static bool nothing(void *context, const char *url)
{
    (void)context, (void)url;
    return false;
}

/* Nobody is asked about what WASI has anyway. */
static void clock_and_chance(void)
{
    struct dagger_options options = {.allowed = nothing};
    struct dagger_instance *guest = make(&options);
    int64_t before = 0, after = 0;
    int32_t n = -1;
    CHECK(reactor_now(guest, &before) == 0 && before > 0);
    CHECK(reactor_nap(guest, 2, &n) == 0 && n == 0);
    CHECK(reactor_now(guest, &after) == 0 && after - before >= 2000000);
    CHECK(ask(guest, reactor_entropy, "................", "") == 0);
    CHECK(memcmp(text_of(guest), "................", 16) != 0);
    CHECK(reactor_signal_self(guest, 9, &n) == 0 && n == 58 /* NOTSUP */);
    CHECK(reactor_signal_self(guest, 999, &n) == 0 && n == 28 /* INVAL */);
    CHECK(dagger_instance_free(guest) == 0);
}

static void traps(void)
{
    struct dagger_options options = {.directories = in_one};
    struct dagger_instance *guest = make(&options);
    int32_t n = 0;
    put_texts(guest, "/data/half", "");
    CHECK(reactor_trap_with_file(guest, &n) == DAGGER_RESULT_UNREACHABLE);
    CHECK(reads(guest, "/data/half", "written")); /* the next call is as good as before */
    CHECK(writes(guest, "/data/b", "whole") == 5);
    CHECK(dagger_instance_free(guest) == 0);
}

static void bad(const struct dagger_options *options, const char *message)
{
    struct dagger_instance *guest = (struct dagger_instance *)1;
    CHECK_RESULT(dagger_instance_new(&reactor_module, options, &guest), DAGGER_RESULT_FAILED,
                 message);
    CHECK(guest == NULL);
}

static void bad_options(void)
{
    static const char *const lists[][3] = {
        {"one", "no\nwhere::/x"}, {"secret"},    {"::x"}, {"one::"},
        {"one::/x::rw"},          {"one::::ro"}, {""}};
    static const char *const messages[] = {
        "directory \"no\\nwhere\": No such file or directory",
        "directory \"secret\": Not a directory",
        "directory \"::x\": expected HOST",
        "directory \"one::\": expected HOST",
        "directory \"one::/x::rw\": expected HOST",
        "directory \"one::::ro\": expected HOST",
        "directory \"\": expected HOST",
    };
    static const char *const variables[] = {"GOOD=1", "BAD", NULL}, *const nameless[] = {"=1",
                                                                                         NULL};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        bad(&(struct dagger_options){.directories = lists[i]}, messages[i]);
    bad(&(struct dagger_options){.environment = variables},
        "environment: expected NAME=VALUE, found \"BAD\"");
    bad(&(struct dagger_options){.environment = nameless}, "environment: expected NAME=VALUE");

    const char *many[1100] = {NULL};
    for (int i = 0; i < 1050; i++)
        many[i] = "one";
    bad(&(struct dagger_options){.directories = many}, "directory \"one\": too many directories");
}

int main(void)
{
    set_up();
    dagger_instance_free(make(NULL));
    int before = open_files();
    nothing_given();
    two_directories();
    escapes();
    arguments_and_environment();
    clock_and_chance();
    traps();
    bad_options();
    CHECK(open_files() == before);
    return 0;
}
