// SPDX-License-Identifier: Apache-2.0
#include "import/published_network.hpp"

#include "speciesnet/error.hpp"

#include "import/checkpoint.hpp"
#include "import/invalid_model.hpp"
#include "import/onnx2torch.hpp"
#include "import/yolov5.hpp"
#include "import/zip_archive.hpp"

#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

namespace speciesnet {
namespace {

// Packages of MegaDetector append <root>/megadetector_info.json to what torch.save wrote.
std::optional<std::int64_t> image_size(std::string_view file) {
    constexpr std::string_view name = "/megadetector_info.json";
    constexpr std::size_t most_bytes = 1U << 16U;
    constexpr std::int64_t largest = 1U << 13U;
    if (!ZipArchive::has_signature(file)) {
        return std::nullopt;
    }
    const ZipArchive archive(file);
    const auto entry = std::ranges::find_if(
        archive.entries(), [&](const auto& known) { return known.first.ends_with(name); });
    if (entry == archive.entries().end()) {
        return std::nullopt;
    }
    const auto info =
        nlohmann::json::parse(archive.unpack(entry->first, most_bytes), nullptr, false);
    if (!info.is_object() || !info.contains("image_size")) {
        return std::nullopt;
    }
    const auto& size = info["image_size"];
    if (!size.is_number_integer() || size < 1 || size > largest) {
        invalid_model("megadetector_info.json has an image_size that is no size of pictures");
    }
    return size.get<std::int64_t>();
}

}  // namespace

PublishedNetwork read_published_network(const PackageFile& file) {
    try {
        Checkpoint checkpoint(file.content(), std::make_shared<const PackageFile>(file));
        // float16 becomes float32; nothing grows more than that.
        const std::uint64_t most_bytes = 2 * std::uint64_t{file.content().size()};
        // Checkpoints of YOLOv5 are dictionaries.
        if (checkpoint.root().is<pickle::Dict>()) {
            return {read_yolov5(checkpoint, most_bytes), image_size(file.content())};
        }
        return {read_onnx2torch(checkpoint, most_bytes), std::nullopt};
    } catch (const ModelError& error) {
        throw ModelError(error.code(), "'" + file.origin() + "' cannot be read: " + error.what());
    }
}

bool is_torchscript(const PackageFile& file) {
    if (!ZipArchive::has_signature(file.content())) {
        return false;
    }
    try {
        const ZipArchive archive(file.content());
        return std::ranges::any_of(archive.entries(), [](const auto& entry) {
            return entry.first.ends_with("/constants.pkl");
        });
    } catch (const ModelError& error) {
        throw ModelError(error.code(), "'" + file.origin() + "' cannot be read: " + error.what());
    }
}

}  // namespace speciesnet
