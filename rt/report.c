#include "report.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "runtime.h"

static void report_write(struct dagger_report *report)
{
    size_t done = 0;
    while (done < report->len) {
        ssize_t n = write(STDERR_FILENO, report->text + done, report->len - done);
        if (n > 0)
            done += (size_t)n;
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

/* Bytes of the well-formed UTF-8 sequence at `s` (Unicode 15, table 3-7), 0 if there is none. */
static size_t utf8_length(const unsigned char *s, size_t len, uint32_t *code)
{
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (n == 0 || n > len || s[0] > 0xf4)
        return 0;
    static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    *code = s[0] & first_bits[n];
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (s[i] & 0x3f);
    }
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (*code < smallest[n] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
        return 0;
    return n;
}

static bool code_is_safe(uint32_t code)
{
    if (code < 0x20 || code == '\\' || (code >= 0x7f && code < 0xa0))
        return false;
    /* Marks, embeddings, overrides and isolates of text direction; line and paragraph separators.
     */
    return code != 0x61c && !(code >= 0x200b && code <= 0x200f) &&
           !(code >= 0x2028 && code <= 0x202e) && !(code >= 0x2066 && code <= 0x2069) &&
           code != 0xfeff;
}

void dagger_report_escaped(struct dagger_report *report, const char *text, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    const unsigned char *s = (const unsigned char *)text;
    while (len > 0) {
        uint32_t code = 0;
        size_t n = utf8_length(s, len, &code);
        if (n > 0 && code_is_safe(code)) {
            report_bytes(report, (const char *)s, n);
        } else {
            n = 1;
            char escape[4] = {'\\', 'x', hex[*s >> 4], hex[*s & 15]};
            report_bytes(report, escape, sizeof(escape));
        }
        s += n;
        len -= n;
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

_Noreturn void dagger_fail(int status, const char *format, ...)
{
    struct dagger_report report;
    dagger_report_begin(&report);
    dagger_report_text(&report, "error: ");
    va_list args;
    va_start(args, format);
    while (*format) {
        size_t plain = strcspn(format, "%");
        report_bytes(&report, format, plain);
        format += plain;
        if (*format == '\0')
            break;
        if (format[1] == 'u') {
            dagger_report_number(&report, va_arg(args, uint64_t));
        } else {
            const char *text = va_arg(args, const char *);
            if (format[1] == 'e')
                dagger_report_escaped(&report, text, strlen(text));
            else
                dagger_report_text(&report, text);
        }
        format += 2;
    }
    va_end(args);
    dagger_report_text(&report, "\n");
    dagger_report_end(&report);
    _exit(status);
}
