/* Modules made by hand: see bytes.h. */
#include "bytes.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void need(const void *pointer)
{
    if (!pointer)
        abort();
}

void bytes_put(struct bytes *b, const void *data, size_t size)
{
    if (b->room - b->size < size) {
        b->room = (b->size + size) * 2 + 64;
        b->data = realloc(b->data, b->room);
        need(b->data);
    }
    if (size > 0)
        memcpy(b->data + b->size, data, size);
    b->size += size;
}

void bytes_byte(struct bytes *b, uint8_t byte)
{
    bytes_put(b, &byte, 1);
}

void bytes_u32(struct bytes *b, uint32_t value)
{
    for (; value >= 0x80; value >>= 7)
        bytes_byte(b, (uint8_t)(value | 0x80));
    bytes_byte(b, (uint8_t)value);
}

void bytes_u32_padded(struct bytes *b, uint32_t value, unsigned size)
{
    for (; size > 1; size--, value >>= 7)
        bytes_byte(b, (uint8_t)(value | 0x80));
    bytes_byte(b, (uint8_t)value);
}

void bytes_name(struct bytes *b, const void *name, size_t size)
{
    bytes_u32(b, (uint32_t)size);
    bytes_put(b, name, size);
}

void bytes_text(struct bytes *b, const char *name)
{
    bytes_name(b, name, strlen(name));
}

void bytes_header(struct bytes *b)
{
    bytes_put(b, "\0asm\1\0\0\0", 8);
}

void bytes_section(struct bytes *b, uint8_t id, const struct bytes *contents)
{
    bytes_byte(b, id);
    bytes_u32(b, (uint32_t)contents->size);
    bytes_put(b, contents->data, contents->size);
}

void bytes_list(struct bytes *b, unsigned count, ...)
{
    va_list list;

    va_start(list, count);
    for (unsigned i = 0; i < count; i++)
        bytes_byte(b, (uint8_t)va_arg(list, int));
    va_end(list);
}

void bytes_release(struct bytes *b)
{
    free(b->data);
    *b = (struct bytes){0};
}

/* One section whose contents are literal. */
static void literal_section(struct bytes *b, uint8_t id, const char *data, size_t size)
{
    struct bytes contents = {0};

    bytes_put(&contents, data, size);
    bytes_section(b, id, &contents);
    bytes_release(&contents);
}

struct bytes module_of_body(const void *code, size_t size, unsigned tags)
{
    struct bytes b = {0}, body = {0}, section = {0};

    bytes_header(&b);
    literal_section(&b, 1, "\2\x60\0\0\x60\1\x7f\1\x7f", 9);
    literal_section(&b, 3, "\1\0", 2);
    literal_section(&b, 4, "\1\x70\0\1", 4);
    literal_section(&b, 5, "\1\0\1", 3);
    bytes_u32(&section, tags);
    for (unsigned i = 0; i < tags; i++)
        bytes_list(&section, 2, 0, 0);
    if (tags > 0)
        bytes_section(&b, 13, &section);
    bytes_release(&section);
    literal_section(&b, 6, "\1\x7f\1\x41\0\x0b", 6);
    literal_section(&b, 7, "\1\4main\0\0", 8);
    literal_section(&b, 9, "\1\0\x41\0\x0b\1\0", 7);
    literal_section(&b, 12, "\1", 1);
    bytes_list(&body, 3, 1, 2, 0x7f);
    bytes_put(&body, code, size);
    bytes_u32(&section, 1);
    bytes_name(&section, body.data, body.size);
    bytes_section(&b, 10, &section);
    literal_section(&b, 11, "\1\1\1x", 4);
    bytes_release(&body);
    bytes_release(&section);
    return b;
}

struct bytes bytes_of_file(const char *path)
{
    struct bytes b = {0};
    uint8_t block[4096];
    size_t size;
    FILE *file = fopen(path, "rb");

    need(file);
    while ((size = fread(block, 1, sizeof block, file)) > 0)
        bytes_put(&b, block, size);
    fclose(file);
    return b;
}

int read_copy(struct module *module, const uint8_t *data, size_t size, uint8_t **copy,
              char **message)
{
    size_t length = 0;
    FILE *stream = open_memstream(message, &length);
    int result;

    need(stream);
    *copy = malloc(size ? size : 1);
    need(*copy);
    if (size > 0)
        memcpy(*copy, data, size);
    diag_output(stream);
    result = module_read(module, *copy, size);
    diag_output(NULL);
    fclose(stream);
    return result;
}

int verdict(const struct bytes *b, char **message)
{
    struct module module;
    uint8_t *copy;
    int result = read_copy(&module, b->data, b->size, &copy, message);

    if (result == 0)
        module_release(&module);
    free(copy);
    return result;
}

int check_bytes(const struct bytes *b, const struct module_wishes *wishes, char **message)
{
    struct module module;
    size_t length = 0;
    FILE *stream = open_memstream(message, &length);
    int result;

    need(stream);
    diag_output(stream);
    if (module_read(&module, b->data, b->size) != 0)
        abort();
    result = module_check(&module, wishes);
    diag_output(NULL);
    module_release(&module);
    fclose(stream);
    return result;
}

struct bytes clean_bytes(const struct module *module, const struct module_clean *how)
{
    struct bytes b = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    need(out);
    if (module_write_clean(module, how, out) != 0 || fclose(out) != 0)
        abort();
    bytes_put(&b, text, size);
    free(text);
    return b;
}
