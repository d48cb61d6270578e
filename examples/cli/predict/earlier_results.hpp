// SPDX-License-Identifier: Apache-2.0
// Reads documents of earlier runs, to keep their results or to build on them.
#pragma once

#include "speciesnet/ensemble.hpp"
#include "speciesnet/geolocation.hpp"

#include "journal/journal.hpp"
#include "run_results.hpp"
#include "run_settings.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// Receives the index of the first input with a result's path, and the result.
using ResultVisitor = std::function<void(std::size_t input, const Prediction& prediction)>;
/// Receives the result of a photo that is not an input and no longer exists.
using LostResultVisitor = std::function<void(const Prediction& prediction)>;

/// Iterates over a document of an earlier run with the same photos, and skips failed images.
/// Source: utils.py, load_partial_predictions, which stops at a photo that has been deleted.
/// @param flag    name of the document in messages
/// @param results of this run, with its inputs
/// @return the document's information about its run
/// @throws InvalidArgument naming the flag, file and image, also if an image exists but is not
/// among the inputs, or if no image is; IoError
std::optional<RunInfo> for_each_earlier_result(const std::string& flag, const std::string& file,
                                               const RunResults& results,
                                               const ResultVisitor& visit,
                                               const LostResultVisitor& lost);

/// The settings of this run's answers, for comparison with a finished document.
struct WantedAnswers {
    Components components;
    std::vector<JournalSetting> settings;  ///< From settings_of_answers().
    std::string model_version;
    GeolocationOptions geolocation;
};

/// The results that were kept, without failed images.
struct KeptResults {
    std::size_t of_photos = 0;
    std::size_t of_lost_photos = 0;
};

/// Keeps the results that an earlier run with the same components and settings wrote to the output
/// of this run. Source: run_model.py, guess_predictions_source.
/// @throws InvalidArgument naming --predictions_json, before any result is kept; IoError
KeptResults keep_earlier_output(const std::string& file, const WantedAnswers& wanted,
                                std::span<const Instance> inputs, RunResults& results);

/// A document of an earlier run for lookups. Results stay on disk, with a few bytes of memory for
/// each photo.
class EarlierResults {
public:
    /// @param inputs must outlive this object
    /// @throws as for_each_earlier_result()
    EarlierResults(const std::string& flag, const std::string& file,
                   std::span<const Instance> inputs);

    /// Returns the result for an image; the last one if there are several. @throws IoError
    std::optional<Prediction> find(std::string_view filepath) const;

private:
    Journal journal_;
    RunResults results_;
};

}  // namespace speciesnet::cli
