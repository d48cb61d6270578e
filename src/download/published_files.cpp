// SPDX-License-Identifier: Apache-2.0
// Sources: MD5 from `known_models` of PyPI megadetector 10.0.28, run_detector.py. Sizes and SHA-256
// of the detectors: several public repositories that pin each file. SHA-256 of the classifier of
// 4.0.1a and 4.0.2a: one public repository. Size of the classifier of 4.0.3b: public repositories.
// Read in November 2026, not checked against the files.
#include "download/published_files.hpp"

#include "speciesnet/model.hpp"
#include "speciesnet/utf8_path.hpp"

#include "download/digest.hpp"
#include "model/network_files.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace speciesnet {
namespace {

constexpr std::array<PublishedFile, 11> files{{
    {"md_v5a.0.0.pt",
     280'766'885,
     "ec1d7603ec8cf642d6e0cd008ba2be8c",
     "94e88fe97c8050f2e3d0cc4cb4f64729d639d74312dcbe2f74f8eecd3b01b276",
     {}},
    {"md_v5a.0.1.pt",
     280'767'041,
     "60f8e7ec1308554df258ed1f4040bc4f",
     "fe3e90e4b1955821ab7c1f88b446dc0c8cb25e109fdd1872916a55305294a5ef",
     {}},
    {"md_v5b.0.0.pt", {}, "bc235e73f53c5c95e66ea0d1b2cbf542", {}, {}},
    {"md_v5b.0.1.pt", {}, "f17ed6fedfac2e403606a08c89984905", {}, {}},
    {"md_v1000.0.0-redwood.pt", {}, "74474b3aec9cf1a990da38b37ddf9197", {}, {}},
    {"md_v1000.0.0-spruce.pt", {}, "1c9d1d2b3ba54931881471fdd508e6f2", {}, {}},
    {"md_v1000.0.0-larch.pt", {}, "cab94ebd190c2278e12fb70ffd548b6d", {}, {}},
    {"md_v1000.0.0-cedar.pt", {}, "3d6472c9b95ba687b59ebe255f7c576b", {}, {}},
    {"md_v1000.0.0-sorrel.pt", {}, "4339a2c8af7a381f18ded7ac2a4df03e", {}, {}},
    {"always_crop_99710272_22x8_v12_epoch_00148.pt",
     {},
     {},
     "d099632044e92a0446869e06e5eb282e24706d5266b4acf5b42f5f23e2b50ade",
     "4.0.1a 4.0.2a"},
    {"full_image_88545560_22x8_v12_epoch_00153.pt", 224'391'777, {}, {}, "4.0.3b"},
}};

bool has_name(const std::string& path, std::string_view published) {
    return path == published || path.ends_with("_" + std::string(published));
}

bool is_in_package(const PublishedFile& published, std::string_view version) {
    const auto versions = " " + std::string(published.packages) + " ";
    return published.packages.empty() ||
           versions.find(" " + std::string(version) + " ") != std::string::npos;
}

/// Compares a file that has the name of a published one, but not its SHA-256.
Publication compare(std::string_view content, const PublishedFile& published) {
    if (!published.sha256.empty() || (published.bytes && *published.bytes != content.size())) {
        return Publication::not_published;
    }
    if (published.md5.empty()) {
        return Publication::not_known;
    }
    return digest_of(content, DigestAlgorithm::md5) == published.md5 ? Publication::published
                                                                     : Publication::not_published;
}

}  // namespace

std::span<const PublishedFile> published_files() {
    return files;
}

IdentifiedNetwork identify(const std::string& path, std::string_view content,
                           std::string_view version, std::span<const PublishedFile> table) {
    const auto sha256 = digest_of(content, DigestAlgorithm::sha256);
    const auto same = std::find_if(table.begin(), table.end(), [&](const auto& published) {
        return published.sha256 == sha256;
    });
    if (same != table.end()) {
        return {path, Publication::published, std::string(same->name)};
    }
    const auto namesake = std::find_if(table.begin(), table.end(), [&](const auto& published) {
        return has_name(path, published.name) && is_in_package(published, version);
    });
    if (namesake == table.end()) {
        return {path, Publication::not_known, {}};
    }
    return {path, compare(content, *namesake), std::string(namesake->name)};
}

std::vector<IdentifiedNetwork> identify_networks(const std::filesystem::path& folder) {
    const auto package = Package::open(utf8_text(folder / ""));
    const auto& info = package.info();
    std::vector<IdentifiedNetwork> networks;
    for (const auto& file : {info.detector, info.classifier}) {
        const auto network = package.find(file);
        if (!network && has_network(folder, file)) {  // Only its compiled form exists.
            networks.push_back({file, Publication::not_known, {}});
            continue;
        }
        networks.push_back(
            identify(file, package.read(file).content(), info.version, published_files()));
    }
    return networks;
}

}  // namespace speciesnet
