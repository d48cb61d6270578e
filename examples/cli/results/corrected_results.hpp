// SPDX-License-Identifier: Apache-2.0
// Results with all corrections applied.
#pragma once

#include "speciesnet/utf8_path.hpp"

#include "command_line.hpp"
#include "predictions_file.hpp"
#include "repeats/repeat_decisions.hpp"
#include "results.hpp"
#include "review/reviewed_results.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace speciesnet::cli {

/// Default of the minimum confidence of detections that people decide about.
inline constexpr double usual_threshold = 0.2;

/// Corrections of a document.
struct CorrectionArguments {
    std::string repeats;  ///< A table of decisions; empty if there is none.
    double threshold = usual_threshold;
};

/// Adds --repeats. @param repeats must outlive the parser
CLI::Option* add_repeats_flag(CLI::App& command, std::string& repeats);

/// Results with the decisions of the document's journal and the repeats applied.
class CorrectedResults final : public Results {
public:
    /// @param results of the document; must outlive this object
    /// @param document path of the results, which may not exist yet; empty if there is none
    /// @throws IoError, InvalidArgument naming the flag or file
    CorrectedResults(const Results& results, const std::filesystem::path& document,
                     const CorrectionArguments& corrections);

    void for_each(const std::function<void(const Prediction&)>& visit) const override {
        last().for_each(visit);
    }
    const Review* review_of(const std::string& filepath) const override {
        return last().review_of(filepath);
    }
    const std::optional<RunInfo>& run() const override { return last().run(); }

private:
    const Results& last() const;

    const Results& results_;
    std::optional<ReviewedResults> reviewed_;
    std::optional<RepeatDecisions> decisions_;
    std::optional<ResultsWithoutRepeats> without_repeats_;
};

/// A predictions document with its corrections.
class CorrectedDocument final : public Results {
public:
    /// @param flag as for PredictionsFile
    CorrectedDocument(const std::string& file, const CorrectionArguments& corrections,
                      const std::string& flag = {})
        : file_(file, flag), results_(file_, utf8_path(file), corrections) {}

    void for_each(const std::function<void(const Prediction&)>& visit) const override {
        results_.for_each(visit);
    }
    const Review* review_of(const std::string& filepath) const override {
        return results_.review_of(filepath);
    }
    const std::optional<RunInfo>& run() const override { return results_.run(); }

private:
    PredictionsFile file_;
    CorrectedResults results_;
};

}  // namespace speciesnet::cli
