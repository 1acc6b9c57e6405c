#include "rt/environment.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "death.h"
#include "rt/runtime.h"
#include "rt/watch.h"

struct seconds_row {
    const char *text;
    int milliseconds;
};

static const struct seconds_row seconds_rows[] = {
    {"1", 1000},
    {"10", 10000},
    {"0.25", 250},
    {"0.001", 1},
    {".5", 500},
    {"5.", 5000},
    {"1.23456", 1234},
    {"2000000", 2000000000},
    {"", -1},
    {".", -1},
    {"0", -1},
    {"0.0009", -1},
    {"-1", -1},
    {"+1", -1},
    {" 1", -1},
    {"1 ", -1},
    {"1e3", -1},
    {"1s", -1},
    {"0x10", -1},
    {"1,5", -1},
    {"1.2.3", -1},
    {"nan", -1},
    {"inf", -1},
    {"2000000.001", -1},
    {"99999999999999999999999999", -1},
};

Test(environment, seconds)
{
    for (size_t i = 0; i < sizeof(seconds_rows) / sizeof(seconds_rows[0]); i++)
        cr_expect_eq(dagger_environment_seconds(seconds_rows[i].text), seconds_rows[i].milliseconds,
                     "\"%s\"", seconds_rows[i].text);
}

Test(environment, unset_means_defaults)
{
    unsetenv("DAGGER_ROOT");
    unsetenv("DAGGER_CONNECT_TIMEOUT");
    unsetenv("DAGGER_IDLE_TIMEOUT");
    setenv("SSL_CERT_FILE", "", 1);
    struct dagger_host host;
    dagger_environment_read(&host);
    cr_assert_null(host.root);
    cr_assert_null(host.ca_file);
    cr_assert_null(host.allowed);
    cr_assert_eq(host.connect_timeout_ms, 0);
    cr_assert_eq(host.idle_timeout_ms, 0);
}

Test(environment, watching_is_off_unless_asked_for)
{
    unsetenv("DAGGER_STATS");
    setenv("DAGGER_TRACE", "0", 1);
    cr_assert_eq(dagger_environment_watched(), 0);
    setenv("DAGGER_TRACE", "", 1);
    cr_assert_eq(dagger_environment_watched(), 0);
    setenv("DAGGER_TRACE", "1", 1);
    cr_assert_eq(dagger_environment_watched(), DAGGER_WATCH_TRACE);
    setenv("DAGGER_STATS", "1", 1);
    cr_assert_eq(dagger_environment_watched(), DAGGER_WATCH_TRACE | DAGGER_WATCH_STATS);
}

Test(environment, values_are_taken)
{
    setenv("DAGGER_ROOT", "/", 1);
    setenv("DAGGER_CONNECT_TIMEOUT", "1.5", 1);
    setenv("DAGGER_IDLE_TIMEOUT", "7", 1);
    setenv("SSL_CERT_FILE", "/ca.pem", 1);
    struct dagger_host host;
    dagger_environment_read(&host);
    cr_assert_str_eq(host.root, "/");
    cr_assert_str_eq(host.ca_file, "/ca.pem");
    cr_assert_eq(host.connect_timeout_ms, 1500);
    cr_assert_eq(host.idle_timeout_ms, 7000);
}

static void bad_timeout(void)
{
    struct dagger_host host;
    dagger_runtime.program = "bin/app";
    setenv("DAGGER_IDLE_TIMEOUT", "soon\x1b[2J", 1);
    dagger_environment_read(&host);
}

Test(environment, a_bad_timeout_is_a_usage_error_without_control_bytes)
{
    struct death death = death_of(bad_timeout);
    cr_assert_eq(death.status, 2);
    cr_assert_str_eq(death.text, "app: error: DAGGER_IDLE_TIMEOUT: expected seconds between 0.001 "
                                 "and 2000000, found \"soon\\x1b[2J\"\n");
}

static void root_that_is(const char *path)
{
    struct dagger_host host;
    dagger_runtime.program = "app";
    setenv("DAGGER_ROOT", path, 1);
    dagger_environment_read(&host);
}

static void missing_root(void)
{
    root_that_is("/nowhere/\x1b");
}

static void file_as_root(void)
{
    root_that_is("/dev/null");
}

Test(environment, a_root_that_is_no_directory_is_a_usage_error)
{
    struct death death = death_of(missing_root);
    cr_assert_eq(death.status, 2);
    cr_assert_str_eq(death.text, "app: error: DAGGER_ROOT: \"/nowhere/\\x1b\": No such file or "
                                 "directory\n");
    death = death_of(file_as_root);
    cr_assert_eq(death.status, 2);
    cr_assert_str_eq(death.text, "app: error: DAGGER_ROOT: \"/dev/null\" is not a directory\n");
}

static void empty_root(void)
{
    root_that_is("");
}

Test(environment, an_empty_root_is_a_usage_error)
{
    struct death death = death_of(empty_root);
    cr_assert_eq(death.status, 2);
    cr_assert_str_eq(death.text, "app: error: DAGGER_ROOT: expected a directory, found \"\"; unset "
                                 "it for the working directory\n");
}
