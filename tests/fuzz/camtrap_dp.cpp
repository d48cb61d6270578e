// SPDX-License-Identifier: Apache-2.0
// Fuzzes read_camtrap_dp(). Input: deployments.csv, media.csv and observations.csv, separated by
// zero bytes. Checks that the tables are refused with InvalidArgument, or that each result has
// detections or a failure.
#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"
#include "results/camtrap_dp_package.hpp"
#include "temporary_folder.hpp"

#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet;
    using namespace speciesnet::cli;
    static const TemporaryFolder folder;
    auto rest = fuzz::text(data, size);
    for (const auto* const name : {"deployments.csv", "media.csv", "observations.csv"}) {
        const auto end = rest.find('\0');
        folder.write(name, rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    try {
        read_camtrap_dp(folder.path(), [](const Prediction& prediction) {
            fuzz::require(prediction.failures.any() || prediction.detections.has_value(),
                          "a result has detections or a failure");
        });
    } catch (const InvalidArgument&) {
        return 0;
    }
    return 0;
}
