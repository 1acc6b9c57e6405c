# CMake's toolchain file of scripts/target: DAGGER_TARGET says what the runtime is built for.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES DAGGER_TARGET)
set(CMAKE_SYSTEM_NAME Linux)
string(REGEX MATCH "^[^-]+" CMAKE_SYSTEM_PROCESSOR "${DAGGER_TARGET}")
set(CMAKE_C_COMPILER ${DAGGER_TARGET}-gcc)
