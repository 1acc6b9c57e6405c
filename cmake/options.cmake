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
if(DAGGER_SANITIZE)
    target_compile_options(dagger_options INTERFACE
        -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(dagger_options INTERFACE -fsanitize=address,undefined)
endif()
if(DAGGER_FUZZ)
    target_compile_options(dagger_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
