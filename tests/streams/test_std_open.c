/* Opening the standard descriptors: what fd:// takes, and descriptors that are not as they should.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "faults.h"
#include "std_fixture.h"

static const char *const named[] = {"stdin://", "stdout://", "stderr://"};
static const char *const numbered[] = {"fd://0", "fd://1", "fd://2"};

Test(fd, numbers)
{
    static const struct {
        const char *url;
        int error;
    } rows[] = {
        {"fd://", DAGGER_BADINPUT},
        {"fd:///", DAGGER_BADINPUT},
        {"fd://a", DAGGER_BADINPUT},
        {"fd://-1", DAGGER_BADINPUT},
        {"fd://+1", DAGGER_BADINPUT},
        {"fd://01", DAGGER_BADINPUT},
        {"fd://00", DAGGER_BADINPUT},
        {"fd://1a", DAGGER_BADINPUT},
        {"fd://1.0", DAGGER_BADINPUT},
        {"fd://0x1", DAGGER_BADINPUT},
        {"fd://%31", DAGGER_BADINPUT},
        {"fd://stdout", DAGGER_BADINPUT},
        {"fd://1/1", DAGGER_BADINPUT},
        {"fd:///1", DAGGER_BADINPUT},
        {"fd://1//", DAGGER_BADINPUT},
        {"fd://1?a", DAGGER_BADINPUT},
        {"fd://1#", DAGGER_BADINPUT},
        {"fd://1#a", DAGGER_BADINPUT},
        {"fd://a@1", DAGGER_BADINPUT},
        {"fd://@1", DAGGER_BADINPUT},
        {"fd://1:1", DAGGER_BADINPUT},
        {"fd://[::1]", DAGGER_BADINPUT},
        {"fd://3", DAGGER_PERM},
        {"fd://9", DAGGER_PERM},
        {"fd://10", DAGGER_PERM},
        {"fd://11", DAGGER_PERM},
        {"fd://256", DAGGER_PERM},
        {"fd://65537", DAGGER_PERM},
        {"fd://4294967297", DAGGER_PERM},
        {"fd://18446744073709551617", DAGGER_PERM},
        {"fd://99999999999999999999999999999999", DAGGER_PERM},
        {"fd://1 ", DAGGER_BADURL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(std_open_error(rows[i].url), rows[i].error, "%s gives %d", rows[i].url,
                     std_open_error(rows[i].url));
    std_pipe(1);
    cr_expect_eq(std_open_error("fd://1"), 0);
    cr_expect_eq(std_open_error("fd://1/"), 0);
}

/* With any of the three closed at the start: no file that is opened gets the number, and the
 * streams over it can't be opened. */
Test(fd, closed_at_the_start)
{
    for (int closed = 0; closed < 8; closed++) {
        std_pipe(0);
        int readers[] = {std_pipe(1), std_pipe(2)};
        for (int fd = 0; fd < 3; fd++)
            if (closed & 1 << fd)
                close(fd);
        dagger_streams_start();
        int next = open("/dev/null", O_RDWR);
        cr_expect_gt(next, 2);
        close(next);
        for (int fd = 0; fd < 3; fd++) {
            int expected = closed & 1 << fd ? DAGGER_NOENT : 0;
            cr_expect_eq(std_open_error(named[fd]), expected, "%s, %d", named[fd], closed);
            cr_expect_eq(std_open_error(numbered[fd]), expected, "%s, %d", numbered[fd], closed);
        }
        cr_expect_eq(std_open_error("log://"), closed & 4 ? DAGGER_NOENT : 0);
        char data[1];
        for (int fd = 0; fd < 3; fd++)
            if (closed & 1 << fd) {
                cr_expect_eq(read(fd, data, 1), -1);
                cr_expect_eq(write(fd, data, 1), -1);
            }
        close(readers[0]);
        close(readers[1]);
    }
}

Test(fd, starting_twice_opens_nothing_more)
{
    std_pipe(0);
    close(1);
    dagger_streams_start();
    int before = open("/dev/null", O_RDWR);
    close(before);
    dagger_streams_start();
    dagger_streams_start();
    int after = open("/dev/null", O_RDWR);
    cr_expect_eq(after, before);
}

Test(fd, closed_later_by_whoever)
{
    std_pipe(1);
    close(1);
    cr_expect_eq(std_open_error("stdout://"), DAGGER_NOENT);
}

Test(fd, opened_for_the_other_direction)
{
    std_path(0, "/dev/null", O_WRONLY);
    std_path(1, "/dev/null", O_RDONLY);
    std_path(2, "/dev/null", O_RDONLY);
    for (int fd = 0; fd < 3; fd++) {
        cr_expect_eq(std_open_error(named[fd]), DAGGER_PERM);
        cr_expect_eq(std_open_error(numbered[fd]), DAGGER_PERM);
    }
    cr_expect_eq(std_open_error("log://"), DAGGER_PERM);
}

Test(fd, opened_for_both_directions)
{
    for (int fd = 0; fd < 3; fd++) {
        std_path(fd, "/dev/null", O_RDWR);
        cr_expect_eq(std_open_error(named[fd]), 0);
    }
}

Test(fd, no_memory)
{
    std_pipe(0);
    std_pipe(1);
    std_pipe(2);
    faults.no_memory = true;
    for (int fd = 0; fd < 3; fd++)
        cr_expect_eq(std_open_error(named[fd]), DAGGER_NOMEM);
    cr_expect_eq(std_open_error("log://?prefix=a"), DAGGER_NOMEM);
    faults.no_memory = false;
    for (int fd = 0; fd < 3; fd++)
        cr_expect_eq(std_open_error(named[fd]), 0);
}
