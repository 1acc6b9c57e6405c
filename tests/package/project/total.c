#include <stdio.h>

#include "sum.h"

int main(void)
{
    struct dagger_instance *instance;
    int32_t total;
    if (dagger_instance_new(&sum_module, NULL, &instance) != 0 ||
        sum_sum(instance, 10, &total) != 0)
        return puts(dagger_message()), 1;
    printf("%d\n", (int)total);
    return dagger_instance_free(instance);
}
