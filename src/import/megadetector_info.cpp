// SPDX-License-Identifier: Apache-2.0
#include "import/megadetector_info.hpp"

#include "import/invalid_model.hpp"
#include "import/zip_archive.hpp"
#include "text/parsed_json.hpp"

#include <cstddef>
#include <string_view>

namespace speciesnet {
namespace {

std::optional<std::string> info_in(std::string_view file) {
    constexpr std::size_t most_bytes = 1U << 16U;
    if (!ZipArchive::has_signature(file)) {
        return std::nullopt;
    }
    const ZipArchive archive(file);
    const std::string end = std::string("/") + megadetector_info_name;
    std::optional<std::string_view> found;
    for (const auto& [name, entry] : archive.entries()) {
        if (!name.ends_with(end)) {
            continue;
        }
        if (found) {
            invalid_model("it has two entries " + std::string(megadetector_info_name));
        }
        found = name;
    }
    return found ? std::optional(archive.unpack(*found, most_bytes)) : std::nullopt;
}

DetectorInfo info_of(std::string_view text) {
    const auto document = ParsedJson::parse(text);
    if (!document || !(*document)->is_object()) {
        return {};
    }
    DetectorInfo info;
    const auto& members = **document;
    if (const auto size = members.find("image_size"); size != members.end()) {
        if (!size->is_number_integer()) {
            invalid_model(std::string(megadetector_info_name) +
                          " has an image_size that is not an integer");
        }
        info.image_size = size->get<std::int64_t>();
    }
    if (const auto type = members.find("model_type"); type != members.end() && type->is_string()) {
        info.model_type = type->get<std::string>();
    }
    return info;
}

}  // namespace

std::optional<std::string> read_megadetector_info(const PackageFile& file) {
    return naming_file(file, [&] { return info_in(file.content()); });
}

DetectorInfo read_detector_info(const PackageFile& file) {
    return naming_file(file, [&] {
        const auto text = info_in(file.content());
        return text ? info_of(*text) : DetectorInfo();
    });
}

}  // namespace speciesnet
