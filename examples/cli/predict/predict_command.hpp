// SPDX-License-Identifier: Apache-2.0
// `speciesnet predict`: writes the reference's predictions document for photos.
#pragma once

#include "command.hpp"
#include "predict_arguments.hpp"

namespace speciesnet::cli {

/// Predicts, or continues an earlier run, and writes the outputs.
/// @throws InvalidArgument, IoError, ModelError; Interrupted after a signal
ExitStatus predict(const PredictArguments& arguments);

Command add_predict_command(CLI::App& program);

}  // namespace speciesnet::cli
