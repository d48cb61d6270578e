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

/// Which sequence a photo is in.
struct SequencePlace {
    std::uint32_t sequence = 0;
    std::uint32_t frame = 0;  ///< From 1; 0 for a photo that is in none.
};

struct GroupedPhotos {
    std::vector<Sequence> sequences;    ///< Without answers.
    std::vector<SequencePlace> places;  ///< One for each photo.
};

/// Photos of one station, sorted by time (those of the same time in their given order), go into one
/// sequence as long as each follows the one before within `gap`. A photo without a time is in none.
GroupedPhotos group_photos(std::span<const PhotoFacts> photos, std::span<const Station> stations,
                           std::chrono::milliseconds gap);

/// Whether a label names a wider group that the other belongs to: Felidae of a lion, "animal" of
/// everything but humans, vehicles, blank and unknown.
bool is_wider(const std::string& label, const std::string& other);

/// What the photos of a sequence show together.
/// - Unknown counts only if there is nothing else; then blank, likewise.
/// - Each answer supports its own label with its score, and every narrower label that is also among
///   the answers: "animal" in one photo supports the zebra of the next.
/// - The label of the greatest support wins; of equal ones the narrower, then the first by the
///   alphabet. The score is the greatest that a photo has given to this very label.
/// @return nothing if there are no answers; the source is "sequence"
std::optional<Answer> decide_sequence(std::span<const Answer> answers);

}  // namespace speciesnet::cli
