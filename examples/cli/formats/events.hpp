// SPDX-License-Identifier: Apache-2.0
// Independent events: visits of a species to a station. Rules: docs/reference/formats.md.
#pragma once

#include "speciesnet/prediction.hpp"

#include "label_names.hpp"
#include "photo_record.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// Photos of one species at one place, each within some time of the one before.
struct Event {
    std::string id;       ///< The place, the first photo's time, and the species' name; unique.
    std::string place;    ///< Station::place()
    std::string station;  ///< Station::name of the first photo.
    std::string label;
    CaptureTime start;
    CaptureTime end;
    std::size_t photos = 0;
    std::size_t individuals = 0;  ///< The most that one photo shows.
    double score = 0;             ///< The best of all.
};

/// The events of some photos. First each photo is added, in order; then they are found.
class Events {
public:
    /// Nothing is learnt of a photo without a time. Blank, unknown and unclassified are no species.
    /// @param threshold lowest confidence of a detection to count
    void add(const Prediction& prediction, const PhotoFacts& facts, const Station& station,
             double threshold);

    /// To be called once, after the last photo. @param facts of all photos
    void find(std::span<const PhotoFacts> facts, std::span<const Station> stations,
              std::chrono::milliseconds gap);

    /// By place, in the order in which places came, and time.
    const std::vector<Event>& all() const noexcept { return events_; }

    /// The event that a photo's label is of; null if there is none. @param photo its number
    const Event* of(std::size_t photo, std::string_view label) const;

private:
    /// One species in one photo.
    struct Sighting {
        std::uint32_t photo;
        std::uint32_t place;
        std::uint32_t label;
        std::uint32_t individuals;
        double score;
        std::uint32_t event = 0;
    };

    std::uint32_t photos_ = 0;
    std::map<std::string, std::uint32_t> places_;
    LabelNumbers labels_;
    std::vector<Sighting> sightings_;  ///< In the order of the photos.
    std::vector<Event> events_;
};

}  // namespace speciesnet::cli
