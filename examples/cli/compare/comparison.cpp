// SPDX-License-Identifier: Apache-2.0
// Pairs photos by their paths and boxes by their overlap.
#include "comparison.hpp"

#include "speciesnet/taxonomy.hpp"

#include "results/photo_answers.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace speciesnet::cli {
namespace {

/// Maximum number in a photo, so that pairing stays fast for any document. The detector reports at
/// most 300.
constexpr std::size_t most_detections = 1000;

double iou(const BoundingBox& a, const BoundingBox& b) {
    const double width = std::min(a.xmin + a.width, b.xmin + b.width) - std::max(a.xmin, b.xmin);
    const double height = std::min(a.ymin + a.height, b.ymin + b.height) - std::max(a.ymin, b.ymin);
    if (width <= 0 || height <= 0) {
        return 0;
    }
    const double both = width * height;
    return both / (a.width * a.height + b.width * b.height - both);
}

/// Returns pairs of detections of one category, best overlap first; each detection is in one pair
/// at most.
std::vector<std::pair<std::size_t, std::size_t>> pairs_of(const std::vector<Detection>& first,
                                                          const std::vector<Detection>& second) {
    struct Candidate {
        double overlap;
        std::size_t first;
        std::size_t second;
    };
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < first.size(); ++i) {
        for (std::size_t j = 0; j < second.size(); ++j) {
            const double overlap = iou(first[i].bbox, second[j].bbox);
            if (first[i].category == second[j].category && overlap >= least_iou) {
                candidates.push_back({overlap, i, j});
            }
        }
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.overlap > b.overlap; });
    std::vector<bool> first_taken(first.size());
    std::vector<bool> second_taken(second.size());
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (const auto& candidate : candidates) {
        if (!first_taken[candidate.first] && !second_taken[candidate.second]) {
            first_taken[candidate.first] = true;
            second_taken[candidate.second] = true;
            pairs.emplace_back(candidate.first, candidate.second);
        }
    }
    return pairs;
}

}  // namespace

std::vector<std::pair<LabelPairs::key_type, std::size_t>> most_frequent_first(
    const LabelPairs& pairs) {
    std::vector<std::pair<LabelPairs::key_type, std::size_t>> sorted(pairs.begin(), pairs.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return sorted;
}

Change change_between(const std::string& first, const std::string& second) {
    if (first == second) {
        return Change::none;
    }
    if (second == labels::blank) {
        return Change::to_blank;
    }
    if (first == labels::blank) {
        return Change::from_blank;
    }
    if (is_ancestor(first, second)) {
        return Change::finer;
    }
    return is_ancestor(second, first) ? Change::coarser : Change::other;
}

Comparison::Photo Comparison::photo_of(const Prediction& prediction) {
    Photo photo;
    if (!prediction.failures.any()) {
        photo.answer = photo_answer(prediction, threshold_);
    }
    if (photo.answer) {
        names_.add(photo.answer->label);
    }
    if (prediction.detections) {
        for (const auto& entry : *prediction.detections) {
            if (entry.detection.category != Category::whole_image &&
                entry.detection.conf >= detections_.front().threshold &&
                photo.detections.size() < most_detections) {
                photo.detections.push_back(entry.detection);
            }
            if (entry.classification) {
                std::for_each(entry.classification->classes.begin(),
                              entry.classification->classes.end(),
                              [&](const std::string& label) { names_.add(label); });
            }
        }
    }
    return photo;
}

void Comparison::add_first(const Prediction& prediction) {
    runs_[0].insert_or_assign(prediction.filepath, photo_of(prediction));
}

void Comparison::add_second(const Prediction& prediction) {
    const auto [place, is_new] = runs_[1].try_emplace(prediction.filepath, photo_of(prediction));
    const auto first = runs_[0].find(prediction.filepath);
    if (!is_new || first == runs_[0].end()) {
        return;
    }
    ++shared_;
    failed_[0] += first->second.answer ? 0 : 1;
    failed_[1] += place->second.answer ? 0 : 1;
    if (first->second.answer && place->second.answer) {
        compare(first->second, place->second);
    }
}

void Comparison::compare(const Photo& first, const Photo& second) {
    ++photos_;
    const auto change = change_between(first.answer->label, second.answer->label);
    ++changes_[static_cast<std::size_t>(change)];
    if (change == Change::none) {
        score_change_ =
            std::max(score_change_, std::abs(first.answer->score - second.answer->score));
    } else {
        ++changed_answers_[{first.answer->label, second.answer->label}];
    }
    compare_detections(first, second);
}

void Comparison::compare_detections(const Photo& first, const Photo& second) {
    const auto pairs = pairs_of(first.detections, second.detections);
    for (const auto& [i, j] : pairs) {
        confidence_change_ = std::max(
            confidence_change_, std::abs(first.detections[i].conf - second.detections[j].conf));
    }
    for (auto& counts : detections_) {
        const auto reaches = [&](const Detection& detection) {
            return detection.conf >= counts.threshold;
        };
        const auto both = static_cast<std::size_t>(
            std::count_if(pairs.begin(), pairs.end(), [&](const auto& pair) {
                return reaches(first.detections[pair.first]) &&
                       reaches(second.detections[pair.second]);
            }));
        const auto in_first = static_cast<std::size_t>(
            std::count_if(first.detections.begin(), first.detections.end(), reaches));
        const auto in_second = static_cast<std::size_t>(
            std::count_if(second.detections.begin(), second.detections.end(), reaches));
        counts.first += in_first;
        counts.second += in_second;
        counts.lost += in_first - both;
        counts.gained += in_second - both;
    }
}

std::vector<std::string> Comparison::judge(const Truth& truth) {
    std::set<std::string> unknown;
    auto& accuracy = accuracy_.emplace();
    for (std::size_t run = 0; run < runs_.size(); ++run) {
        for (const auto& [filepath, photo] : runs_[run]) {
            const auto name = truth.name_of(filepath);
            if (!name || !photo.answer) {
                continue;
            }
            const auto label = names_.find(*name);
            if (!label) {
                unknown.insert(*name);
            }
            const auto& answer = *photo.answer;
            const auto judged = label ? verdict(answer.label, *label) : Correctness::wrong;
            ++accuracy[run].verdicts[static_cast<std::size_t>(judged)];
            ++accuracy[run].confusion[{label.value_or(*name), answer.label}];
            const auto bin = static_cast<std::size_t>(std::clamp(answer.score * 10, 0.0, 9.0));
            auto& calibration = accuracy[run].calibration[bin];
            ++calibration.photos;
            calibration.scores += answer.score;
            calibration.right += judged == Correctness::wrong ? 0 : 1;
        }
    }
    return {unknown.begin(), unknown.end()};
}

}  // namespace speciesnet::cli
