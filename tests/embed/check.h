/* What the programs here check with: a failure says where, and the program ends with status 1. */
#ifndef CHECK_H
#define CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                           \
    ((condition) ? (void)0                                                                         \
                 : (fprintf(stderr, "%s:%d: %s; message: %s\n", __FILE__, __LINE__, #condition,    \
                            dagger_message()),                                                     \
                    exit(1)))

/* The result is this one, and its message begins so. */
#define CHECK_RESULT(call, expected, text)                                                         \
    do {                                                                                           \
        int found = (call);                                                                        \
        if (found != (expected) || strncmp(dagger_message(), text, strlen(text)) != 0) {           \
            fprintf(stderr, "%s:%d: %s gives %d, \"%s\"\n", __FILE__, __LINE__, #call, found,      \
                    dagger_message());                                                             \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#endif
