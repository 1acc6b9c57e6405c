# The runtime for another target than this machine (scripts/target), from toolchain.cmake's compiler.
# What its headers lack is taken from this machine by the folder: the rest of this machine's headers is
# of another C library or processor.
include(CheckIncludeFile)

set(DAGGER_LIB_DIR ${DAGGER_TREE}/lib/dagger/${DAGGER_TARGET})
set(here /usr/include /usr/include/${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu)

# borrow(FOLDER FILE PACKAGE INTO): a link to the folder of headers that has FILE, in INTO. A right one is
# left alone: a daggercc may be looking through it.
function(borrow folder file package into)
    find_path(DAGGER_HEADERS_${folder} ${folder}/${file} PATHS ${here} NO_DEFAULT_PATH)
    if(NOT DAGGER_HEADERS_${folder})
        message(FATAL_ERROR "the headers <${folder}/...> are not in ${here}: install ${package}")
    endif()
    set(there)
    if(IS_SYMLINK ${into}/${folder})
        file(READ_SYMLINK ${into}/${folder} there)
    endif()
    if(NOT there STREQUAL ${DAGGER_HEADERS_${folder}}/${folder})
        file(MAKE_DIRECTORY ${into})
        file(CREATE_LINK ${DAGGER_HEADERS_${folder}}/${folder} ${into}/${folder} SYMBOLIC)
    endif()
endfunction()

# libcurl's are the same for all 64-bit Linux.
set(headers ${CMAKE_BINARY_DIR}/headers)
borrow(curl curl.h libcurl4-openssl-dev ${headers})
set(CURL_INCLUDE_DIR ${headers} CACHE PATH "")
set(CURL_LIBRARY not-linked CACHE STRING "")

# musl has none of the kernel's.
check_include_file(linux/audit.h DAGGER_HAS_KERNEL_HEADERS)
if(NOT DAGGER_HAS_KERNEL_HEADERS)
    if(NOT CMAKE_SYSTEM_PROCESSOR STREQUAL CMAKE_HOST_SYSTEM_PROCESSOR)
        message(FATAL_ERROR "${CMAKE_C_COMPILER} does not find the kernel's headers, <linux/audit.h>: "
            "install them for ${DAGGER_TARGET}")
    endif()
    borrow(linux audit.h linux-libc-dev ${headers})
    borrow(asm unistd.h linux-libc-dev ${headers})
    borrow(asm-generic unistd.h linux-libc-dev ${headers})
    add_compile_options(-isystem ${headers})
endif()

# Guests with SIMD need SIMDe; daggercc has the compiler look there last.
check_include_file(simde/wasm/simd128.h DAGGER_HAS_SIMDE)
if(NOT DAGGER_HAS_SIMDE)
    borrow(simde wasm/simd128.h libsimde-dev ${DAGGER_LIB_DIR}/include)
    install(DIRECTORY ${DAGGER_LIB_DIR}/include DESTINATION lib/dagger/${DAGGER_TARGET})
endif()
