// Where predictions go: a document on disk or standard output, failures to standard error.
#pragma once

#include "speciesnet/prediction.hpp"

#include "predict_arguments.hpp"

#include <cstddef>
#include <span>

namespace speciesnet::cli {

/// Writes the document, rounded if it is a file, as the reference does. @throws IoError
void write_predictions(const PredictArguments& arguments, std::span<const Prediction> predictions);

/// Names every failed image, and what else went not as wished, on standard error.
/// @return how many images failed
std::size_t report_failures(std::span<const Prediction> predictions);

}  // namespace speciesnet::cli
