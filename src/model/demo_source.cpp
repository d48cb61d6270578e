// SPDX-License-Identifier: Apache-2.0
// Gives access to the files of the demonstration model, which CMake embeds under the symbols
// declared here.
#include "model/source.hpp"

#include <array>
#include <memory>

extern "C" {
#define SPECIESNET_EMBEDDED(symbol)     \
    extern const char symbol##_begin[]; \
    extern const char symbol##_end[]
SPECIESNET_EMBEDDED(speciesnet_demo_info);
SPECIESNET_EMBEDDED(speciesnet_demo_classifier);
SPECIESNET_EMBEDDED(speciesnet_demo_detector);
SPECIESNET_EMBEDDED(speciesnet_demo_labels);
SPECIESNET_EMBEDDED(speciesnet_demo_taxonomy);
SPECIESNET_EMBEDDED(speciesnet_demo_geofence);
#undef SPECIESNET_EMBEDDED
}

namespace speciesnet {
namespace {

struct Entry {
    std::string_view name;
    const char* begin;
    const char* end;
};

constexpr std::array<Entry, 6> entries{{
    {"info.json", speciesnet_demo_info_begin, speciesnet_demo_info_end},
    {"classifier.pt", speciesnet_demo_classifier_begin, speciesnet_demo_classifier_end},
    {"detector.pt", speciesnet_demo_detector_begin, speciesnet_demo_detector_end},
    {"labels.txt", speciesnet_demo_labels_begin, speciesnet_demo_labels_end},
    {"taxonomy.txt", speciesnet_demo_taxonomy_begin, speciesnet_demo_taxonomy_end},
    {"geofence.json", speciesnet_demo_geofence_begin, speciesnet_demo_geofence_end},
}};

}  // namespace

std::string Package::DemoSource::origin(const std::string& file) const {
    return "demo:" + file;
}

std::optional<PackageFile> Package::DemoSource::find(const std::string& file) const {
    for (const auto& entry : entries) {
        if (entry.name == file) {
            return PackageFile({entry.begin, static_cast<std::size_t>(entry.end - entry.begin)},
                               origin(file), nullptr);
        }
    }
    return std::nullopt;
}

}  // namespace speciesnet
