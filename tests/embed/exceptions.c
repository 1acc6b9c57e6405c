/* An exception ends at the call into the guest, as a trap does. */
#include "check.h"
#include "throw.h"

static struct dagger_instance *instance;

static bool ask(void *context, const char *url)
{
    int32_t n = 0;
    (void)context, (void)url;
    CHECK_RESULT(throw_throw(instance, 5), DAGGER_RESULT_UNCAUGHT_EXCEPTION, "uncaught exception");
    CHECK(throw_catch(instance, 6, &n) == 0 && n == 6);
    return true;
}

int main(void)
{
    struct dagger_options options = {.allowed = ask};
    int32_t n = 0;
    CHECK(dagger_instance_new(&throw_module, &options, &instance) == 0);
    for (int i = 0; i < 3; i++) {
        CHECK(throw_catch(instance, 7, &n) == 0 && n == 7);
        CHECK_RESULT(throw_throw(instance, 8), DAGGER_RESULT_UNCAUGHT_EXCEPTION, "uncaught excep");
    }
    CHECK(dagger_memory_write(instance, 0, "null://", 7) == 0);
    CHECK(throw_open_and_catch(instance, 7, 9, &n) == 0 && n == 9);
    CHECK(throw_throw(instance, 8) == DAGGER_RESULT_UNCAUGHT_EXCEPTION);
    CHECK(dagger_instance_free(instance) == 0);
    return 0;
}
