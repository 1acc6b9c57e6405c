/* environ_get where CASE_SHARED of the host is let through, CASE_GIVEN is set, and CASE_NONE, which
 * the host does not have, is let through. CASE_SECRET is there for the host alone. */
#include "files.h"

static char *list[16];
static char text[512];
static u32 count, size;

/* What the variable is, or NULL. */
static const char *value(const char *name)
{
    u32 len = length(name);
    for (u32 i = 0; i < count; i++)
        if (same(list[i], name, len) && list[i][len] == '=')
            return list[i] + len + 1;
    return NULL;
}

static void is(const char *name, const char *expected)
{
    const char *got = value(name);
    TRUE(got != NULL && length(got) == length(expected) && same(got, expected, length(got)));
}

CASE(sizes_and_texts_agree)
{
    u32 sum = 0;
    OK(wasi_environ_sizes_get(&count, &size));
    TRUE(count <= 16 && size <= sizeof text);
    OK(wasi_environ_get(list, text));
    for (u32 i = 0; i < count; i++)
        sum += length(list[i]) + 1;
    EQUAL(sum, size);
}

CASE(variable_let_through)
{
    is("CASE_SHARED", "for guests");
}

CASE(variable_given)
{
    is("CASE_GIVEN", "a=b c");
}

CASE(variable_that_the_host_has_not)
{
    TRUE(value("CASE_NONE") == NULL);
}

CASE(nothing_else)
{
    TRUE(value("CASE_SECRET") == NULL && value("PATH") == NULL && value("HOME") == NULL);
    EQUAL(count, 2);
}

MAIN();
