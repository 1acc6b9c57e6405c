/* A WebAssembly module as daggercc sees it: every byte of the binary format read and bounded here,
 * before any other tool gets it.
 *
 * The module is read in place: the object keeps pointers into the caller's bytes (a 60 MB module is
 * mapped, not copied) and small arrays for what there are few of. Names are hostile bytes: valid
 * UTF-8, nothing more; use text_escape() to show them.
 *
 * This is not a validator of types: wasm2c validates. But every index, count and length is bounded
 * here, and every instruction is known by its form.
 *
 * Source: WebAssembly Core Specification 2.0, chapter 5 (binary format), and the proposals named in
 * module_features.h. Limits: WebAssembly JavaScript Interface, "Implementation-defined Limits".
 */
#ifndef DAGGER_COMPILER_MODULE_H
#define DAGGER_COMPILER_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "diag.h"
#include "module_features.h"

struct module_text {
    const uint8_t *data; /* not NUL-terminated */
    uint32_t len;        /* bytes */
};

struct module_span {
    uint32_t offset; /* from the module's first byte */
    uint32_t size;   /* bytes */
};

enum module_extern { EXTERN_FUNC, EXTERN_TABLE, EXTERN_MEMORY, EXTERN_GLOBAL, EXTERN_TAG };

/* A function type: its value types as the binary format has them, one byte each unless the module
 * uses typed function references. A struct or array type (garbage collection) has NULL for both. */
struct module_functype {
    const uint8_t *params, *results;
    uint32_t param_count, result_count;
};

struct module_import {
    struct module_text module, name;
    enum module_extern kind;
    uint32_t type;   /* of a function or tag: its type index */
    uint32_t offset; /* of the import, for messages */
};

struct module_export {
    struct module_text name;
    enum module_extern kind;
    uint32_t index; /* in the index space of its kind */
    uint32_t offset;
};

struct module_limits {
    uint64_t min, max; /* pages or elements */
    bool has_max, shared, is64;
};

struct module_global {
    uint8_t type; /* as the binary format has it; its first byte where it has more */
    bool is_mutable;
};

struct module_counts {
    uint32_t imported, total; /* total includes the imported ones */
};

struct module {
    const uint8_t *bytes; /* borrowed: must outlive the module */
    size_t size;

    struct module_functype *types;
    uint32_t type_count;
    struct module_import *imports;
    uint32_t import_count;
    struct module_export *exports;
    uint32_t export_count;
    uint32_t *function_types; /* type index of each function, imported ones first */
    struct module_limits *memories;
    struct module_limits *tables;
    struct module_global *global_types; /* imported ones first */
    struct module_counts functions, memory_counts, table_counts, globals, tags;
    uint32_t element_count, data_count;
    uint64_t data_size;           /* sum of the data segments' sizes, bytes */
    uint32_t function_references; /* how often segments, globals and bodies refer to a function */
    bool has_start;
    uint32_t start;
    struct module_span code;         /* the code section's contents */
    uint64_t code_size;              /* sum of the bodies' sizes, bytes */
    uint32_t largest_body;           /* bytes */
    struct module_span sections[16]; /* contents by section id, size 0 if absent */
    uint32_t deepest_block;          /* how deep blocks nest in the body where they nest deepest */
    uint32_t *selects;               /* where each select with a type ends, ascending; allocated */
    uint32_t select_count;
    bool has_ref_func;        /* a body takes a reference to a function: exports may declare it */
    struct module_span names; /* the good entries of the "name" section's function names */
    struct module_text producers;       /* languages and tools the "producers" section names, and */
    struct module_text target_features; /* what "target_features" says was used: one line each,
                                           allocated, for messages; len 0 if absent */
    feature_set features;               /* what it uses beyond wasm2c's defaults */
    uint32_t feature_offsets[FEATURE_COUNT]; /* where it does so first */

    /* Decided by module_check. UINT32_MAX: none. */
    uint32_t entry;      /* function index */
    uint32_t initialize; /* function index of the export "_initialize" */
    uint32_t memory;     /* memory index that the calls work on */
    bool imports_wasi;   /* some function of WASI */
};

/* True if the bytes look like the text format: white space and comments, then "(". */
bool module_is_text(const uint8_t *bytes, size_t size);

/* Reads `size` bytes. Returns 0, or -1 after one message by diag_at() that names offset, section
 * and what was expected. On failure the module is released. Refused here: what is malformed. */
int module_read(struct module *module, const uint8_t *bytes, size_t size);
void module_release(struct module *module);

struct module_wishes {
    const char
        *entry;   /* --entry or --invoke; NULL: dagger_main, main, _start (WASI: _start, main) */
    bool invoke;  /* the entry is called with numbers from outside: any it can take */
    bool library; /* no entry point is needed: --emit=obj, --emit=c, -c, -S */
    bool allow_undefined; /* functions that are not there may be imported, and trap */
    feature_set trusted;  /* what the chosen wasm2c, or the interpreter, is trusted with */
    const char *wasm2c;   /* its version, for messages */
    bool interpreter;     /* not wasm2c: for messages; what else can be compiled is `compiled` */
    feature_set compiled;
};

/* Decides entry point and memory; refuses imports that we do not have by name and type (all of them
 * in one message), and features that can't be translated, with reason and remedy. Returns 0 or
 * -1 after its messages. */
int module_check(struct module *module, const struct module_wishes *wishes);

/* Prints the imports, one a line, with types: daggercc --print-imports. Safe for a terminal. */
void module_print_imports(const struct module *module, FILE *out);

struct module_clean {
    bool library;  /* keep all exports, under plain names */
    bool names;    /* -g: keep function names, made plain */
    bool numbered; /* of a library: export number N is export_N, and "memory" is what the calls work
                      on, if there is one */
    bool fuel;     /* of a program, or numbered: what is run is counted, see fuel.h. Export "fuel"
                      gives what was left and takes what is left from now on, both below 0 if there
                      is none, and "start" calls the start function if there is one, which else
                      nobody does */
};

/* Room for any export name of the clean copy, its NUL included. */
#define MODULE_NAME_SIZE 128

/* The name that export number `number` has in the clean copy; "" if it is left out there. A program
 * has "entry", "initialize" and "memory", with fuel "fuel" and "start". A library keeps each name
 * that is a plain identifier
 * ([A-Za-z0-9_]+, at most 100 bytes) unless it is numbered; any other, and those that could be
 * mistaken for our own (f12..., export_3), becomes "export_NUMBER". wasm2c's C symbol of it is
 * w2c_guest_NAME, in which it writes an underscore at the start, at the end or after another as
 * 0x5F. Returns `name`. */
char *module_clean_export(const struct module *module, const struct module_clean *how,
                          uint32_t number, char name[MODULE_NAME_SIZE]);

/* Writes the copy of the module that wasm2c gets; module_check() has accepted it. Imports are
 * "dagger"."open" and so on, with the names of <dagger/imports.h>, or "dagger"."undefined_N" for
 * import number N that we do not have, exports as module_clean_export() says, and the only custom
 * section is a name section of our own, so that the C symbol of function N is w2c_guest_fN or, with
 * `names`, w2c_guest_fN_plain_name. The contents of all other sections are byte for byte the
 * original, but for what clean_code.h says.
 *
 * A program whose code takes references to functions keeps all exports of functions, because such
 * an export may be what allows the reference.
 *
 * Returns 0, or -1 with errno set when memory is short or the stream fails. */
int module_write_clean(const struct module *module, const struct module_clean *how, FILE *out);

/* Function names for backtraces: walks the "name" section by ascending index. `*offset` starts at
 * 0. Returns false at the end, which is before the first malformed entry. Names are UTF-8. */
bool module_next_name(const struct module *module, uint32_t *offset, uint32_t *index,
                      struct module_text *name);

#endif
