// SPDX-License-Identifier: Apache-2.0
// Fuzzes the parsers of info.json, SHA256SUMS, taxonomy, geofence and instances. Input: any of
// these texts. Checks that each parser accepts it or throws its error type, and that checksums
// survive a round trip.
#include "speciesnet/error.hpp"
#include "speciesnet/geofence.hpp"
#include "speciesnet/json.hpp"
#include "speciesnet/taxonomy.hpp"

#include "download/checksums.hpp"
#include "fuzz/agreement.hpp"
#include "model/model_info.hpp"

#include <string_view>

namespace {

using namespace speciesnet;

template <typename Refusal, typename Read>
void read(Read read_text) {
    try {
        read_text();
    } catch (const Refusal&) {
        return;
    }
}

void read_info(std::string_view text) {
    const auto info = parse_model_info(text, "info.json");
    if (const auto url = detector_url(text, "info.json")) {
        fuzz::require(info.detector == local_file_name(*url),
                      "a URL gives the detector's local file name");
    }
}

void read_checksums(std::string_view text) {
    const auto written = format_checksums(parse_checksums(text, "SHA256SUMS"));
    fuzz::require(format_checksums(parse_checksums(written, "SHA256SUMS")) == written,
                  "checksums survive a round trip");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text(data, size);
    read<ModelError>([&] { read_info(text); });
    read<ModelError>([&] { read_checksums(text); });
    read<ModelError>([&] { Taxonomy::parse(text); });
    read<ModelError>([&] { Geofence::parse(text); });
    read<InvalidArgument>([&] { instances_from_json(text); });
    return 0;
}
