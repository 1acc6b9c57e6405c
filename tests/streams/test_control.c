/* control://: its commands by way of a process, hostile ones first. Deadlines and ends of requests
 * over a network are in tests/http/test_control.py. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "rt/process.h"
#include "std_fixture.h"
#include "streams/now.h"

static struct dagger_process process;
static int32_t control;

static bool refused(const struct dagger_host *host, const struct dagger_url *url)
{
    (void)host;
    return !dagger_slice_is(url->scheme, "file");
}

static int32_t open_url(const char *url)
{
    return dagger_process_open(&process, url, strlen(url));
}

static void start(void)
{
    struct dagger_host host = {.allowed = refused};
    dagger_process_init(&process, &host);
    control = open_url("control://");
    cr_assert_eq(control, 0);
}

static void finish(void)
{
    dagger_process_end(&process, DAGGER_END_NORMAL);
}

TestSuite(control, .init = start, .fini = finish);

static int32_t say(const char *text, size_t len)
{
    return dagger_process_write(&process, (uint32_t)control, text, len);
}

/* All of the answers that are there; at most 4095 bytes. */
static const char *answers(void)
{
    static char text[4096];
    int32_t count = dagger_process_read(&process, (uint32_t)control, text, sizeof text - 1);
    cr_assert_geq(count, 0);
    text[count] = '\0';
    return text;
}

static void expect(const char *command, const char *answer)
{
    size_t len = strlen(command);
    cr_assert_eq(say(command, len), (int32_t)len);
    const char *got = answers();
    cr_expect_str_eq(got, answer, "\"%s\" got \"%s\"", command, got);
}

Test(control, commands_that_are_none)
{
    static const char *const rows[][2] = {
        {"\n", "error NOTSUP\n"},
        {"\r\n", "error NOTSUP\n"},
        {"help\n", "error NOTSUP\n"},
        {"Streams\n", "error NOTSUP\n"},
        {" streams\n", "error NOTSUP\n"},
        {"\tstreams\n", "error NOTSUP\n"},
        {"stream\n", "error NOTSUP\n"},
        {"streamss\n", "error NOTSUP\n"},
        {"streams \n", "error BADINPUT\n"},
        {"streams 0\n", "error BADINPUT\n"},
        {"streams\t\n", "error NOTSUP\n"},
        {"statistics all\n", "error BADINPUT\n"},
        {"deadline\n", "error BADINPUT\n"},
        {"deadline 0\n", "error BADINPUT\n"},
        {"deadline 0 1 2\n", "error BADINPUT\n"},
        {"deadline  0 1\n", "error BADINPUT\n"},
        {"deadline 0  1\n", "error BADINPUT\n"},
        {"deadline 0 -1\n", "error BADINPUT\n"},
        {"deadline 0 +1\n", "error BADINPUT\n"},
        {"deadline 0 01\n", "error BADINPUT\n"},
        {"deadline 0 1.5\n", "error BADINPUT\n"},
        {"deadline 0 0x1\n", "error BADINPUT\n"},
        {"deadline 0 None\n", "error BADINPUT\n"},
        {"deadline 0 \n", "error BADINPUT\n"},
        {"deadline 1 1\n", "error BADSD\n"},
        {"deadline -1 1\n", "error BADSD\n"},
        {"deadline 00 1\n", "error BADSD\n"},
        {"deadline 4294967296 1\n", "error BADSD\n"},
        {"deadline 18446744073709551616 1\n", "error BADSD\n"},
        {"deadline x none\n", "error BADSD\n"},
        {"shutdown\n", "error BADINPUT\n"},
        {"shutdown 0 1\n", "error BADINPUT\n"},
        {"shutdown 1\n", "error BADSD\n"},
        {"shutdown 0\n", "error NOTSUP\n"},
        {"allowed\n", "error BADINPUT\n"},
        {"allowed \n", "error BADURL\n"},
        {"allowed x\n", "error BADURL\n"},
        {"allowed http://a b\n", "error BADINPUT\n"},
        {"allowed http://a/%\n", "error BADURL\n"},
        {"policy x\n", "error BADINPUT\n"},
        {"\xff\xfe\n", "error NOTSUP\n"},
        {"streams\r\r\n", "error NOTSUP\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect(rows[i][0], rows[i][1]);
    static const char nul[] = "streams\0\n";
    cr_assert_eq(say(nul, sizeof nul - 1), (int32_t)sizeof nul - 1);
    cr_expect_str_eq(answers(), "error NOTSUP\n");
}

Test(control, a_command_may_come_in_pieces_and_several_at_once)
{
    expect("stat", "");
    expect("istics", "");
    expect("\nallowed file:///x\nallowed zero://\r\nstreams",
           "streams-open 1\nstreams-opened 1\nstreams-limit 1024\nbytes-read 0\nbytes-written 10\n"
           "ok\nno\nok\nyes\nok\n");
    expect("\n", "stream 0 control read 97 written 53 error none\nok\n");
}

Test(control, a_command_that_is_too_long_is_one_error)
{
    static char text[20000];
    memset(text, 'a', sizeof text);
    for (size_t len = 8254; len < 8259; len++) {
        memset(text, 'a', sizeof text);
        memcpy(text, "allowed zero://", 15);
        text[len] = '\n';
        cr_assert_eq(say(text, len + 1), (int32_t)len + 1);
        /* It is a URL, and the URL is too long, or the command is. */
        cr_expect_str_eq(answers(), len <= 8256 ? "error BADURL\n" : "error BADINPUT\n", "%zu",
                         len);
    }
    memset(text, 'a', sizeof text);
    for (int i = 0; i < 10; i++)
        cr_assert_eq(say(text, sizeof text), (int32_t)sizeof text);
    expect("\nstatistics x\n", "error BADINPUT\nerror BADINPUT\n");
}

Test(control, a_command_without_an_end_is_an_error_of_close)
{
    cr_assert_eq(say("streams", 7), 7);
    cr_expect_eq(dagger_process_flush(&process, 0), 0);
    cr_expect_eq(dagger_process_close(&process, 0), DAGGER_BADINPUT);
    cr_expect_eq(open_url("control:///x"), DAGGER_BADINPUT);
    cr_expect_eq(open_url("control://0"), DAGGER_BADINPUT);
    cr_expect_eq(open_url("control://?x"), DAGGER_BADINPUT);
}

/* Whoever does not read gets no more answers, and loses none. */
Test(control, answers_have_a_limit)
{
    static char commands[30000 * 2], text[4096];
    size_t written = 0, oks = 0;
    for (size_t i = 0; i < sizeof commands; i += 2)
        memcpy(commands + i, "x\n", 2);
    int32_t count = say(commands, sizeof commands);
    cr_assert_gt(count, 0);
    cr_assert_lt(count, (int32_t)sizeof commands);
    written = (size_t)count / 2;
    cr_expect_eq(say("x\n", 2), DAGGER_NOSPACE);
    cr_expect_eq(say("x\n", 2), DAGGER_NOSPACE);
    while ((count = dagger_process_read(&process, 0, text, sizeof text)) > 0)
        for (int32_t i = 0; i < count; i++)
            oks += text[i] == '\n';
    cr_expect_eq(oks, written);
    expect("shutdown 9\n", "error BADSD\n");
}

Test(control, streams_are_listed_with_bytes_and_last_error)
{
    char byte = 0;
    cr_assert_eq(open_url("zero://"), 1);
    cr_assert_eq(open_url("random://"), 2);
    cr_assert_eq(open_url("args://"), 3);
    cr_assert_eq(open_url("null://"), 4);
    cr_assert_eq(dagger_process_close(&process, 3), 0);
    cr_assert_eq(dagger_process_read(&process, 1, &byte, 1), 1);
    cr_assert_eq(dagger_process_write(&process, 2, &byte, 1), DAGGER_NOTSUP);
    cr_assert_eq(dagger_process_write(&process, 4, "12345", 5), 5);
    expect("streams\n", "stream 0 control read 0 written 0 error none\n"
                        "stream 1 zero read 1 written 0 error none\n"
                        "stream 2 random read 0 written 0 error NOTSUP\n"
                        "stream 4 null read 0 written 5 error none\n"
                        "ok\n");
    cr_assert_eq(dagger_process_close(&process, 4), 0);
    expect("statistics\n", "streams-open 3\nstreams-opened 5\nstreams-limit 1024\nbytes-read 179\n"
                           "bytes-written 13\nok\n");
}

Test(control, single_bytes_that_are_gathered_count)
{
    std_file(1);
    cr_assert_eq(open_url("stdout://"), 1);
    for (int i = 0; i < 3; i++)
        cr_assert(dagger_process_put(&process, 1, 'x'));
    expect("streams\n", "stream 0 control read 0 written 0 error none\n"
                        "stream 1 stdout read 0 written 3 error none\nok\n");
}

Test(control, policy)
{
    expect("allowed file:///etc\n", "no\nok\n");
    expect("allowed FILE:///etc\n", "no\nok\n");
    expect("allowed random://\n", "yes\nok\n");
    expect("policy\n", "program\nok\n");
    process.host.allowed = NULL;
    expect("allowed file:///etc\n", "yes\nok\n");
    expect("policy\n", "everything\nok\n");
}

/* A port of the kernel's choice is known before anybody has to wait for a connection. */
Test(control, listens_and_says_where)
{
    int port = 0, again = 0;
    expect("listeners\n", "ok\n");
    expect("listen tcp+listen://127.0.0.1\n", "error BADINPUT\n");
    expect("listen tcp://127.0.0.1:0\n", "error BADINPUT\n");
    expect("listen x\n", "error BADURL\n");
    cr_assert_eq(say("listen tcp+listen://127.0.0.1:0\n", 32), 32);
    cr_assert_eq(sscanf(answers(), "listening tcp+listen://127.0.0.1:%d\nok", &port), 1);
    cr_assert_gt(port, 0);
    char url[64];
    int len = snprintf(url, sizeof url, "listen tcp+listen://127.0.0.1:%d\n", port);
    cr_assert_eq(say(url, (size_t)len), len);
    cr_assert_eq(sscanf(answers(), "listening tcp+listen://127.0.0.1:%d\nok", &again), 1);
    cr_expect_eq(again, port);
    snprintf(url, sizeof url, "tcp+listen://127.0.0.1:%d?timeout=0", port);
    cr_expect_eq(open_url(url), DAGGER_TIMEOUT);
    char answer[80];
    snprintf(answer, sizeof answer, "listener tcp+listen://127.0.0.1:%d\nok\n", port);
    expect("listeners\n", answer);
}

/* ---- Deadlines: in the past, so that nothing waits -------------------------------------------
 */

Test(control, a_read_that_would_wait_is_late)
{
    char text[4];
    int peer = std_pipe(0);
    cr_assert_eq(open_url("stdin://"), 1);
    expect("deadline 1 0\n", "ok\n");
    cr_expect_eq(dagger_process_read(&process, 1, text, 4), DAGGER_TIMEOUT);
    cr_assert_eq(write(peer, "ab", 2), 2);
    cr_expect_eq(dagger_process_read(&process, 1, text, 4), 2, "what is there can be read");
    cr_expect_eq(dagger_process_read(&process, 1, text, 4), DAGGER_TIMEOUT);
    expect("streams\n", "stream 0 control read 3 written 13 error none\n"
                        "stream 1 stdin read 2 written 0 error TIMEOUT\nok\n");
    expect("deadline 1 none\n", "ok\n");
    close(peer);
    cr_expect_eq(dagger_process_read(&process, 1, text, 4), 0);
}

Test(control, a_deadline_that_is_far_is_none)
{
    int peer = std_pipe(0);
    char text[4];
    cr_assert_eq(open_url("stdin://"), 1);
    cr_assert_eq(write(peer, "ab", 2), 2);
    expect("deadline 1 9223372036854775807\n", "ok\n");
    cr_expect_eq(dagger_process_read(&process, 1, text, 4), 2);
    expect("deadline 1 99999999999999999999999\n", "ok\n");
    close(peer);
    cr_expect_eq(dagger_process_read(&process, 1, text, 4), 0);
}

Test(control, a_pipe_that_is_full_is_late_and_close_is_not)
{
    static char text[100000];
    int peer = std_pipe(1);
    cr_assert_eq(open_url("stdout://"), 1);
    expect("deadline 1 0\n", "ok\n");
    int32_t count = dagger_process_write(&process, 1, text, sizeof text);
    cr_assert_gt(count, 0);
    cr_assert_lt(count, (int32_t)sizeof text);
    cr_expect_eq(dagger_process_write(&process, 1, "x", 1), DAGGER_TIMEOUT);
    cr_expect_eq(dagger_process_write(&process, 1, "x", 1), 1, "gathered");
    cr_expect_eq(dagger_process_flush(&process, 1), DAGGER_TIMEOUT);
    for (int32_t left = count; left > 0;)
        left -= (int32_t)read(peer, text, (size_t)left < sizeof text ? (size_t)left : sizeof text);
    cr_expect_eq(dagger_process_close(&process, 1), 0);
    cr_expect_str_eq(std_arrived(peer), "x");
}

Test(control, a_sleep_ends_at_the_deadline)
{
    char text[8];
    cr_assert_eq(open_url("clock://monotonic?after=3600000000000"), 1);
    cr_assert_eq(open_url("clock://realtime?until=9223372036854775807"), 2);
    cr_assert_eq(open_url("clock://monotonic"), 3);
    expect("deadline 1 1\ndeadline 2 0\ndeadline 3 0\n", "ok\nok\nok\n");
    int64_t before = dagger_now(CLOCK_MONOTONIC);
    cr_expect_eq(dagger_process_read(&process, 1, text, 8), DAGGER_TIMEOUT);
    cr_expect_geq(dagger_now(CLOCK_MONOTONIC), before);
    cr_expect_eq(dagger_process_read(&process, 2, text, 8), DAGGER_TIMEOUT);
    cr_expect_eq(dagger_process_read(&process, 3, text, 8), 8);
}
