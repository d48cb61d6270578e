# cpp-httplib: Httplib::Httplib. Where a distribution compiles it into a library, its pkg-config file also says with which
# options; without them the program would see other class layouts than the library. Else it is the single header.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
    pkg_check_modules(Httplib_PC QUIET IMPORTED_TARGET GLOBAL cpp-httplib)
endif()
find_path(Httplib_INCLUDE_DIR httplib.h HINTS ${Httplib_PC_INCLUDE_DIRS})
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Httplib REQUIRED_VARS Httplib_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "install libcpp-httplib-dev (Debian, Ubuntu) or cpp-httplib-devel (Fedora)")
if(Httplib_FOUND AND NOT TARGET Httplib::Httplib)
    add_library(Httplib::Httplib INTERFACE IMPORTED)
    set_target_properties(Httplib::Httplib PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${Httplib_INCLUDE_DIR}")
    if(TARGET PkgConfig::Httplib_PC)
        target_link_libraries(Httplib::Httplib INTERFACE PkgConfig::Httplib_PC)
    endif()
endif()
mark_as_advanced(Httplib_INCLUDE_DIR)
