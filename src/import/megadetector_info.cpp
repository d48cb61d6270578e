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

std::optional<std::int64_t> image_size_in(std::string_view text) {
    const auto info = ParsedJson::parse(text);
    if (!info || !(*info)->is_object() || !(*info)->contains("image_size")) {
        return std::nullopt;
    }
    const auto& size = (**info)["image_size"];
    if (!size.is_number_integer()) {
        invalid_model(std::string(megadetector_info_name) +
                      " has an image_size that is no integer");
    }
    return size.get<std::int64_t>();
}

std::string model_type_in(std::string_view text) {
    const auto info = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    const auto type = info.is_object() ? info.find("model_type") : info.end();
    return type != info.end() && type->is_string() ? type->get<std::string>() : std::string();
}

}  // namespace

std::optional<std::string> read_megadetector_info(const PackageFile& file) {
    return naming_file(file, [&] { return info_in(file.content()); });
}

std::optional<std::int64_t> read_image_size(const PackageFile& file) {
    return naming_file(file, [&] {
        const auto info = info_in(file.content());
        return info ? image_size_in(*info) : std::nullopt;
    });
}

std::string read_model_type(const PackageFile& file) {
    const auto info = read_megadetector_info(file);
    return info ? model_type_in(*info) : std::string();
}

}  // namespace speciesnet
