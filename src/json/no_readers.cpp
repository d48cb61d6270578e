// SPDX-License-Identifier: Apache-2.0
// Replaces the readers of documents in builds without simdjson. Writing still works.
#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"

namespace speciesnet {
namespace {

[[noreturn]] void refuse() {
    throw ModelError(ErrorCode::unsupported_hardware,
                     "this build does not read JSON documents; build with "
                     "-DSPECIESNET_WITH_JSON=ON");
}

}  // namespace

class ListSplitter {};

std::vector<Prediction> predictions_from_json(std::string_view) {
    refuse();
}

void predictions_from_json(std::string_view, const std::function<void(Prediction&&)>&) {
    refuse();
}

PredictionsReader::PredictionsReader(std::function<void(Prediction&&)>) {
    refuse();
}

PredictionsReader::~PredictionsReader() = default;

void PredictionsReader::add(std::string_view) {}

void PredictionsReader::end() {}

Prediction prediction_from_json(std::string_view) {
    refuse();
}

std::vector<Instance> instances_from_json(std::string_view) {
    refuse();
}

}  // namespace speciesnet
