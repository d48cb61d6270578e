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

/// Photos of one species at one place, each within a given time of the previous one.
struct Event {
    std::string id;       ///< Place, time of the first photo, and name of the species; unique.
    std::string place;    ///< Station::place()
    std::string station;  ///< Station::name of the first photo.
    std::string label;
    CaptureTime start;
    CaptureTime end;
    std::size_t photos = 0;
    std::size_t individuals = 0;  ///< Maximum in one photo.
    double score = 0;             ///< Maximum over all photos.
};

/// The events of photos. All photos must be added, in order, before find() is called.
class Events {
public:
    /// Ignores photos without a time. Blank, unknown and unclassified do not count as species.
    /// @param threshold minimum confidence of a detection
    void add(const Prediction& prediction, const PhotoFacts& facts, const Station& station,
             double threshold);

    /// Must be called once, after the last photo. @param facts of all photos
    void find(std::span<const PhotoFacts> facts, std::span<const Station> stations,
              std::chrono::milliseconds gap);

    /// Returns the events by place, in order of first occurrence, then by time.
    const std::vector<Event>& all() const noexcept { return events_; }

    /// Returns the event that a photo's label belongs to; null if there is none. @param photo its
    /// index
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
