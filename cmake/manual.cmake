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
