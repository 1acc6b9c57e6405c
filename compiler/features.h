/* The WebAssembly features a module may use beyond the first version, in one table: what detects
 * them, what wasm2c must be told, what a refusal says. */
#ifndef DAGGER_COMPILER_FEATURES_H
#define DAGGER_COMPILER_FEATURES_H

#include <stdint.h>

typedef uint32_t feature_set;

/* X(identifier, name for people, flag for wasm2c or NULL when on by default, how the producer turns
 * it off or what to do instead) */
#define FEATURES(X)                                                                                \
    X(SIMD, "SIMD", NULL, "compile the guest without -msimd128")                                   \
    X(MULTI_MEMORY, "multiple memories", "--enable-multi-memory",                                  \
      "compile the guest without -mmultimemory")                                                   \
    X(EXTENDED_CONST, "extended constant expressions", "--enable-extended-const",                  \
      "compile the guest without -mextended-const")                                                \
    X(EXCEPTIONS_LEGACY, "exceptions (legacy try/catch)", "--enable-exceptions",                   \
      "compile the guest without -fwasm-exceptions")                                               \
    X(EXCEPTIONS, "exceptions (try_table, exnref)", "--enable-exceptions",                         \
      "compile the guest without -fwasm-exceptions")                                               \
    X(TAIL_CALL, "tail calls", "--enable-tail-call", "compile the guest without -mtail-call")      \
    X(THREADS, "threads (shared memory, atomics)", "--enable-threads",                             \
      "compile the guest without -pthread and -matomics")                                          \
    X(MEMORY64, "64-bit memories and tables", "--enable-memory64",                                 \
      "compile the guest for wasm32 instead of wasm64")                                            \
    X(RELAXED_SIMD, "relaxed SIMD", "--enable-relaxed-simd",                                       \
      "compile the guest without -mrelaxed-simd")                                                  \
    X(FUNCTION_REFERENCES, "typed function references", "--enable-function-references",            \
      "compile the guest without typed function references")                                      \
    X(GC, "garbage-collected types", "--enable-gc",                                                \
      "compile the guest with a toolchain that brings its own collector in linear memory")         \
    X(CUSTOM_PAGE_SIZES, "custom page sizes", "--enable-custom-page-sizes",                        \
      "compile the guest with pages of 64 KiB")                                                    \
    X(MULTI_TABLE_INIT, "tables with an initial value", "--enable-function-references",            \
      "compile the guest without table initialisers")

enum feature_number {
#define X(id, name, flag, remedy) FEATURE_NUMBER_##id,
    FEATURES(X)
#undef X
        FEATURE_COUNT
};

#define FEATURE(id) ((feature_set)1 << FEATURE_NUMBER_##id)

struct feature {
    const char *name, *flag, *remedy;
};
extern const struct feature features[FEATURE_COUNT];

#endif
