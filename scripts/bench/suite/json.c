/* json: reads JSON (RFC 8259) into a tree by recursive descent and writes the tree again;
 * recursion, many small allocations, strings with escapes. */
#include "suite.h"

SUITE_EXPECTED(0x3ba39fdau);
SUITE_QUICK_EXPECTED(0x1a97f63eu);

#ifdef SUITE_QUICK
#define ROUNDS 16
#else
#define ROUNDS 80
#endif

#define SIZE    400000u /* of the text, about */
#define DEEPEST 12

enum type { NIL, FALSE, TRUE, NUMBER, STRING, ARRAY, OBJECT };

static const char *const words[] = {[NIL] = "null", [FALSE] = "false", [TRUE] = "true"};

struct string {
    const char *bytes; /* decoded, not terminated */
    uint32_t length;
};

/* The members of an array or object are a list. Numbers are whole, so that the text that comes out
 * is the one that went in. */
struct value {
    enum type type;
    int32_t number;
    struct string string, name;
    struct value *first, *next;
};

static char text[SIZE + SIZE / 4], again[sizeof text];

/* ---- Writing ---- */

static char *put_text(char *out, const char *word)
{
    while (*word != '\0')
        *out++ = *word++;
    return out;
}

static char *put_string(char *out, const struct string *string)
{
    *out++ = '"';
    for (uint32_t i = 0; i < string->length; i++) {
        unsigned char c = (unsigned char)string->bytes[i];
        if (c < 0x20) {
            out = put_text(out, c < 0x10 ? "\\u000" : "\\u001");
            *out++ = "0123456789abcdef"[c % 16];
            continue;
        }
        if (c == '"' || c == '\\')
            *out++ = '\\';
        *out++ = (char)c;
    }
    *out++ = '"';
    return out;
}

static char *put_number(char *out, int32_t number)
{
    char digits[10];
    int count = 0;
    uint32_t rest = number < 0 ? 0 - (uint32_t)number : (uint32_t)number;
    if (number < 0)
        *out++ = '-';
    do
        digits[count++] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    while (count > 0)
        *out++ = digits[--count];
    return out;
}

static char *put_value(char *out, const struct value *value)
{
    if (value->type < NUMBER)
        return put_text(out, words[value->type]);
    if (value->type == NUMBER)
        return put_number(out, value->number);
    if (value->type == STRING)
        return put_string(out, &value->string);
    *out++ = value->type == ARRAY ? '[' : '{';
    for (const struct value *member = value->first; member != NULL; member = member->next) {
        if (member != value->first)
            *out++ = ',';
        if (value->type == OBJECT) {
            out = put_string(out, &member->name);
            *out++ = ':';
        }
        out = put_value(out, member);
    }
    *out++ = value->type == ARRAY ? ']' : '}';
    return out;
}

/* ---- Reading: each function returns 0 when the text is broken ---- */

static const char *at, *end;

static int skip(char c)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
        at++;
    return at < end && *at == c ? (at++, 1) : 0;
}

static int read_word(const char *word)
{
    for (; *word != '\0'; word++, at++)
        if (at == end || *at != *word)
            return 0;
    return 1;
}

/* What follows a backslash. Of \uXXXX only ASCII: the texts here have no more. */
static int read_escape(char *out)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    for (int i = 0; names[i] != '\0'; i++)
        if (*at == names[i]) {
            at++;
            *out = bytes[i];
            return 1;
        }
    if (*at++ != 'u' || end - at < 4)
        return 0;
    uint32_t code = 0;
    for (int i = 0; i < 4; i++, at++) {
        uint32_t digit = (uint32_t)(*at - '0'), letter = (uint32_t)((*at | 0x20) - 'a');
        if (digit >= 10 && letter >= 6)
            return 0;
        code = code * 16 + (digit < 10 ? digit : letter + 10);
    }
    *out = (char)code;
    return code < 0x80;
}

static int read_string(struct string *string)
{
    if (!skip('"'))
        return 0;
    const char *close = at;
    while (close < end && *close != '"')
        close += *close == '\\' ? 2 : 1;
    if (close >= end)
        return 0;
    char *out = suite_alloc((uint32_t)(close - at));
    string->bytes = out;
    while (at < close) {
        char c = *at++;
        if ((unsigned char)c < 0x20 || (c == '\\' && !read_escape(&c)))
            return 0;
        *out++ = c;
    }
    string->length = (uint32_t)(out - string->bytes);
    at++;
    return 1;
}

static int read_number(int32_t *number)
{
    int negative = at < end && *at == '-';
    int32_t value = 0, digits = 0;
    for (at += negative; at < end && *at >= '0' && *at <= '9' && digits < 9; at++, digits++)
        value = value * 10 + *at - '0';
    *number = negative ? -value : value;
    return digits > 0;
}

static struct value *read_value(int depth);

static int read_members(struct value *value, char close, int depth)
{
    struct value **last = &value->first;
    if (skip(close))
        return 1;
    do {
        struct string name = {NULL, 0};
        if (value->type == OBJECT && !(read_string(&name) && skip(':')))
            return 0;
        struct value *member = read_value(depth + 1);
        if (member == NULL)
            return 0;
        member->name = name;
        *last = member;
        last = &member->next;
    } while (skip(','));
    return skip(close);
}

static struct value *read_value(int depth)
{
    struct value *value = suite_alloc(sizeof *value);
    int good = 0;
    memset(value, 0, sizeof *value);
    if (depth > DEEPEST) {
        good = 0;
    } else if (skip('[')) {
        value->type = ARRAY;
        good = read_members(value, ']', depth);
    } else if (skip('{')) {
        value->type = OBJECT;
        good = read_members(value, '}', depth);
    } else if (at < end && *at == '"') {
        value->type = STRING;
        good = read_string(&value->string);
    } else if (at < end && *at >= 'a') {
        value->type = *at == 'n' ? NIL : *at == 'f' ? FALSE : TRUE;
        good = read_word(words[value->type]);
    } else {
        value->type = NUMBER;
        good = read_number(&value->number);
    }
    return good ? value : NULL;
}

/* ---- Made up trees ---- */

static void make_string(struct string *string)
{
    char *bytes = suite_alloc(16);
    string->bytes = bytes;
    string->length = suite_random() % 16;
    for (uint32_t i = 0; i < string->length; i++) {
        int rare = suite_random() % 24 == 0;
        bytes[i] = rare ? "\"\\\n\t\v"[suite_random() % 5] : (char)('a' + suite_random() % 26);
    }
}

static struct value *make_value(int depth)
{
    struct value *value = suite_alloc(sizeof *value);
    memset(value, 0, sizeof *value);
    uint32_t types = depth < DEEPEST ? OBJECT + 1 : ARRAY;
    value->type = (enum type)(suite_random() % types);
    if (value->type == NUMBER)
        value->number = (int32_t)(suite_random() % 20000001) - 10000000;
    else if (value->type == STRING)
        make_string(&value->string);
    for (uint32_t i = value->type >= ARRAY ? suite_random() % 7 : 0; i > 0; i--) {
        struct value *member = make_value(depth + 1);
        make_string(&member->name);
        member->next = value->first;
        value->first = member;
    }
    return value;
}

uint32_t bench(void)
{
    uint32_t sum = 0;
    char *out = text;

    *out++ = '[';
    while (out < text + SIZE) {
        suite_reset();
        if (out > text + 1)
            *out++ = ',';
        out = put_value(out, make_value(1));
    }
    *out++ = ']';
    uint32_t size = (uint32_t)(out - text);

    for (uint32_t round = 0; round < ROUNDS; round++) {
        suite_reset();
        at = text;
        end = text + size;
        struct value *value = read_value(0);
        if (value == NULL || at != end)
            return 0;
        if (put_value(again, value) != again + size || memcmp(again, text, size) != 0)
            return 0;
        for (uint32_t i = round; i < size; i += 97)
            sum = sum * 31 + (unsigned char)again[i];
        /* No round reads quite what the last has read. */
        for (uint32_t i = 0; i < 1000; i++) {
            char *c = &text[suite_random() % size];
            if (*c >= '1' && *c < '9')
                ++*c;
        }
    }
    return sum;
}
