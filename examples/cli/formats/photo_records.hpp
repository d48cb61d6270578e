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

/// How photos become records.
struct RecordOptions {
    /// Whether files are looked at for time, place, camera and size.
    bool facts = false;
    /// Photos that follow each other within this are a sequence; needs the facts.
    std::optional<std::chrono::milliseconds> sequence_gap;
    /// Photos of a species that follow each other within this are an event; needs the facts.
    std::optional<std::chrono::milliseconds> event_gap = std::nullopt;
    /// As RelativePaths takes it.
    std::optional<std::string> base_folder;
    /// Lowest confidence of detections that count for sequences and events.
    double threshold = 0.2;
    /// What people know of the cameras.
    StationTable stations = StationTable();
};

/// Walks through records in the order of the results. In memory there are a few dozen bytes per
/// photo.
class PhotoRecords {
public:
    /// Reads the facts. @param results must outlive this object
    PhotoRecords(const Results& results, RecordOptions options);

    void for_each(const std::function<void(const PhotoRecord&)>& visit) const;

    /// The same by files: of a photo its record, of a video those of its frames. In memory are the
    /// results of one file. Frames that do not follow each other are several files.
    void for_each_file(
        const std::function<void(const std::string& file, std::span<const PhotoRecord> of_file)>&
            visit) const;

    const Results& results() const noexcept { return results_; }
    const std::vector<Station>& stations() const noexcept { return stations_; }
    const std::vector<Sequence>& sequences() const noexcept { return grouped_.sequences; }
    /// Nothing if events were not asked for.
    const std::optional<Events>& events() const noexcept { return events_; }
    /// Photos that could not be opened to read their facts.
    std::size_t unreadable() const noexcept { return unreadable_; }

    /// Whether facts were read, and there are frames of videos.
    bool has_videos() const noexcept { return facts_reader_.has_videos(); }

    const ModelNames& model() const noexcept { return model_; }

    /// As RelativePaths has it.
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
    std::vector<Station> stations_;  ///< Refer to rows of the table.
    GroupedPhotos grouped_;
    std::optional<Events> events_;
    std::size_t unreadable_ = 0;
    PhotoFacts no_facts_;  ///< Of each photo, if facts were not asked for.
    Station no_station_;   ///< Likewise.
};

}  // namespace speciesnet::cli
