#include "module_names.h"

#include "alloc.h"

enum { NAME_MAX_BYTES = 200 };

static struct module_text cut(struct module_text name)
{
    if (name.len > NAME_MAX_BYTES) {
        name.len = NAME_MAX_BYTES;
        while (name.len > 0 && (name.data[name.len] & 0xc0) == 0x80)
            name.len--;
    }
    return name;
}

struct module_text *module_names(const struct module *module)
{
    struct module_text *names = alloc_zeroed(module->functions.total * sizeof *names);
    uint32_t offset = 0, index;
    struct module_text name;
    while (module_next_name(module, &offset, &index, &name))
        if (index < module->functions.total && names[index].len == 0)
            names[index] = cut(name);
    return names;
}
