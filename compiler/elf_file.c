#include "elf_file.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"

static bool in_file(const struct elf_file *elf, const Elf64_Shdr *section)
{
    return section->sh_type == SHT_NOBITS ||
           (section->sh_offset <= elf->size && section->sh_size <= elf->size - section->sh_offset);
}

static bool is_elf64(const struct elf_file *elf)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)elf->bytes;
    return elf->size >= sizeof *header && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
           header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_ident[EI_DATA] == ELFDATA2LSB;
}

static bool find_sections(struct elf_file *elf)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)elf->bytes;
    if (header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shoff % 8 != 0 ||
        header->e_shoff > elf->size ||
        header->e_shnum > (elf->size - header->e_shoff) / sizeof(Elf64_Shdr) ||
        header->e_shstrndx >= header->e_shnum)
        return false;
    elf->sections = (const Elf64_Shdr *)(elf->bytes + header->e_shoff);
    elf->section_count = header->e_shnum;
    for (size_t i = 0; i < elf->section_count; i++)
        if (!in_file(elf, &elf->sections[i]))
            return false;
    const Elf64_Shdr *names = &elf->sections[header->e_shstrndx];
    elf->section_names = (const char *)elf->bytes + names->sh_offset;
    elf->section_names_size = names->sh_size;
    return names->sh_type == SHT_STRTAB && names->sh_size > 0 &&
           elf->section_names[names->sh_size - 1] == 0;
}

static bool find_symbols(struct elf_file *elf)
{
    for (size_t i = 0; i < elf->section_count; i++) {
        const Elf64_Shdr *table = &elf->sections[i];
        if (table->sh_type != SHT_SYMTAB || table->sh_link >= elf->section_count)
            continue;
        const Elf64_Shdr *strings = &elf->sections[table->sh_link];
        elf->symbols = (const Elf64_Sym *)(elf->bytes + table->sh_offset);
        elf->symbol_count = table->sh_size / sizeof *elf->symbols;
        elf->strings = (const char *)elf->bytes + strings->sh_offset;
        elf->strings_size = strings->sh_size;
        return table->sh_offset % 8 == 0 && strings->sh_type == SHT_STRTAB &&
               strings->sh_size > 0 && elf->strings[strings->sh_size - 1] == 0;
    }
    return false;
}

/* Returns 0, or -1 without a message. */
static int map(struct elf_file *elf, const char *path, bool writes)
{
    *elf = (struct elf_file){0};
    int fd = open(path, (writes ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    void *bytes = MAP_FAILED;
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        elf->size = (size_t)status.st_size;
        bytes = mmap(NULL, elf->size, PROT_READ | (writes ? PROT_WRITE : 0),
                     writes ? MAP_SHARED : MAP_PRIVATE, fd, 0);
    }
    if (fd >= 0)
        close(fd);
    elf->bytes = bytes;
    return bytes != MAP_FAILED ? 0 : -1;
}

int elf_open_to_read(struct elf_file *elf, const char *path)
{
    if (map(elf, path, false) != 0) {
        diag_error("can't read '%s': no executable", text_shown(path));
        return -1;
    }
    if (is_elf64(elf) && find_sections(elf))
        return 0;
    diag_error("'%s' is no executable of daggercc", text_shown(path));
    elf_close(elf);
    return -1;
}

int elf_open(struct elf_file *elf, const char *path)
{
    if (map(elf, path, true) != 0) {
        diag_error("link: can't open what was linked:");
        return -1;
    }
    if (!is_elf64(elf) || !find_sections(elf) || !find_symbols(elf)) {
        diag_error("link: what was linked is no ELF64 executable with a symbol table");
        diag_note("leave stripping to daggercc's own -s; its runtime is for 64-bit Linux");
        elf_close(elf);
        return -1;
    }
    return 0;
}

int elf_close(struct elf_file *elf)
{
    int result = munmap(elf->bytes, elf->size);
    *elf = (struct elf_file){0};
    if (result != 0)
        diag_error("link: can't write what was linked:");
    return result;
}

const Elf64_Shdr *elf_find_section(const struct elf_file *elf, const char *name)
{
    for (size_t i = 0; i < elf->section_count; i++)
        if (elf->sections[i].sh_name < elf->section_names_size &&
            strcmp(elf->section_names + elf->sections[i].sh_name, name) == 0 &&
            elf->sections[i].sh_type != SHT_NOBITS)
            return &elf->sections[i];
    return NULL;
}

const char *elf_symbol_name(const struct elf_file *elf, const Elf64_Sym *symbol)
{
    return symbol->st_name < elf->strings_size ? elf->strings + symbol->st_name : "";
}
