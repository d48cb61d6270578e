// SPDX-License-Identifier: Apache-2.0
// Handles of the C ABI for tests, which release themselves.
#pragma once

#include "speciesnet.h"

#include <memory>
#include <string>

#include <doctest/doctest.h>

namespace speciesnet::capi_test {

template <auto release>
struct Release {
    template <typename Handle>
    void operator()(Handle* handle) const {
        release(handle);
    }
};
using EnsembleHandle = std::unique_ptr<speciesnet_ensemble, Release<speciesnet_ensemble_free>>;
using ImageHandle = std::unique_ptr<speciesnet_image, Release<speciesnet_image_free>>;
using PredictionsHandle =
    std::unique_ptr<speciesnet_predictions, Release<speciesnet_predictions_free>>;
using RulesHandle = std::unique_ptr<speciesnet_rules, Release<speciesnet_rules_free>>;
using AnswerHandle = std::unique_ptr<speciesnet_answer, Release<speciesnet_answer_free>>;
using JobHandle = std::unique_ptr<speciesnet_job, Release<speciesnet_job_free>>;

/// Converts a text of the library to a string and releases the text.
inline std::string take_text(char* text) {
    const std::string copy = text == nullptr ? "" : text;
    speciesnet_text_free(text);
    return copy;
}

/// The demonstration model, loaded once for all tests.
inline speciesnet_ensemble* demo() {
    static const EnsembleHandle ensemble = [] {
        speciesnet_ensemble* loaded = nullptr;
        speciesnet_error error;
        REQUIRE_MESSAGE(speciesnet_ensemble_load("demo", nullptr, &loaded, &error) == SPECIESNET_OK,
                        error.message);
        return EnsembleHandle(loaded);
    }();
    return ensemble.get();
}

inline constexpr const char* lion = "u;mammalia;carnivora;felidae;panthera;leo;lion";

/// Returns rules that contain only the lion.
inline RulesHandle few_rules() {
    speciesnet_rules* rules = nullptr;
    const std::string taxonomy = std::string(lion) + "\n";
    REQUIRE(speciesnet_rules_new(taxonomy.data(), taxonomy.size(), "{}", 2, 1, &rules, nullptr) ==
            SPECIESNET_OK);
    return RulesHandle(rules);
}

inline std::string demo_photo(const std::string& name) {
    return SPECIESNET_DEMO "/photos/" + name;
}

/// @param path must outlive the instance
inline speciesnet_instance file_instance(const char* path) {
    speciesnet_instance instance;
    speciesnet_instance_init(&instance, sizeof instance);
    instance.filepath = path;
    return instance;
}

inline std::string short_name(const speciesnet_answer* answer) {
    char* name = nullptr;
    REQUIRE(speciesnet_label_short_name(speciesnet_answer_label(answer), &name, nullptr) ==
            SPECIESNET_OK);
    return take_text(name);
}

}  // namespace speciesnet::capi_test
