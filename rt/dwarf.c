#include "dwarf.h"

#include <string.h>

uint64_t dwarf_fixed(struct dwarf_reader *reader, size_t size)
{
    uint64_t value = 0;
    if (reader->bad || (size_t)(reader->end - reader->at) < size) {
        reader->bad = true;
        return 0;
    }
    memcpy(&value, reader->at, size); /* little-endian, as the processors are */
    reader->at += size;
    return value;
}

/* Sets *shift to the number of bits read. */
static uint64_t leb_bits(struct dwarf_reader *reader, unsigned *shift, uint8_t *last)
{
    uint64_t value = 0;
    *shift = 0;
    do {
        *last = (uint8_t)dwarf_fixed(reader, 1);
        if (*shift < 64)
            value |= (uint64_t)(*last & 0x7f) << *shift;
        *shift += 7;
    } while (*last & 0x80);
    return value;
}

uint64_t dwarf_uleb(struct dwarf_reader *reader)
{
    unsigned shift;
    uint8_t last;
    return leb_bits(reader, &shift, &last);
}

int64_t dwarf_sleb(struct dwarf_reader *reader)
{
    unsigned shift;
    uint8_t last;
    uint64_t value = leb_bits(reader, &shift, &last);
    if (shift < 64 && (last & 0x40))
        value |= UINT64_MAX << shift;
    return (int64_t)value;
}

void dwarf_skip(struct dwarf_reader *reader, uint64_t bytes)
{
    if (reader->bad || (uint64_t)(reader->end - reader->at) < bytes)
        reader->bad = true;
    else
        reader->at += bytes;
}

uintptr_t dwarf_pointer(struct dwarf_reader *reader, uint8_t encoding, uintptr_t data_base)
{
    if (encoding == DWARF_POINTER_OMIT)
        return 0;
    uintptr_t here = (uintptr_t)reader->at;
    uint64_t value = 0;
    switch (encoding & 0x0f) {
    case 0x00: /* DW_EH_PE_absptr */
    case 0x04: /* DW_EH_PE_udata8 */
    case 0x0c: /* DW_EH_PE_sdata8 */
        value = dwarf_fixed(reader, 8);
        break;
    case 0x01: /* DW_EH_PE_uleb128 */
        value = dwarf_uleb(reader);
        break;
    case 0x02: /* DW_EH_PE_udata2 */
        value = dwarf_fixed(reader, 2);
        break;
    case 0x03: /* DW_EH_PE_udata4 */
        value = dwarf_fixed(reader, 4);
        break;
    case 0x09: /* DW_EH_PE_sleb128 */
        value = (uint64_t)dwarf_sleb(reader);
        break;
    case 0x0a: /* DW_EH_PE_sdata2 */
        value = (uint64_t)(int16_t)dwarf_fixed(reader, 2);
        break;
    case 0x0b: /* DW_EH_PE_sdata4 */
        value = (uint64_t)(int32_t)dwarf_fixed(reader, 4);
        break;
    default:
        reader->bad = true;
        return 0;
    }
    if (value == 0)
        return 0;
    switch (encoding & 0x70) {
    case 0:
        return value;
    case DWARF_POINTER_PC_RELATIVE:
        return here + value;
    case DWARF_POINTER_DATA_RELATIVE:
        return data_base + value;
    default:
        reader->bad = true;
        return 0;
    }
}

bool dwarf_load(const struct dwarf_stack *stack, uintptr_t address, size_t size, uintptr_t *value)
{
    if (address < stack->low || address > stack->high || stack->high - address < size)
        return false;
    *value = 0;
    memcpy(value, (const void *)address, size);
    return true;
}
