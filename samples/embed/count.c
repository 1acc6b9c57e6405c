/* The program around lines.c: ./count DIRECTORY FILE... The guest knows the directory as "/", can
 * change nothing in it, and finds nothing else. */
#include <stdio.h>
#include <string.h>

#include "lines.h"

int main(int argc, char **argv)
{
    char directory[4096];
    const char *directories[] = {directory, NULL};
    struct dagger_options options = {.directories = directories, .standard_streams = true};
    struct dagger_instance *guest;
    int32_t path, size, lines;

    snprintf(directory, sizeof directory, "%s::/::ro", argc > 1 ? argv[1] : ".");
    if (dagger_instance_new(&lines_module, &options, &guest) != 0 ||
        lines_path_buffer(guest, &path) != 0 || lines_path_size(guest, &size) != 0) {
        fprintf(stderr, "count: %s\n", dagger_message());
        return 1;
    }
    for (int i = 2; i < argc; i++) {
        size_t len = strlen(argv[i]) + 1;
        if (len > (size_t)size || dagger_memory_write(guest, (uint32_t)path, argv[i], len) != 0 ||
            lines_count(guest, &lines) != 0)
            return 1;
        if (lines >= 0)
            printf("%d %s\n", lines, argv[i]);
    }
    return dagger_instance_free(guest) != 0;
}
