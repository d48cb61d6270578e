# SPDX-License-Identifier: Apache-2.0
# Settings that every target of this project shares: C++20, warnings, hidden symbols, sanitizers.
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

# Link to this for the project's own code; it carries no usage requirement to users of the installed library.
add_library(speciesnet_settings INTERFACE)
# Designated initializers leave members to their defaults on purpose: no warning for that.
target_compile_options(speciesnet_settings INTERFACE -Wall -Wextra -Wpedantic -Wno-missing-field-initializers)
# Parity with the reference depends on the order and rounding of floating-point operations: no contraction to FMA.
target_compile_options(speciesnet_settings INTERFACE -ffp-contract=off)
# What users get does not depend on the folder that it was built in (scripts/platforms/reproducible). Debuggers of the other
# builds find the sources by their paths.
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
target_compile_options(speciesnet_settings INTERFACE
    $<$<OR:$<CONFIG:Release>,$<CONFIG:MinSizeRel>>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=.>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees an overlap in std::string's operator+ that cannot be (its bug 105651).
    target_compile_options(speciesnet_settings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(WIN32)
    # Libraries of the compiler are no part of Windows.
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
    # Indices of vectors and spans are checked, too.
    target_compile_definitions(speciesnet_settings INTERFACE _GLIBCXX_ASSERTIONS)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # What a sanitizer adds hides from GCC which member of a variant is alive.
        target_compile_options(speciesnet_settings INTERFACE -Wno-maybe-uninitialized)
    endif()
endif()
