/* The code section: bodies and their locals (5.5.13). */
#include "sections.h"

#include <stdlib.h>

uint32_t read_locals(struct reading *g, const struct module_functype *type)
{
    struct reader *r = &g->r;
    uint32_t groups = reader_count(r, "groups of locals", 2, LIMIT_BODY_SIZE);
    uint64_t locals = type->param_count;

    for (uint32_t i = 0; i < groups && !r->failed; i++) {
        const uint8_t *at = r->at;

        locals += reader_u32(r);
        if (locals > LIMIT_LOCALS)
            reader_fail(r, at, "%llu locals are more than the limit of %d",
                        (unsigned long long)locals, LIMIT_LOCALS);
        read_value_type(g);
    }
    return (uint32_t)locals;
}

static void read_body(struct reading *g, uint32_t function)
{
    struct reader *r = &g->r;
    struct module *module = g->module;
    const uint8_t *at = r->at, *section_end = r->end;
    uint32_t size, locals;

    r->function = function;
    size = reader_u32(r);
    if (r->failed)
        return;
    if (size > (size_t)(section_end - r->at)) {
        reader_fail(r, at, "a body of %u bytes, but the section ends after %llu", size,
                    (unsigned long long)(section_end - r->at));
        return;
    }
    if (size > LIMIT_BODY_SIZE) {
        reader_fail(r, at, "a body of %u bytes is more than the limit of %d", size,
                    LIMIT_BODY_SIZE);
        return;
    }
    r->end = r->at + size;
    locals = read_locals(g, &module->types[module->function_types[function]]);
    read_expression(g, locals, false);
    if (r->at != r->end)
        reader_fail(r, r->at, "instructions after the end of the body");
    r->end = section_end;
    r->function = UINT32_MAX;
    module->code_size += size;
    if (size > module->largest_body)
        module->largest_body = size;
}

void read_code_section(struct reading *g)
{
    struct reader *r = &g->r;
    struct module *module = g->module;
    const uint8_t *at = r->at;
    uint32_t defined = module->functions.total - module->functions.imported;
    uint32_t count = reader_count(r, "bodies", 3, LIMIT_FUNCTIONS);

    if (!r->failed && count != defined)
        reader_fail(r, at, "%u bodies, but the function section announces %u", count, defined);
    for (uint32_t i = 0; i < count && !r->failed; i++)
        read_body(g, module->functions.imported + i);
    g->body_count = count;
}

void reading_again(struct reading *g, struct module *copy, const struct module *module)
{
    struct module_span span = module->sections[SECTION_CODE];
    const uint8_t *at = module->bytes + span.offset;

    *copy = *module;
    copy->selects = NULL;
    copy->select_count = 0;
    *g = (struct reading){.module = copy, .has_data_count = true, .data_count = module->data_count};
    g->r = (struct reader){.base = module->bytes,
                           .at = at,
                           .end = at + span.size,
                           .where = "code section",
                           .function = UINT32_MAX};
    opcodes_init(&g->opcodes);
}

void reading_again_release(struct reading *g)
{
    free(g->module->selects);
    free(g->blocks);
}
