#include "functions.h"

#include <dagger/functions.h>
#include <elf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "elf_file.h"
#include "module_names.h"

/* Of rows: each function, a wrapper for each that a table may refer to, and what a compiler splits
 * off or specialises (f7.cold, f7.part.0, f7.constprop.0). */
static size_t row_capacity(const struct module *module)
{
    size_t functions = module->functions.total - module->functions.imported;
    size_t wrappers = module->function_references;
    return functions + (wrappers < functions ? wrappers : functions) + functions / 4 + 16;
}

void function_names_init(struct function_names *names, const struct module *module)
{
    *names = (struct function_names){
        .total = module->functions.total,
        .imported = module->functions.imported,
        .entry = module->entry,
        .initialize = module->initialize,
        .row_capacity = row_capacity(module),
    };
    names->names = module_names(module);
    size_t text = 0;
    for (uint32_t i = 0; i < names->total; i++)
        text += names->names[i].len;
    names->table_size = sizeof(struct dagger_function_table) +
                        names->row_capacity * sizeof(struct dagger_function_row) + text;
}

void function_names_release(struct function_names *names)
{
    free(names->names);
    *names = (struct function_names){0};
}

struct found {
    struct dagger_function_row row;
    bool is_spare; /* part of a function: left out where there is no room */
};

/* What follows `prefix` in `symbol`, NULL if it doesn't begin so. */
static const char *after(const char *symbol, const char *prefix)
{
    size_t len = strlen(prefix);
    return strncmp(symbol, prefix, len) == 0 ? symbol + len : NULL;
}

/* "w2c_guest_f12", "w2c_guest_f12_name", "w2c_guest_f12.cold": 12. Names start with "fN" because
 * the module that was translated names its functions so. Tables refer to "wrap_w2c_guest_f12" and
 * exports are called through functions of their own, into which the function may be inlined. */
static bool parse_symbol(const struct function_names *names, const char *symbol,
                         struct found *found)
{
    const char *wrapped = after(symbol, "wrap_"), *at;
    if ((at = after(symbol, "w2c_guest_entry")) != NULL && (*at == 0 || *at == '.')) {
        found->row.index = names->entry | DAGGER_FUNCTION_WRAPPER;
    } else if ((at = after(symbol, "w2c_guest_initialize")) != NULL && (*at == 0 || *at == '.')) {
        found->row.index = names->initialize | DAGGER_FUNCTION_WRAPPER;
    } else {
        at = after(wrapped != NULL ? wrapped : symbol, "w2c_guest_f");
        size_t digits = at != NULL ? strspn(at, "0123456789") : 0;
        if (digits == 0 || digits > 9)
            return false;
        found->row.index = (uint32_t)strtoul(at, NULL, 10);
        if (found->row.index < names->imported || found->row.index >= names->total ||
            (at[digits] != 0 && at[digits] != '_' && at[digits] != '.'))
            return false;
        if (wrapped != NULL)
            found->row.index |= DAGGER_FUNCTION_WRAPPER;
    }
    found->is_spare = strchr(at, '.') != NULL;
    return true;
}

static int whole_functions_first(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->is_spare != y->is_spare)
        return x->is_spare ? 1 : -1;
    return x->row.address < y->row.address ? -1 : x->row.address > y->row.address;
}

static int by_address(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    return x->row.address < y->row.address ? -1 : x->row.address > y->row.address;
}

/* The rows of all guest functions in the symbol table, without names. */
static size_t collect(const struct elf_file *elf, uint64_t table_address,
                      const struct function_names *names, struct found **rows)
{
    size_t count = 0;
    *rows = alloc_zeroed((elf->symbol_count + 1) * sizeof **rows);
    for (size_t i = 0; i < elf->symbol_count; i++) {
        const Elf64_Sym *symbol = &elf->symbols[i];
        struct found found = {.is_spare = false};
        const char *name = elf_symbol_name(elf, symbol);
        if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_shndx == SHN_UNDEF ||
            !parse_symbol(names, name, &found))
            continue;
        found.row.address = (int32_t)(symbol->st_value - table_address);
        found.row.size = (uint32_t)symbol->st_size;
        (*rows)[count++] = found;
    }
    return count;
}

/* Writes rows and names to the table's `size` bytes. */
static void write_table(uint8_t *table, size_t size, struct found *rows, size_t count,
                        const struct function_names *names)
{
    if (count > names->row_capacity) { /* what does not fit are parts of functions */
        qsort(rows, count, sizeof *rows, whole_functions_first);
        count = names->row_capacity;
    }
    qsort(rows, count, sizeof *rows, by_address);
    struct dagger_function_table header = {DAGGER_FUNCTIONS_MAGIC, (uint32_t)count};
    size_t text = sizeof header + count * sizeof rows->row;
    uint32_t *placed = alloc_zeroed(names->total * sizeof *placed);
    for (size_t i = 0; i < count; i++) {
        struct dagger_function_row *row = &rows[i].row;
        uint32_t index = row->index & ~DAGGER_FUNCTION_WRAPPER;
        const struct module_text *name = &names->names[index];
        if (name->len > 0 && placed[index] == 0 && name->len <= size - text) {
            memcpy(table + text, name->data, name->len);
            placed[index] = (uint32_t)text;
            text += name->len;
        }
        row->name = placed[index];
        row->name_len = row->name != 0 ? name->len : 0;
        memcpy(table + sizeof header + i * sizeof *row, row, sizeof *row);
    }
    memcpy(table, &header, sizeof header);
    free(placed);
}

int functions_fill(const char *path, const struct function_names *names)
{
    struct elf_file elf;
    if (elf_open(&elf, path) != 0)
        return -1;
    int result = -1;
    const Elf64_Shdr *section = elf_find_section(&elf, DAGGER_FUNCTIONS_SECTION);
    if (section == NULL || section->sh_size < names->table_size) {
        diag_error("link: the executable has no place for the table of functions");
    } else {
        struct found *rows;
        size_t count = collect(&elf, section->sh_addr, names, &rows);
        write_table(elf.bytes + section->sh_offset, section->sh_size, rows, count, names);
        free(rows);
        result = 0;
    }
    if (elf_close(&elf) != 0)
        result = -1;
    return result;
}
