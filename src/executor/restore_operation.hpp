// SPDX-License-Identifier: Apache-2.0
// Deserialises an operation from its record.
#pragma once

#include "executor/operation.hpp"

#include <cstddef>
#include <memory>

namespace speciesnet::executor {

/// @param record      may come from a damaged or hostile file
/// @param kernels     must include those that the operation had when it was recorded, with the same
/// widths
/// @param input_count number of inputs in the plan
/// @throws InvalidArgument if the record is invalid
std::unique_ptr<Operation> restore_operation(const OperationRecord& record, const Kernels& kernels,
                                             std::size_t input_count);

}  // namespace speciesnet::executor
