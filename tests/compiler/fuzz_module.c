/* libFuzzer target: whatever the bytes are, reading, checking and copying end, stay inside, and a
 * copy is a good module whose names are plain.
 *
 * The modules the tests assemble make a good corpus:
 *     build-fuzz/tests/fuzz_module -max_total_time=300 CORPUS build-fuzz/tests/compiler/modules
 */
#include <stdlib.h>
#include <string.h>

#include "module.h"

static FILE *nowhere;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    nowhere = fopen("/dev/null", "w");
    diag_output(nowhere);
    return nowhere ? 0 : 1;
}

/* The copy must be one that we accept, and hold no byte of a name but plain ones. */
static void copy_is_good(const struct module *module, const struct module_clean *how)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct module copy;

    if (!out || module_write_clean(module, how, out) != 0 || fclose(out) != 0 ||
        module_read(&copy, (const uint8_t *)text, size) != 0)
        abort();
    for (uint32_t i = 0; i < copy.export_count; i++)
        for (uint32_t j = 0; j < copy.exports[i].name.len; j++)
            if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_",
                        copy.exports[i].name.data[j]))
                abort();
    module_release(&copy);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct module module;
    struct module_text name;
    uint32_t offset = 0, index;

    if (module_read(&module, data, size) != 0)
        return 0;
    module_print_imports(&module, nowhere);
    while (module_next_name(&module, &offset, &index, &name))
        if (index >= module.functions.total)
            abort();
    for (int library = 0; library < 2; library++) {
        struct module_wishes wishes = {.library = library, .trusted = ~(feature_set)0};

        if (module_check(&module, &wishes) == 0)
            for (int names = 0; names < 2; names++)
                copy_is_good(&module, &(struct module_clean){
                                          .library = library, .names = names, .fuel = !library});
    }
    module_release(&module);
    return 0;
}
