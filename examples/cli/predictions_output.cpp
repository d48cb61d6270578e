// A file is replaced in one step; standard output is checked, since a full disk may be behind it.
#include "predictions_output.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"

#include "text_file.hpp"

#include <iostream>

namespace speciesnet::cli {
namespace {

/// Digits after the point in saved files. Source: utils.py, save_predictions.
constexpr int saved_decimals = 4;

Stage stage_of(Components components) {
    switch (components) {
        case Components::detector:
            return Stage::detector;
        case Components::classifier:
            return Stage::classifier;
        case Components::all:
        case Components::rules:
            break;
    }
    return Stage::ensemble;
}

}  // namespace

void write_predictions(const PredictArguments& arguments, std::span<const Prediction> predictions) {
    JsonOptions options{.format = arguments.predict.format,
                        .stage = stage_of(components_of(arguments)),
                        .decimals = std::nullopt};
    if (arguments.predictions_json.empty()) {
        std::cout << to_json(predictions, options) << '\n' << std::flush;
        if (!std::cout) {
            throw IoError(ErrorCode::io, "cannot write to standard output");
        }
    } else {
        options.decimals = saved_decimals;
        write_text_file(arguments.predictions_json, to_json(predictions, options));
    }
}

std::size_t report_failures(std::span<const Prediction> predictions) {
    std::size_t failed = 0;
    for (const auto& prediction : predictions) {
        if (prediction.failures.any()) {
            ++failed;
            std::cerr << "speciesnet: failed: " << prediction.filepath << ": "
                      << prediction.failure_reason << '\n';
        } else if (!prediction.failure_reason.empty()) {
            std::cerr << "speciesnet: note: " << prediction.filepath << ": "
                      << prediction.failure_reason << '\n';
        }
    }
    if (failed > 0) {
        std::cerr << "speciesnet: " << failed << " of " << predictions.size() << " images failed\n";
    }
    return failed;
}

}  // namespace speciesnet::cli
