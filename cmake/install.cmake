# What is installed beside the programs and the runtime: declarations for guests, the CMake package, the
# pkg-config file and documents. The build tree has the first three at the same places.
include(CMakePackageConfigHelpers)

# dagger_share(FOLDER file...): files of the source tree into FOLDER of both trees.
function(dagger_share folder)
    foreach(file IN LISTS ARGN)
        cmake_path(GET file FILENAME name)
        configure_file(${file} ${PROJECT_BINARY_DIR}/${folder}/${name} COPYONLY)
        install(FILES ${file} DESTINATION ${folder})
    endforeach()
endfunction()

dagger_share(share/dagger/guest samples/include/dagger.h samples/assemblyscript/dagger.ts
    samples/rust/dagger.rs samples/zig/dagger.zig)

set(package lib/cmake/Dagger)
dagger_share(${package} cmake/installed/DaggerConfig.cmake cmake/installed/AddDagger.cmake)
set(version_file ${PROJECT_BINARY_DIR}/${package}/DaggerConfigVersion.cmake)
# Until 1.0, a minor version may change what a call means.
write_basic_package_version_file(${version_file} COMPATIBILITY SameMinorVersion)
install(FILES ${version_file} DESTINATION ${package})

set(pc_file ${PROJECT_BINARY_DIR}/share/pkgconfig/dagger.pc)
configure_file(cmake/installed/dagger.pc.in ${pc_file} @ONLY)
install(FILES ${pc_file} DESTINATION share/pkgconfig)

dagger_page(dagger-abi 0 "what a WebAssembly guest may import, and what each call does"
    "**daggercc**(1), **dagger**(1), **dagger-streams**(7)")
dagger_page(dagger-streams 1 "the streams that a WebAssembly guest may open, by their URLs"
    "**daggercc**(1), **dagger**(1), **dagger-abi**(7)")

file(GLOB documents CONFIGURE_DEPENDS docs/*.md docs/*.svg)
install(FILES README.md LICENSE CHANGELOG.md DESTINATION share/doc/dagger)
install(FILES ${documents} DESTINATION share/doc/dagger/docs)
