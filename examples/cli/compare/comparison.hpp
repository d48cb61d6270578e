// SPDX-License-Identifier: Apache-2.0
// Compares two sets of results for the same photos, and both with human labels.
#pragma once

#include "speciesnet/prediction.hpp"

#include "truth.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace speciesnet::cli {

/// How the answer of the second run differs from that of the first.
enum class Change : std::size_t {
    none,
    finer,       ///< Genus to species.
    coarser,     ///< Species to genus.
    to_blank,    ///< An animal, person or vehicle is no longer detected.
    from_blank,  ///< An animal, person or vehicle is newly detected.
    other,       ///< Another species, or animal to person or vehicle.
};
inline constexpr std::array<const char*, 6> change_names{
    "same answer", "finer", "coarser", "now blank", "no longer blank", "another answer"};

/// Detections with a confidence of at least `threshold` in either run, paired by IoU.
struct DetectionCounts {
    double threshold = 0;
    std::size_t first = 0;
    std::size_t second = 0;
    std::size_t lost = 0;    ///< Only in the first run.
    std::size_t gained = 0;  ///< Only in the second run.
};

/// Minimum IoU of two boxes that count as the same. Source: COCO and Pascal VOC use 0.5.
inline constexpr double least_iou = 0.5;

/// Answers whose score is in the same tenth of 0 to 1.
struct CalibrationBin {
    std::size_t photos = 0;
    double scores = 0;      ///< Sum of scores.
    std::size_t right = 0;  ///< Correctness::right or coarser.
};

/// Number of photos for each pair of labels.
using LabelPairs = std::map<std::pair<std::string, std::string>, std::size_t>;

/// Returns the pairs with the most photos first.
std::vector<std::pair<LabelPairs::key_type, std::size_t>> most_frequent_first(
    const LabelPairs& pairs);

/// The accuracy of one run, measured by human labels.
struct Accuracy {
    std::array<std::size_t, 3> verdicts{};  ///< By Correctness.
    std::array<CalibrationBin, 10> calibration{};
    LabelPairs confusion;  ///< By truth and answer.

    std::size_t photos() const noexcept { return verdicts[0] + verdicts[1] + verdicts[2]; }
};

class Comparison {
public:
    /// @param threshold minimum confidence of a detection that counts for the answer of a photo
    explicit Comparison(double threshold) : threshold_(threshold) {}

    /// Adds a photo of the first run, which must precede the second one.
    void add_first(const Prediction& prediction);
    void add_second(const Prediction& prediction);
    /// Must be called after both runs. @return names in the table that match no label in the runs
    std::vector<std::string> judge(const Truth& truth);

    std::size_t photos() const noexcept { return photos_; }  ///< In both runs, without failures.
    std::size_t only_first() const noexcept { return runs_[0].size() - shared_; }
    std::size_t only_second() const noexcept { return runs_[1].size() - shared_; }
    std::size_t failed_first() const noexcept { return failed_[0]; }
    std::size_t failed_second() const noexcept { return failed_[1]; }
    const std::array<std::size_t, 6>& changes() const noexcept { return changes_; }
    /// By the answers of the first and the second run, if they differ.
    const LabelPairs& changed_answers() const noexcept { return changed_answers_; }
    const std::vector<DetectionCounts>& detections() const noexcept { return detections_; }
    double largest_confidence_change() const noexcept { return confidence_change_; }
    double largest_score_change() const noexcept { return score_change_; }  ///< For equal answers.
    /// Returns the accuracy of the two runs; nothing before judge().
    const std::optional<std::array<Accuracy, 2>>& accuracy() const noexcept { return accuracy_; }

private:
    struct Photo {
        std::optional<Answer> answer;  ///< Nothing if the photo failed.
        std::vector<Detection> detections;
    };

    Photo photo_of(const Prediction& prediction);
    void compare(const Photo& first, const Photo& second);
    void compare_detections(const Photo& first, const Photo& second);

    double threshold_;
    std::array<std::unordered_map<std::string, Photo>, 2> runs_;
    LabelNames names_;
    std::size_t photos_ = 0;
    std::size_t shared_ = 0;
    std::array<std::size_t, 2> failed_{};
    std::array<std::size_t, 6> changes_{};
    LabelPairs changed_answers_;
    std::vector<DetectionCounts> detections_{
        {.threshold = 0.1}, {.threshold = 0.2}, {.threshold = 0.5}, {.threshold = 0.8}};
    double confidence_change_ = 0;
    double score_change_ = 0;
    std::optional<std::array<Accuracy, 2>> accuracy_;
};

/// Classifies the difference between two answers.
Change change_between(const std::string& first, const std::string& second);

}  // namespace speciesnet::cli
