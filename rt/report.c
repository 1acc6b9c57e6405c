#include "report.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "printable.h"
#include "runtime.h"

static void report_write(struct dagger_report *report)
{
    size_t done = 0;
    while (done < report->len) {
        ssize_t n = write(STDERR_FILENO, report->text + done, report->len - done);
        struct pollfd fd = {.fd = STDERR_FILENO, .events = POLLOUT};
        if (n > 0)
            done += (size_t)n;
        else if (n < 0 && errno == EAGAIN)
            poll(&fd, 1, -1); /* it was given to us not blocking */
        else if (n == 0 || errno != EINTR)
            break;
    }
    report->len = 0;
}

static void report_bytes(struct dagger_report *report, const char *bytes, size_t len)
{
    while (len > 0) {
        size_t room = sizeof(report->text) - report->len;
        if (room == 0) {
            report_write(report);
            continue;
        }
        size_t n = len < room ? len : room;
        memcpy(report->text + report->len, bytes, n);
        report->len += n;
        bytes += n;
        len -= n;
    }
}

void dagger_report_text(struct dagger_report *report, const char *text)
{
    report_bytes(report, text, strlen(text));
}

void dagger_report_number(struct dagger_report *report, uint64_t number)
{
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    report_bytes(report, digits + at, sizeof(digits) - at);
}

void dagger_report_escaped(struct dagger_report *report, const char *text, size_t len)
{
    while (len > 0) {
        char shown[DAGGER_PRINTABLE_MAX];
        size_t written;
        size_t taken = dagger_printable_step((const uint8_t *)text, len, shown, &written);
        report_bytes(report, shown, written);
        text += taken;
        len -= taken;
    }
}

void dagger_report_begin(struct dagger_report *report)
{
    report->len = 0;
    const char *program = dagger_runtime.program ? dagger_runtime.program : "";
    const char *slash = strrchr(program, '/');
    const char *name = slash ? slash + 1 : program;
    if (*name)
        dagger_report_escaped(report, name, strlen(name));
    else
        dagger_report_text(report, "dagger");
    dagger_report_text(report, ": ");
}

void dagger_report_end(struct dagger_report *report)
{
    report_write(report);
}

void dagger_report_undelivered(int error)
{
    if (!error)
        return;
    struct dagger_report report;
    dagger_report_begin(&report);
    dagger_report_text(&report, "error: not all output was delivered: ");
    dagger_report_text(&report, dagger_error_text(error));
    dagger_report_text(&report, "\n");
    dagger_report_end(&report);
}

void dagger_report_args(struct dagger_report *report, const char *format, va_list args)
{
    while (*format) {
        size_t plain = strcspn(format, "%");
        report_bytes(report, format, plain);
        format += plain;
        if (*format == '\0')
            break;
        if (format[1] == 'u') {
            dagger_report_number(report, va_arg(args, uint64_t));
        } else {
            const char *text = va_arg(args, const char *);
            if (format[1] == 'e')
                dagger_report_escaped(report, text, strlen(text));
            else
                dagger_report_text(report, text);
        }
        format += 2;
    }
}

void dagger_report_format(struct dagger_report *report, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    dagger_report_args(report, format, args);
    va_end(args);
}
