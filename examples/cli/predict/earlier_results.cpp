// SPDX-License-Identifier: Apache-2.0
// The fields of a document show which components made it: only answers have a model version, and
// only classifier results have classifications. This program's documents also record their
// settings.
#include "earlier_results.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/rules.hpp"
#include "speciesnet/utf8_path.hpp"

#include "results/predictions_file.hpp"
#include "video/frame_name.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

constexpr auto output_flag = "--predictions_json";

bool is_answered(const Prediction& prediction) {
    return !prediction.model_version.empty() || image_answer(prediction) != nullptr;
}

bool is_classified(const Prediction& prediction) {
    return prediction.detections &&
           std::any_of(prediction.detections->begin(), prediction.detections->end(),
                       [](const ClassifiedDetection& entry) { return entry.classification; });
}

/// Determines from predictions which components made a document.
class ComponentsGuess {
public:
    void add(const Prediction& prediction) {
        answered_ = answered_ || is_answered(prediction);
        classified_ = classified_ || is_classified(prediction);
        detected_ = detected_ || prediction.detections.has_value();
    }

    std::optional<Components> result() const {
        if (answered_) {
            return Components::rules;
        }
        if (classified_) {
            return Components::classifier;
        }
        return detected_ ? std::optional(Components::detector) : std::nullopt;
    }

private:
    bool answered_ = false;
    bool classified_ = false;
    bool detected_ = false;
};

/// Collects differences between the settings of a document's answers and those of this run.
class DifferencesFound {
public:
    explicit DifferencesFound(const WantedAnswers& wanted) : wanted_(wanted) {}

    void add(const Instance& photo, const Prediction& prediction) {
        if (!decides()) {
            return;
        }
        if (!prediction.model_version.empty() &&
            prediction.model_version != wanted_.model_version) {
            count("the model is " + wanted_.model_version + " and was " + prediction.model_version,
                  photo);
        }
        const auto& now = photo.location;
        const auto& then = prediction.location;
        if (!same(now.country, then.country, wanted_.geolocation.country_from_coordinates)) {
            count("the country is " + shown(now.country) + " and was " + shown(then.country),
                  photo);
        } else if (!same(now.admin1_region, then.admin1_region, then.country == "USA")) {
            count("the region is " + shown(now.admin1_region) + " and was " +
                      shown(then.admin1_region),
                  photo);
        }
    }

    void add(const RunInfo& run) {
        std::vector<JournalSetting> then;
        std::vector<JournalSetting> now;
        for (const auto& [name, value] : run.settings) {
            const auto known = std::find_if(
                wanted_.settings.begin(), wanted_.settings.end(),
                [&name = name](const JournalSetting& setting) { return setting.name == name; });
            if (known != wanted_.settings.end()) {
                then.push_back({.name = name, .value = value});
                now.push_back(*known);
            }
        }
        for (auto& difference : different_settings(then, now)) {
            differences_.push_back({.text = std::move(difference), .example = {}});
        }
    }

    /// Returns one line for each difference; empty if there are none.
    std::string text() const {
        std::string lines;
        for (const auto& [what, example, photos] : differences_) {
            lines += "\n  " + what;
            if (photos > 0) {
                lines += " for '" + example + '\'';
            }
            if (photos > 1) {
                lines += " and " + std::to_string(photos - 1) + " more";
            }
        }
        return lines;
    }

private:
    struct Difference {
        std::string text;
        std::string example;     ///< The first photo with this difference.
        std::size_t photos = 0;  ///< 0 for a difference of the whole document.
    };
    /// Limits the message for documents with thousands of different locations.
    static constexpr std::size_t most_differences = 10;

    bool decides() const {
        return wanted_.components == Components::all || wanted_.components == Components::rules;
    }

    static std::string shown(const std::optional<std::string>& code) {
        return code.value_or("").empty() ? "not given" : *code;
    }

    /// @param derived whether a run derives values that are not given
    static bool same(const std::optional<std::string>& now, const std::optional<std::string>& then,
                     bool derived) {
        const auto wanted = now.value_or("");
        return wanted == then.value_or("") || (wanted.empty() && derived);
    }

    void count(std::string text, const Instance& photo) {
        const auto known =
            std::find_if(differences_.begin(), differences_.end(),
                         [&](const Difference& difference) { return difference.text == text; });
        if (known != differences_.end()) {
            ++known->photos;
        } else if (differences_.size() < most_differences) {
            differences_.push_back(
                {.text = std::move(text), .example = photo.filepath, .photos = 1});
        }
    }

    const WantedAnswers& wanted_;
    std::vector<Difference> differences_;
};

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
    throw InvalidArgument(
        std::string(output_flag) + ": '" + file + "' holds " + why +
        "\nName another output file to keep it, or replace it with --ignore_existing_predictions");
}

/// Checks that a run may continue a finished document. @throws InvalidArgument
void check_same_run(const std::string& file, const WantedAnswers& wanted,
                    std::span<const Instance> inputs, const RunResults& results) {
    ComponentsGuess guess;
    DifferencesFound differences(wanted);
    const auto run = for_each_earlier_result(
        output_flag, file, results,
        [&](std::size_t input, const Prediction& prediction) {
            guess.add(prediction);
            differences.add(inputs[input], prediction);
        },
        [&](const Prediction& prediction) { guess.add(prediction); });
    const auto expected =
        wanted.components == Components::all ? Components::rules : wanted.components;
    if (guess.result().value_or(expected) != expected) {
        refuse(file, "results of other stages than those of this run");
    }
    if (run) {
        differences.add(*run);
    }
    if (const auto text = differences.text(); !text.empty()) {
        refuse(file, "answers of a run with other settings:" + text);
    }
}

/// Returns whether this run uses other frames of the video. Every run uses the first frame.
bool is_unwanted_frame(const std::string& filepath, const RunResults& results) {
    auto frame = parse_frame_name(filepath);
    if (!frame) {
        return false;
    }
    frame->number = 0;
    return results.find(to_text(*frame), 0).has_value();
}

}  // namespace

std::optional<RunInfo> for_each_earlier_result(const std::string& flag, const std::string& file,
                                               const RunResults& results,
                                               const ResultVisitor& visit,
                                               const LostResultVisitor& lost) {
    const auto refuse_stranger = [&](const std::string& photo) {
        throw InvalidArgument(flag + ": '" + file + "' has results of '" + photo +
                              "', which is not among the photos of this run; earlier results must "
                              "be of the same photos");
    };
    const PredictionsFile document(file, flag);
    std::optional<std::string> first_lost;
    bool any_known = false;
    document.for_each([&](const Prediction& prediction) {
        const auto input = results.find(prediction.filepath, 0);
        any_known = any_known || input.has_value();
        if (!input) {
            if (is_unwanted_frame(prediction.filepath, results)) {
                return;
            }
            std::error_code problem;
            if (std::filesystem::exists(utf8_path(file_of(prediction.filepath)), problem)) {
                refuse_stranger(prediction.filepath);
            }
            first_lost = first_lost.value_or(prediction.filepath);
        }
        if (prediction.failures.any()) {
            return;
        }
        if (input) {
            visit(*input, prediction);
        } else {
            lost(prediction);
        }
    });
    // Single missing photos may have been deleted. If all are missing, the document is for other
    // photos.
    if (first_lost && !any_known) {
        refuse_stranger(*first_lost);
    }
    return document.run();
}

KeptResults keep_earlier_output(const std::string& file, const WantedAnswers& wanted,
                                std::span<const Instance> inputs, RunResults& results) {
    check_same_run(file, wanted, inputs, results);
    KeptResults kept;
    std::vector<std::uint32_t> of_same_path(inputs.size());
    for_each_earlier_result(
        output_flag, file, results,
        [&](std::size_t first, const Prediction& prediction) {
            ++kept.of_photos;
            const auto input = results.find(prediction.filepath, of_same_path[first]++);
            if (input && !results.has(*input)) {
                results.add(*input, prediction);
            }
        },
        [&](const Prediction& prediction) {
            ++kept.of_lost_photos;
            results.add_of_lost_photo(prediction);
        });
    return kept;
}

EarlierResults::EarlierResults(const std::string& flag, const std::string& file,
                               std::span<const Instance> inputs)
    : journal_(std::vector<JournalSetting>()), results_(inputs, journal_) {
    for_each_earlier_result(
        flag, file, results_,
        [this](std::size_t input, const Prediction& prediction) {
            results_.add(input, prediction);
        },
        [](const Prediction&) {});
}

std::optional<Prediction> EarlierResults::find(std::string_view filepath) const {
    const auto input = results_.find(filepath, 0);
    return input && results_.has(*input) ? std::optional(results_.read(*input)) : std::nullopt;
}

}  // namespace speciesnet::cli
