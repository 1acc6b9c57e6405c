/* Fuel of instances. What is left is a global of the guest, which its function exchange_fuel reads
 * and sets; like all code of the guest it runs on the instance's stack. */
#include "instance.h"

static int64_t left_of(const struct dagger_module *module, void *guest)
{
    uint64_t left = module->exchange_fuel(guest, 0);
    module->exchange_fuel(guest, left);
    return (int64_t)left;
}

static int out_of_fuel(struct dagger_instance *instance)
{
    instance->trapped = true;
    return dagger_result(DAGGER_RESULT_OUT_OF_FUEL);
}

/* ---- Calls ------------------------------------------------------------------------------------
 */

struct paid {
    const struct dagger_module *module;
    void (*function)(void *guest, void *values);
    void *values;
    bool is_out; /* before it, or after it */
};

static void look(void *guest, void *argument)
{
    struct paid *paid = argument;
    paid->is_out = left_of(paid->module, guest) < 0;
}

static void run_paid(void *guest, void *argument)
{
    struct paid *paid = argument;
    look(guest, paid);
    if (paid->is_out)
        return;
    paid->function(guest, paid->values);
    look(guest, paid);
}

int dagger_run_paid(struct dagger_instance *instance, void (*function)(void *guest, void *values),
                    void *values)
{
    struct paid paid = {.module = instance->module, .function = function, .values = values};
    if (!instance->module->exchange_fuel)
        return dagger_run(instance, function, values);
    int result = dagger_run(instance, run_paid, &paid);
    /* Code that looks and finds none executes an unreachable. */
    if (result == DAGGER_RESULT_UNREACHABLE && dagger_run(instance, look, &paid) == 0 &&
        paid.is_out)
        return out_of_fuel(instance);
    return result == 0 && paid.is_out ? out_of_fuel(instance) : result;
}

/* ---- What the program does with it ------------------------------------------------------------
 */

static int not_counted(void)
{
    return dagger_result_because(DAGGER_RESULT_FAILED,
                                 "the module does not count instructions; compile it with --fuel");
}

static int too_much(void)
{
    return dagger_result_because(DAGGER_RESULT_FAILED, "more fuel than %u", (uint64_t)INT64_MAX);
}

int dagger_fuel_take(struct dagger_instance *instance, uint64_t wanted)
{
    if (wanted && !instance->module->exchange_fuel)
        return not_counted();
    if (wanted > INT64_MAX)
        return too_much();
    instance->runtime.fuel.given = wanted ? wanted : instance->module->fuel;
    return 0;
}

struct exchange {
    const struct dagger_module *module;
    uint64_t fuel; /* is set to this, */
    bool add;      /* or has it added; */
    uint64_t left; /* then it is this */
};

static void exchange(void *guest, void *argument)
{
    struct exchange *change = argument;
    int64_t before = change->add ? left_of(change->module, guest) : 0;
    uint64_t left = before > 0 ? (uint64_t)before : 0;
    if (change->add && change->fuel == 0) { /* a debt stays one */
        change->left = left;
        return;
    }
    change->left = change->fuel > INT64_MAX - left ? INT64_MAX : left + change->fuel;
    change->module->exchange_fuel(guest, change->left);
}

static int change(struct dagger_instance *instance, bool add, uint64_t fuel, uint64_t *left)
{
    struct exchange change = {.module = instance->module, .add = add, .fuel = fuel};
    if (!instance->module->exchange_fuel)
        return not_counted();
    int result = dagger_thread_prepare();
    if (result != 0)
        return result;
    if (!dagger_claim(instance))
        return dagger_result(DAGGER_RESULT_BUSY);
    result = dagger_run(instance, exchange, &change);
    dagger_release(instance);
    if (result == 0 && left)
        *left = change.left;
    return result;
}

int dagger_fuel_set(struct dagger_instance *instance, uint64_t fuel)
{
    return fuel > INT64_MAX ? too_much() : change(instance, false, fuel, NULL);
}

int dagger_fuel_add(struct dagger_instance *instance, uint64_t more)
{
    return change(instance, true, more, NULL);
}

int dagger_fuel_left(struct dagger_instance *instance, uint64_t *left)
{
    return change(instance, true, 0, left);
}
