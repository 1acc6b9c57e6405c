/* Instances that can't be made leave nothing, whatever it is that fails. */
#include <sys/resource.h>
#include <unistd.h>

#include "check.h"
#include "failing.h"
#include "initializing.h"
#include "io.h"
#include "starting.h"

static void fails(const struct dagger_module *module, const struct dagger_options *options,
                  int result, const char *message)
{
    struct dagger_instance *instance = (struct dagger_instance *)1;
    CHECK_RESULT(dagger_instance_new(module, options, &instance), result, message);
    CHECK(instance == NULL);
}

int main(void)
{
    struct dagger_options small = {.max_memory = 65536}, nowhere = {.root = "/no/such/folder"};
    struct dagger_options file = {.root = "/etc/passwd"}, negative = {.idle_timeout_ms = -1};
    /* More often than there is address space for, were any of it kept. */
    for (int i = 0; i < 20000; i++) {
        fails(&failing_module, NULL, DAGGER_RESULT_OUT_OF_BOUNDS, "out of bounds memory access");
        fails(&starting_module, NULL, DAGGER_RESULT_UNREACHABLE, "unreachable");
    }
    fails(&failing_module, &small, DAGGER_RESULT_FAILED,
          "the guest's memory begins with 16 pages of 65536 bytes, more than the 65536 bytes");
    fails(&io_module, &nowhere, DAGGER_RESULT_FAILED, "the root is not a directory");
    fails(&io_module, &file, DAGGER_RESULT_FAILED, "the root is not a directory");
    fails(&io_module, &negative, DAGGER_RESULT_FAILED, "a timeout is negative");

    struct dagger_instance *instance;
    int32_t n = 0;
    CHECK(dagger_instance_new(&initializing_module, NULL, &instance) == 0);
    CHECK(initializing_ready(instance, &n) == 0 && n == 1);
    CHECK(dagger_instance_free(instance) == 0);

    struct rlimit limit = {(rlim_t)4 << 30, (rlim_t)4 << 30};
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    for (int i = 0; i < 1000; i++)
        fails(&initializing_module, NULL, DAGGER_RESULT_FAILED,
              "can't reserve 8 GiB of address space for the guest's memory: ");
    limit.rlim_cur = 16 << 20;
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    for (int i = 0; i < 1000; i++)
        fails(&initializing_module, NULL, DAGGER_RESULT_FAILED,
              "can't get 32 MiB of address space for the stack: ");
    return 0;
}
