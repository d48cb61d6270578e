// SPDX-License-Identifier: Apache-2.0
// The position of each photo's result in the journal.
#pragma once

#include "speciesnet/prediction.hpp"

#include "journal/journal.hpp"
#include "photos/photo_index.hpp"
#include "results/results.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// The results of a run, in the order of its inputs. Needs a few bytes of memory for each photo.
class RunResults final : public Results {
public:
    /// @param inputs and journal must outlive this object
    RunResults(std::span<const Instance> inputs, Journal& journal,
               std::optional<RunInfo> run = std::nullopt);

    /// The results of an interrupted run.
    struct Recovered {
        std::size_t kept = 0;       ///< Results that are kept.
        std::size_t failed = 0;     ///< Photos that failed and will be retried.
        std::size_t strangers = 0;  ///< Results of photos that are no longer inputs.
        std::size_t damaged = 0;    ///< Damaged lines of the journal.
    };
    Recovered recover();

    /// Returns the input of a result by path. @param occurrence index among inputs with this path
    std::optional<std::size_t> find(std::string_view filepath, std::size_t occurrence) const;

    bool has(std::size_t input) const noexcept { return places_[input].length > 0; }
    /// Returns the number of inputs without a result.
    std::size_t missing() const noexcept { return missing_; }

    /// Writes a result to the journal. @throws IoError
    void add(std::size_t input, const Prediction& prediction);

    /// Keeps the result of a finished document for a photo that no longer exists.
    void add_of_lost_photo(const Prediction& prediction);

    /// Returns a result, with the path as spelled by this run. @pre has(input) @throws IoError
    Prediction read(std::size_t input) const;

    /// Results of missing photos come last. @pre no result is missing
    void for_each(const std::function<void(const Prediction&)>& visit) const override;

    const std::optional<RunInfo>& run() const override { return run_; }

private:
    void place(std::size_t input, const JournalPlace& place);

    std::span<const Instance> inputs_;
    Journal& journal_;
    std::optional<RunInfo> run_;
    PhotoIndex index_;
    std::vector<JournalPlace> places_;
    std::vector<JournalPlace> of_lost_photos_;
    std::size_t missing_;
};

}  // namespace speciesnet::cli
