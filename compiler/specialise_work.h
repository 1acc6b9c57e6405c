/* How specialise.c's files share the work. Private to them. */
#ifndef DAGGER_COMPILER_SPECIALISE_WORK_H
#define DAGGER_COMPILER_SPECIALISE_WORK_H

#include <stdint.h>

#include "generated.h"
#include "input.h"
#include "specialise.h"

struct segment {
    struct span name;
    uint64_t from, len;
};

struct work {
    const struct specialisation *how;
    struct input source, header;
    struct span definitions;  /* of the source, what follows the top */
    struct span members;      /* of the header: of the instance */
    struct segment *segments; /* in the order of the module */
    size_t segment_count;
    struct item *items; /* everything but data, and what is not needed */
    size_t item_count;
    uint64_t bodies; /* bytes of all of them */
    bool tables_grow;
    FILE *out; /* the file being written */
};

/* ---- specialise.c ---- */

/* Are there other parts that need what one of them defines? */
bool specialise_in_parts(const struct work *work);

/* Writes whole lines of definitions as they are compiled. False: not as wasm2c writes it. */
bool specialise_write_code(const struct work *work, struct span text, FILE *out);

void span_write(struct span span, FILE *out);

/* A definition that other parts need is not static. */
struct span span_without_static(struct span text);

/* ---- specialise_library.c ---- */

/* What all parts of an object include. */
bool specialise_write_library_header(struct work *work);

/* Types of functions, in one part. */
void specialise_write_library_types(const struct work *work, FILE *out);

/* Declarations of functions, tags and elements, of what is in one part for the others with
 * `linkage`. */
bool specialise_write_declarations(const struct work *work, FILE *out, const char *linkage);

/* ---- specialise_data.c ---- */

/* Appends a segment's bytes to the file of all of them. False: not as wasm2c writes it. */
bool specialise_add_segment(struct work *work, const struct item *item, FILE *data);

/* Declares the bytes of all of them. */
void specialise_declare_data(const struct work *work, FILE *out);

/* Does the code have a segment's name? */
bool specialise_names_segment(struct span code);

/* Defines the segments' names, for code that has one. */
void specialise_write_segment_names(const struct work *work, FILE *out);

/* The function that makes memories and copies active segments. */
bool specialise_write_init_memories(struct work *work, struct span text);

/* The assembler source that includes the file. */
extern const char specialise_data_source[];

/* ---- specialise_instance.c ---- */

/* The instance's members as variables, each after `linkage`: "static ", "extern " or "". False: not
 * as wasm2c writes them. */
bool specialise_write_variables(const struct work *work, FILE *out, const char *linkage);

/* The function that makes tables. */
bool specialise_write_init_tables(struct work *work, struct span text);

/* Types of functions as numbers. */
void specialise_write_types(const struct work *work, FILE *out);

#endif
