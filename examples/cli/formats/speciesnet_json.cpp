// SPDX-License-Identifier: Apache-2.0
// Writes the reference's documents, prediction by prediction.
#include "files/atomic_file.hpp"
#include "formats.hpp"
#include "results/model_names.hpp"

namespace speciesnet::cli {

void write_speciesnet_json(const Results& results, const JsonOptions& options,
                           const TextReceiver& write) {
    PredictionsWriter document(options);
    results.for_each([&](const Prediction& prediction) {
        document.add(prediction);
        write(document.take());
    });
    document.end();
    write(document.take());
}

void write_json_lines(const Results& results, const JsonOptions& options,
                      const std::filesystem::path& file) {
    auto one_line = options;
    one_line.indent = 0;
    one_line.failure_reasons = true;
    ModelNames model;
    results.for_each([&model](const Prediction& prediction) { model.add(prediction); });
    model.add(results.run());
    one_line.model = model.text();
    AtomicFile output(file);
    results.for_each(
        [&](const Prediction& prediction) { output.write(to_json(prediction, one_line) + '\n'); });
    output.publish();
}

}  // namespace speciesnet::cli
