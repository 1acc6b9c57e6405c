#include "fuzz_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "input.h"
#include "temp.h"

enum { FILES_MAX = 16 };

static struct file {
    char *name, *text;
    size_t size;
} files[FILES_MAX];
static size_t file_count;

static struct file *find(const char *name)
{
    for (size_t i = 0; i < file_count; i++)
        if (strcmp(files[i].name, name) == 0)
            return &files[i];
    fprintf(stderr, "nobody has made the file '%s'\n", name);
    abort();
}

FILE *temp_create(const char *name)
{
    if (file_count == FILES_MAX)
        abort();
    struct file *file = &files[file_count++];
    *file = (struct file){.name = alloc_copy_text(name)};
    return open_memstream(&file->text, &file->size);
}

int temp_close(FILE *file, const char *name)
{
    (void)name;
    return fclose(file) == 0 ? 0 : -1;
}

int temp_write(const char *name, const char *text)
{
    FILE *file = temp_create(name);
    fputs(text, file);
    return temp_close(file, name);
}

char *temp_path(const char *name)
{
    return alloc_copy_text(name);
}

int input_read(struct input *input, const char *name)
{
    const struct file *file = find(name);
    *input = (struct input){alloc_resize(NULL, file->size), file->size};
    memcpy(input->bytes, file->text, file->size);
    return 0;
}

void input_release(struct input *input)
{
    free(input->bytes);
}

void fuzz_file_set(const char *name, const char *top, const uint8_t *text, size_t len)
{
    FILE *file = temp_create(name);
    fputs(top, file);
    fwrite(text, 1, len, file);
    temp_close(file, name);
}

size_t fuzz_files_size(void)
{
    size_t size = 0;
    for (size_t i = 0; i < file_count; i++)
        size += files[i].size;
    return size;
}

struct span fuzz_files_joined(const struct args *names)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < names->count; i++) {
        char *name = alloc_format("%s.c", names->items[i]);
        const struct file *file = find(name);
        fwrite(file->text, 1, file->size, out);
        free(name);
    }
    fclose(out);
    return (struct span){text, text + size};
}

void fuzz_files_forget(void)
{
    while (file_count > 0) {
        free(files[--file_count].name);
        free(files[file_count].text);
    }
}
