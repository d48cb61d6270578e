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

void speciesnet_answer_free(speciesnet_answer* answer) {
    delete answer;
}

speciesnet_status speciesnet_label_short_name(const char* label, char** text,
                                              speciesnet_error* error) {
    return guard(text, error, [&] { return make_text(short_name(require(label, "label"))); });
}

speciesnet_status speciesnet_label_full_class(const char* label, char** text,
                                              speciesnet_error* error) {
    return guard(text, error,
                 [&] { return make_text(full_class_string(require(label, "label"))); });
}
