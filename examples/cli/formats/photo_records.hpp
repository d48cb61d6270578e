// Results with all that the formats know of their photos.
#pragma once

#include "formats/photo_record.hpp"
#include "formats/sequences.hpp"
#include "results.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
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
    /// Taken off the front of paths that lie in it; nothing stands for the deepest folder that
    /// holds all photos.
    std::optional<std::string> base_folder;
};

/// Walks through records in the order of the results. In memory there are a few dozen bytes per
/// photo.
class PhotoRecords {
public:
    /// Reads the facts. @param results must outlive this object
    PhotoRecords(const Results& results, const RecordOptions& options);

    void for_each(const std::function<void(const PhotoRecord&)>& visit) const;

    const Results& results() const noexcept { return results_; }
    const std::vector<Station>& stations() const noexcept { return stations_; }
    const std::vector<Sequence>& sequences() const noexcept { return grouped_.sequences; }
    /// Photos that could not be opened to read their facts.
    std::size_t unreadable() const noexcept { return unreadable_; }

    /// A path without the base folder, as far as it lies in it.
    std::string_view relative(std::string_view filepath) const;

private:
    void find_base_folder();
    void read_all_facts();
    void decide_sequences();

    const Results& results_;
    std::string base_folder_;  ///< Empty, or with a slash at its end.
    std::vector<PhotoFacts> facts_;
    std::vector<Station> stations_;
    GroupedPhotos grouped_;
    std::size_t unreadable_ = 0;
};

}  // namespace speciesnet::cli
