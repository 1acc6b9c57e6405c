#include "load.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "module_names.h"
#include "text_child.h"

/* What wabt's interpreter runs beyond WebAssembly 2.0, of what daggercc compiles. */
#define INTERPRETED                                                                                \
    (FEATURE(SIMD) | FEATURE(MULTI_MEMORY) | FEATURE(EXTENDED_CONST) | FEATURE(EXCEPTIONS_LEGACY))
#define COMPILED (INTERPRETED | FEATURE(EXCEPTIONS))

static const uint64_t page_size = 65536, pages_max = 65536;

/* As in executables; and over all tables, since each may grow. */
static const uint64_t table_elements = 10000000, tables_elements = (UINT64_C(1) << 30) / 8;

/* Pages the guest may have in each memory; 0 after a message. */
static uint64_t max_pages(const struct module *module, uint64_t max_memory)
{
    uint64_t most = max_memory == 0 ? pages_max : max_memory / page_size;
    if (max_memory != 0 && module->memory_counts.total > 1) {
        diag_error("--max-memory is for modules with one memory; this one has %" PRIu32,
                   module->memory_counts.total);
        diag_note("daggercc --max-memory keeps several memories to one limit");
        return 0;
    }
    for (uint32_t i = 0; i < module->memory_counts.total; i++)
        if (module->memories[i].min > most) {
            diag_error("the module starts with %" PRIu64 " bytes of memory, --max-memory allows "
                       "%" PRIu64,
                       module->memories[i].min * page_size, max_memory);
            return 0;
        }
    return most < pages_max ? most : pages_max;
}

/* Elements each table may have; 0 after a message. */
static uint64_t max_elements(const struct module *module, uint64_t max_table)
{
    uint64_t all = 0;
    for (uint32_t i = 0; i < module->table_counts.total; i++) {
        uint64_t least = module->tables[i].min;
        all += least;
        if (least > table_elements || all > tables_elements) {
            diag_error("the module's tables have %" PRIu64 " elements, more than are supported",
                       all);
            return 0;
        }
    }
    if (max_table != 0 && module->table_counts.total > 1) {
        diag_error("--max-table is for modules with one table; this one has %" PRIu32,
                   module->table_counts.total);
        diag_note("daggercc --max-table keeps several tables to one limit");
        return 0;
    }
    if (max_table != 0 && all > max_table) {
        diag_error("the module's tables start with %" PRIu64
                   " elements, --max-table allows %" PRIu64,
                   all, max_table);
        return 0;
    }
    if (max_table != 0 && max_table < table_elements)
        return max_table;
    uint64_t each = module->table_counts.total > 0
                        ? (tables_elements - all) / module->table_counts.total
                        : table_elements;
    return each < table_elements ? each : table_elements;
}

static int hand_over(const struct loaded *loaded, const struct dagger_options *options,
                     const struct engine_host *host)
{
    const struct module *module = &loaded->module;
    struct engine_module given = {
        .multi_memory = (module->features & FEATURE(MULTI_MEMORY)) != 0,
        .extended_const = (module->features & FEATURE(EXTENDED_CONST)) != 0,
        .exceptions = (module->features & FEATURE(EXCEPTIONS_LEGACY)) != 0,
        .memory = module->memory,
        .max_pages = max_pages(module, options->limits.memory),
        .max_elements = max_elements(module, options->limits.table),
        .fuel_global = options->fuel > 0 ? module->globals.total : ENGINE_NONE,
    };
    struct module_clean how = {.fuel = options->fuel > 0};
    if (given.max_pages == 0 || given.max_elements == 0)
        return -1;
    char *bytes = NULL;
    FILE *out = alloc_stream(&bytes, &given.size);
    int result = module_write_clean(module, &how, out);
    alloc_stream_close(out, &bytes);
    given.bytes = (const uint8_t *)bytes;
    if (result != 0) {
        diag_error("can't copy the module:");
    } else {
        const char *message;
        result = engine_load(&given, host, &message);
        if (result != 0) {
            diag_error("the interpreter does not take the module: %s", text_shown(message));
            diag_note("where the module is valid, daggercc may compile it");
        }
    }
    free(bytes);
    return result;
}

int load(struct loaded *loaded, const struct dagger_options *options,
         const struct engine_host *host)
{
    struct module_wishes wishes = {
        .entry = options->entry,
        .invoke = options->invoke,
        .allow_undefined = options->allow_undefined,
        .trusted = INTERPRETED,
        .compiled = COMPILED,
        .interpreter = true,
    };
    const char *shown = strcmp(options->input, "-") == 0 ? "standard input" : options->input;
    diag_setup("dagger", shown);
    if (input_read(&loaded->input, options->input) != 0)
        return -1;
    if (input_is_text(&loaded->input) && text_child(&loaded->input, shown) != 0)
        return -1;
    if (module_read(&loaded->module, loaded->input.bytes, loaded->input.size) != 0 ||
        module_check(&loaded->module, &wishes) != 0 || hand_over(loaded, options, host) != 0)
        return -1;
    loaded->names = module_names(&loaded->module);
    return 0;
}
