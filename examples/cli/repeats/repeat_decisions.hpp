// SPDX-License-Identifier: Apache-2.0
// Reads decisions from a table of repeats, and removes suppressed detections from results.
#pragma once

#include "box_grid.hpp"
#include "formats/relative_paths.hpp"
#include "repeat.hpp"
#include "results/results.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// The columns of the table; other columns are allowed.
inline constexpr std::string_view repeat_columns =
    "folder,category,xmin,ymin,width,height,tolerance,detections,greatest_conf,suppress";

/// Returns the table with one row for each repeat.
/// @param tolerance with which they were found
std::string repeats_csv(std::span<const Repeat> repeats, double tolerance);

/// Decisions about repeats.
class RepeatDecisions {
public:
    static constexpr std::size_t largest_file = std::size_t{64} * 1024 * 1024;

    /// @throws InvalidArgument naming the line: a missing column, a bad value, rows with different
    /// tolerances
    static RepeatDecisions parse(std::string_view csv);
    /// @throws IoError; InvalidArgument as parse(), and if the file is too large
    static RepeatDecisions load(const std::filesystem::path& file);

    /// Returns the decision about the repeat that a detection belongs to; nothing if it is not one.
    std::optional<bool> decision(const std::string& folder, const Detection& detection) const;

private:
    struct Camera {
        explicit Camera(double tolerance) : grid(tolerance) {}
        BoxGrid grid;
        std::vector<bool> suppress;  ///< For each box in the grid.
    };

    std::map<std::string, Camera, std::less<>> cameras_;
};

/// Results whose suppressed detections have a negative confidence, as in the MegaDetector tools, so
/// that they never count. An answer for the whole image is also suppressed if all detections that
/// can have caused it are. A person's decision about a photo takes precedence.
class ResultsWithoutRepeats final : public Results {
public:
    /// @param results and decisions must outlive this object
    ResultsWithoutRepeats(const Results& results, const RepeatDecisions& decisions)
        : results_(results), decisions_(decisions) {}

    void for_each(const std::function<void(const Prediction&)>& visit) const override;
    const Review* review_of(const std::string& filepath) const override {
        return results_.review_of(filepath);
    }
    const std::optional<RunInfo>& run() const override { return results_.run(); }

private:
    const Results& results_;
    const RepeatDecisions& decisions_;
    mutable std::optional<RelativePaths> paths_;  ///< Determined when they are first needed.
};

}  // namespace speciesnet::cli
