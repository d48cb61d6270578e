# SPDX-License-Identifier: Apache-2.0
# Packages the installed tree. cpack --config build/release/CPackConfig.cmake makes .debs and a .tar.gz of everything, which may be
# unpacked anywhere; with -G RPM it makes .rpms. dpkg and rpm determine the dependencies. Programs, libraries and headers have a package
# each. The plug-in has a separate package, because LibTorch and its dependencies are many times larger than everything else.
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME speciesnet)
set(SPECIESNET_PROJECT_URL "" CACHE STRING "Where this build is published: home page and contact in packages")
set(SPECIESNET_PACKAGE_EMAIL "speciesnet@localhost.invalid" CACHE STRING "Address of who makes the packages")
if(SPECIESNET_PROJECT_URL)
    set(CPACK_PACKAGE_HOMEPAGE_URL "${SPECIESNET_PROJECT_URL}")
endif()
set(CPACK_PACKAGE_CONTACT "The SpeciesNet C++ contributors <${SPECIESNET_PACKAGE_EMAIL}>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The programs need libraries of another package of this build, which dpkg does not know yet.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/src" "${PROJECT_BINARY_DIR}/capi")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_COMPONENTS_ALL libraries development)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# The libraries' package is named after the version that programs are linked to.
set(libraries "libspeciesnet${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}")
set(CPACK_DEBIAN_LIBRARIES_PACKAGE_NAME "${libraries}")
set(CPACK_DEBIAN_LIBRARIES_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_LIBRARIES_PACKAGE_CONTROL_EXTRA "${PROJECT_SOURCE_DIR}/packaging/debian/triggers")
set(CPACK_DEBIAN_LIBRARIES_DESCRIPTION "Library that names the animal in a camera-trap photo
Google's SpeciesNet as a C++ library with a C interface.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libspeciesnet-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${libraries} (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "Headers of the SpeciesNet library
The C++ and the C interface, for CMake and pkg-config.")
set(packages "libraries:${libraries}" "development:libspeciesnet-dev")
if(TARGET speciesnet_cli)
    list(APPEND CPACK_COMPONENTS_ALL programs)
    list(APPEND packages "programs:speciesnet")
    set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME speciesnet)
    set(CPACK_DEBIAN_PROGRAMS_PACKAGE_DEPENDS "${libraries} (= ${PROJECT_VERSION})")
    set(CPACK_DEBIAN_PROGRAMS_DESCRIPTION "Identifies animals in camera-trap photos
The command line and the HTTP service of SpeciesNet C++.")
endif()
if(TARGET speciesnet_torch)
    list(APPEND CPACK_COMPONENTS_ALL torch)
    list(APPEND packages "torch:speciesnet-torch")
    set(CPACK_DEBIAN_LIBRARIES_PACKAGE_SUGGESTS speciesnet-torch)
    set(CPACK_DEBIAN_TORCH_PACKAGE_NAME speciesnet-torch)
    file(WRITE "${PROJECT_BINARY_DIR}/packaging/shlibs"
        "libspeciesnet_torch ${PROJECT_VERSION} speciesnet-torch (= ${PROJECT_VERSION})\n")
    set(CPACK_DEBIAN_TORCH_PACKAGE_CONTROL_EXTRA
        "${PROJECT_SOURCE_DIR}/packaging/debian/triggers" "${PROJECT_BINARY_DIR}/packaging/shlibs")
    set(CPACK_DEBIAN_TORCH_PACKAGE_DEPENDS "${libraries} (= ${PROJECT_VERSION})")
    set(CPACK_DEBIAN_TORCH_DESCRIPTION "Plug-in of SpeciesNet C++ for TorchScript and CUDA
Loads TorchScript and runs networks with LibTorch.")
endif()

# Debian expects a changelog and a copyright file in each package.
string(TIMESTAMP now "%s" UTC)
if(DEFINED ENV{SOURCE_DATE_EPOCH})
    set(now "$ENV{SOURCE_DATE_EPOCH}")
endif()
execute_process(COMMAND date --utc --rfc-email "--date=@${now}" OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE)
foreach(package IN LISTS packages)
    string(REPLACE ":" ";" package "${package}")
    list(GET package 0 component)
    list(GET package 1 name)
    set(folder "${PROJECT_BINARY_DIR}/packaging/${name}")
    file(WRITE "${folder}/changelog"
        "speciesnet (${PROJECT_VERSION}) unstable; urgency=medium\n\n  * Release ${PROJECT_VERSION}.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
    execute_process(COMMAND gzip --best --no-name --force --keep "${folder}/changelog")
    install(FILES "${folder}/changelog.gz" "${PROJECT_SOURCE_DIR}/packaging/debian/copyright"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${name}" COMPONENT ${component})
endforeach()

# The .rpms contain the same parts, with names that follow Fedora's conventions.
set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE Apache-2.0)
set(CPACK_RPM_PACKAGE_AUTOREQPROV ON)
# These folders belong to the system, not to one package.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
    "${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/cmake" "${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig"
    "${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_MANDIR}" "${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_MANDIR}/man1")
foreach(pair IN ITEMS LIBRARIES:speciesnet-libs DEVELOPMENT:speciesnet-devel PROGRAMS:speciesnet TORCH:speciesnet-torch)
    string(REPLACE ":" ";" pair "${pair}")
    list(GET pair 0 component)
    list(GET pair 1 name)
    if(NOT DEFINED CPACK_DEBIAN_${component}_DESCRIPTION)
        continue()
    endif()
    set(CPACK_RPM_${component}_PACKAGE_NAME "${name}")
    string(REGEX MATCH "^[^\n]*" CPACK_RPM_${component}_PACKAGE_SUMMARY "${CPACK_DEBIAN_${component}_DESCRIPTION}")
    string(REGEX REPLACE "^[^\n]*\n" "" CPACK_RPM_${component}_PACKAGE_DESCRIPTION "${CPACK_DEBIAN_${component}_DESCRIPTION}")
    if(NOT component STREQUAL "LIBRARIES")
        set(CPACK_RPM_${component}_PACKAGE_REQUIRES "speciesnet-libs = ${PROJECT_VERSION}")
    endif()
endforeach()

# The SBOM lists the libraries that the C ABI links, if dpkg-query can name their packages.
find_package(Python3 COMPONENTS Interpreter)
find_program(SPECIESNET_DPKG_QUERY dpkg-query)
if(Python3_FOUND AND SPECIESNET_DPKG_QUERY AND NOT CMAKE_CROSSCOMPILING)
    install(CODE "execute_process(COMMAND \"${Python3_EXECUTABLE}\" \"${PROJECT_SOURCE_DIR}/scripts/sbom\" \"$<TARGET_FILE:speciesnet_c>\"
        ${PROJECT_VERSION} \"${PROJECT_BINARY_DIR}/packaging/speciesnet.spdx.json\" COMMAND_ERROR_IS_FATAL ANY)" COMPONENT libraries)
    install(FILES "${PROJECT_BINARY_DIR}/packaging/speciesnet.spdx.json" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${libraries}" COMPONENT libraries)
endif()
include(CPack)
