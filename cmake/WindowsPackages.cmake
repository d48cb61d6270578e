# SPDX-License-Identifier: Apache-2.0
# Installing on Windows, and packages of what is installed: cpack --config build/windows/CPackConfig.cmake makes a .zip, which may be
# unpacked anywhere, and an installer. The DLL of the C ABI is beside the programs, where Windows looks for it; the C++ interface is for
# programs that have this project as a part, because each compiler has an ABI of its own for C++ there.
install(TARGETS speciesnet_c RUNTIME DESTINATION bin ARCHIVE DESTINATION lib COMPONENT libraries)
# For compilers that make an import library of their own: lib /def:speciesnet_c.def
install(FILES "$<TARGET_FILE_DIR:speciesnet_c>/speciesnet_c.def" DESTINATION lib COMPONENT libraries)
install(FILES "${PROJECT_SOURCE_DIR}/capi/speciesnet.h" DESTINATION include COMPONENT libraries)
if(TARGET speciesnet_cli)
    install(TARGETS speciesnet_cli speciesnet-server RUNTIME DESTINATION bin COMPONENT libraries)
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/NOTICE" DESTINATION . COMPONENT libraries)
if(SPECIESNET_SYSROOT)
    install(DIRECTORY "${SPECIESNET_SYSROOT}/licences" DESTINATION . COMPONENT libraries)
endif()

if(NOT PROJECT_IS_TOP_LEVEL)
    return()
endif()
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_MONOLITHIC_INSTALL ON)
set(CPACK_GENERATOR ZIP NSIS)
set(CPACK_PACKAGE_NAME speciesnet)
set(CPACK_PACKAGE_VENDOR "The SpeciesNet C++ contributors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_INSTALL_DIRECTORY speciesnet)
set(CPACK_PACKAGE_FILE_NAME "speciesnet-${PROJECT_VERSION}-windows-x86_64")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
# The installer is a 64-bit program, as what it installs is. CPack puts a dash before each argument and takes no quotation mark after it,
# so an argument without blanks (how much makensis says) is before this one.
set(CPACK_NSIS_EXECUTABLE_PRE_ARGUMENTS [[V2 "-XTarget amd64-unicode"]])
# It asks whether the programs shall be found by name.
set(CPACK_NSIS_MODIFY_PATH ON)
set(CPACK_NSIS_ENABLE_UNINSTALL_BEFORE_INSTALL ON)
include(CPack)
