// SPDX-License-Identifier: Apache-2.0
// Defaults that most operations share.
#include "executor/operation.hpp"

#include <algorithm>

namespace speciesnet::executor {

bool Operation::takes(std::span<const Element> inputs, Element output) const {
    return are_all(inputs, Element::float32) && output == Element::float32;
}

}  // namespace speciesnet::executor
