// Any bytes as a document of predictions: what can be read can be written, in each format and for
// each stage, and what was written is read back as it was.
#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"

#include "fuzz/agreement.hpp"

#include <string>
#include <vector>

namespace {

using namespace speciesnet;

void check(const std::vector<Prediction>& predictions, const JsonOptions& options) {
    const auto written = to_json(predictions, options);
    const auto again = predictions_from_json(written);
    fuzz::require(again.size() == predictions.size(), "no prediction is lost");
    fuzz::require(to_json(again, options) == written, "what was written is read back");
    PredictionsWriter writer(options);
    std::string pieces;
    for (const auto& prediction : predictions) {
        writer.add(prediction);
        pieces += writer.take();
    }
    writer.end();
    fuzz::require(pieces + writer.take() == written, "pieces make the same document");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<Prediction> predictions;
    try {
        predictions = predictions_from_json(fuzz::text(data, size));
    } catch (const InvalidArgument&) {
        return 0;
    }
    for (const auto format : {ResultFormat::per_detection, ResultFormat::per_image}) {
        for (const auto stage : {Stage::ensemble, Stage::detector, Stage::classifier}) {
            check(predictions,
                  {.format = format, .stage = stage, .indent = 0, .failure_reasons = true});
        }
    }
    return 0;
}
