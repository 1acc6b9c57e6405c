/* proc_exit of embedded modules, apart from the rest of WASI, which those need not have that only
 * want to end. */
#include "calls.h"
#include "instance.h"

void dagger_call_wasi_proc_exit(struct w2c_dagger *imports, uint32_t status)
{
    struct dagger_instance *instance = (struct dagger_instance *)imports;
    dagger_host_enter(imports);
    instance->exited = true;
    instance->status = (int32_t)status;
    dagger_leave(dagger_result_exited(instance));
}
