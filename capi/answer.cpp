// SPDX-License-Identifier: Apache-2.0
// Answers and the labels they carry.
#include "capi/answer.hpp"

#include "speciesnet/taxonomy.hpp"

#include "capi/status.hpp"

using namespace speciesnet;
using namespace speciesnet::capi;

const char* speciesnet_answer_label(const speciesnet_answer* answer) {
    return answer == nullptr ? nullptr : answer->value.label.c_str();
}

double speciesnet_answer_score(const speciesnet_answer* answer) {
    return answer == nullptr ? 0 : answer->value.score;
}

const char* speciesnet_answer_source(const speciesnet_answer* answer) {
    return answer == nullptr ? nullptr : answer->value.source.c_str();
}

const char* speciesnet_answer_rule(const speciesnet_answer* answer) {
    return answer == nullptr || !answer->explanation ? nullptr : answer->explanation->rule.c_str();
}

const char* speciesnet_answer_reason(const speciesnet_answer* answer) {
    return answer == nullptr || !answer->explanation ? nullptr
                                                     : answer->explanation->reason.c_str();
}

int32_t speciesnet_answer_blocked_by(const speciesnet_answer* answer) {
    return answer == nullptr || !answer->explanation
               ? SPECIESNET_NOT_BLOCKED
               : static_cast<std::int32_t>(answer->explanation->top_class_blocked_by);
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
