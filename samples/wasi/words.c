/* Counts the words of files, or of standard input: plain C, for WASI. Status 1 if anything failed.
 */
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

/* Counts and tells; `name` is NULL for standard input. */
static int tell(FILE *file, const char *name)
{
    long words = file ? count(file) : 0;
    if (!file || ferror(file)) {
        fprintf(stderr, "%s: %s\n", name ? name : "standard input", strerror(errno));
        return 1;
    }
    printf(name ? "%ld %s\n" : "%ld\n", words, name);
    return 0;
}

int main(int argc, char **argv)
{
    int status = argc < 2 ? tell(stdin, NULL) : 0;
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "r");
        status |= tell(file, argv[i]);
        if (file)
            fclose(file);
    }
    int failed = ferror(stdout);
    if (fclose(stdout) != 0 || failed) {
        fprintf(stderr, "standard output: %s\n", strerror(errno));
        status = 1;
    }
    return status;
}
