// SPDX-License-Identifier: Apache-2.0
// Fuzzes StationTable. Input: a table of stations. Checks that each row has a station and a
// deployment, and that its folder, camera and time find a row.
#include "stations/station_table.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"

#include <chrono>
#include <optional>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet;
    using namespace speciesnet::cli;
    const auto text = fuzz::text(data, size);
    try {
        const auto table = StationTable::parse(text);
        for (const auto& row : table.rows()) {
            fuzz::require(!row.station.empty() && !row.deployment.empty(),
                          "a row has a station and a deployment");
            std::optional<CaptureTime> taken;
            if (const auto time = row.start ? row.start : row.end) {
                taken =
                    CaptureTime{.local = *time - row.clock_offset.value_or(std::chrono::seconds{})};
            }
            fuzz::require(table.find(row.folder, row.camera, taken).row != nullptr,
                          "the folder, camera and time of a row find one");
        }
        static_cast<void>(table.find(text, text, std::nullopt));
    } catch (const InvalidArgument&) {
        return 0;
    }
    return 0;
}
