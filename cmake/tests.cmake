# How tests are declared: one line a test. Every test is safe to run next to any other, in any order,
# from any folder; what it needs on disk it makes in a fresh temporary folder.

find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
find_package(PkgConfig REQUIRED)
pkg_check_modules(CRITERION REQUIRED IMPORTED_TARGET criterion)

# A test that can't run here (a compiler that is not installed) exits with this status; ctest then
# lists it as skipped, never as passed.
set(DAGGER_TEST_SKIPPED 77)

# dagger_unit_test(NAME SOURCES a.c... [LIBS target...] [TIMEOUT seconds])
# A Criterion executable test_NAME, one ctest test NAME. Criterion runs each case in a process of its
# own, one at a time, because ctest runs several tests next to each other already.
function(dagger_unit_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LIBS")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    add_executable(test_${name} ${arg_SOURCES})
    set_target_properties(test_${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(test_${name} PRIVATE ${arg_LIBS} PkgConfig::CRITERION dagger_options)
    add_test(NAME ${name} COMMAND test_${name} --jobs=1)
    set_tests_properties(${name} PROPERTIES
        TIMEOUT ${arg_TIMEOUT}
        # Criterion reports a crash of a case by itself; AddressSanitizer must not take SIGSEGV from it.
        ENVIRONMENT "ASAN_OPTIONS=handle_segv=0")
endfunction()

# dagger_script_test(NAME SCRIPT file.py [ARGS ...] [LABELS ...] [TIMEOUT seconds] [COST n])
# A Python script. It finds the build tree in DAGGER_BUILD and the source tree in DAGGER_SOURCE.
# COST: rough seconds; ctest starts the longest first.
function(dagger_script_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "SCRIPT;TIMEOUT;COST" "ARGS;LABELS")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 300)
    endif()
    if(NOT arg_COST)
        set(arg_COST 1)
    endif()
    add_test(NAME ${name}
        COMMAND Python3::Interpreter -B ${CMAKE_CURRENT_SOURCE_DIR}/${arg_SCRIPT} ${arg_ARGS})
    set_tests_properties(${name} PROPERTIES
        TIMEOUT ${arg_TIMEOUT}
        COST ${arg_COST}
        SKIP_RETURN_CODE ${DAGGER_TEST_SKIPPED}
        LABELS "${arg_LABELS}"
        ENVIRONMENT "DAGGER_BUILD=${CMAKE_BINARY_DIR};DAGGER_SOURCE=${PROJECT_SOURCE_DIR}")
endfunction()
