# Run by cpack between installing into a temporary folder and packing: what Debian wants otherwise than
# `cmake --install` has it.
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr)
set(documents ${root}/share/doc/dagger)

if(NOT EXISTS ${root}/share/dagger/wasm2c/node_modules/wabt/bin/wasm2c)
    message(FATAL_ERROR "wasm2c is not in the build tree, and the package must have it:"
        " run 'scripts/setup build TREE' where no newer wabt is installed, or 'npm ci' in"
        " TREE/share/dagger/wasm2c")
endif()

# Licences are in the file `copyright` alone.
file(REMOVE ${documents}/LICENSE ${root}/share/dagger/wasm2c/node_modules/wabt/LICENSE)
file(RENAME ${documents}/CHANGELOG.md ${documents}/changelog)
file(COPY_FILE ${CMAKE_CURRENT_LIST_DIR}/copyright ${documents}/copyright)

string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH, if it is set
file(WRITE ${documents}/changelog.Debian "dagger (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})\
 unstable; urgency=medium

  * Version ${CPACK_PACKAGE_VERSION}: see changelog.gz.

 -- ${CPACK_DEBIAN_PACKAGE_MAINTAINER}  ${date}
")

# Where Debian's zsh looks for the completions of packages.
file(RENAME ${root}/share/zsh/site-functions ${root}/share/zsh/vendor-completions)

file(GLOB compressed ${documents}/changelog* ${root}/share/man/man*/*)
execute_process(COMMAND gzip -9n ${compressed} COMMAND_ERROR_IS_FATAL ANY)
