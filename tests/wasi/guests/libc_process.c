/* The rest by wasi-libc: arguments, environment, clocks, sleep, poll, randomness, standard input.
 */
#include "libc.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int count;
static char **arguments;
static char text[64];

CASE(arguments_of_main)
{
    EQUAL(count, 3);
    TRUE(strcmp(arguments[1], "a") == 0 && strcmp(arguments[2], "b c") == 0);
    TRUE(arguments[3] == NULL);
}

CASE(environment)
{
    const char *shared = getenv("CASE_SHARED"), *given = getenv("CASE_GIVEN");
    TRUE(shared != NULL && strcmp(shared, "for guests") == 0);
    TRUE(given != NULL && strcmp(given, "given") == 0);
    TRUE(getenv("CASE_SECRET") == NULL && getenv("PATH") == NULL);
    EQUAL(setenv("CASE_OWN", "x", 1), 0);
    TRUE(strcmp(getenv("CASE_OWN"), "x") == 0);
}

CASE(clocks)
{
    struct timespec now, later;
    EQUAL(clock_gettime(CLOCK_REALTIME, &now), 0);
    TRUE(now.tv_sec > 1600000000 && time(NULL) >= now.tv_sec);
    EQUAL(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    EQUAL(clock_gettime(CLOCK_MONOTONIC, &later), 0);
    TRUE(later.tv_sec > now.tv_sec || later.tv_nsec >= now.tv_nsec);
    EQUAL(clock_getres(CLOCK_MONOTONIC, &now), 0);
    TRUE(now.tv_sec > 0 || now.tv_nsec > 0);
}

static long long monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

CASE(sleep_lasts)
{
    struct timespec wait = {0, 3000000};
    long long before = monotonic();
    EQUAL(nanosleep(&wait, NULL), 0);
    TRUE(monotonic() - before >= 3000000);
    EQUAL(usleep(1000), 0);
    TRUE(monotonic() - before >= 4000000);
}

CASE(sleep_until)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec -= 1;
    EQUAL(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL), 0);
}

CASE(poll_of_descriptors)
{
    struct pollfd both[] = {{.fd = 1, .events = POLLOUT}, {.fd = 0, .events = POLLIN}};
    TRUE(poll(both, 2, -1) >= 1);
    EQUAL(both[0].revents, POLLOUT);
}

CASE(standard_input)
{
    TRUE(fgets(text, sizeof text, stdin) != NULL);
    TRUE(strcmp(text, "from stdin") == 0);
    TRUE(fgets(text, sizeof text, stdin) == NULL && feof(stdin));
    EQUAL(isatty(0), 0);
    FAILS(lseek(0, 0, SEEK_CUR), ESPIPE);
}

CASE(randomness)
{
    unsigned char one[32], other[32];
    EQUAL(getentropy(one, sizeof one), 0);
    EQUAL(getentropy(other, sizeof other), 0);
    TRUE(memcmp(one, other, sizeof one) != 0);
}

int main(int argc, char **argv)
{
    count = argc;
    arguments = argv;
    return (int)run_cases();
}
