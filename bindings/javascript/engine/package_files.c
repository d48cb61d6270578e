// SPDX-License-Identifier: Apache-2.0
// A model package in the memory of the module. The library reads it on its own threads, which
// cannot call functions of JavaScript.
#include <emscripten.h>
#include <speciesnet.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// A list that ends with an entry without a name. The layout is known to abi.js.
typedef struct package_file {
    const char* name;
    const void* bytes;
    size_t length;
} package_file;

static int32_t read_package_file(void* user_data, const char* file, const void** bytes,
                                 size_t* length) {
    for (const package_file* entry = user_data; entry->name != NULL; ++entry) {
        if (strcmp(entry->name, file) == 0) {
            *bytes = entry->bytes;
            *length = entry->length;
            return 0;
        }
    }
    return 1;
}

/// Returns the speciesnet_read_callback whose user_data is a list of package_file.
EMSCRIPTEN_KEEPALIVE speciesnet_read_callback package_file_reader(void) {
    return read_package_file;
}
