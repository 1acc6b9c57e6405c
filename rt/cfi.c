#include "cfi.h"

#include <link.h>
#include <string.h>

/* What a common information entry says for its frames. */
struct cie {
    uint64_t code_align;
    int64_t data_align;
    uint8_t pointer_encoding;
    bool has_augmentation_data;
    struct cfi_row initial;
    const uint8_t *instructions, *end;
};

struct search {
    uintptr_t pc;
    struct cfi_object *object;
};

static int visit_object(struct dl_phdr_info *info, size_t size, void *argument)
{
    (void)size;
    struct search *search = argument;
    struct cfi_object found = {0};
    uintptr_t header = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t low = info->dlpi_addr + segment->p_vaddr;
        uintptr_t high = low + segment->p_memsz;
        if (segment->p_type == PT_GNU_EH_FRAME)
            header = low;
        if (segment->p_type == PT_LOAD && search->pc >= low && search->pc < high) {
            found.code_low = low;
            found.code_high = high;
        }
    }
    if (!header || !found.code_high)
        return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t low = info->dlpi_addr + segment->p_vaddr;
        uintptr_t high = low + segment->p_filesz;
        if (segment->p_type == PT_LOAD && header >= low && header < high) {
            found.header = (const uint8_t *)header;
            found.low = (const uint8_t *)low;
            found.high = (const uint8_t *)high;
        }
    }
    if (!found.header)
        return 0;
    *search->object = found;
    return 1;
}

bool cfi_find_object(uintptr_t pc, struct cfi_object *object)
{
    struct search search = {pc, object};
    return dl_iterate_phdr(visit_object, &search) == 1;
}

static struct dwarf_reader reader_at(const struct cfi_object *object, uintptr_t address)
{
    const uint8_t *at = (const uint8_t *)address;
    if (at < object->low || at >= object->high)
        return (struct dwarf_reader){object->high, object->high, true};
    return (struct dwarf_reader){at, object->high, false};
}

/* Narrows the reader to an entry of .eh_frame, after its length. */
static void enter_entry(struct dwarf_reader *reader)
{
    uint64_t length = dwarf_fixed(reader, 4);
    if (length == 0xffffffff)
        length = dwarf_fixed(reader, 8);
    if (reader->bad || length == 0 || length > (uint64_t)(reader->end - reader->at))
        reader->bad = true;
    else
        reader->end = reader->at + length;
}

/* The binary search table of .eh_frame_hdr, in the one form that all linkers write: 32 bits,
 * relative to the header. Returns the address of the entry that may cover `pc`, 0 if there is none.
 */
static uintptr_t find_entry(const struct cfi_object *object, uintptr_t pc)
{
    enum { TABLE_ENCODING = DWARF_POINTER_DATA_RELATIVE | 0x0b };
    uintptr_t base = (uintptr_t)object->header;
    struct dwarf_reader reader = reader_at(object, base);
    uint8_t version = (uint8_t)dwarf_fixed(&reader, 1);
    uint8_t frame_encoding = (uint8_t)dwarf_fixed(&reader, 1);
    uint8_t count_encoding = (uint8_t)dwarf_fixed(&reader, 1);
    uint8_t table_encoding = (uint8_t)dwarf_fixed(&reader, 1);
    dwarf_pointer(&reader, frame_encoding, base);
    uint64_t count = dwarf_pointer(&reader, count_encoding, base);
    if (reader.bad || version != 1 || table_encoding != TABLE_ENCODING ||
        count > (uint64_t)(reader.end - reader.at) / 8)
        return 0;
    const uint8_t *table = reader.at;
    uint64_t low = 0, high = count; /* rows before `low` begin at or before pc */
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        int32_t begin;
        memcpy(&begin, table + middle * 8, sizeof(begin));
        if (base + (uintptr_t)(intptr_t)begin <= pc)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return 0;
    int32_t entry;
    memcpy(&entry, table + (low - 1) * 8 + 4, sizeof(entry));
    return base + (uintptr_t)(intptr_t)entry;
}

static struct cfi_rule expression_rule(struct dwarf_reader *reader, enum cfi_rule_kind kind)
{
    uint64_t length = dwarf_uleb(reader);
    struct cfi_rule rule = {.kind = kind, .expression = reader->at};
    dwarf_skip(reader, length);
    rule.expression_end = reader->at;
    return rule;
}

static void set_rule(struct cfi_row *row, uint64_t number, enum cfi_rule_kind kind, int64_t value)
{
    if (number < REGISTER_COUNT) /* others, vector registers say, are not needed to unwind */
        row->registers[number] = (struct cfi_rule){.kind = kind, .number = value};
}

/* State of the interpreter of call frame instructions. */
struct machine {
    const struct cie *cie;
    struct cfi_row *row;
    uintptr_t location, pc;
    struct cfi_row remembered[4];
    unsigned depth;
    bool bad;
};

static void set_cfa(struct machine *m, uint64_t number, int64_t offset)
{
    if (number >= REGISTER_COUNT || offset < INT32_MIN || offset > INT32_MAX)
        m->bad = true;
    m->row->cfa = (struct cfi_rule){
        .kind = CFI_REGISTER, .number = (int64_t)number, .offset = (int32_t)offset};
}

static void restore_rule(struct machine *m, uint64_t number)
{
    if (number < REGISTER_COUNT)
        m->row->registers[number] = m->cie->initial.registers[number];
}

/* Rules for the CFA. False: the instruction is not one of these. */
static bool execute_cfa(struct machine *m, struct dwarf_reader *reader, uint8_t instruction)
{
    uint64_t number;
    switch (instruction) {
    case 0x0c: /* DW_CFA_def_cfa */
        number = dwarf_uleb(reader);
        set_cfa(m, number, (int64_t)dwarf_uleb(reader));
        return true;
    case 0x0d: /* DW_CFA_def_cfa_register */
        set_cfa(m, dwarf_uleb(reader), m->row->cfa.offset);
        return true;
    case 0x0e: /* DW_CFA_def_cfa_offset */
        set_cfa(m, (uint64_t)m->row->cfa.number, (int64_t)dwarf_uleb(reader));
        return true;
    case 0x0f: /* DW_CFA_def_cfa_expression */
        m->row->cfa = expression_rule(reader, CFI_VALUE_EXPRESSION);
        return true;
    case 0x12: /* DW_CFA_def_cfa_sf */
        number = dwarf_uleb(reader);
        set_cfa(m, number, dwarf_sleb(reader) * m->cie->data_align);
        return true;
    case 0x13: /* DW_CFA_def_cfa_offset_sf */
        set_cfa(m, (uint64_t)m->row->cfa.number, dwarf_sleb(reader) * m->cie->data_align);
        return true;
    default:
        return false;
    }
}

/* Rules for a register. False: the instruction is not one of these. */
static bool execute_register(struct machine *m, struct dwarf_reader *reader, uint8_t instruction)
{
    static const uint8_t instructions[] = {0x05, 0x06, 0x07, 0x08, 0x09, 0x10,
                                           0x11, 0x14, 0x15, 0x16, 0x2f};
    if (!memchr(instructions, instruction, sizeof(instructions)))
        return false;
    int64_t align = m->cie->data_align;
    uint64_t number = dwarf_uleb(reader);
    struct cfi_rule rule;
    switch (instruction) {
    case 0x05: /* DW_CFA_offset_extended */
        set_rule(m->row, number, CFI_OFFSET, (int64_t)dwarf_uleb(reader) * align);
        break;
    case 0x06: /* DW_CFA_restore_extended */
        restore_rule(m, number);
        break;
    case 0x07: /* DW_CFA_undefined */
        set_rule(m->row, number, CFI_UNDEFINED, 0);
        break;
    case 0x08: /* DW_CFA_same_value */
        set_rule(m->row, number, CFI_SAME, 0);
        break;
    case 0x09: /* DW_CFA_register */
        set_rule(m->row, number, CFI_REGISTER, (int64_t)dwarf_uleb(reader));
        break;
    case 0x11: /* DW_CFA_offset_extended_sf */
        set_rule(m->row, number, CFI_OFFSET, dwarf_sleb(reader) * align);
        break;
    case 0x14: /* DW_CFA_val_offset */
        set_rule(m->row, number, CFI_VALUE_OFFSET, (int64_t)dwarf_uleb(reader) * align);
        break;
    case 0x15: /* DW_CFA_val_offset_sf */
        set_rule(m->row, number, CFI_VALUE_OFFSET, dwarf_sleb(reader) * align);
        break;
    case 0x2f: /* DW_CFA_GNU_negative_offset_extended */
        set_rule(m->row, number, CFI_OFFSET, -(int64_t)dwarf_uleb(reader) * align);
        break;
    default: /* 0x10 DW_CFA_expression, 0x16 DW_CFA_val_expression */
        rule = expression_rule(reader, instruction == 0x10 ? CFI_EXPRESSION : CFI_VALUE_EXPRESSION);
        if (number < REGISTER_COUNT)
            m->row->registers[number] = rule;
    }
    return true;
}

static void execute_other(struct machine *m, struct dwarf_reader *reader, uint8_t instruction)
{
    enum { DEPTH_MAX = sizeof(m->remembered) / sizeof(m->remembered[0]) };
    switch (instruction) {
    case 0x00: /* DW_CFA_nop */
    case 0x2d: /* DW_CFA_AARCH64_negate_ra_state: dagger_plain_address() copes */
        break;
    case 0x01: /* DW_CFA_set_loc */
        m->location = dwarf_pointer(reader, m->cie->pointer_encoding, 0);
        break;
    case 0x02: /* DW_CFA_advance_loc1 */
        m->location += dwarf_fixed(reader, 1) * m->cie->code_align;
        break;
    case 0x03: /* DW_CFA_advance_loc2 */
        m->location += dwarf_fixed(reader, 2) * m->cie->code_align;
        break;
    case 0x04: /* DW_CFA_advance_loc4 */
        m->location += dwarf_fixed(reader, 4) * m->cie->code_align;
        break;
    case 0x0a: /* DW_CFA_remember_state */
        if (m->depth < DEPTH_MAX)
            m->remembered[m->depth++] = *m->row;
        else
            m->bad = true;
        break;
    case 0x0b: /* DW_CFA_restore_state */
        if (m->depth > 0)
            *m->row = m->remembered[--m->depth];
        else
            m->bad = true;
        break;
    case 0x2e: /* DW_CFA_GNU_args_size */
        dwarf_uleb(reader);
        break;
    default:
        m->bad = true;
    }
}

/* Runs the instructions up to the row that `pc` is in. */
static bool execute(struct machine *m, struct dwarf_reader reader)
{
    while (reader.at < reader.end && m->location <= m->pc && !m->bad) {
        uint8_t instruction = (uint8_t)dwarf_fixed(&reader, 1);
        uint8_t operand = instruction & 0x3f;
        switch (instruction >> 6) {
        case 1: /* DW_CFA_advance_loc */
            m->location += operand * m->cie->code_align;
            break;
        case 2: /* DW_CFA_offset */
            set_rule(m->row, operand, CFI_OFFSET,
                     (int64_t)dwarf_uleb(&reader) * m->cie->data_align);
            break;
        case 3: /* DW_CFA_restore */
            restore_rule(m, operand);
            break;
        default:
            if (!execute_cfa(m, &reader, instruction) && !execute_register(m, &reader, instruction))
                execute_other(m, &reader, instruction);
        }
        if (reader.bad)
            m->bad = true;
    }
    return !m->bad;
}

/* Letters of the augmentation string; LSB Core 5.0, section 10.6.1.1.1. */
static void read_augmentation(struct cie *cie, struct dwarf_reader *reader, const char *letters)
{
    if (letters[0] != 'z') {
        reader->bad |= letters[0] != '\0';
        return;
    }
    cie->has_augmentation_data = true;
    uint64_t length = dwarf_uleb(reader);
    const uint8_t *data = reader->at;
    for (letters++; *letters && !reader->bad; letters++) {
        switch (*letters) {
        case 'R':
            cie->pointer_encoding = (uint8_t)dwarf_fixed(reader, 1);
            break;
        case 'P': {
            uint8_t encoding = (uint8_t)dwarf_fixed(reader, 1);
            dwarf_pointer(reader, encoding & 0x7f, 0);
            break;
        }
        case 'L':
            dwarf_fixed(reader, 1);
            break;
        case 'S':
            cie->initial.signal_frame = true;
            break;
        case 'B': /* return addresses signed with key B */
        case 'G': /* memory tagging of the stack */
            break;
        default:
            reader->bad = true;
        }
    }
    if (!reader->bad) {
        reader->at = data;
        dwarf_skip(reader, length);
    }
}

static bool read_cie(const struct cfi_object *object, uintptr_t address, struct cie *cie)
{
    struct dwarf_reader reader = reader_at(object, address);
    enter_entry(&reader);
    uint64_t id = dwarf_fixed(&reader, 4);
    uint8_t version = (uint8_t)dwarf_fixed(&reader, 1);
    if (reader.bad || id != 0 || (version != 1 && version != 3))
        return false;
    const char *letters = (const char *)reader.at;
    const uint8_t *nul = memchr(reader.at, 0, (size_t)(reader.end - reader.at));
    if (!nul)
        return false;
    reader.at = nul + 1;
    *cie = (struct cie){0};
    cie->code_align = dwarf_uleb(&reader);
    cie->data_align = dwarf_sleb(&reader);
    uint64_t number = version == 1 ? dwarf_fixed(&reader, 1) : dwarf_uleb(&reader);
    if (number >= REGISTER_COUNT)
        return false;
    cie->initial.return_register = (uint32_t)number;
    read_augmentation(cie, &reader, letters);
    cie->instructions = reader.at;
    cie->end = reader.end;
    return !reader.bad;
}

bool cfi_find_row(const struct cfi_object *object, uintptr_t pc, struct cfi_row *row)
{
    uintptr_t entry = find_entry(object, pc);
    struct dwarf_reader reader = reader_at(object, entry);
    enter_entry(&reader);
    uintptr_t id_at = (uintptr_t)reader.at;
    uint64_t id = dwarf_fixed(&reader, 4);
    struct cie cie;
    if (reader.bad || id == 0 || !read_cie(object, id_at - id, &cie))
        return false;
    uintptr_t begin = dwarf_pointer(&reader, cie.pointer_encoding, 0);
    uintptr_t size = dwarf_pointer(&reader, cie.pointer_encoding & 0x0f, 0);
    if (cie.has_augmentation_data)
        dwarf_skip(&reader, dwarf_uleb(&reader));
    if (reader.bad || pc < begin || pc - begin >= size)
        return false;

    struct machine machine = {.cie = &cie, .row = row, .location = 0, .pc = pc};
    *row = cie.initial;
    if (!execute(&machine, (struct dwarf_reader){cie.instructions, cie.end, false}))
        return false;
    cie.initial = *row;
    machine.location = begin;
    return execute(&machine, reader);
}
