// SPDX-License-Identifier: Apache-2.0
// The photo shows two zebras, like the scenes on which the model was trained.
#include "self_test.hpp"

#include "speciesnet/ensemble.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "results/photo_answers.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <span>

extern "C" const unsigned char speciesnet_self_test_photo_begin[];
extern "C" const unsigned char speciesnet_self_test_photo_end[];

namespace speciesnet::cli {
namespace {

constexpr std::string_view expected_answer = "equus_quagga";
constexpr double lowest_score = 0.9;
/// Slower machines get a note.
constexpr double expected_seconds = 5;

std::string in_seconds(double seconds) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2f s", seconds);
    return text.data();
}

Check judged(const Prediction& prediction, double seconds) {
    const auto* const best = image_answer(prediction);
    const auto answer =
        best == nullptr || !best->answer ? std::string("nothing") : short_name(best->answer->label);
    const double score = best == nullptr || !best->answer ? 0 : best->answer->score;
    Check check{.name = "self-test",
                .verdict = Verdict::fine,
                .text = "the demonstration model answers " + answer + ' ' + two_decimals(score) +
                        ", after " + in_seconds(seconds),
                .facts = {{"answer", answer},
                          {"score", two_decimals(score)},
                          {"seconds", std::to_string(seconds)}}};
    if (answer != expected_answer || score < lowest_score) {
        check.verdict = Verdict::trouble;
        check.text += "; the right answer is " + std::string(expected_answer) + ' ' +
                      two_decimals(lowest_score) +
                      " or more: this machine or its LibTorch computes wrong results";
    } else if (seconds > expected_seconds) {
        check.verdict = Verdict::advice;
        check.text += ": slow";
    }
    return check;
}

}  // namespace

Check self_test() {
    const auto start = std::chrono::steady_clock::now();
    try {
        const auto ensemble = Ensemble::load(std::string(demo_model_name));
        const auto photo = decode(std::as_bytes(
            std::span(speciesnet_self_test_photo_begin, speciesnet_self_test_photo_end)));
        const auto prediction = ensemble.predict(photo);
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
        return judged(prediction, passed.count());
    } catch (const std::exception& error) {
        return {
            .name = "self-test", .verdict = Verdict::trouble, .text = error.what(), .facts = {}};
    }
}

}  // namespace speciesnet::cli
