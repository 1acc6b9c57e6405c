# The reader of modules and what every program of ours needs around it, apart from the driver: dagger,
# tests and fuzzers link it alone.
add_library(daggermodule STATIC
    ${CMAKE_CURRENT_LIST_DIR}/alloc.c
    ${CMAKE_CURRENT_LIST_DIR}/args.c
    ${CMAKE_CURRENT_LIST_DIR}/imports.c
    ${CMAKE_CURRENT_LIST_DIR}/check.c
    ${CMAKE_CURRENT_LIST_DIR}/clean.c
    ${CMAKE_CURRENT_LIST_DIR}/clean_code.c
    ${CMAKE_CURRENT_LIST_DIR}/command_line.c
    ${CMAKE_CURRENT_LIST_DIR}/diag.c
    ${CMAKE_CURRENT_LIST_DIR}/fuel.c
    ${CMAKE_CURRENT_LIST_DIR}/fuel_write.c
    ${CMAKE_CURRENT_LIST_DIR}/input.c
    ${CMAKE_CURRENT_LIST_DIR}/module_features.c
    ${CMAKE_CURRENT_LIST_DIR}/module.c
    ${CMAKE_CURRENT_LIST_DIR}/module_code.c
    ${CMAKE_CURRENT_LIST_DIR}/module_custom.c
    ${CMAKE_CURRENT_LIST_DIR}/module_instructions.c
    ${CMAKE_CURRENT_LIST_DIR}/module_names.c
    ${CMAKE_CURRENT_LIST_DIR}/module_sections.c
    ${CMAKE_CURRENT_LIST_DIR}/module_segments.c
    ${CMAKE_CURRENT_LIST_DIR}/module_types.c
    ${CMAKE_CURRENT_LIST_DIR}/needs.c
    ${CMAKE_CURRENT_LIST_DIR}/opcodes.c
    ${CMAKE_CURRENT_LIST_DIR}/policy_file.c
    ${CMAKE_CURRENT_LIST_DIR}/reader.c
    ${CMAKE_CURRENT_LIST_DIR}/text.c)
# rt/'s installed headers.
target_include_directories(daggermodule PUBLIC ${CMAKE_CURRENT_LIST_DIR}
    ${CMAKE_CURRENT_LIST_DIR}/../rt/include)
target_include_directories(daggermodule PRIVATE ${CMAKE_CURRENT_LIST_DIR}/../streams) # pattern.h
target_link_libraries(daggermodule PRIVATE dagger_options dagger_patterns)
