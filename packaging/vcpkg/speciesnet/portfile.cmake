# SPDX-License-Identifier: Apache-2.0
# An overlay port of the source tree that contains it: vcpkg install speciesnet --overlay-ports=packaging/vcpkg
cmake_path(SET SOURCE_PATH NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../../..")
vcpkg_check_linkage(ONLY_DYNAMIC_LIBRARY)
vcpkg_check_features(OUT_FEATURE_OPTIONS options FEATURES
    documents SPECIESNET_WITH_JSON
    download SPECIESNET_WITH_DOWNLOAD
    heif SPECIESNET_WITH_HEIF
    magic SPECIESNET_WITH_MAGIC
    png SPECIESNET_WITH_PNG
    tiff SPECIESNET_WITH_TIFF
    tools SPECIESNET_BUILD_EXAMPLES
    webp SPECIESNET_WITH_WEBP)
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS ${options} -DSPECIESNET_BUILD_TESTS=OFF -DSPECIESNET_WITH_TORCH=OFF -DSPECIESNET_WITH_VIDEO=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/speciesnet)
vcpkg_fixup_pkgconfig()
if("tools" IN_LIST FEATURES)
    vcpkg_copy_tools(TOOL_NAMES speciesnet speciesnet-server AUTO_CLEAN)
endif()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE" "${SOURCE_PATH}/NOTICE")
