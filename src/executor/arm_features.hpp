// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace speciesnet::executor {

/// Extensions of 64-bit ARM CPUs beyond NEON, with the names that Linux uses.
struct ArmFeatures {
    bool dotprod = false;  ///< Dot products of bytes.
    bool i8mm = false;     ///< Matrix products of bytes.
    bool bf16 = false;     ///< Matrix products of bfloat16 values.
};

/// Returns the extensions of this CPU; those that the operating system does not report are false.
ArmFeatures arm_features();

}  // namespace speciesnet::executor
