/* C to objects, and objects to what was asked for, by the system's C compiler. */
#ifndef DAGGER_COMPILER_COMPILE_H
#define DAGGER_COMPILER_COMPILE_H

#include <stdbool.h>
#include <stddef.h>

#include "module.h"
#include "options.h"
#include "places.h"

struct compiler {
    const struct options *options;
    const struct places *places;
    struct args cc;              /* the compiler with its own arguments; [0] is a path */
    struct args cflags, ldflags; /* CFLAGS and LDFLAGS */
    bool library;                /* compile for any use, not for an executable */
    bool hidden;                 /* of a library: what others see is chosen by compiler_archive */
    bool specialised;            /* by specialise.h: needs fewer flags to keep its meaning */
    /* Set by compiler_identify: */
    bool is_for_x86_64, is_gcc;
    enum memory_mode memory;
    bool uses_simd;
    uint32_t deepest_block;  /* of the module: generated C nests as deep */
    int wasm2c_version;      /* as <dagger/wasm-rt.h> takes it: 1039 */
    unsigned at_once;        /* processes */
    struct args guest_flags; /* more of them for the guest's own parts, and for linking: by */
    struct args link_flags;  /* profile.h */
    bool guest_warnings;     /* have warnings of the guest's parts, for profile_misfits() */
};

/* Finds the compiler: --cc, else that of --target, else CC, else cc. Returns 0, or -1 after a
 * message. Release it either way. */
int compiler_init(struct compiler *compiler, const struct options *options,
                  const struct places *places);
void compiler_release(struct compiler *compiler);

/* Asks the compiler for what it is and compiles for. Of one that does not answer, nothing is known;
 * what is wrong with it is said when it compiles. Returns 0, or -1 after a message: with --target,
 * it does not answer, or compiles for something else. */
int compiler_identify(struct compiler *compiler);

/* The flags that objects are compiled with, but for those of profiles. */
void compiler_add_flags(const struct compiler *compiler, struct args *argv);

/* The first line the compiler answers an option with ("--version"); allocated, or NULL. */
char *compiler_ask(const struct compiler *compiler, const char *question);

/* Assembles "NAME.s" to "NAME.o". Returns 0, or -1 after a message. */
int compiler_assemble(const struct compiler *compiler, const char *name);

/* Compiles the files "NAME.c" of the temporary folder to "NAME.o", or with `assembly` to "NAME.s".
 * Returns 0, or -1 after a message. */
int compiler_compile(const struct compiler *compiler, const struct args *names, bool assembly);

/* Links the objects "NAME.o" and the runtime to the executable OUT_FILE, or without the runtime to
 * one relocatable object. Returns 0, or -1 after a message. */
#define OUT_FILE "out"
int compiler_link(const struct compiler *compiler, const struct args *names);
int compiler_join(const struct compiler *compiler, const struct args *names);

/* Makes ARCHIVE_FILE of the relocatable object OUT_FILE, of whose symbols only those in the list
 * `kept` stay global, and of all that is in the runtime's archive for such uses. `member`: its name
 * there, without ".o". Returns 0, or -1 after a message. */
#define ARCHIVE_FILE "archive.a"
int compiler_archive(const struct compiler *compiler, const char *kept, const char *member);

/* Takes the symbol table out of OUT_FILE. Returns 0, or -1 after a message. */
int compiler_strip(const struct compiler *compiler);

#endif
