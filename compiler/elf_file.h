/* A linked ELF64 little-endian file, mapped for reading and changing its sections in place. */
#ifndef DAGGER_COMPILER_ELF_FILE_H
#define DAGGER_COMPILER_ELF_FILE_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

struct elf_file {
    uint8_t *bytes; /* mapped; writes go to the file, if it is not only read */
    size_t size;
    const Elf64_Shdr *sections;
    size_t section_count;
    const Elf64_Sym *symbols; /* of .symtab */
    size_t symbol_count;
    const char *strings; /* of .symtab, ends in NUL */
    size_t strings_size;
    const char *section_names; /* ends in NUL */
    size_t section_names_size;
};

/* Maps it and checks that every section lies in the file. Returns 0, or -1 after a message. */
int elf_open(struct elf_file *elf, const char *path);
/* The same of any file, of which nothing may be changed and which needs no symbols. */
int elf_open_to_read(struct elf_file *elf, const char *path);
int elf_close(struct elf_file *elf);

const Elf64_Shdr *elf_find_section(const struct elf_file *elf, const char *name); /* or NULL */
const char *elf_symbol_name(const struct elf_file *elf, const Elf64_Sym *symbol); /* "" if bad */

#endif
