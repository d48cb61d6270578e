# SPDX-License-Identifier: Apache-2.0
# Installs on Windows and packages the result: cpack --config build/windows/CPackConfig.cmake makes a .zip, which may be unpacked
# anywhere, and an installer. The DLL of the C ABI is next to the programs, where Windows searches for it. The C++ interface is not
# installed, because C++ ABIs on Windows differ between compilers; programs use it by adding this project as a subproject.
install(TARGETS speciesnet_c RUNTIME DESTINATION bin ARCHIVE DESTINATION lib COMPONENT libraries)
# For compilers that need their own import library: lib /def:speciesnet_c.def
install(FILES "$<TARGET_FILE_DIR:speciesnet_c>/speciesnet_c.def" DESTINATION lib COMPONENT libraries)
install(FILES "${PROJECT_SOURCE_DIR}/capi/speciesnet.h" DESTINATION include COMPONENT libraries)
if(TARGET speciesnet_cli)
    install(TARGETS speciesnet_cli speciesnet-server RUNTIME DESTINATION bin COMPONENT libraries)
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/NOTICE" DESTINATION . COMPONENT libraries)
if(SPECIESNET_SYSROOT)
    install(DIRECTORY "${SPECIESNET_SYSROOT}/licences" DESTINATION . COMPONENT libraries)
    # The SBOM lists the libraries that the DLL and the programs contain.
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    install(CODE "execute_process(COMMAND \"${Python3_EXECUTABLE}\" \"${PROJECT_SOURCE_DIR}/scripts/sbom\" \"${SPECIESNET_SYSROOT}/versions\"
        ${PROJECT_VERSION} \"${PROJECT_BINARY_DIR}/speciesnet.spdx.json\" COMMAND_ERROR_IS_FATAL ANY)" COMPONENT libraries)
    install(FILES "${PROJECT_BINARY_DIR}/speciesnet.spdx.json" DESTINATION . COMPONENT libraries)
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
# Makes the installer a 64-bit program, like the programs that it installs. CPack puts a dash before each argument and accepts a quotation mark only
# before it, so that an argument without spaces (the verbosity of makensis) must come first.
set(CPACK_NSIS_EXECUTABLE_PRE_ARGUMENTS [[V2 "-XTarget amd64-unicode"]])
# Offers to add the programs to PATH.
set(CPACK_NSIS_MODIFY_PATH ON)
set(CPACK_NSIS_ENABLE_UNINSTALL_BEFORE_INSTALL ON)
include(CPack)
