// SPDX-License-Identifier: Apache-2.0
// Returns the versions of library and ABI.
#include "speciesnet/version.hpp"

#include "capi/speciesnet.h"

uint32_t speciesnet_abi_version(void) {
    return SPECIESNET_ABI_MAJOR * 65536U + SPECIESNET_ABI_MINOR;
}

const char* speciesnet_version(void) {
    return speciesnet::version.data();
}

const char* speciesnet_build_information(void) {
    return SPECIESNET_COMPILER ", " SPECIESNET_LIBTORCH ", " SPECIESNET_BUILD_TYPE;
}
