/* The module "spectest": functions that do nothing, and one memory, table and global of each type.
 * Source: the specification's interpreter, script format, "spectest". */
#include "harness.h"

struct w2c_spectest {
    wasm_rt_memory_t memory;
    wasm_rt_funcref_table_t table;
    uint32_t i32;
    uint64_t i64;
    float f32;
    double f64;
} spectest;

void spectest_instantiate(void)
{
    wasm_rt_allocate_memory(&spectest.memory, 1, 2, false
#if DAGGER_WASM2C_VERSION >= 1037
                            ,
                            WASM_DEFAULT_PAGE_SIZE
#endif
    );
    wasm_rt_allocate_funcref_table(&spectest.table, 10, 20);
    spectest.i32 = 666;
    spectest.i64 = 666;
    spectest.f32 = 666.6f;
    spectest.f64 = 666.6;
}

#define GETTER(name, type, member)                                                                 \
    type *w2c_spectest_##name(struct w2c_spectest *instance)                                       \
    {                                                                                              \
        return &instance->member;                                                                  \
    }
GETTER(memory, wasm_rt_memory_t, memory)
GETTER(table, wasm_rt_funcref_table_t, table)
GETTER(global_i32, uint32_t, i32)
GETTER(global_i64, uint64_t, i64)
GETTER(global_f32, float, f32)
GETTER(global_f64, double, f64)

void w2c_spectest_print(struct w2c_spectest *instance)
{
    (void)instance;
}
#define PRINTER1(name, type)                                                                       \
    void w2c_spectest_print_##name(struct w2c_spectest *instance, type value)                      \
    {                                                                                              \
        (void)instance, (void)value;                                                               \
    }
#define PRINTER2(name, type1, type2)                                                               \
    void w2c_spectest_print_##name(struct w2c_spectest *instance, type1 first, type2 second)       \
    {                                                                                              \
        (void)instance, (void)first, (void)second;                                                 \
    }
PRINTER1(i32, uint32_t)
PRINTER1(i64, uint64_t)
PRINTER1(f32, float)
PRINTER1(f64, double)
PRINTER2(i32_f32, uint32_t, float)
PRINTER2(f64_f64, double, double)
