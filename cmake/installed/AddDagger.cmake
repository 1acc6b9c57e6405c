# From sources to WebAssembly to native code, in one target:
#
#   add_dagger_executable(NAME SOURCES file... [LANGUAGE C|WAT|WASM|AS] [WASI]
#       [POLICY file or pattern...] [OPTIONS option...] [COMPILE_OPTIONS option...]
#       [LINK_OPTIONS option...] [INCLUDE_DIRECTORIES folder...] [DEPENDS file...])
#   add_dagger_library(NAME SOURCES file... [the same, but POLICY])
#
# The first makes the executable NAME, for $<TARGET_FILE:NAME>, add_test, add_dependencies and
# install(PROGRAMS); its file is NAME in CMAKE_RUNTIME_OUTPUT_DIRECTORY or the current binary folder. The
# second makes the library NAME, for target_link_libraries; C and C++ programs include its header, NAME.h.
# What builds either alone is the target NAME_build; executables are built by default.
#
# LANGUAGE is guessed from the sources' names if it is not given. WAT and WASM take one source. AS compiles
# the first source; the others are those it imports, listed so that a change of them is seen. Headers of
# C are seen by themselves. WASI compiles C with wasi-libc.
# POLICY takes policy files and, told by their "://", patterns that are allowed (docs/policy.md). OPTIONS
# are for daggercc, which runs in the current source folder, COMPILE_OPTIONS for clang or asc,
# LINK_OPTIONS and INCLUDE_DIRECTORIES for clang. DEPENDS names other files that those options name.
#
# DAGGER_CLANG and DAGGER_ASC, cache variables, are the compilers.
cmake_policy(VERSION 3.25)

set(Dagger_LANGUAGES C WAT WASM AS)
set(Dagger_ENDING_C .c)
set(Dagger_ENDING_WAT .wat)
set(Dagger_ENDING_WASM .wasm)
set(Dagger_ENDING_AS .ts)
# Keywords that are not for every language.
set(Dagger_KEYWORDS_C WASI COMPILE_OPTIONS LINK_OPTIONS INCLUDE_DIRECTORIES)
set(Dagger_KEYWORDS_AS COMPILE_OPTIONS)

# An error of a call for the target `name`, at the place of that call.
function(_dagger_error name)
    string(JOIN "" text ${ARGN})
    message(FATAL_ERROR "${name}: ${text}")
endfunction()

# The language of all sources, which are there, into `result`.
function(_dagger_language result name given)
    set(endings)
    foreach(language IN LISTS Dagger_LANGUAGES)
        string(APPEND endings " ${Dagger_ENDING_${language}} (${language})")
    endforeach()
    if(given AND NOT given IN_LIST Dagger_LANGUAGES)
        string(JOIN ", " known ${Dagger_LANGUAGES})
        _dagger_error(${name} "LANGUAGE is one of ${known}, not '${given}'")
    endif()
    set(language ${given})
    foreach(source IN LISTS ARGN)
        cmake_path(GET source EXTENSION LAST_ONLY ending)
        set(of_source)
        foreach(candidate IN LISTS Dagger_LANGUAGES)
            if(ending STREQUAL Dagger_ENDING_${candidate})
                set(of_source ${candidate})
            endif()
        endforeach()
        if(NOT of_source AND NOT given)
            _dagger_error(${name} "the language of '${source}' is not known: give LANGUAGE, or name it"
                " by its ending:${endings}")
        elseif(language AND of_source AND NOT language STREQUAL of_source)
            _dagger_error(${name} "'${source}' is ${of_source}, but the guest is ${language}:"
                " a guest is of one language")
        elseif(of_source)
            set(language ${of_source})
        endif()
    endforeach()
    list(LENGTH ARGN count)
    if(language MATCHES "^WA" AND count GREATER 1)
        _dagger_error(${name} "${count} SOURCES, but a guest in ${language} is one file")
    endif()
    set(${result} ${language} PARENT_SCOPE)
endfunction()

# Finds clang and what it needs for such a target, by a program that does nothing; once a build tree.
function(_dagger_need_clang name target)
    find_program(DAGGER_CLANG NAMES clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14
        DOC "clang for guests in C")
    if(NOT DAGGER_CLANG)
        _dagger_error(${name} "C needs clang, which was not found:"
            " install clang and lld, or set DAGGER_CLANG")
    elseif(DAGGER_CLANG_WORKS_FOR_${target} STREQUAL DAGGER_CLANG)
        return()
    endif()
    set(probe ${CMAKE_BINARY_DIR}/CMakeFiles/dagger_${target})
    file(WRITE ${probe}.c "int main(void) { return 0; }\n")
    set(options -nostdlib -Wl,--no-entry)
    set(packages "clang and lld")
    if(target STREQUAL wasm32-wasi)
        set(options)
        set(packages "clang, lld, wasi-libc and libclang-rt-dev-wasm32")
    endif()
    execute_process(
        COMMAND ${DAGGER_CLANG} --target=${target} ${options} ${probe}.c -o ${probe}.wasm
        RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(NOT status EQUAL 0)
        _dagger_error(${name} "${DAGGER_CLANG} can't compile for ${target} (on Debian that takes the"
            " packages ${packages}):\n${said}")
    endif()
    set(DAGGER_CLANG_WORKS_FOR_${target} ${DAGGER_CLANG} CACHE INTERNAL "")
endfunction()

# The rules that make `module` from C, an object a source.
function(_dagger_c module name folder)
    set(target wasm32)
    set(link -nostdlib -Wl,--no-entry)
    if(arg_WASI)
        set(target wasm32-wasi)
        set(link)
        if(arg_LIBRARY)
            set(link -mexec-model=reactor)
        endif()
    endif()
    _dagger_need_clang(${name} ${target})
    set(compile --target=${target} -O2 -mbulk-memory -isystem ${Dagger_GUEST_DIR})
    foreach(include IN LISTS arg_INCLUDE_DIRECTORIES)
        cmake_path(ABSOLUTE_PATH include BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
        list(APPEND compile -I ${include})
    endforeach()
    set(objects)
    foreach(source IN LISTS sources)
        list(LENGTH objects number)
        cmake_path(GET source STEM LAST_ONLY stem)
        set(object ${folder}/${number}_${stem}.o)
        add_custom_command(OUTPUT ${object}
            COMMAND ${DAGGER_CLANG} ${compile} ${arg_COMPILE_OPTIONS} -MD -MQ ${object} -MF ${object}.d
                -c ${source} -o ${object}
            DEPENDS ${source} ${arg_DEPENDS} DEPFILE ${object}.d
            COMMENT "Compiling ${stem} to WebAssembly"
            COMMAND_EXPAND_LISTS VERBATIM)
        list(APPEND objects ${object})
    endforeach()
    add_custom_command(OUTPUT ${module}
        COMMAND ${DAGGER_CLANG} --target=${target} ${link} ${arg_LINK_OPTIONS} ${objects} -o ${module}
        DEPENDS ${objects} ${arg_DEPENDS}
        COMMENT "Linking ${name}.wasm"
        COMMAND_EXPAND_LISTS VERBATIM)
endfunction()

# The rule that makes `module` from AssemblyScript.
function(_dagger_as module name)
    find_program(DAGGER_ASC NAMES asc DOC "the compiler of AssemblyScript"
        HINTS ${CMAKE_CURRENT_SOURCE_DIR}/node_modules/.bin ${CMAKE_SOURCE_DIR}/node_modules/.bin)
    if(NOT DAGGER_ASC)
        _dagger_error(${name} "AS needs asc, which was not found: run 'npm install assemblyscript' in"
            " ${CMAKE_SOURCE_DIR}, or set DAGGER_ASC")
    endif()
    list(GET sources 0 source)
    # asc reads files beneath its own folder only.
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(GET source FILENAME file)
    cmake_path(RELATIVE_PATH module BASE_DIRECTORY ${folder} OUTPUT_VARIABLE out)
    cmake_path(RELATIVE_PATH Dagger_GUEST_DIR BASE_DIRECTORY ${folder} OUTPUT_VARIABLE library)
    add_custom_command(OUTPUT ${module}
        COMMAND ${DAGGER_ASC} ${file} -O3 --runtime stub --use abort= --lib ${library}
            ${arg_COMPILE_OPTIONS} --outFile ${out}
        DEPENDS ${sources} ${arg_DEPENDS} ${Dagger_GUEST_DIR}/dagger.ts ${DAGGER_ASC}
        WORKING_DIRECTORY ${folder}
        COMMENT "Compiling ${file} to WebAssembly"
        COMMAND_EXPAND_LISTS VERBATIM)
endfunction()

# The module of the target `name`, which its sources are or which is made from them, into `result`.
function(_dagger_module result name folder)
    set(sources)
    foreach(source IN LISTS arg_SOURCES)
        set(given ${source})
        cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
        get_source_file_property(generated ${source} GENERATED)
        if(NOT generated AND NOT EXISTS ${source})
            set(beneath ${given})
            cmake_path(ABSOLUTE_PATH beneath BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR} NORMALIZE)
            get_source_file_property(generated ${beneath} GENERATED)
            if(NOT generated)
                _dagger_error(${name} "there is no source '${given}' in ${CMAKE_CURRENT_SOURCE_DIR}")
            endif()
            set(source ${beneath})
        endif()
        list(APPEND sources ${source})
    endforeach()
    _dagger_language(language ${name} "${arg_LANGUAGE}" ${sources})
    foreach(keyword IN LISTS Dagger_KEYWORDS_C)
        if(arg_${keyword} AND NOT keyword IN_LIST Dagger_KEYWORDS_${language})
            _dagger_error(${name} "${keyword} is not for guests in ${language}")
        endif()
    endforeach()
    set(module ${folder}/${name}.wasm)
    if(language STREQUAL C)
        _dagger_c(${module} ${name} ${folder})
    elseif(language STREQUAL AS)
        _dagger_as(${module} ${name})
    else()
        set(module ${sources})
    endif()
    set(${result} ${module} PARENT_SCOPE)
endfunction()

# What daggercc with these options makes a guest from, besides the module, into `result`.
function(_dagger_parts result)
    set(parts ${Dagger_PARTS})
    if("${ARGN}" MATCHES "(^|;)--target[=;]([^;]+)")
        file(GLOB others ${Dagger_PREFIX}/lib/dagger/${CMAKE_MATCH_2}/*.a)
        list(APPEND parts ${others})
    endif()
    set(${result} ${parts} PARENT_SCOPE)
endfunction()

# Arguments of both functions into arg_..., after a look at them.
macro(_dagger_arguments name)
    # Functions are known everywhere, variables beneath the folder that called find_package.
    if(NOT DEFINED Dagger_DAGGERCC)
        _dagger_error("${name}" "Dagger is not known in ${CMAKE_CURRENT_SOURCE_DIR}:"
            " call find_package(Dagger) in this folder or one above")
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "WASI" "LANGUAGE"
        "SOURCES;POLICY;OPTIONS;COMPILE_OPTIONS;LINK_OPTIONS;INCLUDE_DIRECTORIES;DEPENDS")
    if(NOT "${name}" MATCHES "^[A-Za-z0-9_.+-]+$")
        _dagger_error("${name}" "a target's name has letters, digits, and any of _.+-")
    elseif(TARGET ${name})
        _dagger_error(${name} "there is another target of that name")
    elseif(DEFINED arg_UNPARSED_ARGUMENTS)
        _dagger_error(${name} "'${arg_UNPARSED_ARGUMENTS}' belongs to no keyword:"
            " files stand behind SOURCES")
    elseif(NOT arg_SOURCES)
        _dagger_error(${name} "no SOURCES")
    endif()
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.dagger)
    file(MAKE_DIRECTORY ${folder})
    _dagger_parts(parts ${arg_OPTIONS})
endmacro()

function(add_dagger_executable name)
    _dagger_arguments("${name}")
    _dagger_module(module ${name} ${folder})
    set(options ${arg_OPTIONS})
    set(policies)
    foreach(rule IN LISTS arg_POLICY)
        if(rule MATCHES "://")
            list(APPEND options --allow ${rule})
        else()
            cmake_path(ABSOLUTE_PATH rule BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
            list(APPEND options --policy ${rule})
            list(APPEND policies ${rule})
        endif()
    endforeach()
    set(output ${CMAKE_CURRENT_BINARY_DIR}/${name})
    if(CMAKE_RUNTIME_OUTPUT_DIRECTORY)
        set(output ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${name})
        cmake_path(ABSOLUTE_PATH output BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
        cmake_path(GET output PARENT_PATH parent)
        file(MAKE_DIRECTORY ${parent}) # not every generator does
    endif()
    # The second file is for DEPENDS, where the path of an executable would mean its target: a circle.
    set(stamp ${folder}/${name}.stamp)
    add_custom_command(OUTPUT ${output} ${stamp}
        COMMAND ${Dagger_DAGGERCC} ${options} -o ${output} -- ${module}
        COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
        DEPENDS ${module} ${policies} ${arg_DEPENDS} ${parts}
        WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
        COMMENT "Compiling ${name} to native code"
        COMMAND_EXPAND_LISTS VERBATIM)
    # Imported, since a custom target can't have the name of the file it makes.
    add_custom_target(${name}_build ALL DEPENDS ${stamp})
    add_executable(${name} IMPORTED GLOBAL)
    set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${output})
    add_dependencies(${name} ${name}_build)
endfunction()

function(add_dagger_library name)
    _dagger_arguments("${name}")
    if(arg_POLICY)
        _dagger_error(${name} "POLICY is for executables: what a library's guest may open is said by"
            " the program that makes the instance (docs/embedding.md)")
    endif()
    set(arg_LIBRARY TRUE)
    _dagger_module(module ${name} ${folder})
    set(archive ${folder}/lib${name}.a)
    set(header ${folder}/${name}.h)
    add_custom_command(OUTPUT ${archive} ${header}
        COMMAND ${Dagger_DAGGERCC} ${arg_OPTIONS} --emit=archive -o ${archive} -- ${module}
        DEPENDS ${module} ${arg_DEPENDS} ${parts}
        WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
        COMMENT "Compiling lib${name}.a to native code"
        COMMAND_EXPAND_LISTS VERBATIM)
    add_custom_target(${name}_build DEPENDS ${archive} ${header})
    add_library(${name} INTERFACE)
    add_dependencies(${name} ${name}_build)
    target_include_directories(${name} INTERFACE ${folder})
    # The last two are part of the C library since glibc 2.34.
    target_link_libraries(${name} INTERFACE ${archive} m pthread dl)
endfunction()
