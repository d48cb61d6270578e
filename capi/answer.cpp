// SPDX-License-Identifier: Apache-2.0
// Implements the accessors of answers and labels.
#include "capi/answer.hpp"

#include "speciesnet/taxonomy.hpp"

#include "capi/status.hpp"

#include <cstdint>
#include <utility>

using namespace speciesnet;
using namespace speciesnet::capi;

namespace speciesnet::capi {
namespace {

std::vector<speciesnet_rollup_sum> sums_of(const RollupStep& step) {
    std::vector<speciesnet_rollup_sum> sums;
    for (const auto& sum : step.sums) {
        sums.push_back({.label = sum.label.c_str(),
                        .score = sum.score,
                        .blocked_by = static_cast<std::int32_t>(sum.blocked_by),
                        .reserved = 0,
                        .blocked_by_entry = sum.blocked_by_entry.c_str()});
    }
    return sums;
}

}  // namespace

std::vector<speciesnet_scored_label> scored_labels(const std::vector<std::string>& labels,
                                                   const std::vector<double>& scores) {
    std::vector<speciesnet_scored_label> result;
    for (std::size_t index = 0; index < labels.size(); ++index) {
        result.push_back({labels[index].c_str(), scores[index]});
    }
    return result;
}

ExplanationView::ExplanationView(const Explanation& explanation)
    : classes_(scored_labels(explanation.classes, explanation.scores)) {
    for (const auto& step : explanation.rollup) {
        sums_.push_back(sums_of(step));
        steps_.push_back({.level = static_cast<std::int32_t>(step.level),
                          .reached = step.reached ? 1 : 0,
                          .threshold = step.threshold,
                          .sums = sums_.back().data(),
                          .sum_count = sums_.back().size()});
    }
    view_ = {.rule = explanation.rule.c_str(),
             .reason = explanation.reason.c_str(),
             .detection_category = static_cast<std::int32_t>(explanation.detection_category),
             .blocked_by = static_cast<std::int32_t>(explanation.top_class_blocked_by),
             .detection_conf = explanation.detection_conf,
             .blocked_by_entry = explanation.top_class_blocked_by_entry.c_str(),
             .allowed_by_entry = explanation.top_class_allowed_by_entry.c_str(),
             .classes = classes_.data(),
             .class_count = classes_.size(),
             .rollup = steps_.data(),
             .rollup_count = steps_.size()};
}

}  // namespace speciesnet::capi

speciesnet_answer::speciesnet_answer(Answer answer, std::optional<Explanation> reasons)
    : value(std::move(answer)), explanation(std::move(reasons)) {
    if (explanation) {
        view.emplace(*explanation);
    }
}

const char* speciesnet_answer_label(const speciesnet_answer* answer) {
    return answer == nullptr ? nullptr : answer->value.label.c_str();
}

double speciesnet_answer_score(const speciesnet_answer* answer) {
    return answer == nullptr ? 0 : answer->value.score;
}

const char* speciesnet_answer_source(const speciesnet_answer* answer) {
    return answer == nullptr ? nullptr : answer->value.source.c_str();
}

const speciesnet_explanation* speciesnet_answer_explanation(const speciesnet_answer* answer) {
    return answer == nullptr || !answer->view ? nullptr : &answer->view->view();
}

void speciesnet_answer_free(speciesnet_answer* answer) {
    delete answer;
}

speciesnet_status speciesnet_label_short_name(const char* label, char** text,
                                              speciesnet_error* error) {
    return guard(text, error, [&] { return make_text(short_name(require_text(label, "label"))); });
}

speciesnet_status speciesnet_label_full_class(const char* label, char** text,
                                              speciesnet_error* error) {
    return guard(text, error,
                 [&] { return make_text(full_class_string(require_text(label, "label"))); });
}
