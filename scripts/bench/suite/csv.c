/* csv: reads comma-separated values with quoted fields (RFC 4180), adds up columns of numbers and
 * hashes columns of text; a byte loop with many small branches. */
#include "suite.h"

SUITE_EXPECTED(0x48b174e7u);
SUITE_QUICK_EXPECTED(0x1c3a1700u);

#ifdef SUITE_QUICK
#define ROUNDS 8
#else
#define ROUNDS 40
#endif

#define ROWS    20000u
#define COLUMNS 8u

static char text[ROWS * 160];
static char field[256];

struct column {
    int64_t total; /* in hundredths */
    uint32_t numbers, hash;
};

struct table {
    struct column columns[COLUMNS];
    uint32_t rows, ragged, longest;
};

/* ---- Writing ---- */

static char *put_number(char *at, uint32_t value)
{
    char digits[10];
    int count = 0;
    do
        digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    while (count > 0)
        *at++ = digits[--count];
    return at;
}

/* Words, now and then with what makes quotes necessary. */
static char *put_text(char *at)
{
    uint32_t words = 1 + suite_random() % 4;
    int quoted = suite_random() % 3 == 0;
    if (quoted)
        *at++ = '"';
    while (words-- > 0) {
        for (uint32_t i = 2 + suite_random() % 6; i > 0; i--)
            *at++ = (char)('a' + suite_random() % 26);
        uint32_t special = quoted ? suite_random() % 8 : 7;
        if (special == 0)
            *at++ = ',';
        else if (special == 1)
            *at++ = '\n';
        else if (special == 2) {
            *at++ = '"';
            *at++ = '"';
        }
        if (words > 0)
            *at++ = ' ';
    }
    if (quoted)
        *at++ = '"';
    return at;
}

static uint32_t write_table(void)
{
    char *at = text;
    for (uint32_t row = 0; row < ROWS; row++)
        for (uint32_t i = 0; i < COLUMNS; i++) {
            if (i % 2 == 0) {
                if (suite_random() % 4 == 0)
                    *at++ = '-';
                at = put_number(at, suite_random() % 100000);
                *at++ = '.';
                at = put_number(at, suite_random() % 90 + 10);
            } else if (suite_random() % 10 > 0) {
                at = put_text(at);
            }
            *at++ = i + 1 < COLUMNS ? ',' : '\n';
        }
    return (uint32_t)(at - text);
}

/* ---- Reading ---- */

/* [-]digits[.dd], in hundredths. Returns 0 if the field is something else. */
static int read_number(const char *at, uint32_t length, int64_t *value)
{
    const char *end = at + length;
    int negative = length > 0 && *at == '-', after = -1;
    int64_t number = 0;
    if ((at += negative) == end)
        return 0;
    for (; at < end; at++) {
        if (*at == '.' && after < 0)
            after = 0;
        else if (*at >= '0' && *at <= '9' && after < 2) {
            number = number * 10 + (*at - '0');
            after += after >= 0;
        } else {
            return 0;
        }
    }
    for (after = after < 0 ? 0 : after; after < 2; after++)
        number *= 10;
    *value = negative ? -number : number;
    return 1;
}

static void end_field(struct table *table, uint32_t index, uint32_t length)
{
    int64_t value;
    if (length > table->longest)
        table->longest = length;
    if (index >= COLUMNS)
        return;
    struct column *column = &table->columns[index];
    if (read_number(field, length, &value)) {
        column->total += value;
        column->numbers++;
    }
    for (uint32_t i = 0; i < length; i++)
        column->hash = (column->hash ^ (unsigned char)field[i]) * 16777619u;
}

static void read_table(struct table *table, const char *at, const char *end)
{
    uint32_t index = 0, length = 0;
    int quoted = 0;
    for (; at < end; at++) {
        char c = *at;
        if (quoted) {
            if (c != '"')
                field[length++ % sizeof field] = c;
            else if (at + 1 < end && at[1] == '"')
                field[length++ % sizeof field] = *at++;
            else
                quoted = 0;
        } else if (c == ',' || c == '\n') {
            end_field(table, index++, length);
            length = 0;
            if (c == '\n') {
                table->rows++;
                table->ragged += index != COLUMNS;
                index = 0;
            }
        } else if (c == '"' && length == 0) {
            quoted = 1;
        } else if (c != '\r') {
            field[length++ % sizeof field] = c;
        }
    }
}

uint32_t bench(void)
{
    uint32_t size = write_table(), sum = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct table table = {0};
        read_table(&table, text, text + size);
        if (table.rows != ROWS || table.ragged != 0)
            return 0;
        sum = sum * 31 + table.longest;
        for (uint32_t i = 0; i < COLUMNS; i++) {
            const struct column *column = &table.columns[i];
            sum = sum * 31 + column->hash + column->numbers;
            sum = sum * 31 + (uint32_t)column->total + (uint32_t)(column->total >> 32);
        }
        /* No round reads quite what the last has read. */
        for (uint32_t i = 0; i < 1000; i++) {
            char *at = &text[suite_random() % size];
            if (*at >= 'a' && *at < 'z')
                ++*at;
        }
    }
    return sum;
}
