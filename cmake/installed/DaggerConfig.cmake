# find_package(Dagger): add_dagger_executable and add_dagger_library, as AddDagger.cmake beside this file
# has them. Found beside it, in an installed tree as in a build tree, and set:
#   Dagger_DAGGERCC   the compiler of modules
#   Dagger_GUEST_DIR  declarations for guests: dagger.h, dagger.ts, dagger.rs, dagger.zig
# Links first: where lib is one to usr/lib, the folder above is another one.
get_filename_component(Dagger_PREFIX ${CMAKE_CURRENT_LIST_DIR} REALPATH)
get_filename_component(Dagger_PREFIX ${Dagger_PREFIX}/../../.. REALPATH)
set(Dagger_DAGGERCC ${Dagger_PREFIX}/bin/daggercc)
set(Dagger_GUEST_DIR ${Dagger_PREFIX}/share/dagger/guest)

# What executables and archives are made from, besides the module: they are made again when it changes.
set(Dagger_PARTS ${Dagger_DAGGERCC} ${Dagger_PREFIX}/lib/dagger/libdagger.a
    ${Dagger_PREFIX}/lib/dagger/libdagger_embed.a)
foreach(part ${Dagger_PARTS} ${Dagger_GUEST_DIR}/dagger.h)
    if(NOT EXISTS ${part})
        set(Dagger_FOUND FALSE)
        set(Dagger_NOT_FOUND_MESSAGE "${part} is missing: install Dagger again, or finish its build")
        return()
    endif()
endforeach()

include(${CMAKE_CURRENT_LIST_DIR}/AddDagger.cmake)
