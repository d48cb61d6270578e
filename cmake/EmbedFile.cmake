# SPDX-License-Identifier: Apache-2.0
# speciesnet_embed_file(<target> <symbol> <file>) puts the bytes of a file into a target's read-only
# data. In C++ they are
#   extern "C" const unsigned char <symbol>_begin[]; extern "C" const unsigned char <symbol>_end[];
# The symbols are local to the library that contains the target.
function(speciesnet_embed_file target symbol file)
    get_filename_component(path "${file}" ABSOLUTE)
    set(section ".section .rodata")
    set(hidden ".hidden ${symbol}_begin, ${symbol}_end")
    set(end ".section .note.GNU-stack,\"\",%progbits")
    if(WIN32)
        # A DLL exports only marked symbols.
        set(section ".section .rdata,\"dr\"")
        set(hidden "")
        set(end "")
    endif()
    set(begin_label "${symbol}_begin")
    set(end_label "${symbol}_end")
    if(APPLE)
        # Compilers there prefix C names with an underscore.
        string(PREPEND begin_label "_")
        string(PREPEND end_label "_")
        set(section ".section __TEXT,__const")
        set(hidden ".private_extern ${begin_label}\n    .private_extern ${end_label}")
        set(end "")
    endif()
    set(source "${CMAKE_CURRENT_BINARY_DIR}/${symbol}.S")
    file(WRITE "${source}.new" "
    ${section}
    .balign 64
    .globl ${begin_label}
    .globl ${end_label}
    ${hidden}
${begin_label}:
    .incbin \"${path}\"
${end_label}:
    .byte 0
    ${end}
")
    file(COPY_FILE "${source}.new" "${source}" ONLY_IF_DIFFERENT)
    set_source_files_properties("${source}" TARGET_DIRECTORY ${target} PROPERTIES OBJECT_DEPENDS "${path}")
    target_sources(${target} PRIVATE "${source}")
endfunction()
