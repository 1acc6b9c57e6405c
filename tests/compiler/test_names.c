/* Hostile names: refused if they are not UTF-8, escaped in messages, made plain in the copy that
 * becomes C. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "refused.h"

/* A module whose only name stands at one of four places. */
static struct bytes named_at(unsigned place, const void *name, size_t size)
{
    struct bytes b = {0}, section = {0};

    bytes_header(&b);
    bytes_list(&section, 4, 1, 0x60, 0, 0);
    bytes_section(&b, 1, &section);
    section.size = 0;
    if (place < 2) {
        bytes_byte(&section, 1);
        bytes_name(&section, place == 0 ? name : "x", place == 0 ? size : 1);
        bytes_name(&section, place == 1 ? name : "x", place == 1 ? size : 1);
        bytes_list(&section, 2, 0, 0);
        bytes_section(&b, 2, &section);
    } else if (place == 2) {
        bytes_list(&section, 3, 1, 0, 1);
        bytes_section(&b, 5, &section);
        section.size = 0;
        bytes_byte(&section, 1);
        bytes_name(&section, name, size);
        bytes_list(&section, 2, 2, 0);
        bytes_section(&b, 7, &section);
    } else {
        bytes_name(&section, name, size);
        bytes_section(&b, 0, &section);
    }
    bytes_release(&section);
    return b;
}

Test(names, that_are_not_utf8)
{
    static const char *const bad[] = {
        "\x80",         "\xbf",         "\xc0\x80",         "\xc1\xbf",         "\xc2",
        "\xc2\x41",     "\xe0\x80\x80", "\xe0\x9f\xbf",     "\xe2\x82",         "\xed\xa0\x80",
        "\xed\xbf\xbf", "\xf0\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xfe",         "\xff",         "ok\xff",           "\xef\xbf",         "\xf0\x9f\x98",
    };

    for (unsigned place = 0; place < 4; place++) {
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            struct bytes b = named_at(place, bad[i], strlen(bad[i]));

            is_refused(&b, "not UTF-8", place * 100 + i);
            bytes_release(&b);
        }
    }
}

static const struct {
    const char *name;
    size_t size;
} hostile_names[] = {
#define NAME(text)                                                                                 \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }
    NAME("*/ int x = system(\"id\"); /*"),
    NAME("*\\\n/ int x; /*"),
    NAME("*?\?/\n/ int x; /*"), /* a trigraph that makes a line go on */
    NAME("\\\n"),
    NAME("?\?/"),
    NAME("\"); system(\"id\"); (\""),
    NAME("'"),
    NAME("`id`"),
    NAME("$(id)"),
    NAME("a\0b"),
    NAME("\0"),
    NAME("\n#include \"/etc/passwd\"\n"),
    NAME("\r\n"),
    NAME("\x1b]0;title\x07"),
    NAME("int"),
    NAME("while"),
    NAME("_Noreturn"),
    NAME("asm"),
    NAME("main"),
    NAME("__attribute__"),
    NAME("w2c_guest_f0"),
    NAME("f0"),
    NAME("f1_x"),
    NAME("export_1"),
    NAME("-evil"),
    NAME("../../etc/passwd"),
    NAME("%s%s%n"),
    NAME("\xe2\x80\xae"
         "detrevni"),
    NAME("\xef\xbb\xbf"),
    NAME(""),
    NAME("_"),
    NAME("__"),
    NAME("0x4"),
    NAME("wasm2c_guest_instantiate"),
#undef NAME
};
enum { HOSTILE_COUNT = sizeof hostile_names / sizeof *hostile_names };

static bool is_plain(struct module_text text)
{
    for (uint32_t i = 0; i < text.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_",
                    text.data[i]))
            return false;
    return text.len > 0 && text.len <= 127;
}

/* Reads the copy of `b` and looks at each of its names. */
static void copy_is_plain(const struct bytes *b, bool library)
{
    struct module_wishes wishes = {.trusted = ~(feature_set)0, .library = library};
    struct module_clean how = {.library = library, .names = true};
    struct module module, copy;
    struct module_text name;
    uint32_t offset = 0, index;

    cr_assert_eq(module_read(&module, b->data, b->size), 0);
    cr_assert_eq(module_check(&module, &wishes), 0);
    struct bytes clean = clean_bytes(&module, &how);

    cr_assert_eq(module_read(&copy, clean.data, clean.size), 0);
    for (uint32_t i = 0; i < copy.export_count; i++)
        cr_expect(is_plain(copy.exports[i].name));
    while (module_next_name(&copy, &offset, &index, &name))
        cr_expect(is_plain(name));
    module_release(&copy);
    module_release(&module);
    bytes_release(&clean);
}

/* A module with a function and an export of each name, besides main and an import twice. */
static struct bytes all_names(void)
{
    struct bytes b = {0}, section = {0}, names = {0};
    static char longest[200000];

    memset(longest, '/', sizeof longest);
    bytes_header(&b);
    bytes_list(&section, 4, 1, 0x60, 0, 0);
    bytes_section(&b, 1, &section);
    section.size = 0;
    bytes_u32(&section, HOSTILE_COUNT + 1);
    for (unsigned i = 0; i < HOSTILE_COUNT + 1; i++)
        bytes_byte(&section, 0);
    bytes_section(&b, 3, &section);
    section.size = 0;
    bytes_u32(&section, HOSTILE_COUNT + 1);
    bytes_u32(&names, HOSTILE_COUNT + 1);
    for (unsigned i = 0; i < HOSTILE_COUNT + 1; i++) {
        const char *name = i < HOSTILE_COUNT ? hostile_names[i].name : longest;
        size_t size = i < HOSTILE_COUNT ? hostile_names[i].size : sizeof longest;

        bytes_name(&section, name, size);
        bytes_byte(&section, 0);
        bytes_u32(&section, i);
        bytes_u32(&names, i);
        bytes_name(&names, name, size);
    }
    bytes_section(&b, 7, &section);
    section.size = 0;
    bytes_u32(&section, HOSTILE_COUNT + 1);
    for (unsigned i = 0; i < HOSTILE_COUNT + 1; i++)
        bytes_list(&section, 3, 2, 0, 0x0b);
    bytes_section(&b, 10, &section);
    section.size = 0;
    bytes_text(&section, "name");
    bytes_byte(&section, 1);
    bytes_name(&section, names.data, names.size);
    bytes_section(&b, 0, &section);
    bytes_release(&section);
    bytes_release(&names);
    return b;
}

Test(names, become_plain_in_the_copy)
{
    struct bytes b = all_names();

    copy_is_plain(&b, false);
    copy_is_plain(&b, true);
    bytes_release(&b);
}

/* As names of imports they reach a message, and only escaped. */
Test(names, in_messages)
{
    struct module_wishes wishes = {.trusted = ~(feature_set)0};

    for (unsigned place = 0; place < 2; place++) {
        for (size_t i = 0; i < HOSTILE_COUNT; i++) {
            struct bytes b = named_at(place, hostile_names[i].name, hostile_names[i].size);
            char *message;

            cr_expect_eq(check_bytes(&b, &wishes, &message), -1);
            for (const char *at = message; *at; at++)
                cr_expect(*at == '\n' || (*at >= ' ' && *at < 0x7f), "name %zu: %s", i, message);
            cr_expect_null(strstr(message, "`id"));
            free(message);
            bytes_release(&b);
        }
    }
}
