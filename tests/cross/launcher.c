/* Stands where an executable for another processor was made, and has qemu run that with the same
 * arguments, the name it was called by included. What to run is told by what follows this program
 * in its own file (tool.py): the path of qemu, its folder of libraries, the executable; each ends
 * with a NUL, and nothing comes behind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TOLD_MAX = 3 * 4096 };

/* The start of the last but `count` texts that end at `end`. */
static char *text_before(char *begin, char *end, int count)
{
    char *at = end - 1;
    for (int ends = 0; at > begin; at--)
        if (at[-1] == 0 && ++ends == count)
            return at;
    return NULL;
}

int main(int argc, char **argv)
{
    static char told[TOLD_MAX];
    FILE *self = fopen("/proc/self/exe", "re");
    size_t len = 0;
    if (self && fseek(self, -TOLD_MAX, SEEK_END) == 0)
        len = fread(told, 1, sizeof told, self);
    char *qemu = len == sizeof told ? text_before(told, told + len, 3) : NULL;
    char **arguments = calloc((size_t)argc + 6, sizeof *arguments);
    if (!qemu || !arguments) {
        perror("launcher: can't read what to run");
        return 127;
    }
    char *libraries = qemu + strlen(qemu) + 1, *program = libraries + strlen(libraries) + 1;
    char name_option[] = "-0", folder_option[] = "-L";
    char *first[] = {qemu, name_option, argv[0], folder_option, libraries, program};
    memcpy(arguments, first, sizeof first);
    for (int i = 1; i < argc; i++)
        arguments[5 + i] = argv[i];
    execv(qemu, arguments);
    perror(qemu);
    return 127;
}
