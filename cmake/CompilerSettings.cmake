# SPDX-License-Identifier: Apache-2.0
# Settings shared by all targets of this project: C++20, warnings, hidden symbols, sanitizers.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 99)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(WIN32)
    enable_language(RC)
endif()
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

find_program(SPECIESNET_CCACHE ccache)
if(SPECIESNET_CCACHE AND PROJECT_IS_TOP_LEVEL)
    set(CMAKE_C_COMPILER_LAUNCHER "${SPECIESNET_CCACHE}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${SPECIESNET_CCACHE}")
endif()

# For the project's own code; has no usage requirements for users of the installed library.
add_library(speciesnet_settings INTERFACE)
# Designated initializers omit members on purpose, so the warning about that is disabled.
target_compile_options(speciesnet_settings INTERFACE -Wall -Wextra -Wpedantic -Wno-missing-field-initializers)
# Parity with the reference depends on the order and rounding of floating-point operations, so FMA
# contraction is disabled.
target_compile_options(speciesnet_settings INTERFACE -ffp-contract=off)
# Released binaries do not depend on the folder in which they were built
# (scripts/platforms/reproducible). Debuggers of other builds find the sources by their paths.
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
target_compile_options(speciesnet_settings INTERFACE
    $<$<OR:$<CONFIG:Release>,$<CONFIG:MinSizeRel>>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=.>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 wrongly reports an overlap in std::string's operator+ (its bug 105651).
    target_compile_options(speciesnet_settings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(EMSCRIPTEN)
    # For every target, because all code of a module must agree on its memory and exceptions.
    add_compile_options(-pthread -fexceptions -msimd128)
    add_link_options(-pthread -fexceptions)
endif()
if(WIN32)
    # Without macros that hide std::min() and std::max(), and without the headers that few sources need. Headers of other libraries
    # include Windows' own, too.
    target_compile_definitions(speciesnet_settings INTERFACE NOMINMAX WIN32_LEAN_AND_MEAN)
    # The compiler's libraries are not part of Windows.
    target_link_options(speciesnet_settings INTERFACE -static)
endif()
if(SPECIESNET_WERROR)
    target_compile_options(speciesnet_settings INTERFACE -Werror)
endif()
if(SPECIESNET_SANITIZE)
    list(JOIN SPECIESNET_SANITIZE "," sanitizers)
    target_compile_options(speciesnet_settings INTERFACE -fsanitize=${sanitizers} -fno-omit-frame-pointer)
    target_link_options(speciesnet_settings INTERFACE -fsanitize=${sanitizers})
    if("undefined" IN_LIST SPECIESNET_SANITIZE)
        target_compile_options(speciesnet_settings INTERFACE -fno-sanitize-recover=undefined)
    endif()
    # Also checks the indices of vectors and spans.
    target_compile_definitions(speciesnet_settings INTERFACE _GLIBCXX_ASSERTIONS)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # With sanitizers, GCC cannot tell which member of a variant is active.
        target_compile_options(speciesnet_settings INTERFACE -Wno-maybe-uninitialized)
    endif()
endif()
