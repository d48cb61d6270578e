// SPDX-License-Identifier: Apache-2.0
// A table of repeats with decisions, and results without the suppressed ones.
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

/// The columns of the table; others may stand beside them.
inline constexpr std::string_view repeat_columns =
    "folder,category,xmin,ymin,width,height,tolerance,detections,greatest_conf,suppress";

/// The table with one row for each repeat.
/// @param tolerance with which they were found
std::string repeats_csv(std::span<const Repeat> repeats, double tolerance);

/// What was decided about repeats.
class RepeatDecisions {
public:
    static constexpr std::size_t largest_file = std::size_t{64} * 1024 * 1024;

    /// @throws InvalidArgument naming the line: a missing column, a bad value, rows of different
    /// tolerances
    static RepeatDecisions parse(std::string_view csv);
    /// @throws IoError; InvalidArgument as parse(), and for a file that is too large
    static RepeatDecisions load(const std::filesystem::path& file);

    /// Whether a detection is one of a repeat, and what was decided about that; else nothing.
    std::optional<bool> decision(const std::string& folder, const Detection& detection) const;

private:
    struct Camera {
        explicit Camera(double tolerance) : grid(tolerance) {}
        BoxGrid grid;
        std::vector<bool> suppress;  ///< For each box of the grid.
    };

    std::map<std::string, Camera, std::less<>> cameras_;
};

/// Results whose suppressed detections have their confidence with a minus sign, as the MegaDetector
/// tools mark them, so that they count nowhere. An answer for the whole image is marked, too, if
/// all is suppressed that it can be of. What a person has decided about a photo comes first.
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
    mutable std::optional<RelativePaths> paths_;  ///< Learnt when they are needed first.
};

}  // namespace speciesnet::cli
