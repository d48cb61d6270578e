// SPDX-License-Identifier: Apache-2.0
// Runs graphs with LibTorch's interpreter.
#pragma once

#include "speciesnet/error.hpp"

#include <utility>

#include <torch/csrc/jit/runtime/interpreter.h>

namespace speciesnet {

/// Runs a graph without optimisation. LibTorch's default executor would spend the first calls on
/// profiling, and again for each new image size.
inline torch::jit::Stack interpret(const torch::jit::Code& code, torch::jit::Stack stack) {
    torch::jit::InterpreterState(code).run(stack);
    return stack;
}

/// Returns the output of a network: a tensor, or the first of several.
inline at::Tensor first_tensor(const c10::IValue& output) {
    if (output.isTensor()) {
        return output.toTensor();
    }
    if (output.isTuple() && !output.toTupleRef().elements().empty() &&
        output.toTupleRef().elements()[0].isTensor()) {
        return output.toTupleRef().elements()[0].toTensor();
    }
    throw ModelError(ErrorCode::model_contract, "the network's output is not a tensor");
}

}  // namespace speciesnet
