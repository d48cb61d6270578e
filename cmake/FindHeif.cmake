# SPDX-License-Identifier: Apache-2.0
# Finds libheif: Heif::heif. Its own CMake package has a different target in each distribution, so
# it is searched by name.
find_path(Heif_INCLUDE_DIR libheif/heif.h)
find_library(Heif_LIBRARY heif)
if(Heif_INCLUDE_DIR)
    file(STRINGS "${Heif_INCLUDE_DIR}/libheif/heif_version.h" Heif_VERSION REGEX "define LIBHEIF_VERSION ")
    string(REGEX REPLACE ".*\"([0-9.]+)\".*" "\\1" Heif_VERSION "${Heif_VERSION}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Heif REQUIRED_VARS Heif_LIBRARY Heif_INCLUDE_DIR VERSION_VAR Heif_VERSION
    REASON_FAILURE_MESSAGE "HEIC and AVIF need libheif-dev (Debian, Ubuntu) or libheif-devel (Fedora)")
if(Heif_FOUND AND NOT TARGET Heif::heif)
    add_library(Heif::heif UNKNOWN IMPORTED)
    set_target_properties(Heif::heif PROPERTIES
        IMPORTED_LOCATION "${Heif_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${Heif_INCLUDE_DIR}")
endif()
mark_as_advanced(Heif_INCLUDE_DIR Heif_LIBRARY)
