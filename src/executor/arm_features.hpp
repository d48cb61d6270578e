// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace speciesnet::executor {

/// What a 64-bit ARM CPU has beyond NEON, by the names of Linux.
struct ArmFeatures {
    bool dotprod = false;  ///< Dot products of bytes.
    bool i8mm = false;     ///< Matrix products of bytes.
    bool bf16 = false;     ///< Matrix products of bfloat16 numbers.
};

/// Of this CPU; what the operating system does not tell is taken for absent.
ArmFeatures arm_features();

}  // namespace speciesnet::executor
