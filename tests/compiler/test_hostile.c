/* Modules that lie: each is refused with one message, or read as what it is; nothing is read
 * outside it (each sits in an allocation of exactly its size, for the sanitizers' sake), and no
 * count makes us allocate more than the bytes could fill. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "refused.h"

static const char *const modules[] = {TEST_MODULES};
enum { MODULE_COUNT = sizeof modules / sizeof *modules };

static struct bytes load(size_t number)
{
    char path[512];

    snprintf(path, sizeof path, MODULES_DIR "/%s.wasm", modules[number]);
    return bytes_of_file(path);
}

/* Where sections begin, the end included; the number of sections. */
static size_t section_starts(const struct bytes *b, size_t starts[32])
{
    size_t count = 0, at = 8;

    while (at < b->size && count < 31) {
        size_t size = 0, shift = 0;

        starts[count++] = at++;
        do {
            size |= (size_t)(b->data[at] & 0x7f) << shift;
            shift += 7;
        } while (b->data[at++] & 0x80);
        at += size;
    }
    starts[count] = at;
    return count;
}

/* At a section's start a module may end, though what an earlier one announced may then be missing.
 */
Test(hostile, truncated_at_every_byte)
{
    size_t cases = 0;

    for (size_t m = 0; m < MODULE_COUNT; m++) {
        struct bytes whole = load(m);
        size_t starts[32], sections = section_starts(&whole, starts);

        cr_assert_eq(starts[sections], whole.size);
        for (size_t size = 0; size < whole.size; size++, cases++) {
            struct bytes part = {whole.data, size, size};
            bool boundary = false;

            for (size_t i = 0; i < sections; i++)
                boundary |= starts[i] == size;
            if (boundary) {
                char *message;

                cr_expect_eq(verdict(&part, &message), *message ? -1 : 0);
                free(message);
            } else {
                is_refused(&part, modules[m], size);
            }
        }
        bytes_release(&whole);
    }
    cr_expect_gt(cases, 1500);
}

/* Each section of each module announces another size than it has. */
Test(hostile, sections_that_lie_about_their_size)
{
    static const int64_t lies[] = {-2, -1, 1, 2, 100, 0x7fffffff};
    size_t cases = 0;

    for (size_t m = 0; m < MODULE_COUNT; m++) {
        struct bytes whole = load(m);
        size_t starts[32], sections = section_starts(&whole, starts);

        for (size_t s = 0; s < sections; s++) {
            for (size_t lie = 0; lie < sizeof lies / sizeof *lies; lie++) {
                struct bytes b = {0};
                size_t contents = starts[s] + 1;

                while (whole.data[contents++] & 0x80)
                    ;
                int64_t size = (int64_t)(starts[s + 1] - contents) + lies[lie];

                if (size < 0 || whole.data[starts[s]] == 0)
                    continue;
                bytes_put(&b, whole.data, starts[s] + 1);
                bytes_u32(&b, (uint32_t)size);
                bytes_put(&b, whole.data + contents, whole.size - contents);
                is_refused(&b, modules[m], s * 100 + lie);
                bytes_release(&b);
                cases++;
            }
        }
        bytes_release(&whole);
    }
    cr_expect_gt(cases, 300);
}

/* Every vector's count is far more than its bytes can hold. */
Test(hostile, huge_counts)
{
    static const uint32_t counts[] = {0x7f, 0xffff, 0xffffff, 0x7fffffff, UINT32_MAX};
    size_t cases = 0;

    for (size_t m = 0; m < MODULE_COUNT; m++) {
        struct bytes whole = load(m);
        size_t starts[32], sections = section_starts(&whole, starts);

        for (size_t s = 0; s < sections; s++) {
            uint8_t id = whole.data[starts[s]];

            for (size_t c = 0; id != 0 && c < sizeof counts / sizeof *counts; c++, cases++) {
                struct bytes b = {0}, contents = {0};

                bytes_u32(&contents, counts[c]);
                bytes_put(&contents, whole.data + starts[s] + 3,
                          starts[s + 1] > starts[s] + 3 ? starts[s + 1] - starts[s] - 3 : 0);
                bytes_put(&b, whole.data, starts[s]);
                bytes_section(&b, id, &contents);
                bytes_put(&b, whole.data + starts[s + 1], whole.size - starts[s + 1]);
                is_refused(&b, modules[m], s * 100 + c);
                bytes_release(&b);
                bytes_release(&contents);
            }
        }
        bytes_release(&whole);
    }
    cr_expect_gt(cases, 300);
}

/* A section comes twice, or two sections change places. */
Test(hostile, sections_out_of_order)
{
    for (size_t m = 0; m < MODULE_COUNT; m++) {
        struct bytes whole = load(m);
        size_t starts[32], sections = section_starts(&whole, starts);

        for (size_t s = 0; s + 1 < sections; s++) {
            struct bytes twice = {0}, swapped = {0};
            size_t first = starts[s + 1] - starts[s], second = starts[s + 2] - starts[s + 1];

            if (whole.data[starts[s]] == 0 || whole.data[starts[s + 1]] == 0)
                continue;
            bytes_put(&twice, whole.data, starts[s + 1]);
            bytes_put(&twice, whole.data + starts[s], whole.size - starts[s]);
            is_refused(&twice, modules[m], s);
            bytes_put(&swapped, whole.data, starts[s]);
            bytes_put(&swapped, whole.data + starts[s + 1], second);
            bytes_put(&swapped, whole.data + starts[s], first);
            bytes_put(&swapped, whole.data + starts[s + 2], whole.size - starts[s + 2]);
            is_refused(&swapped, modules[m], s);
            bytes_release(&twice);
            bytes_release(&swapped);
        }
        bytes_release(&whole);
    }
}

/* The size of every section, in encodings longer than they need: up to five bytes are well-formed,
 * six are not, nor are bits beyond the thirty-second. */
Test(hostile, encodings_of_sizes)
{
    for (size_t m = 0; m < MODULE_COUNT; m++) {
        struct bytes whole = load(m);
        size_t starts[32], sections = section_starts(&whole, starts);

        for (size_t s = 0; s < sections; s++) {
            for (unsigned length = 3; length <= 7; length++) {
                struct bytes b = {0};
                size_t contents = starts[s] + 1;
                char *message;

                while (whole.data[contents++] & 0x80)
                    ;
                bytes_put(&b, whole.data, starts[s] + 1);
                bytes_u32_padded(&b, (uint32_t)(starts[s + 1] - contents), length < 7 ? length : 5);
                if (length == 7)
                    b.data[b.size - 1] |= 0x10;
                bytes_put(&b, whole.data + contents, whole.size - contents);
                if (length > 5) {
                    is_refused(&b, modules[m], s);
                } else {
                    cr_expect_eq(verdict(&b, &message), 0, "%s", message);
                    free(message);
                }
                bytes_release(&b);
            }
        }
        bytes_release(&whole);
    }
}

Test(hostile, limits)
{
    struct bytes body = {0};

    /* 49,998 locals beside the two that are there are allowed, one more is not. */
    for (unsigned more = 0; more < 2; more++) {
        struct bytes b = {0}, section = {0};
        char *message;

        bytes_header(&b);
        bytes_list(&section, 6, 1, 0x60, 2, 0x7f, 0x7f, 0);
        bytes_section(&b, 1, &section);
        section.size = 0;
        bytes_list(&section, 2, 1, 0);
        bytes_section(&b, 3, &section);
        section.size = body.size = 0;
        bytes_byte(&body, 2);
        bytes_u32(&body, 40000);
        bytes_byte(&body, 0x7f);
        bytes_u32(&body, 9998 + more);
        bytes_list(&body, 2, 0x7c, 0x0b);
        bytes_byte(&section, 1);
        bytes_name(&section, body.data, body.size);
        bytes_section(&b, 10, &section);
        if (more) {
            is_refused(&b, "locals", more);
        } else {
            cr_expect_eq(verdict(&b, &message), 0, "%s", message);
            free(message);
        }
        bytes_release(&section);
        bytes_release(&b);
    }
    bytes_release(&body);
}

/* Blocks may nest as deep as a body is long. */
Test(hostile, deep_nesting)
{
    enum { DEPTH = 1000000 };
    struct bytes code = {0}, b;
    struct module module;

    for (unsigned i = 0; i < DEPTH; i++)
        bytes_list(&code, 2, 0x02, 0x40);
    for (unsigned i = 0; i <= DEPTH; i++)
        bytes_byte(&code, 0x0b);
    b = module_of_body(code.data, code.size, 0);
    cr_assert_eq(module_read(&module, b.data, b.size), 0);
    cr_expect_eq(module.deepest_block, DEPTH);
    module_release(&module);
    bytes_release(&b);
    code.size--;
    b = module_of_body(code.data, code.size, 0);
    is_refused(&b, "not closed", DEPTH);
    bytes_release(&b);
    bytes_release(&code);
}

Test(hostile, exports_of_one_name)
{
    struct bytes b = {0}, section = {0};

    bytes_header(&b);
    bytes_list(&section, 3, 1, 0, 1);
    bytes_section(&b, 5, &section);
    section.size = 0;
    bytes_list(&section, 13, 3, 1, 'a', 2, 0, 1, 'b', 2, 0, 1, 'a', 2, 0);
    bytes_section(&b, 7, &section);
    is_refused(&b, "twice", 0);
    bytes_release(&section);
    bytes_release(&b);
}

/* Every byte of every module takes values that mean something elsewhere: nothing breaks. */
Test(hostile, changed_bytes)
{
    static const uint8_t values[] = {0x00, 0x01, 0x0b, 0x40, 0x60, 0x7f, 0x80, 0xfc, 0xfd, 0xff};
    struct module_wishes wishes = {.trusted = ~(feature_set)0, .library = true};
    struct module_clean how = {.library = true, .names = true};

    for (size_t m = 0; m < MODULE_COUNT; m++) {
        struct bytes b = load(m);

        for (size_t at = 8; at < b.size; at++) {
            uint8_t was = b.data[at];

            for (size_t v = 0; v < sizeof values; v++) {
                struct module module;
                uint8_t *copy;
                char *message, *checked;

                b.data[at] = values[v];
                if (read_copy(&module, b.data, b.size, &copy, &message) == 0) {
                    module_release(&module);
                    if (check_bytes(&b, &wishes, &checked) == 0) {
                        struct bytes clean;

                        cr_assert_eq(module_read(&module, b.data, b.size), 0);
                        cr_assert_eq(module_check(&module, &wishes), 0);
                        how.fuel = v % 2;
                        clean = clean_bytes(&module, &how);
                        module_release(&module);
                        cr_assert_eq(module_read(&module, clean.data, clean.size), 0, "%s %zu",
                                     modules[m], at);
                        module_release(&module);
                        bytes_release(&clean);
                    }
                    free(checked);
                } else {
                    cr_expect(*message, "%s %zu", modules[m], at);
                }
                free(copy);
                free(message);
            }
            b.data[at] = was;
        }
        bytes_release(&b);
    }
}
