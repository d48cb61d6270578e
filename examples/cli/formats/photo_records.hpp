// SPDX-License-Identifier: Apache-2.0
// Results with all that the formats know of their photos.
#pragma once

#include "photo_record.hpp"
#include "photos/photo_paths.hpp"
#include "results/model_names.hpp"
#include "results/results.hpp"
#include "sequences.hpp"

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
    /// Taken off the front of paths that lie in it; nothing stands for the folder that was searched
    /// for the photos, or, if that is not known, the deepest that holds all of them.
    std::optional<std::string> base_folder;
    /// Lowest confidence of detections that count for the answers of sequences.
    double threshold = 0.2;
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

    const ModelNames& model() const noexcept { return model_; }

    /// A path without the base folder, as far as it lies in it, as documents have it: in UTF-8, and
    /// with slashes between its parts where it is Windows'.
    std::string relative(std::string_view filepath) const;

    /// The base folder, empty or with a slash at its end.
    const std::string& base_folder() const noexcept { return base_folder_; }

private:
    void learn_paths_and_model();
    void find_base_folder();
    bool lies_in_base_folder(std::string_view path) const;
    void read_all_facts();
    void decide_sequences(double threshold);

    const Results& results_;
    PathStyle style_;
    ModelNames model_;
    std::string base_folder_;  ///< Empty, or with a slash at its end.
    bool paths_stay_ = false;
    std::vector<PhotoFacts> facts_;
    std::vector<Station> stations_;
    GroupedPhotos grouped_;
    std::size_t unreadable_ = 0;
};

}  // namespace speciesnet::cli
