#include "target.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "diag.h"

static const struct target targets[] = {
#define X(triple, packages) {triple, packages},
    TARGETS(X)
#undef X
};

const struct target *target_find(const char *option, const char *triple)
{
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        if (strcmp(targets[i].triple, triple) == 0)
            return &targets[i];
    diag_error("%s: '%s' is not one of" TARGETS(TARGET_NAME), option, text_shown(triple));
    return NULL;
}

char *target_compiler(const struct target *target)
{
    return alloc_format("%s-gcc", target->triple);
}

bool target_is_musl(const struct target *target)
{
    return target != NULL && strstr(target->triple, "-musl") != NULL;
}

char *target_macro(const struct target *target)
{
    return alloc_format("__%.*s__", (int)strcspn(target->triple, "-"), target->triple);
}

void target_set_places(const struct target *target, struct places *places)
{
    char *library = alloc_format("%s/%s", places->library, target->triple);
    free(places->library);
    places->library = library;
}

int target_check_runtime(const struct target *target, const struct places *places)
{
    char *archive = alloc_format("%s/libdagger.a", places->library);
    int result = access(archive, R_OK);
    if (result != 0) {
        diag_error("the runtime for %s is not there, %s:", target->triple, text_shown(archive));
        diag_note("in Dagger's sources, scripts/target %s builds it for the build tree, and with "
                  "--prefix DIR for what is installed there",
                  target->triple);
    }
    free(archive);
    return result;
}

/* musl-gcc knows of executables and of static ones, but not of static-PIEs: this is what gcc does
 * for those where it knows its C library. Other compilers for musl take it as well. */
void target_add_static(const struct target *target, struct args *argv)
{
    args_add(argv, "-static-pie");
    if (!target_is_musl(target))
        return;
    args_add(argv, "-nostartfiles");
    args_add(argv, "-Wl,-static,--no-dynamic-linker,-z,text");
    args_add(argv, "-l:rcrt1.o");
    args_add(argv, "-l:crti.o");
}

void target_add_static_end(const struct target *target, struct args *argv)
{
    if (target_is_musl(target))
        args_add(argv, "-l:crtn.o");
}
