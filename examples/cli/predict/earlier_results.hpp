// SPDX-License-Identifier: Apache-2.0
// Documents of earlier runs: what can be kept, what can be built upon.
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

/// Gets the first input with a result's path, and the result.
using ResultVisitor = std::function<void(std::size_t input, const Prediction& prediction)>;
/// Gets the result of a photo that is neither an input nor in its place any more.
using LostResultVisitor = std::function<void(const Prediction& prediction)>;

/// Walks through a document of an earlier run over the same photos, without the images that failed.
/// Source: utils.py, load_partial_predictions, which stops at a photo that was deleted since.
/// @param flag    names the document in messages
/// @param results of this run, over its inputs
/// @return what the document says of how it came about
/// @throws InvalidArgument naming the flag, file and image, also for an image that exists and is
/// not among the inputs, or if none is; IoError
std::optional<RunInfo> for_each_earlier_result(const std::string& flag, const std::string& file,
                                               const RunResults& results,
                                               const ResultVisitor& visit,
                                               const LostResultVisitor& lost);

/// How this run answers, to be compared with how a finished document was made.
struct WantedAnswers {
    Components components;
    std::vector<JournalSetting> settings;  ///< As settings_of_answers() has them.
    std::string model_version;
    GeolocationOptions geolocation;
};

/// What was taken over, without images that failed.
struct KeptResults {
    std::size_t of_photos = 0;
    std::size_t of_lost_photos = 0;
};

/// Takes over what an earlier run of the same components and settings has written to the output of
/// this one. Source: run_model.py, guess_predictions_source.
/// @throws InvalidArgument naming --predictions_json, before anything is taken over; IoError
KeptResults keep_earlier_output(const std::string& file, const WantedAnswers& wanted,
                                std::span<const Instance> inputs, RunResults& results);

/// A document of an earlier run, to look results up in. They are on disk; in memory there are a few
/// bytes per photo.
class EarlierResults {
public:
    /// @param inputs must outlive this object
    /// @throws as for_each_earlier_result()
    EarlierResults(const std::string& flag, const std::string& file,
                   std::span<const Instance> inputs);

    /// What the document says of an image; of several results the last. @throws IoError
    std::optional<Prediction> find(std::string_view filepath) const;

private:
    Journal journal_;
    RunResults results_;
};

}  // namespace speciesnet::cli
