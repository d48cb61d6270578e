// SPDX-License-Identifier: Apache-2.0
// A small published package in its own folder.
#pragma once

#include "published_networks.hpp"
#include "temporary_folder.hpp"

#include <filesystem>
#include <string>

namespace speciesnet {

class PublishedPackage {
public:
    PublishedPackage() {
        folder_.write("info.json", R"({
  "version": "4.0.1a", "type": "always_crop", "extra": [1, 2],
  "classifier": "classifier.pt", "classifier_labels": "labels.txt",
  "detector": "https://host/md/detector.pt?download=1",
  "taxonomy": "taxonomy.txt", "geofence": "geofence.json"
})");
        folder_.write("classifier.pt", bytes_of(published("classifier.pt")));
        folder_.write(detector, bytes_of(published("detector.pt")));
        folder_.write("labels.txt", "a\nb\n");
        folder_.write("taxonomy.txt", "a;b\n");
        folder_.write("geofence.json", "{}");
    }

    static constexpr const char* detector = "https___host_md_detector.pt";

    std::filesystem::path path() const { return folder_.path(); }
    void write(const std::string& name, const std::string& content) const {
        folder_.write(name, content);
    }

private:
    TemporaryFolder folder_;
};

}  // namespace speciesnet
