// SPDX-License-Identifier: Apache-2.0
// Results with the metadata that the formats need.
#pragma once

#include "events.hpp"
#include "photo_facts.hpp"
#include "photo_record.hpp"
#include "relative_paths.hpp"
#include "results/model_names.hpp"
#include "results/results.hpp"
#include "sequences.hpp"
#include "stations/station_table.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// How to derive records from photos.
struct RecordOptions {
    /// Whether to read files for time, location, camera and size.
    bool facts = false;
    /// Maximum gap between photos of a sequence; requires `facts`.
    std::optional<std::chrono::milliseconds> sequence_gap;
    /// Maximum gap between photos of an event; requires `facts`.
    std::optional<std::chrono::milliseconds> event_gap = std::nullopt;
    /// As for RelativePaths.
    std::optional<std::string> base_folder;
    /// Minimum confidence of detections that count for sequences and events.
    double threshold = 0.2;
    /// Known properties of the cameras.
    StationTable stations = StationTable();
};

/// Iterates over records in the order of the results. Needs a few dozen bytes of memory for each
/// photo.
class PhotoRecords {
public:
    /// Reads the metadata. @param results must outlive this object
    PhotoRecords(const Results& results, RecordOptions options);

    void for_each(const std::function<void(const PhotoRecord&)>& visit) const;

    /// Iterates by file: a photo has one record, a video those of its frames. Only the results of
    /// one file are in memory. Frames of a video that are not consecutive count as several files.
    void for_each_file(
        const std::function<void(const std::string& file, std::span<const PhotoRecord> of_file)>&
            visit) const;

    const Results& results() const noexcept { return results_; }
    const std::vector<Station>& stations() const noexcept { return stations_; }
    const std::vector<Sequence>& sequences() const noexcept { return grouped_.sequences; }
    /// Returns nothing if events were not requested.
    const std::optional<Events>& events() const noexcept { return events_; }
    /// Returns the number of photos that could not be opened to read their metadata.
    std::size_t unreadable() const noexcept { return unreadable_; }

    /// Returns whether metadata was read and there are frames of videos.
    bool has_videos() const noexcept { return facts_reader_.has_videos(); }

    const ModelNames& model() const noexcept { return model_; }

    /// As RelativePaths::relative().
    std::string relative(std::string_view filepath) const { return paths_.relative(filepath); }
    const std::string& base_folder() const noexcept { return paths_.base_folder(); }

private:
    void read_all_facts();
    void find_clock_jumps();
    void decide_sequences(double threshold);
    void find_events(std::chrono::milliseconds gap, double threshold);

    const Results& results_;
    RelativePaths paths_;
    ModelNames model_;
    FactsReader facts_reader_;
    std::vector<PhotoFacts> facts_;
    StationTable table_;
    std::vector<Station> stations_;  ///< They refer to rows of the table.
    GroupedPhotos grouped_;
    std::optional<Events> events_;
    std::size_t unreadable_ = 0;
    PhotoFacts no_facts_;  ///< Used for each photo if metadata was not requested.
    Station no_station_;   ///< Used for each photo if metadata was not requested.
};

}  // namespace speciesnet::cli
