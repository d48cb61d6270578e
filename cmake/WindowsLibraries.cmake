# SPDX-License-Identifier: Apache-2.0
# What scripts/platforms/windows builds is static: each library says here what it needs itself.
function(speciesnet_needs library)
    if(TARGET ${library})
        target_link_libraries(${library} INTERFACE ${ARGN})
    endif()
endfunction()
speciesnet_needs(TIFF::TIFF JPEG::JPEG ZLIB::ZLIB)
speciesnet_needs(LibArchive::LibArchive ZLIB::ZLIB bcrypt)
if(TARGET LibArchive::LibArchive)
    target_compile_definitions(LibArchive::LibArchive INTERFACE LIBARCHIVE_STATIC)
endif()
