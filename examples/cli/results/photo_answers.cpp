// SPDX-License-Identifier: Apache-2.0
// Pure functions over predictions.
#include "photo_answers.hpp"

#include "speciesnet/taxonomy.hpp"

#include "formats/label_names.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace speciesnet::cli {
namespace {

bool has_seven_parts(std::string_view label) {
    return std::count(label.begin(), label.end(), ';') == 6;
}

bool names_something(std::string_view label) {
    return label != labels::blank && label != labels::unknown;
}

void count(std::vector<PhotoAnswer>& answers, std::string_view label, double score) {
    const auto known = std::find_if(answers.begin(), answers.end(),
                                    [&](const PhotoAnswer& a) { return a.label == label; });
    if (known == answers.end()) {
        answers.push_back({std::string(label), score, 1});
        return;
    }
    known->score = std::max(known->score, score);
    ++known->detections;
}

bool is_decided(const ClassifiedDetection& entry) {
    return entry.answer || entry.classification;
}

bool is_of_detector_alone(const std::vector<ClassifiedDetection>& entries) {
    return std::none_of(entries.begin(), entries.end(), is_decided);
}

/// Returns the answer that a detection counts as; nothing if it was not classified, unless the
/// document is of a detector alone.
std::optional<Answer> counted_answer(const ClassifiedDetection& entry, bool detector_alone) {
    if (!is_decided(entry) && !detector_alone) {
        return std::nullopt;
    }
    const double score = entry.answer ? entry.answer->score
                         : entry.classification && !entry.classification->scores.empty()
                             ? entry.classification->scores.front()
                             : entry.detection.conf;
    return Answer{.label = shown_label(entry),
                  .score = score,
                  .source = entry.answer ? entry.answer->source : ""};
}

std::vector<PhotoAnswer> all_answers(const std::vector<ClassifiedDetection>& entries,
                                     double threshold) {
    std::vector<PhotoAnswer> answers;
    const bool detector_alone = is_of_detector_alone(entries);
    for (const auto& entry : entries) {
        if (entry.detection.conf < threshold) {
            continue;
        }
        if (const auto answer = counted_answer(entry, detector_alone)) {
            count(answers, answer->label, answer->score);
        }
    }
    return answers;
}

}  // namespace

std::string label_of_category(Category category) {
    switch (category) {
        case Category::human:
            return std::string(labels::human);
        case Category::vehicle:
            return std::string(labels::vehicle);
        case Category::animal:
        case Category::whole_image:
            break;
    }
    return std::string(labels::animal);
}

std::string shown_label(const ClassifiedDetection& entry) {
    const auto category = entry.detection.category;
    const bool certain = category == Category::human || category == Category::vehicle;
    if (entry.answer && !(certain && entry.answer->label == labels::unknown)) {
        return entry.answer->label;
    }
    if (!entry.answer && entry.classification && !entry.classification->classes.empty()) {
        return entry.classification->classes.front();
    }
    return label_of_category(category);
}

std::string display_name(std::string_view label, Names names) {
    if (!has_seven_parts(label)) {
        return std::string(label);
    }
    auto common = std::string(split_label(label).common_name);
    if (!common.empty() && (names == Names::common || !names_something(label))) {
        return common;
    }
    const auto scientific = scientific_name(label);
    return scientific.empty() || label == labels::animal ? common : scientific;
}

std::vector<PhotoAnswer> answers_of(const Prediction& prediction, double threshold) {
    auto answers = prediction.detections ? all_answers(*prediction.detections, threshold)
                                         : std::vector<PhotoAnswer>();
    if (std::any_of(answers.begin(), answers.end(),
                    [](const PhotoAnswer& a) { return names_something(a.label); })) {
        std::erase_if(answers, [](const PhotoAnswer& a) { return !names_something(a.label); });
    }
    if (answers.empty() && !prediction.failures.any()) {
        answers.push_back({std::string(labels::blank), 0, 0});
    }
    std::stable_sort(answers.begin(), answers.end(),
                     [](const PhotoAnswer& a, const PhotoAnswer& b) { return a.score > b.score; });
    return answers;
}

std::optional<Answer> photo_answer(const Prediction& prediction, double threshold) {
    const auto answers = answers_of(prediction, threshold);
    if (answers.empty()) {
        return std::nullopt;
    }
    if (answers.front().detections == 0) {
        return Answer{.label = answers.front().label, .score = 0, .source = "detector"};
    }
    const auto& entries = *prediction.detections;
    const bool detector_alone = is_of_detector_alone(entries);
    std::optional<Answer> first;
    for (const auto& entry : entries) {
        first =
            entry.detection.conf < threshold ? std::nullopt : counted_answer(entry, detector_alone);
        const auto counts = [&first](const PhotoAnswer& one) { return one.label == first->label; };
        if (first && std::any_of(answers.begin(), answers.end(), counts)) {
            break;
        }
    }
    return first;
}

bool is_human(std::string_view label) {
    if (!has_seven_parts(label)) {
        return false;
    }
    const auto parts = split_label(label);
    return parts.common_name == "human" || (parts.genus == "homo" && parts.species == "sapiens");
}

std::string two_decimals(double score) {
    if (!std::isfinite(score)) {
        return "?";
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2f", std::clamp(score, -1e9, 1e9));
    return text.data();
}

std::string failure_text(const Prediction& prediction) {
    std::string text;
    for (const auto& component : failure_names(prediction.failures)) {
        text += (text.empty() ? "" : ", ") + std::string(component);
    }
    if (!text.empty() && !prediction.failure_reason.empty()) {
        text += ": " + prediction.failure_reason;
    }
    return text;
}

}  // namespace speciesnet::cli
