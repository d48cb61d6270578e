// SPDX-License-Identifier: Apache-2.0
// Fuzzes read_megadetector_document(). Input: a document of MegaDetector. Checks that it is refused
// with InvalidArgument, or that each result has a file and detections or a failure, and that a
// second read gives the same results.
#include "results/megadetector_document.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"

#include <sstream>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet;
    using namespace speciesnet::cli;
    static_cast<void>(is_megadetector_document(fuzz::text(data, size)));
    std::istringstream document{std::string(fuzz::text(data, size))};
    const auto read = [&document] {
        std::vector<Prediction> predictions;
        read_megadetector_document(document, [&](const Prediction& prediction) {
            fuzz::require(!prediction.filepath.empty(), "a result has a file");
            fuzz::require(prediction.failures.any() || prediction.detections.has_value(),
                          "a result has detections or a failure");
            predictions.push_back(prediction);
        });
        return predictions;
    };
    try {
        const auto first = read();
        fuzz::require(first == read(), "a second read gives the same results");
    } catch (const InvalidArgument&) {
        return 0;
    }
    return 0;
}
