# SPDX-License-Identifier: Apache-2.0
# Installs libraries, headers, find_package(speciesnet) and pkg-config files. The installed tree is
# relocatable.
include(CMakePackageConfigHelpers)

set(speciesnet_cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/speciesnet")
set(speciesnet_exported speciesnet speciesnet_headers)
if(TARGET speciesnet_c)
    list(APPEND speciesnet_exported speciesnet_c)
    set_target_properties(speciesnet_c PROPERTIES EXPORT_NAME capi)
    install(FILES "${PROJECT_SOURCE_DIR}/capi/speciesnet.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
endif()

set(beside "$ORIGIN")
if(APPLE)
    set(beside "@loader_path")
endif()
# Records the folder of LibTorch, unless it is a system folder, which the loader searches anyway.
foreach(library IN ITEMS speciesnet speciesnet_c speciesnet_torch)
    if(TARGET ${library})
        set_target_properties(${library} PROPERTIES INSTALL_RPATH "${beside}" INSTALL_RPATH_USE_LINK_PATH ON)
    endif()
endforeach()

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/speciesnet" "${PROJECT_BINARY_DIR}/include/speciesnet"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development FILES_MATCHING PATTERN "*.hpp")
target_include_directories(speciesnet_headers INTERFACE "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
install(TARGETS ${speciesnet_exported} EXPORT speciesnet
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT libraries NAMELINK_COMPONENT development
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
if(TARGET speciesnet_torch)
    install(TARGETS speciesnet_torch LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT torch)
endif()
if(TARGET speciesnet_cli)
    install(TARGETS speciesnet_cli speciesnet-server RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT programs)
    set(printed "${PROJECT_BINARY_DIR}/examples/cli/printed")
    install(FILES "${printed}/speciesnet.1.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT programs)
    foreach(completion IN ITEMS bash-completion/completions/speciesnet zsh/site-functions/_speciesnet
            fish/vendor_completions.d/speciesnet.fish)
        get_filename_component(folder "${completion}" DIRECTORY)
        get_filename_component(file "${completion}" NAME)
        install(FILES "${printed}/${file}" DESTINATION "${CMAKE_INSTALL_DATADIR}/${folder}" COMPONENT programs)
    endforeach()
endif()
install(EXPORT speciesnet NAMESPACE speciesnet:: FILE speciesnetTargets.cmake DESTINATION "${speciesnet_cmake_dir}"
    COMPONENT development)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/speciesnetConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/speciesnetConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/speciesnetConfig.cmake" INSTALL_DESTINATION "${speciesnet_cmake_dir}")
install(FILES "${PROJECT_BINARY_DIR}/speciesnetConfig.cmake" "${PROJECT_BINARY_DIR}/speciesnetConfigVersion.cmake"
    DESTINATION "${speciesnet_cmake_dir}" COMPONENT development)

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/NOTICE" "${PROJECT_SOURCE_DIR}/SECURITY.md"
    "${PROJECT_SOURCE_DIR}/CONTRIBUTING.md" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT development)

function(speciesnet_pkg_config name library)
    set(PC_NAME "${name}")
    set(PC_LIBRARY "${library}")
    get_target_property(definitions speciesnet_headers INTERFACE_COMPILE_DEFINITIONS)
    set(PC_CFLAGS "")
    if(definitions)
        set(PC_CFLAGS " -D${definitions}")
    endif()
    # Relative to the file's own folder, so that the tree can be moved.
    file(RELATIVE_PATH PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
    string(REGEX REPLACE "/$" "" PC_PREFIX "${PC_PREFIX}")
    configure_file("${PROJECT_SOURCE_DIR}/cmake/speciesnet.pc.in" "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT development)
endfunction()
speciesnet_pkg_config(speciesnet speciesnet)
if(TARGET speciesnet_c)
    speciesnet_pkg_config(speciesnet_c speciesnet_c)
endif()
