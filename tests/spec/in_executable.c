/* An executable as daggercc makes it of one module. Its main() comes here (ld --wrap) with the
 * guest that daggercc describes, which is started with the commands in the place of its entry
 * point. */
#include <stddef.h>

#include "harness.h"

static struct {
    const struct dagger_guest *guest;
    struct w2c_dagger *imports;
} made;

/* Later, by a command: it may be meant to trap. */
static void keep_imports(void *instance, struct w2c_dagger *imports)
{
    (void)instance;
    made.imports = imports;
}

void instantiate_guest(void)
{
    made.guest->instantiate(made.guest->instance, made.imports);
}

static int32_t entry(void *instance)
{
    (void)instance;
    commands();
    return 0;
}

int __real_dagger_start(const struct dagger_guest *guest, int argc, char **argv);

int __wrap_dagger_start(const struct dagger_guest *guest, int argc, char **argv)
{
    struct dagger_guest tested = *guest;
    tested.instantiate = keep_imports;
    tested.initialize = NULL;
    tested.entry = entry;
    made.guest = guest;
    return take_messages() ? __real_dagger_start(&tested, argc, argv) : 3;
}
