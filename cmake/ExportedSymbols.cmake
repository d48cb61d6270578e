# SPDX-License-Identifier: Apache-2.0
# speciesnet_export_only(<target> <map>): exports only the functions that a version script of the GNU linker lists.
function(speciesnet_export_only target map)
    get_filename_component(map "${map}" ABSOLUTE)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${map}")
    if(NOT APPLE)
        target_link_options(${target} PRIVATE "LINKER:--version-script=${map}")
        return()
    endif()
    # Apple's linker reads a plain list of names with a leading underscore.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${map}")
    file(STRINGS "${map}" names REGEX "^[^/]*speciesnet_[a-z0-9_]+;")
    list(TRANSFORM names REPLACE "^.*(speciesnet_[a-z0-9_]+).*$" "_\\1")
    list(JOIN names "\n" names)
    set(list "${CMAKE_CURRENT_BINARY_DIR}/${target}.exports")
    file(CONFIGURE OUTPUT "${list}" CONTENT "${names}\n" @ONLY)
    target_link_options(${target} PRIVATE "LINKER:-exported_symbols_list,${list}")
endfunction()
