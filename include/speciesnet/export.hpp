// SPDX-License-Identifier: Apache-2.0
// Marks what users of the C++ library may link against; everything else stays hidden inside it.
#pragma once

#if defined(__GNUC__)
#define SPECIESNET_EXPORT __attribute__((visibility("default")))
#else
#define SPECIESNET_EXPORT
#endif
