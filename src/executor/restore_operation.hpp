// SPDX-License-Identifier: Apache-2.0
// Deserialises an operation from its record.
#pragma once

#include "executor/operation.hpp"

#include <cstddef>
#include <memory>

namespace speciesnet::executor {

/// @param record      perhaps of a damaged or hostile file
/// @param kernels     with those that the operation had when it was recorded, and the same widths
/// @param input_count how many pictures it will be given
/// @throws InvalidArgument if there is no such operation
std::unique_ptr<Operation> restore_operation(const OperationRecord& record, const Kernels& kernels,
                                             std::size_t input_count);

}  // namespace speciesnet::executor
