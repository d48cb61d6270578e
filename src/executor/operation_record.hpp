// SPDX-License-Identifier: Apache-2.0
// An operation as plain values, for serialisation.
#pragma once

#include "executor/memory.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace speciesnet::executor {

/// Each kind of operation defines the meaning of the two lists: it writes them in record(), and its
/// constructor reads them from a RecordReader.
struct OperationRecord {
    std::string kind;
    std::vector<std::uint64_t> sizes;  ///< Geometry, channels, choices.
    std::vector<Numbers> numbers;      ///< Weights, in the order of the kernels.
};

}  // namespace speciesnet::executor
