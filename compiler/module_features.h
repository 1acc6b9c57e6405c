/* The WebAssembly features a module may use beyond what wasm2c translates by default, in one table:
 * what wasm2c must be told, why a module that uses one may be refused, and what to do then. */
#ifndef DAGGER_COMPILER_MODULE_FEATURES_H
#define DAGGER_COMPILER_MODULE_FEATURES_H

#include <stdint.h>

typedef uint32_t feature_set;

/* X(identifier, name for people, flag for wasm2c or NULL when on by default,
 *   why it is refused where it is not trusted, what to do instead) */
#define FEATURES(X)                                                                                \
    X(SIMD, "SIMD", NULL, "it is not translated",                                                  \
      "compile the guest without -msimd128 (Rust: without -C target-feature=+simd128)")            \
    X(MULTI_MEMORY, "multiple memories", "--enable-multi-memory", "they are not translated",       \
      "compile the guest without -mmultimemory")                                                   \
    X(EXTENDED_CONST, "extended constant expressions", "--enable-extended-const",                  \
      "they are not translated", "compile the guest without -mextended-const")                     \
    X(EXCEPTIONS_LEGACY, "exceptions (try, catch)", "--enable-exceptions",                         \
      "before 1.0.37 they are translated wrongly",                                                 \
      "compile the guest without -fwasm-exceptions, or use a newer wasm2c")                        \
    X(EXCEPTIONS, "exceptions (try_table, exnref)", "--enable-exceptions",                         \
      "before 1.0.37 they are translated wrongly",                                                 \
      "compile the guest without -fwasm-exceptions, or use a newer wasm2c")                        \
    X(TAIL_CALL, "tail calls", "--enable-tail-call",                                               \
      "the code made for them uses an instance pointer that was never set",                        \
      "compile the guest without -mtail-call")                                                     \
    X(THREADS, "threads (shared memory, atomic operations)", "--enable-threads",                   \
      "a guest runs in one thread, and its memory belongs to it alone",                            \
      "compile the guest without -pthread and -matomics")                                          \
    X(MEMORY64, "64-bit memories or tables", "--enable-memory64",                                  \
      "before 1.0.42 an address can wrap round and leave the guest's memory",                      \
      "compile the guest for wasm32 instead of wasm64")                                            \
    X(RELAXED_SIMD, "relaxed SIMD", "--enable-relaxed-simd", "it is not translated",               \
      "compile the guest without -mrelaxed-simd")                                                  \
    X(FUNCTION_REFERENCES, "typed function references", "--enable-function-references",            \
      "they are not translated", "compile the guest without typed function references")            \
    X(GC, "garbage-collected types", "--enable-gc", "they are not translated",                     \
      "use a toolchain that brings its own collector in linear memory")                            \
    X(CUSTOM_PAGE_SIZES, "custom page sizes", "--enable-custom-page-sizes",                        \
      "the guest's memory is made of pages of 64 KiB",                                             \
      "compile the guest with the default page size")                                              \
    X(TABLE_INIT, "tables with an initial value", "--enable-function-references",                  \
      "they are not translated", "fill the table with an element segment")                         \
    X(WIDE_ARITHMETIC, "wide arithmetic", NULL, "it is not translated",                            \
      "compile the guest without -mwide-arithmetic")                                               \
    X(CATCH_ALL_AFTER_CATCH, "a catch_all after a catch (older exceptions)",                       \
      "--enable-exceptions",                                                                       \
      "the code made for the catch_all runs after a catch has matched, too",                       \
      "turn the module's exceptions into the newer kind, by wasm-opt --translate-to-exnref or by " \
      "clang's -mllvm -wasm-use-legacy-eh=false")                                                  \
    X(CODE_AFTER_RETHROW, "code after a rethrow (older exceptions)", "--enable-exceptions",        \
      "translating code that is never reached there, it reads outside its own memory",             \
      "optimise the guest (wasm-opt --vacuum), so that nothing follows a rethrow in its block")    \
    X(LARGE_EXCEPTIONS, "exceptions of more than 256 bytes", "--enable-exceptions",                \
      "the runtime keeps the values of an exception in as much (a reference to a function takes "  \
      "32 bytes, one to an exception 272)",                                                        \
      "let the tag have fewer parameters: throw an address of larger values")

enum feature_number {
#define X(id, name, flag, reason, remedy) FEATURE_NUMBER_##id,
    FEATURES(X)
#undef X
        FEATURE_COUNT
};

#define FEATURE(id) ((feature_set)1 << FEATURE_NUMBER_##id)

struct feature {
    const char *name, *flag, *reason, *remedy;
};
extern const struct feature features[FEATURE_COUNT];

#endif
