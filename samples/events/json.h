/* Is a line an event, and which? A strict reader of JSON (RFC 8259) that makes nothing of it: it
 * checks all and keeps where two members are. Lines are anyone's, so what two readers could take
 * differently is refused: members twice, names with escapes.
 */
#ifndef JSON_H
#define JSON_H

enum { JSON_DEPTH = 32, JSON_ID = 64 };

/* A part of the text that was scanned, between the quotes of a string. */
struct json_part {
    const char *at; /* 0: not there */
    unsigned len;
};

struct json_event {
    struct json_part id, type;
};

struct json {
    const char *at, *end;
    const char *wrong; /* what is, or 0 */
};

static int json_fail(struct json *json, const char *what)
{
    if (!json->wrong)
        json->wrong = what;
    return 0;
}

/* The next byte, or -1 at the end. */
static int json_peek(const struct json *json)
{
    return json->at < json->end ? (unsigned char)*json->at : -1;
}

static int json_take(struct json *json, char c)
{
    if (json_peek(json) != c)
        return 0;
    json->at++;
    return 1;
}

static void json_blanks(struct json *json)
{
    while (json_peek(json) == ' ' || json_peek(json) == '\t' || json_peek(json) == '\r')
        json->at++;
}

/* ---- Strings -------------------------------------------------------------------------------- */

static int json_is_hex(int c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* What follows a backslash. */
static int json_escape(struct json *json)
{
    static const char known[] = "\"\\/bfnrt";
    for (const char *c = known; *c != '\0'; c++)
        if (json_take(json, *c))
            return 1;
    if (!json_take(json, 'u'))
        return json_fail(json, "an escape that JSON does not have");
    for (int i = 0; i < 4; i++, json->at++)
        if (!json_is_hex(json_peek(json)))
            return json_fail(json, "expected four hexadecimal digits");
    return 1;
}

/* A character of UTF-8 that is not ASCII (RFC 3629): neither overlong, nor a surrogate, nor too
 * large. */
static int json_character(struct json *json)
{
    unsigned first = (unsigned char)*json->at++;
    unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (first < 0xc2 || first > 0xf4)
        return json_fail(json, "not UTF-8");
    for (; more > 0; more--, json->at++, low = 0x80, high = 0xbf)
        if (json_peek(json) < (int)low || json_peek(json) > (int)high)
            return json_fail(json, "not UTF-8");
    return 1;
}

/* A string; `plain` says whether it has no escapes. */
static int json_string(struct json *json, struct json_part *part, int *plain)
{
    if (!json_take(json, '"'))
        return json_fail(json, "expected a string");
    part->at = json->at;
    *plain = 1;
    while (!json_take(json, '"')) {
        int c = json_peek(json);
        if (c < 0)
            return json_fail(json, "a string without its end");
        if (c < 0x20)
            return json_fail(json, "a control byte in a string");
        if (c >= 0x80) {
            if (!json_character(json))
                return 0;
            continue;
        }
        json->at++;
        if (c == '\\') {
            *plain = 0;
            if (!json_escape(json))
                return 0;
        }
    }
    part->len = (unsigned)(json->at - part->at) - 1;
    return 1;
}

static int json_equal(struct json_part part, const char *text, unsigned len)
{
    unsigned i = 0;
    while (i < part.len && i < len && part.at[i] == text[i])
        i++;
    return i == part.len && i == len;
}

/* ---- Values --------------------------------------------------------------------------------- */

static int json_digits(struct json *json)
{
    const char *from = json->at;
    while (json_peek(json) >= '0' && json_peek(json) <= '9')
        json->at++;
    return json->at > from;
}

static int json_number(struct json *json)
{
    static const char wrong[] = "not a value";
    json_take(json, '-');
    if (!json_take(json, '0') && !json_digits(json))
        return json_fail(json, wrong);
    if (json_take(json, '.') && !json_digits(json))
        return json_fail(json, wrong);
    if (json_take(json, 'e') || json_take(json, 'E')) {
        if (!json_take(json, '+'))
            json_take(json, '-');
        if (!json_digits(json))
            return json_fail(json, wrong);
    }
    return 1;
}

static int json_word(struct json *json, const char *word)
{
    for (; *word != '\0'; word++)
        if (!json_take(json, *word))
            return json_fail(json, "not a value");
    return 1;
}

static int json_object(struct json *json, unsigned depth, struct json_event *event);
static int json_array(struct json *json, unsigned depth);

static int json_value(struct json *json, unsigned depth)
{
    struct json_part part;
    int plain;
    if (depth > JSON_DEPTH)
        return json_fail(json, "nested too deep");
    switch (json_peek(json)) {
    case '{':
        return json_object(json, depth, 0);
    case '[':
        return json_array(json, depth);
    case '"':
        return json_string(json, &part, &plain);
    case 't':
        return json_word(json, "true");
    case 'f':
        return json_word(json, "false");
    case 'n':
        return json_word(json, "null");
    default:
        return json_number(json);
    }
}

/* After an item of an array or object: is there another one? At the closing byte, or wrong: no. */
static int json_next(struct json *json, char close)
{
    json_blanks(json);
    if (json_take(json, ','))
        return 1;
    if (!json_take(json, close))
        json_fail(json, close == ']' ? "expected ',' or ']'" : "expected ',' or '}'");
    return 0;
}

static int json_array(struct json *json, unsigned depth)
{
    json->at++;
    json_blanks(json);
    if (json_take(json, ']'))
        return 1;
    do {
        json_blanks(json);
        if (!json_value(json, depth + 1))
            return 0;
    } while (json_next(json, ']'));
    return !json->wrong;
}

/* A member's value: kept if the event has such a member. */
static int json_member(struct json *json, unsigned depth, struct json_part name,
                       struct json_event *event)
{
    struct json_part *kept = 0;
    int plain;
    if (event)
        kept = json_equal(name, "id", 2)     ? &event->id
               : json_equal(name, "type", 4) ? &event->type
                                             : 0;
    if (!kept)
        return json_value(json, depth + 1);
    if (kept->at)
        return json_fail(json, "id or type twice");
    if (!json_string(json, kept, &plain))
        return 0;
    return plain || json_fail(json, "an escape in id or type");
}

static int json_object(struct json *json, unsigned depth, struct json_event *event)
{
    struct json_part name;
    int plain;
    if (!json_take(json, '{'))
        return json_fail(json, "expected an object");
    json_blanks(json);
    if (json_take(json, '}'))
        return 1;
    do {
        json_blanks(json);
        if (!json_string(json, &name, &plain))
            return 0;
        if (event && !plain)
            return json_fail(json, "an escape in a member's name");
        json_blanks(json);
        if (!json_take(json, ':'))
            return json_fail(json, "expected ':'");
        json_blanks(json);
        if (!json_member(json, depth, name, event))
            return 0;
    } while (json_next(json, '}'));
    return !json->wrong;
}

/* ---- Events --------------------------------------------------------------------------------- */

/* An id goes into a header field, so it is made of what can do no harm there. */
static int json_is_id(struct json_part id)
{
    for (unsigned i = 0; i < id.len; i++) {
        char c = id.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= ':') ||
              c == '-' || c == '.' || c == '_'))
            return 0;
    }
    return id.len > 0 && id.len <= JSON_ID;
}

/* Returns 0 and the event if the text is one JSON object with the strings `id` (1 to 64 of letters,
 * digits and "-._:") and `type`; else what is wrong, and in *where the byte it is at, from 1. */
static const char *json_event_of(const char *text, unsigned len, struct json_event *event,
                                 unsigned *where)
{
    struct json json = {text, text + len, 0};
    *event = (struct json_event){0};
    json_blanks(&json);
    if (json_object(&json, 0, event)) {
        json_blanks(&json);
        if (json.at < json.end)
            json_fail(&json, "something behind the object");
        else if (!event->id.at || !json_is_id(event->id))
            json_fail(&json, "expected an id of 1 to 64 letters, digits, '-', '.', '_', ':'");
        else if (!event->type.at)
            json_fail(&json, "expected a type");
    }
    *where = (unsigned)(json.at - text) + 1;
    return json.wrong;
}

#endif
