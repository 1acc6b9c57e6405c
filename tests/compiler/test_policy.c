/* Policy files: what they say, and what is said of wrong ones. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "policy_file.h"

struct good_row {
    const char *text;
    const char *allow, *deny; /* with blanks between; allow NULL: no list */
    unsigned long long pages, fuel;
};

static const struct good_row good_rows[] = {
    {"", NULL, "", 0, 0},
    {"\n\n \t\r\n## nothing", NULL, "", 0, 0},
    {"allow (\n)", "", "", 0, 0},
    {"allow ()", "", "", 0, 0},
    {"allow ( random:// )", "random://", "", 0, 0},
    {"allow(random:// zero://\nnull://)", NULL, NULL, 0, 0}, /* ")" is no word of its own there */
    {"allow random://", "random://", "", 0, 0},
    {"disallow https://A.com/%78 ## not there\n", NULL, "https://a.com/x", 0, 0},
    {"allow (\r\n  https://a.com\r\n)\r\n", "https://a.com", "", 0, 0},
    {"allow ( ## what may be\n## not this: zero://\nnull://\n) ## end\n", "null://", "", 0, 0},
    {"allow random://\nallow zero://", "random:// zero://", "", 0, 0},
    {"ram-page-limit 128", NULL, "", 128, 0},
    {"gas-limit 18446744073709551614", NULL, "", 0, 18446744073709551614ull},
    /* as the original project has it */
    {"## This is an example policy, the ## signifies this line is a comment.\n\n"
     "allow (\n  ^https://tulpa.dev\n  ^https://discordapp.com/api/webhooks/\n  ^random://$\n)\n\n"
     "disallow (\n  ^https://tulpa.dev/admin\n)\n\n"
     "## This is the ram limit in pages (64k each):\nram-page-limit 128\n"
     "## This is the gas limit in instructions:\ngas-limit 1048576\n",
     "https://tulpa.dev https://discordapp.com/api/webhooks random://$", "https://tulpa.dev/admin",
     128, 1048576},
};

static void join(const struct args *list, char *out, size_t cap)
{
    size_t len = 0;
    *out = '\0';
    for (size_t i = 0; i < list->count; i++)
        len += (size_t)snprintf(out + len, cap - len, "%s%s", i ? " " : "", list->items[i]);
}

/* Reads `text`; what is said goes to `said`. */
static int reads(struct policy *policy, const char *text, size_t len, char **said)
{
    size_t size;
    FILE *out = open_memstream(said, &size);
    diag_setup("daggercc", NULL);
    diag_output(out);
    *policy = (struct policy){0};
    int result = policy_read_text(policy, "p\x1b.policy", text, len);
    diag_output(NULL);
    fclose(out);
    return result;
}

Test(policy_file, good)
{
    for (size_t i = 0; i < sizeof good_rows / sizeof *good_rows; i++) {
        const struct good_row *row = &good_rows[i];
        struct policy policy;
        char allow[500], deny[500], *said;
        int result = reads(&policy, row->text, strlen(row->text), &said);
        if (row->deny == NULL) {
            cr_expect_eq(result, -1, "%s", row->text);
        } else {
            cr_expect_eq(result, 0, "%s: %s", row->text, said);
            join(&policy.allow, allow, sizeof allow);
            join(&policy.deny, deny, sizeof deny);
            cr_expect_eq(policy.only_allowed, row->allow != NULL, "%s", row->text);
            cr_expect_str_eq(allow, row->allow != NULL ? row->allow : "");
            cr_expect_str_eq(deny, row->deny);
            cr_expect_eq(policy.pages, row->pages);
            cr_expect_eq(policy.fuel, row->fuel);
            cr_expect_eq(policy_has_rules(&policy), row->allow != NULL || *row->deny);
        }
        policy_release(&policy);
        free(said);
    }
}

struct bad_row {
    const char *text;
    const char *said; /* a part of it */
};

#define NUMBER "expected a number over 0"

static const struct bad_row bad_rows[] = {
    {"deny (\n)", ":1: 'deny': unknown; expected allow, disallow"},
    {"Allow ( )", ":1: 'Allow': unknown"},
    {"# comment", ":1: '#': unknown"},
    {"// comment", ":1: '//': unknown"},
    {"\n\nallow:\n", ":3: 'allow:': unknown"},
    {"allow = (", ":1: '=': no URL"},
    {")", ":1: ')': unknown"},
    {"https://a.com", ":1: 'https://a.com': unknown"},
    {"\x1b[2Jx", ":1: '\\x1b[2Jx': unknown"},
    {"allow", ":1: expected '(' or a URL pattern"},
    {"allow ## (", ":1: expected '(' or a URL pattern"},
    {"\nallow (\nrandom://\n", ":2: expected ')' for the '(' of this line"},
    {"allow (\ndisallow (\n", ":2: 'disallow': no URL"},
    {"allow (\nrandom://)\n", ":2: 'random://)': this scheme stands alone"},
    {"allow (\n) zero://", ":2: 'zero://': expected the end of the line"},
    {"allow (\n^https://a.com/admin.*$\n)",
     ":2: '^https://a.com/admin.*$': '*' stands for a whole"},
    {"allow (\n^https?://a.com\n)", ":2: '^https?://a.com': no URL"},
    {"allow (\n\"https://a.com\"\n)", ":2: '\\x22https://a.com\\x22': no URL"},
    {"disallow htps://a.com", ":1: 'htps://a.com': unknown scheme"},
    {"ram-page-limit", ":1: " NUMBER},
    {"ram-page-limit 0", ":1: '0': " NUMBER},
    {"ram-page-limit -1", ":1: '-1': " NUMBER},
    {"ram-page-limit 128MiB", ":1: '128MiB': " NUMBER},
    {"ram-page-limit 281474976710656", ":1: '281474976710656': " NUMBER},
    {"ram-page-limit 99999999999999999999", ":1: '99999999999999999999': " NUMBER},
    {"ram-page-limit 1 2", ":1: '2': expected the end of the line"},
    {"ram-page-limit 1\nram-page-limit 1", ":2: '1': the limit is given twice"},
    {"gas-limit 18446744073709551615", ":1: '18446744073709551615': " NUMBER},
    {"gas-limit 1e6", ":1: '1e6': " NUMBER},
};

Test(policy_file, bad)
{
    for (size_t i = 0; i < sizeof bad_rows / sizeof *bad_rows; i++) {
        struct policy policy;
        char *said;
        cr_expect_eq(reads(&policy, bad_rows[i].text, strlen(bad_rows[i].text), &said), -1, "%s",
                     bad_rows[i].text);
        cr_expect_not_null(strstr(said, bad_rows[i].said), "%s: %s", bad_rows[i].text, said);
        cr_expect_not_null(strstr(said, "daggercc: error: p\\x1b.policy:"), "%s", said);
        policy_release(&policy);
        free(said);
    }
}

Test(policy_file, bytes)
{
    struct policy policy;
    char *said;
    cr_expect_eq(reads(&policy, "allow random://\0x", 17, &said), -1);
    cr_expect_not_null(strstr(said, "'random://\\x00x'"), "%s", said);
    policy_release(&policy);
    free(said);
}
