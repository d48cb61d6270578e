// A file is replaced in one step; standard output is checked, since a full disk may be behind it.
#include "predictions_output.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"

#include "atomic_file.hpp"

#include <functional>
#include <iostream>
#include <string_view>

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

void write_document(const Results& results, const JsonOptions& options,
                    const std::function<void(std::string_view)>& write) {
    PredictionsWriter document(options);
    results.for_each([&](const Prediction& prediction) {
        document.add(prediction);
        write(document.take());
    });
    document.end();
    write(document.take());
}

}  // namespace

void write_predictions(const PredictArguments& arguments, const Results& results) {
    JsonOptions options{.format = arguments.predict.format,
                        .stage = stage_of(components_of(arguments)),
                        .decimals = std::nullopt};
    if (arguments.predictions_json.empty()) {
        write_document(results, options, [](std::string_view text) { std::cout << text; });
        std::cout << '\n' << std::flush;
        if (!std::cout) {
            throw IoError(ErrorCode::io, "cannot write to standard output");
        }
    } else {
        options.decimals = saved_decimals;
        AtomicFile file(arguments.predictions_json);
        write_document(results, options, [&file](std::string_view text) { file.write(text); });
        file.publish();
    }
}

}  // namespace speciesnet::cli
