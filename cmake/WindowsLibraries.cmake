# SPDX-License-Identifier: Apache-2.0
# Libraries built by scripts/platforms/windows are static, so each must list its own dependencies
# here.
function(speciesnet_needs library)
    if(TARGET ${library})
        target_link_libraries(${library} INTERFACE ${ARGN})
    endif()
endfunction()
speciesnet_needs(TIFF::TIFF JPEG::JPEG ZLIB::ZLIB)
speciesnet_needs(LibArchive::LibArchive bcrypt)
if(TARGET LibArchive::LibArchive)
    target_compile_definitions(LibArchive::LibArchive INTERFACE LIBARCHIVE_STATIC)
endif()
