// SPDX-License-Identifier: Apache-2.0
// Reads only the first part of JPEG files, which contains all metadata.
#include "photo_facts.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/utf8_path.hpp"

#include "video/frame_name.hpp"
#include "video/video_file.hpp"

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

/// Contains the EXIF block with its thumbnail, other blocks written by cameras, and the frame
/// header.
constexpr std::size_t beginning = std::size_t{512} * 1024;

bool is_jpeg(std::span<const std::byte> bytes) {
    return bytes.size() > 2 && bytes[0] == std::byte{0xFF} && bytes[1] == std::byte{0xD8};
}

std::string camera_of(const PhotoMetadata& metadata) {
    std::string camera;
    for (const auto* const part :
         {&metadata.camera_make, &metadata.camera_model, &metadata.camera_serial_number}) {
        if (!part->empty()) {
            camera += (camera.empty() ? "" : " ") + *part;
        }
    }
    return camera;
}

void add_size(PhotoFacts& facts, std::span<const std::byte> bytes, int orientation) {
    try {
        const auto info = validate(bytes);
        facts.width = info.width;
        facts.height = info.height;
        if (orientation >= 5) {
            std::swap(facts.width, facts.height);
        }
    } catch (const InvalidImage&) {
        // The result records the failure.
        facts.width = 0;
    }
}

std::optional<VideoFacts> facts_of_video(const std::string& video) {
    try {
        return VideoFile(video).facts();
    } catch (const Error&) {
        return std::nullopt;
    }
}

ReadFacts facts_of_photo(const std::string& file) {
    std::vector<std::byte> bytes;
    PhotoMetadata metadata;
    try {
        bytes = read_beginning(utf8_path(file), beginning);
        if (bytes.empty()) {
            return {.facts = {}, .camera = {}, .readable = false};
        }
        metadata = is_jpeg(bytes) ? read_metadata(bytes) : read_metadata_file(utf8_path(file));
    } catch (const Error&) {
        return {.facts = {}, .camera = {}, .readable = false};
    }
    ReadFacts read{.facts = {.taken = metadata.taken, .coordinates = metadata.coordinates},
                   .camera = camera_of(metadata)};
    add_size(read.facts, bytes, metadata.orientation);
    return read;
}

}  // namespace

ReadFacts FactsReader::read(const std::string& filepath) {
    const auto frame = frame_of(filepath);
    if (!frame) {
        return facts_of_photo(filepath);
    }
    const auto known = videos_.find(frame->video);
    const auto& facts =
        known != videos_.end()
            ? known->second
            : videos_.emplace(frame->video, facts_of_video(frame->video)).first->second;
    if (!facts) {
        return {.facts = {}, .camera = {}, .readable = false};
    }
    return {.facts = {.taken = facts->time_of(frame->number),
                      .width = facts->width,
                      .height = facts->height},
            .camera = {}};
}

const VideoFacts* FactsReader::find_video(const std::string& video) const {
    const auto known = videos_.find(video);
    return known == videos_.end() || !known->second ? nullptr : &*known->second;
}

}  // namespace speciesnet::cli
