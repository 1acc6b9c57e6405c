# The Debian package: cpack -G DEB, in the build tree. It works without a network once it is installed: the
# pinned wasm2c is in it, since Debian's own is too old to be safe.
set(DAGGER_MAINTAINER "Dagger developers <developers@dagger.invalid>"
    CACHE STRING "who answers for the Debian package: NAME <ADDRESS>")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME dagger)
set(CPACK_PACKAGE_CONTACT "${DAGGER_MAINTAINER}")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "compiler of WebAssembly modules to native executables")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "daggercc compiles a WebAssembly module ahead of time into one native
executable, or into a library for C and C++ programs; dagger runs the same
module in an interpreter. A module reaches the world by streams of data that
are named by URLs, or by WASI; a policy says which, and the kernel holds the
program to it.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${DAGGER_MAINTAINER}")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
# To compile a guest; its executable needs the C library alone.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "gcc | clang, binutils, libc6-dev | libc-dev, libsimde-dev, nodejs (>= 18)")
# For http, https and tcp, of dagger and of executables.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libcurl4 (>= 7.85) | libcurl4t64, ca-certificates")
# For guests in C, with wasi-libc, too, and for find_package(Dagger).
set(CPACK_DEBIAN_PACKAGE_SUGGESTS
    "clang, lld, wasi-libc, libclang-rt-dev-wasm32, wabt, cmake, pkgconf | pkg-config")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian/finish.cmake)
set(CPACK_VERBATIM_VARIABLES ON)
include(CPack)
