/* Tables and calls through them. See code.h. The names of these functions tell a trap out of bounds
 * of a table from one of memory (wasm-rt.h). */
#ifndef DAGGER_GUEST_TABLE_H
#define DAGGER_GUEST_TABLE_H

/* All types of functions of an executable come from one module, where daggercc has given equal
 * types one number; so a null reference, whose type is 0, is of no type that could be asked for. */
#define CALL_INDIRECT(table, signature, type, index, ...)                                          \
    (LIKELY((index) < (table).size && (table).data[index].func_type == (type)) ||                  \
         TRAP(CALL_INDIRECT),                                                                      \
     ((signature)(table).data[index].func)(__VA_ARGS__))

typedef enum { RefFunc, RefNull, GlobalGet } wasm_elem_segment_expr_type_t;

typedef struct {
    wasm_elem_segment_expr_type_t kind;
    wasm_rt_func_type_t type;
    wasm_rt_function_ptr_t function;
    wasm_rt_tailcallee_t tailcallee;
    size_t module_offset;
} wasm_elem_segment_expr_t;

static __attribute__((unused)) void funcref_table_init(const wasm_rt_funcref_table_t *table,
                                                       const wasm_elem_segment_expr_t *segment,
                                                       u32 segment_size, u32 to, u32 from, u32 len,
                                                       void *instance)
{
    (void)instance;
    if (UNLIKELY((u64)from + len > segment_size || (u64)to + len > table->size))
        TRAP(OOB);
    for (u32 i = 0; i < len; i++) {
        const wasm_elem_segment_expr_t *element = &segment[from + i];
        table->data[to + i] = element->kind == RefFunc
                                  ? (wasm_rt_funcref_t){element->type, element->function, {0}, 0}
                                  : wasm_rt_funcref_null_value;
    }
}

/* These can be initialised with null references only. */
static __attribute__((unused)) void externref_table_init(const wasm_rt_externref_table_t *table,
                                                         u32 segment_size, u32 to, u32 from,
                                                         u32 len)
{
    if (UNLIKELY((u64)from + len > segment_size || (u64)to + len > table->size))
        TRAP(OOB);
    for (u32 i = 0; i < len; i++)
        table->data[to + i] = wasm_rt_externref_null_value;
}

#define DEFINE_TABLE(kind)                                                                         \
    INLINE wasm_rt_##kind##_t kind##_table_get(const wasm_rt_##kind##_table_t *table, u32 index)   \
    {                                                                                              \
        if (UNLIKELY(index >= table->size))                                                        \
            TRAP(OOB);                                                                             \
        return table->data[index];                                                                 \
    }                                                                                              \
    INLINE void kind##_table_set(const wasm_rt_##kind##_table_t *table, u32 index,                 \
                                 wasm_rt_##kind##_t value)                                         \
    {                                                                                              \
        if (UNLIKELY(index >= table->size))                                                        \
            TRAP(OOB);                                                                             \
        table->data[index] = value;                                                                \
    }                                                                                              \
    static __attribute__((unused)) void kind##_table_fill(                                         \
        const wasm_rt_##kind##_table_t *table, u32 start, wasm_rt_##kind##_t value, u32 len)       \
    {                                                                                              \
        if (UNLIKELY((u64)start + len > table->size))                                              \
            TRAP(OOB);                                                                             \
        for (u32 i = 0; i < len; i++)                                                              \
            table->data[start + i] = value;                                                        \
    }                                                                                              \
    static __attribute__((unused)) void kind##_table_copy(                                         \
        const wasm_rt_##kind##_table_t *to_table, const wasm_rt_##kind##_table_t *from_table,      \
        u32 to, u32 from, u32 len)                                                                 \
    {                                                                                              \
        if (UNLIKELY((u64)to + len > to_table->size || (u64)from + len > from_table->size))        \
            TRAP(OOB);                                                                             \
        memmove(to_table->data + to, from_table->data + from, len * sizeof *to_table->data);       \
    }
DEFINE_TABLE(funcref)
DEFINE_TABLE(externref)
#undef DEFINE_TABLE

#endif
