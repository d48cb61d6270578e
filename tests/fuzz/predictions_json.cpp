// SPDX-License-Identifier: Apache-2.0
// Fuzzes predictions_from_json(), PredictionsReader and PredictionsWriter. Input: a predictions
// document. Checks that it reads the same whole and in two halves, and that it survives a round
// trip in each format and for each stage.
#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"

#include "fuzz/agreement.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace speciesnet;

void check(const std::vector<Prediction>& predictions, const JsonOptions& options) {
    const auto written = to_json(predictions, options);
    const auto again = predictions_from_json(written);
    fuzz::require(again.size() == predictions.size(), "no prediction is lost");
    fuzz::require(to_json(again, options) == written, "predictions survive a round trip");
    PredictionsWriter writer(options);
    std::string pieces;
    for (const auto& prediction : predictions) {
        writer.add(prediction);
        pieces += writer.take();
    }
    writer.end();
    fuzz::require(pieces + writer.take() == written, "writing one by one gives the same document");
}

/// Returns nothing if the document is refused.
template <typename Read>
std::optional<std::vector<Prediction>> read(const Read& read_it) {
    std::vector<Prediction> predictions;
    try {
        read_it([&](Prediction&& prediction) { predictions.push_back(std::move(prediction)); });
    } catch (const InvalidArgument&) {
        return std::nullopt;
    }
    return predictions;
}

std::string written(const std::vector<Prediction>& predictions) {
    return to_json(predictions, {.indent = 0, .failure_reasons = true});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto document = fuzz::text(data, size);
    const auto predictions =
        read([&](const auto& receiver) { predictions_from_json(document, receiver); });
    const auto in_pieces = read([&](const auto& receiver) {
        PredictionsReader reader(receiver);
        const auto half = document.size() / 2;
        reader.add(document.substr(0, half));
        reader.add(document.substr(half));
        reader.end();
    });
    fuzz::require(predictions.has_value() == in_pieces.has_value(),
                  "reading in two parts accepts the same");
    if (!predictions) {
        return 0;
    }
    fuzz::require(written(*predictions) == written(*in_pieces),
                  "reading in two parts gives the same");
    for (const auto format : {ResultFormat::per_detection, ResultFormat::per_image}) {
        for (const auto stage : {Stage::ensemble, Stage::detector, Stage::classifier}) {
            check(*predictions,
                  {.format = format, .stage = stage, .indent = 0, .failure_reasons = true});
        }
    }
    return 0;
}
