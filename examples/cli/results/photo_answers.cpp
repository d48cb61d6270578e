// Pure functions over predictions.
#include "photo_answers.hpp"

#include "speciesnet/taxonomy.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace speciesnet::cli {
namespace {

bool has_seven_parts(std::string_view label) {
    return std::count(label.begin(), label.end(), ';') == 6;
}

std::string scientific_name(const LabelParts& parts) {
    if (!parts.genus.empty() && !parts.species.empty()) {
        return std::string(parts.genus) + ' ' + std::string(parts.species);
    }
    for (const auto part : {parts.genus, parts.family, parts.order, parts.class_}) {
        if (!part.empty()) {
            return std::string(part);
        }
    }
    return {};
}

bool names_something(std::string_view label) {
    return label != labels::blank && label != labels::unknown && label != nothing_detected;
}

std::string_view label_of(Category category) {
    switch (category) {
        case Category::human:
            return labels::human;
        case Category::vehicle:
            return labels::vehicle;
        case Category::animal:
        case Category::whole_image:
            break;
    }
    return labels::animal;
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

std::vector<PhotoAnswer> all_answers(const std::vector<ClassifiedDetection>& entries,
                                     double threshold) {
    std::vector<PhotoAnswer> answers;
    const bool detector_alone = std::none_of(entries.begin(), entries.end(), is_decided);
    for (const auto& [detection, classification, answer, explanation] : entries) {
        if (detection.conf < threshold) {
            continue;
        }
        if (answer) {
            count(answers, answer->label, answer->score);
        } else if (classification && !classification->classes.empty()) {
            count(answers, classification->classes.front(), classification->scores.front());
        } else if (detector_alone) {
            count(answers, label_of(detection.category), detection.conf);
        }
    }
    return answers;
}

}  // namespace

std::string display_name(std::string_view label, Names names) {
    if (!has_seven_parts(label)) {
        return std::string(label);
    }
    auto common = std::string(split_label(label).common_name);
    if (!common.empty() && (names == Names::common || !names_something(label))) {
        return common;
    }
    const auto scientific = scientific_name(split_label(label));
    return scientific.empty() ? common : scientific;
}

std::vector<PhotoAnswer> answers_of(const Prediction& prediction, double threshold) {
    auto answers = prediction.detections ? all_answers(*prediction.detections, threshold)
                                         : std::vector<PhotoAnswer>();
    if (std::any_of(answers.begin(), answers.end(),
                    [](const PhotoAnswer& a) { return names_something(a.label); })) {
        std::erase_if(answers, [](const PhotoAnswer& a) { return !names_something(a.label); });
    }
    if (answers.empty() && !prediction.failures.any()) {
        answers.push_back({std::string(nothing_detected), 0, 0});
    }
    std::stable_sort(answers.begin(), answers.end(),
                     [](const PhotoAnswer& a, const PhotoAnswer& b) { return a.score > b.score; });
    return answers;
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
    const auto add = [&text](bool failed, std::string_view component) {
        if (failed) {
            text += (text.empty() ? "" : ", ") + std::string(component);
        }
    };
    add(prediction.failures.classifier, "CLASSIFIER");
    add(prediction.failures.detector, "DETECTOR");
    add(prediction.failures.geolocation, "GEOLOCATION");
    if (!text.empty() && !prediction.failure_reason.empty()) {
        text += ": " + prediction.failure_reason;
    }
    return text;
}

}  // namespace speciesnet::cli
