// SPDX-License-Identifier: Apache-2.0
// The fragment comes last, so that folder and file name are parsed as for photos.
#include "frame_name.hpp"

#include "files/text_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace speciesnet::cli {
namespace {

constexpr std::string_view fragment = "#frame=";

constexpr std::array<std::string_view, 13> extensions{".mp4", ".avi",  ".mov", ".mkv", ".m4v",
                                                      ".mpg", ".mpeg", ".wmv", ".mts", ".m2ts",
                                                      ".3gp", ".asf",  ".webm"};

}  // namespace

bool is_video_name(std::string_view path) {
    const auto lower = lower_case(path);
    return std::any_of(extensions.begin(), extensions.end(),
                       [&lower](std::string_view extension) { return lower.ends_with(extension); });
}

std::string to_text(const FrameName& name) {
    return name.video + std::string(fragment) + std::to_string(name.number);
}

std::optional<FrameName> parse_frame_name(std::string_view filepath) {
    const auto begin = filepath.rfind(fragment);
    if (begin == std::string_view::npos || !is_video_name(filepath.substr(0, begin))) {
        return std::nullopt;
    }
    const auto digits = filepath.substr(begin + fragment.size());
    FrameName name{.video = std::string(filepath.substr(0, begin))};
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), name.number);
    if (error != std::errc() || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    return name;
}

std::optional<FrameName> frame_of(std::string_view filepath) {
    auto frame = parse_frame_name(filepath);
    if (!frame && is_video_name(filepath)) {
        frame = FrameName{.video = std::string(filepath)};
    }
    return frame;
}

std::string file_of(std::string_view filepath) {
    auto frame = parse_frame_name(filepath);
    return frame ? std::move(frame->video) : std::string(filepath);
}

}  // namespace speciesnet::cli
