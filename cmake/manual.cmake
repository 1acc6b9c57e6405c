# dagger_manual(PROGRAM WRITER): the man page and the shells' completions of PROGRAM, as the target
# WRITER prints them (compiler/manual.h).
function(dagger_manual program writer)
    set_target_properties(${writer} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
    set(files)
    foreach(row
            "man share/man/man1 ${program}.1"
            "bash share/bash-completion/completions ${program}"
            "zsh share/zsh/site-functions _${program}"
            "fish share/fish/vendor_completions.d ${program}.fish")
        string(REPLACE " " ";" row ${row})
        list(GET row 0 kind)
        list(GET row 1 folder)
        list(GET row 2 file)
        set(output ${CMAKE_BINARY_DIR}/${folder}/${file})
        add_custom_command(
            OUTPUT ${output}
            COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/${folder}
            COMMAND ${writer} ${kind} > ${output}
            DEPENDS ${writer})
        install(FILES ${output} DESTINATION ${folder})
        list(APPEND files ${output})
    endforeach()
    add_custom_target(${program}_manuals ALL DEPENDS ${files})
endfunction()

# dagger_page(NAME STREAMS ABOUT ALSO): the man page NAME(7) out of docs/abi.md, as cmake/page.awk says,
# whose tables tests/docs compares with the sources.
function(dagger_page name streams about also)
    find_program(DAGGER_LOWDOWN lowdown DOC "what makes man pages of Markdown")
    if(NOT DAGGER_LOWDOWN)
        message(STATUS "${name}(7) is left out: it needs lowdown")
        return()
    endif()
    set(script ${PROJECT_SOURCE_DIR}/cmake/page.awk)
    set(from ${PROJECT_SOURCE_DIR}/docs/abi.md)
    set(folder share/man/man7)
    set(markdown ${CMAKE_CURRENT_BINARY_DIR}/${name}.md)
    set(page ${CMAKE_BINARY_DIR}/${folder}/${name}.7)
    add_custom_command(
        OUTPUT ${page}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/${folder}
        COMMAND awk -v name=${name} -v streams=${streams} -v about=${about} -v also=${also}
            -f ${script} ${from} > ${markdown}
        COMMAND ${DAGGER_LOWDOWN} -s -tman --nroff-nolinks --out-no-smarty -m title=${name} -m section=7
            -m "source=dagger ${PROJECT_VERSION}" -m volume=Dagger -o ${page} ${markdown}
        DEPENDS ${script} ${from} VERBATIM)
    install(FILES ${page} DESTINATION ${folder})
    add_custom_target(${name}_page ALL DEPENDS ${page})
endfunction()
