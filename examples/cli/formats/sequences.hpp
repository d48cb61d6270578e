// SPDX-License-Identifier: Apache-2.0
// Bursts: groups of photos and their common answer. Rules: docs/reference/formats.md.
#pragma once

#include "photo_record.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// The position of a photo in a sequence.
struct SequencePlace {
    std::uint32_t sequence = 0;
    std::uint32_t frame = 0;  ///< From 1; 0 for a photo without a sequence.
};

struct GroupedPhotos {
    std::vector<Sequence> sequences;    ///< Without answers.
    std::vector<SequencePlace> places;  ///< One for each photo.
};

/// Groups photos of one station, sorted by time (those of the same time in their given order), into
/// a sequence as long as each is within `gap` of the previous one. A photo without a time is in
/// none.
GroupedPhotos group_photos(std::span<const PhotoFacts> photos, std::span<const Station> stations,
                           std::chrono::milliseconds gap);

/// Returns whether a label is a wider group of another one: Felidae for a lion, "animal" for
/// everything except humans, vehicles, blank and unknown.
bool is_wider(const std::string& label, const std::string& other);

/// Determines the common answer of the photos in a sequence.
/// - Unknown counts only if there is nothing else; so does blank.
/// - Each answer supports its own label with its score, and every narrower label that is also among
///   the answers: "animal" in one photo supports the zebra of the next.
/// - The label with the greatest support wins; among equal ones the narrower, then the
///   alphabetically first. The score is the greatest that a photo has for this label.
/// @return nothing if there are no answers; the source is "sequence"
std::optional<Answer> decide_sequence(std::span<const Answer> answers);

}  // namespace speciesnet::cli
