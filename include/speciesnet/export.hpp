// SPDX-License-Identifier: Apache-2.0
// Marks exported symbols; all others are hidden.
#pragma once

#if defined(__GNUC__) && !defined(_WIN32)
#define SPECIESNET_EXPORT __attribute__((visibility("default")))
#else
#define SPECIESNET_EXPORT
#endif
