#include "functions.h"

#include <dagger/functions.h>
#include <elf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "elf_file.h"

enum { NAME_MAX_BYTES = 200 };

/* A compiler splits functions (f7.cold, f7.part.0), so there may be more rows than functions. */
static size_t row_capacity(uint32_t functions)
{
    return (size_t)functions + functions / 4 + 16;
}

/* At most NAME_MAX_BYTES, not cutting a UTF-8 sequence. */
static struct module_text cut(struct module_text name)
{
    if (name.len > NAME_MAX_BYTES) {
        name.len = NAME_MAX_BYTES;
        while (name.len > 0 && (name.data[name.len] & 0xc0) == 0x80)
            name.len--;
    }
    return name;
}

void function_names_init(struct function_names *names, const struct module *module)
{
    *names = (struct function_names){
        .total = module->functions.total,
        .imported = module->functions.imported,
    };
    names->names = alloc_zeroed(names->total * sizeof *names->names);
    size_t text = 0;
    uint32_t offset = 0, index;
    struct module_text name;
    while (module_next_name(module, &offset, &index, &name)) {
        if (index >= names->total || names->names[index].len > 0)
            continue;
        names->names[index] = cut(name);
        text += names->names[index].len;
    }
    names->table_size =
        sizeof(struct dagger_function_table) +
        row_capacity(names->total - names->imported) * sizeof(struct dagger_function_row) + text;
}

void function_names_release(struct function_names *names)
{
    free(names->names);
    *names = (struct function_names){0};
}

/* "w2c_guest_f12", "w2c_guest_f12_name", "w2c_guest_f12.cold": 12. Names start with "fN" because
 * the module that was translated names its functions so. */
static bool parse_symbol(const char *symbol, uint32_t *index, bool *is_part)
{
    static const char prefix[] = "w2c_guest_f";
    if (strncmp(symbol, prefix, sizeof prefix - 1) != 0)
        return false;
    const char *at = symbol + sizeof prefix - 1;
    uint64_t number = 0;
    size_t digits = strspn(at, "0123456789");
    for (size_t i = 0; i < digits && digits <= 10; i++)
        number = number * 10 + (uint64_t)(at[i] - '0');
    char after = at[digits];
    *index = (uint32_t)number;
    *is_part = strchr(at, '.') != NULL;
    return digits > 0 && digits <= 10 && number <= UINT32_MAX &&
           (after == 0 || after == '_' || after == '.');
}

struct found {
    struct dagger_function_row row;
    bool is_part;
};

static int whole_functions_first(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->is_part != y->is_part)
        return x->is_part ? 1 : -1;
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
        struct found found = {.is_part = false};
        const char *name = elf_symbol_name(elf, symbol);
        if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_shndx == SHN_UNDEF ||
            !parse_symbol(name, &found.row.index, &found.is_part) ||
            found.row.index < names->imported || found.row.index >= names->total)
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
    size_t capacity = row_capacity(names->total - names->imported);
    if (count > capacity) { /* what does not fit are parts of functions */
        qsort(rows, count, sizeof *rows, whole_functions_first);
        count = capacity;
    }
    qsort(rows, count, sizeof *rows, by_address);
    struct dagger_function_table header = {DAGGER_FUNCTIONS_MAGIC, (uint32_t)count};
    size_t text = sizeof header + count * sizeof rows->row;
    uint32_t *placed = alloc_zeroed(names->total * sizeof *placed);
    for (size_t i = 0; i < count; i++) {
        struct dagger_function_row *row = &rows[i].row;
        const struct module_text *name = &names->names[row->index];
        if (name->len > 0 && placed[row->index] == 0 && name->len <= size - text) {
            memcpy(table + text, name->data, name->len);
            placed[row->index] = (uint32_t)text;
            text += name->len;
        }
        row->name = placed[row->index];
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
