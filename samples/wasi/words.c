/* Counts the words of files, or of standard input: plain C, for WASI. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static long count(FILE *file)
{
    long words = 0;
    int inside = 0, byte;
    while ((byte = getc(file)) != EOF) {
        words += !inside && !isspace(byte);
        inside = !isspace(byte);
    }
    return words;
}

int main(int argc, char **argv)
{
    int status = 0;
    if (argc < 2)
        printf("%ld\n", count(stdin));
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "r");
        if (!file) {
            fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
            status = 1;
            continue;
        }
        printf("%ld %s\n", count(file), argv[i]);
        fclose(file);
    }
    return status;
}
