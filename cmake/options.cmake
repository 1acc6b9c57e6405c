# One interface target carries the options every target of the project is
# compiled with; dagger_options is linked privately by each of them.
add_library(dagger_options INTERFACE)
target_compile_definitions(dagger_options INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64)
target_compile_options(dagger_options INTERFACE
    -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith
    -Wwrite-strings -Wvla -fno-common -fno-strict-aliasing)
if(DAGGER_WERROR)
    target_compile_options(dagger_options INTERFACE -Werror)
endif()
# What daggercc links executables with stays as it is shipped: target property DAGGER_PLAIN.
set(instrumented $<NOT:$<BOOL:$<TARGET_PROPERTY:DAGGER_PLAIN>>>)
if(DAGGER_SANITIZE)
    foreach(option -fsanitize=address,undefined -fno-sanitize-recover=undefined
            -fno-omit-frame-pointer)
        target_compile_options(dagger_options INTERFACE $<${instrumented}:${option}>)
    endforeach()
    target_link_options(dagger_options INTERFACE -fsanitize=address,undefined)
endif()
if(DAGGER_FUZZ)
    target_compile_options(dagger_options INTERFACE
        $<${instrumented}:-fsanitize=fuzzer-no-link>)
endif()

# Executables have no build paths in them, not even of the runtime's debug information. The last that
# fits counts.
set(DAGGER_NO_PATHS
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=.)

# dagger_plain_objects(NAME FROM): object library NAME of the same sources and options as FROM, of the
# same folder, without sanitizers and fuzzers.
function(dagger_plain_objects name from)
    get_target_property(sources ${from} SOURCES)
    list(FILTER sources EXCLUDE REGEX TARGET_OBJECTS)
    add_library(${name} OBJECT ${sources})
    foreach(property INCLUDE_DIRECTORIES COMPILE_OPTIONS LINK_LIBRARIES)
        get_target_property(value ${from} ${property})
        set_target_properties(${name} PROPERTIES ${property} "${value}")
    endforeach()
    set_target_properties(${name} PROPERTIES DAGGER_PLAIN ON)
endfunction()
