// Where predictions go: a document on disk or standard output.
#pragma once

#include "predict_arguments.hpp"
#include "results.hpp"

namespace speciesnet::cli {

/// Writes the document, rounded if it is a file, as the reference does. @throws IoError
void write_predictions(const PredictArguments& arguments, const Results& results);

}  // namespace speciesnet::cli
