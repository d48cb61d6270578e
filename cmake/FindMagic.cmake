# SPDX-License-Identifier: Apache-2.0
# Finds libmagic: Magic::Magic.
find_path(Magic_INCLUDE_DIR magic.h)
find_library(Magic_LIBRARY magic)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Magic REQUIRED_VARS Magic_LIBRARY Magic_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "install libmagic-dev (Debian, Ubuntu) or file-devel (Fedora)")
if(Magic_FOUND AND NOT TARGET Magic::Magic)
    add_library(Magic::Magic UNKNOWN IMPORTED)
    set_target_properties(Magic::Magic PROPERTIES
        IMPORTED_LOCATION "${Magic_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${Magic_INCLUDE_DIR}")
endif()
mark_as_advanced(Magic_INCLUDE_DIR Magic_LIBRARY)
