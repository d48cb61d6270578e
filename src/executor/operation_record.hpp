// SPDX-License-Identifier: Apache-2.0
// An operation as plain values, for serialisation.
#pragma once

#include "executor/memory.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace speciesnet::executor {

/// What the two lists mean is the kind's own affair: an operation writes them in record() and reads
/// them in its constructor from a RecordReader.
struct OperationRecord {
    std::string kind;
    std::vector<std::uint64_t> sizes;  ///< Geometry, channels, choices.
    std::vector<Numbers> numbers;      ///< Weights, in the order in which kernels read them.
};

}  // namespace speciesnet::executor
