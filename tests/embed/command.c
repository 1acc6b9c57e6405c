/* A program for WASI: says its arguments, and has their number for its status. */
#include <stdio.h>

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        printf("%s\n", argv[i]);
    return argc - 1;
}
