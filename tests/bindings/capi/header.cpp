// SPDX-License-Identifier: Apache-2.0
// Includes the header in a C++11 program.
#include "speciesnet.h"

static_assert(SPECIESNET_OK == 0, "success is zero");
