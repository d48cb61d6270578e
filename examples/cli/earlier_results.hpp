// Documents of earlier runs: what can be kept, what can be built upon.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "journal/journal.hpp"
#include "run_results.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Walks through a document of an earlier run over the same photos, without the images that failed.
/// Source: utils.py, load_partial_predictions.
/// @param flag    names the document in messages
/// @param results of this run, over its inputs
/// @param visit   gets the first input with the result's path, and the result
/// @throws InvalidArgument naming the flag, file and image, also for an image that is not among the
/// inputs; IoError
void for_each_earlier_result(const std::string& flag, const std::string& file,
                             const RunResults& results,
                             const std::function<void(std::size_t, const Prediction&)>& visit);

/// Takes over what an earlier run of the same components has written to the output of this one.
/// Source: run_model.py, guess_predictions_source.
/// @return results in the document, without images that failed
/// @throws InvalidArgument naming --predictions_json, before anything is taken over; IoError
std::size_t keep_earlier_output(const std::string& file, Components components,
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
