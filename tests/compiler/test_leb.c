/* LEB128 and the other primitive values, at the edges of their encodings. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "reader.h"

struct row {
    const char *bytes;
    size_t size;
    unsigned bits;
    bool is_signed, good;
    int64_t value;
};

static const struct row rows[] = {
    {"\x00", 1, 32, false, true, 0},
    {"\x7f", 1, 32, false, true, 127},
    {"\x80\x01", 2, 32, false, true, 128},
    {"\x80\x80\x80\x80\x00", 5, 32, false, true, 0}, /* padded, but within five bytes */
    {"\xff\xff\xff\xff\x0f", 5, 32, false, true, UINT32_MAX},
    {"\xff\xff\xff\xff\x1f", 5, 32, false, false, 0}, /* bit 32 */
    {"\x80\x80\x80\x80\x10", 5, 32, false, false, 0},
    {"\x80\x80\x80\x80\x80\x00", 6, 32, false, false, 0}, /* six bytes */
    {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, 64, false, true, -1},
    {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, 64, false, false, 0},
    {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11, 64, false, false, 0},
    {"\x3f", 1, 32, true, true, 63},
    {"\x40", 1, 32, true, true, -64},
    {"\x80\x7f", 2, 32, true, true, -128},
    {"\xff\xff\xff\xff\x07", 5, 32, true, true, INT32_MAX},
    {"\x80\x80\x80\x80\x78", 5, 32, true, true, INT32_MIN},
    {"\xff\xff\xff\xff\x7f", 5, 32, true, true, -1},
    {"\xff\xff\xff\xff\x0f", 5, 32, true, false, 0}, /* unused bits differ from the sign */
    {"\xff\xff\xff\xff\x4f", 5, 32, true, false, 0},
    {"\x80\x80\x80\x80\x70", 5, 32, true, false, 0},
    {"\xff\xff\xff\xff\xff\x7f", 6, 32, true, false, 0},
    {"\xff\xff\xff\xff\x0f", 5, 33, true, true, UINT32_MAX},
    {"\x80\x80\x80\x80\x70", 5, 33, true, true, -4294967296},
    {"\x80\x80\x80\x80\x10", 5, 33, true, false, 0},
    {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00", 10, 64, true, true, INT64_MAX},
    {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", 10, 64, true, true, INT64_MIN},
    {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 10, 64, true, false, 0},
    {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7e", 10, 64, true, false, 0},
    {"", 0, 32, false, false, 0},
    {"\x80", 1, 32, false, false, 0},
    {"\xff\xff", 2, 64, true, false, 0},
};

static FILE *quiet;

static struct reader reader_of(const char *bytes, size_t size)
{
    struct reader r = {.base = (const uint8_t *)bytes, .where = "test", .function = UINT32_MAX};

    r.at = r.base;
    r.end = r.base + size;
    quiet = fopen("/dev/null", "w");
    diag_output(quiet);
    return r;
}

Test(leb, rows)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reader r = reader_of(rows[i].bytes, rows[i].size);
        int64_t value = rows[i].is_signed ? reader_leb_signed(&r, rows[i].bits)
                                          : (int64_t)reader_leb_unsigned(&r, rows[i].bits);

        cr_expect_neq(r.failed, rows[i].good, "row %zu", i);
        cr_expect_eq(value, rows[i].value, "row %zu: %lld", i, (long long)value);
        cr_expect(!rows[i].good || r.at == r.end, "row %zu", i);
    }
}

Test(leb, every_number_comes_back)
{
    for (uint64_t value = 0; value <= UINT32_MAX; value = value * 3 + 1) {
        struct bytes b = {0};

        bytes_u32(&b, (uint32_t)value);
        struct reader r = reader_of((const char *)b.data, b.size);

        cr_expect_eq(reader_u32(&r), value);
        cr_expect(!r.failed && r.at == r.end);
        bytes_release(&b);
    }
}

Test(reader, failure_is_sticky_and_said_once)
{
    struct reader r = reader_of("\xff\xff\xff\xff\xff\x01\x02", 7);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    diag_output(out);
    cr_expect_eq(reader_u32(&r), 0);
    cr_expect_eq(reader_byte(&r, "a byte"), 0);
    cr_expect_null(reader_bytes(&r, 1, "bytes"));
    cr_expect_eq(reader_index(&r, 5, "thing"), 0);
    diag_output(NULL);
    fclose(out);
    cr_expect(r.failed && r.at == r.end);
    cr_expect_eq(strchr(text, '\n'), text + strlen(text) - 1, "one line: %s", text);
    free(text);
}

Test(reader, counts_fit_what_is_left)
{
    struct reader r = reader_of("\x03"
                                "aabbcc",
                                7);

    cr_expect_eq(reader_count(&r, "pairs", 2, 100), 3);
    cr_expect_not(r.failed);
    r = reader_of("\x04"
                  "aabbcc",
                  7);
    cr_expect_eq(reader_count(&r, "pairs", 2, 100), 0);
    cr_expect(r.failed);
    r = reader_of("\x03"
                  "aabbcc",
                  7);
    cr_expect_eq(reader_count(&r, "pairs", 2, 2), 0);
    cr_expect(r.failed);
}

Test(reader, names)
{
    struct reader r = reader_of("\x02\xc3\xbc\x02\xc3", 5);
    struct module_text name = reader_name(&r, "a name");

    cr_expect_eq(name.len, 2);
    cr_expect_not(r.failed);
    name = reader_name(&r, "a name");
    cr_expect(r.failed);
    cr_expect_eq(name.len, 0);
    r = reader_of("\x02\xbc\xc3", 3);
    reader_name(&r, "a name");
    cr_expect(r.failed);
}
