// SPDX-License-Identifier: Apache-2.0
// Parts of hub names become parts of paths and URLs, so only plain characters are accepted.
#include "download/model_name.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/utf8_path.hpp"

#include "text/url.hpp"

#include <charconv>
#include <string_view>
#include <system_error>
#include <vector>

namespace speciesnet {
namespace {

constexpr std::string_view kaggle_prefix = "kaggle:";
constexpr std::string_view hugging_face_prefix = "hf:";
/// The maximum that Hugging Face allows; Kaggle's parts are shorter.
constexpr std::size_t longest_part = 96;

bool is_plain(std::string_view part) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return !part.empty() && part.size() <= longest_part && part != "." && part != ".." &&
           part.find_first_not_of(allowed) == std::string_view::npos;
}

[[noreturn]] void refuse(const std::string& name, const std::string& form) {
    throw InvalidArgument("model name '" + name + "' is not of the form " + form);
}

/// @return the parts between slashes; empty if one of them is not plain
std::vector<std::string> plain_parts(std::string_view text) {
    std::vector<std::string> parts;
    while (true) {
        const auto end = text.find('/');
        const auto part = text.substr(0, end);
        if (!is_plain(part)) {
            return {};
        }
        parts.emplace_back(part);
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

KaggleModel parse_kaggle(const std::string& name) {
    const std::string form = "kaggle:OWNER/MODEL/FRAMEWORK/VARIATION[/VERSION]";
    const auto parts = plain_parts(std::string_view(name).substr(kaggle_prefix.size()));
    if (parts.size() != 4 && parts.size() != 5) {
        refuse(name, form);
    }
    KaggleModel model{parts[0], parts[1], parts[2], parts[3], std::nullopt};
    if (parts.size() == 5) {
        std::uint32_t version = 0;
        const auto* const end = parts[4].data() + parts[4].size();
        const auto [stop, error] = std::from_chars(parts[4].data(), end, version);
        if (error != std::errc() || stop != end || version == 0) {
            refuse(name, form + " with a version from 1");
        }
        model.version = version;
    }
    return model;
}

HuggingFaceModel parse_hugging_face(const std::string& name) {
    const auto parts = plain_parts(std::string_view(name).substr(hugging_face_prefix.size()));
    if (parts.size() != 2) {
        refuse(name, "hf:OWNER/REPOSITORY");
    }
    return {parts[0], parts[1]};
}

}  // namespace

ModelName parse_model_name(const std::string& name) {
    if (name.empty()) {
        throw InvalidArgument("the model has no name");
    }
    if (name == demo_model_name) {
        return DemoModel{};
    }
    if (name.starts_with(kaggle_prefix)) {
        return parse_kaggle(name);
    }
    if (name.starts_with(hugging_face_prefix)) {
        return parse_hugging_face(name);
    }
    if (is_url(name)) {
        return ArchiveUrl{name};
    }
    std::error_code ignored;
    if (std::filesystem::is_regular_file(utf8_path(name), ignored)) {
        return ArchiveFile{utf8_path(name)};
    }
    return ModelFolder{utf8_path(name)};
}

}  // namespace speciesnet
