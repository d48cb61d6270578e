# SPDX-License-Identifier: Apache-2.0
# Finds LibTorch's CPU part: LibTorch::LibTorch, LibTorch_VERSION. Searches, in this order,
# SPECIESNET_TORCH_ROOT, CMAKE_PREFIX_PATH, the importable Python package torch, and the system.
# LibTorch's own CMake package is not used, because it requires a CUDA toolkit if LibTorch was built
# with CUDA, while this project links only libtorch_cpu and libc10.
set(LibTorch_roots "")
if(SPECIESNET_TORCH_ROOT)
    list(APPEND LibTorch_roots "${SPECIESNET_TORCH_ROOT}")
endif()
foreach(prefix IN LISTS CMAKE_PREFIX_PATH)
    list(APPEND LibTorch_roots "${prefix}")
endforeach()

# Locates the package without importing it: an import takes seconds and requires libraries that C++
# does not.
find_package(Python3 QUIET COMPONENTS Interpreter)
if(Python3_FOUND)
    execute_process(
        COMMAND "${Python3_EXECUTABLE}" -c
            "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"
        OUTPUT_VARIABLE LibTorch_python OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(LibTorch_python)
        list(APPEND LibTorch_roots "${LibTorch_python}")
    endif()
endif()

unset(LibTorch_INCLUDE_DIR CACHE)
unset(LibTorch_CPU_LIBRARY CACHE)
unset(LibTorch_C10_LIBRARY CACHE)
foreach(root IN LISTS LibTorch_roots)
    if(NOT LibTorch_CPU_LIBRARY)
        find_path(LibTorch_INCLUDE_DIR torch/script.h PATHS "${root}/include" NO_DEFAULT_PATH)
        find_library(LibTorch_CPU_LIBRARY torch_cpu PATHS "${root}/lib" NO_DEFAULT_PATH)
        find_library(LibTorch_C10_LIBRARY c10 PATHS "${root}/lib" NO_DEFAULT_PATH)
    endif()
endforeach()
find_path(LibTorch_INCLUDE_DIR torch/script.h)
find_library(LibTorch_CPU_LIBRARY torch_cpu)
find_library(LibTorch_C10_LIBRARY c10)

if(LibTorch_INCLUDE_DIR)
    # 1.x and 2.x state the version in different files.
    foreach(header torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
        if(NOT LibTorch_VERSION AND EXISTS "${LibTorch_INCLUDE_DIR}/${header}")
            file(STRINGS "${LibTorch_INCLUDE_DIR}/${header}" lines REGEX "^#define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
            string(REGEX REPLACE "[^0-9;]+" "" numbers "${lines}")
            string(REPLACE ";" "." LibTorch_VERSION "${numbers}")
        endif()
    endforeach()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
    REQUIRED_VARS LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_INCLUDE_DIR
    VERSION_VAR LibTorch_VERSION
    REASON_FAILURE_MESSAGE "LibTorch was not found. Any one of these helps:
     - Debian, Ubuntu: apt install libtorch-dev
     - pip install torch (found by itself when the Python on PATH can import it)
     - unpack a LibTorch archive and pass -DSPECIESNET_TORCH_ROOT=<its folder, with include/ and lib/>")

if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
    add_library(LibTorch::c10 UNKNOWN IMPORTED)
    set_target_properties(LibTorch::c10 PROPERTIES IMPORTED_LOCATION "${LibTorch_C10_LIBRARY}")
    add_library(LibTorch::LibTorch UNKNOWN IMPORTED)
    set_target_properties(LibTorch::LibTorch PROPERTIES
        IMPORTED_LOCATION "${LibTorch_CPU_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${LibTorch_INCLUDE_DIR};${LibTorch_INCLUDE_DIR}/torch/csrc/api/include"
        INTERFACE_LINK_LIBRARIES LibTorch::c10)
endif()
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY)
