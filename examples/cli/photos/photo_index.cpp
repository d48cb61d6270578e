// SPDX-License-Identifier: Apache-2.0
// Accesses the file system once for each spelling of a folder.
#include "photo_index.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <numeric>
#include <system_error>

namespace speciesnet::cli {
namespace {

std::size_t name_begin(std::string_view filepath) {
    return filepath.rfind('/') + 1;
}

}  // namespace

PhotoIndex::PhotoIndex(std::span<const Instance> photos)
    : photos_(photos), by_path_(photos.size()) {
    if (photos.size() > std::numeric_limits<std::uint32_t>::max()) {
        throw InvalidArgument("more photos than one run can process");
    }
    folders_.reserve(photos.size());
    for (const auto& photo : photos) {
        folders_.push_back(key_of(photo.filepath).folder);
    }
    std::iota(by_path_.begin(), by_path_.end(), 0);
    std::stable_sort(by_path_.begin(), by_path_.end(),
                     [this](auto left, auto right) { return key_at(left) < key_at(right); });
}

PhotoIndex::Folder PhotoIndex::folder_of(std::string_view spelled) const {
    if (const auto known = spelled_.find(spelled); known != spelled_.end()) {
        return known->second;
    }
    std::error_code problem;
    const auto absolute =
        std::filesystem::absolute(utf8_path(spelled.empty() ? std::string_view(".") : spelled));
    auto place = std::filesystem::weakly_canonical(absolute, problem);
    if (problem) {
        place = absolute.lexically_normal();
    }
    // Paths of missing folders keep their trailing slash.
    const auto text = place.has_filename() ? utf8_text(place) : utf8_text(place.parent_path());
    const auto number =
        places_.try_emplace(text, static_cast<Folder>(places_.size())).first->second;
    spelled_.emplace(spelled, number);
    return number;
}

PhotoIndex::Key PhotoIndex::key_of(std::string_view filepath) const {
    const auto name = name_begin(filepath);
    return {.folder = folder_of(filepath.substr(0, name)), .name = filepath.substr(name)};
}

PhotoIndex::Key PhotoIndex::key_at(std::uint32_t photo) const {
    const std::string_view filepath = photos_[photo].filepath;
    return {.folder = folders_[photo], .name = filepath.substr(name_begin(filepath))};
}

PhotoIndex::Position PhotoIndex::first_of(const Key& key) const {
    return std::lower_bound(
        by_path_.begin(), by_path_.end(), key,
        [this](auto photo, const Key& wanted) { return key_at(photo) < wanted; });
}

std::optional<std::size_t> PhotoIndex::find(std::string_view filepath,
                                            std::size_t occurrence) const {
    const auto key = key_of(filepath);
    const auto first = first_of(key);
    if (static_cast<std::size_t>(by_path_.end() - first) <= occurrence) {
        return std::nullopt;
    }
    const auto photo = first[static_cast<std::ptrdiff_t>(occurrence)];
    return key_at(photo) == key ? std::optional<std::size_t>(photo) : std::nullopt;
}

/// Photos with the same path stay in their own order.
std::size_t PhotoIndex::occurrence_of(std::size_t photo) const {
    const auto key = key_at(static_cast<std::uint32_t>(photo));
    const auto first = first_of(key);
    const auto behind =
        std::upper_bound(first, by_path_.end(), key,
                         [this](const Key& wanted, auto other) { return wanted < key_at(other); });
    return static_cast<std::size_t>(std::lower_bound(first, behind, photo) - first);
}

}  // namespace speciesnet::cli
