/* How the module reader's files share the work: module.c walks the sections, each of the others
 * reads some of them. Private to the module reader.
 */
#ifndef DAGGER_COMPILER_SECTIONS_H
#define DAGGER_COMPILER_SECTIONS_H

#include "module.h"
#include "opcodes.h"
#include "reader.h"

/* Section ids (5.5.2). */
enum section_id {
    SECTION_CUSTOM,
    SECTION_TYPE,
    SECTION_IMPORT,
    SECTION_FUNCTION,
    SECTION_TABLE,
    SECTION_MEMORY,
    SECTION_GLOBAL,
    SECTION_EXPORT,
    SECTION_START,
    SECTION_ELEMENT,
    SECTION_CODE,
    SECTION_DATA,
    SECTION_DATA_COUNT,
    SECTION_TAG,
    SECTION_COUNT
};

/* Limits that engines have agreed on: no module that runs in them exceeds these. */
enum {
    LIMIT_MODULE_SIZE = 1 << 30, /* bytes */
    LIMIT_TYPES = 1000000,
    LIMIT_FUNCTIONS = 1000000,
    LIMIT_IMPORTS = 1000000,
    LIMIT_EXPORTS = 1000000,
    LIMIT_GLOBALS = 1000000,
    LIMIT_TAGS = 1000000,
    LIMIT_TABLES = 100000,
    LIMIT_MEMORIES = 100,
    LIMIT_SEGMENTS = 100000,
    LIMIT_SEGMENT_ENTRIES = 10000000,
    LIMIT_PARAMS = 1000,
    LIMIT_RESULTS = 1000,
    LIMIT_FIELDS = 10000,
    LIMIT_LOCALS = 50000,      /* parameters included */
    LIMIT_BODY_SIZE = 7654321, /* bytes */
    LIMIT_LABELS = 65520       /* of a br_table */
};

/* Bytes of an exception's values that the runtime keeps: WASM_EXN_MAX_SIZE of
 * <dagger/wasm-rt-exceptions.h>. */
enum { LIMIT_EXCEPTION = 256 };

/* Encodings that several files look at. */
enum {
    TYPE_I32 = 0x7f,
    TYPE_I64 = 0x7e,
    TYPE_F32 = 0x7d,
    TYPE_F64 = 0x7c,
    TYPE_EMPTY_BLOCK = 0x40,
    TYPE_REF_NULL = 0x63,
    TYPE_REF = 0x64,
    FORM_FUNC = 0x60,
    FORM_STRUCT = 0x5f,
    FORM_ARRAY = 0x5e
};

/* The state of one reading: the reader moves over the whole module, its end from section to
 * section. */
struct reading {
    struct reader r;
    struct module *module;
    struct opcodes opcodes;
    uint8_t *blocks; /* kinds of the open blocks of a body, allocated */
    uint32_t block_room;
    uint32_t type_room;    /* entries allocated for types */
    uint32_t select_room;  /* entries allocated for selects */
    uint32_t highest_type; /* highest type index seen inside the type section */
    uint32_t highest_type_offset;
    bool in_types; /* the type section is being read: type indices may run ahead */
    bool has_data_count;
    uint32_t data_count; /* what the data count section says */
    uint32_t body_count; /* entries of the code section */
};

/* Notes that the module uses a feature (number, not set), first at `at`. */
void reading_feature(struct reading *g, enum feature_number number, const uint8_t *at);

/* Allocates `count` zeroed entries, at least one; on failure fails the reading and returns NULL. */
void *reading_alloc(struct reading *g, uint32_t count, size_t entry_size);

/* module_types.c: types inside all sections, and the sections of types, functions, tables,
 * memories, tags. */
void read_value_type(struct reading *g);
void read_heap_type(struct reading *g);
void read_block_type(struct reading *g);
void read_ref_type(struct reading *g);
struct module_limits read_table_type(struct reading *g);
struct module_limits read_memory_type(struct reading *g);
struct module_global read_global_type(struct reading *g);
uint32_t read_tag_type(struct reading *g);
uint32_t read_function_type_index(struct reading *g);
void read_type_section(struct reading *g);

/* module_sections.c */
void read_import_section(struct reading *g);
void read_function_section(struct reading *g);
void read_table_section(struct reading *g);
void read_memory_section(struct reading *g);
void read_global_section(struct reading *g);
void read_tag_section(struct reading *g);
void read_export_section(struct reading *g);
void read_start_section(struct reading *g);

/* module_segments.c */
void read_element_section(struct reading *g);
void read_data_count_section(struct reading *g);
void read_data_section(struct reading *g);

/* module_instructions.c: the index of a function that is referred to, not called. */
void reading_function_reference(struct reading *g);

/* module_code.c. An expression ends at its own `end`; `locals`: how many there are. */
void read_code_section(struct reading *g);
uint32_t read_locals(struct reading *g, const struct module_functype *type);
void read_expression(struct reading *g, uint32_t locals, bool constant);

/* Reads an expression that was read before, without another message than of want of memory;
 * `visit` gets each instruction, [at, end). */
void walk_expression(struct reading *g, uint32_t locals,
                     void (*visit)(void *context, const uint8_t *at, const uint8_t *end),
                     void *context);

/* A second reading, of the code section of a module that has been read: notes nothing in it. `copy`
 * is what it notes things in. */
void reading_again(struct reading *g, struct module *copy, const struct module *module);
void reading_again_release(struct reading *g);

/* module_custom.c: never fails but for the section's own name and for want of memory. */
void read_custom_section(struct reading *g);

#endif
