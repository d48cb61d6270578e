// SPDX-License-Identifier: Apache-2.0
// The header in a C++11 program.
#include "speciesnet.h"

static_assert(SPECIESNET_OK == 0, "success is zero");
