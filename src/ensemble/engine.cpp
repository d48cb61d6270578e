// SPDX-License-Identifier: Apache-2.0
// Loads the components of a package and gives access to them.
#include "ensemble/engine.hpp"

#include "speciesnet/error.hpp"

#include "ensemble/network_choice.hpp"
#include "preprocess/crop_resize.hpp"
#include "system/memory.hpp"
#include "system/threads.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace speciesnet {
namespace {

/// Not measured on a GPU.
constexpr std::size_t most_detected_at_once_on_gpu = 8;
/// One image keeps this many cores busy, by the model of `benchmarks/scaling`; more images would
/// only use memory.
constexpr std::size_t cores_per_image = 16;
constexpr std::size_t most_detected_at_once = 4;

std::size_t images_at_once(const Device& device, int threads) {
    return device.is_cuda ? most_detected_at_once_on_gpu
                          : std::clamp(static_cast<std::size_t>(threads) / cores_per_image,
                                       std::size_t{1}, most_detected_at_once);
}

bool wants(Components loaded, Components component) {
    return loaded == Components::all || loaded == component;
}

/// @param component an optional or a pointer
template <typename Component>
const auto& require(const Component& component, const char* name) {
    if (!component) {
        throw ModelError(
            ErrorCode::model_component_missing,
            std::string("the ") + name + " was not loaded; see EnsembleOptions::components");
    }
    return *component;
}

/// Counts the components that are loaded.
class LoadedComponents {
public:
    explicit LoadedComponents(const EnsembleOptions& options)
        : progress_(options.progress), total_(options.components == Components::all ? 3 : 1) {}

    void add() {
        ++done_;
        if (progress_) {
            progress_(done_, total_);
        }
    }

private:
    const Progress& progress_;
    std::size_t total_;
    std::size_t done_ = 0;
};

}  // namespace

Ensemble::Engine::Engine(const Package& package, const EnsembleOptions& options)
    : info_(package.info()),
      threads_(std::make_shared<NetworkThreads>(options.threads)),
      detected_at_once_(images_at_once(options.device, threads_->threads())),
      log_(options.log) {
    LoadedComponents loaded(options);
    // Small files first, so that their errors are reported before seconds are spent on weights.
    if (wants(options.components, Components::rules)) {
        rules_.emplace(package.taxonomy(), package.geofence(), options.geofence);
        geolocator_.emplace();
        loaded.add();
    }
    const auto networks = network_options(options.precision, options.device);
    const auto choose = [&](const std::string& network) {
        auto choice = choose_network(package, network, networks);
        for (const auto& sentence : choice.passed_over) {
            report(LogLevel::warning, sentence);
        }
        return choice;
    };
    // Loads both networks concurrently, because much of the time is spent waiting for memory.
    std::optional<Background<Classifier>> classifier;
    if (wants(options.components, Components::classifier)) {
        auto labels = read_labels(package.read(info_.classifier_labels));
        classifier.emplace([&, choice = choose(info_.classifier), labels = std::move(labels)] {
            return Classifier(choice.file, labels, options.target_species, threads_,
                              choice.options);
        });
    }
    if (wants(options.components, Components::detector)) {
        const auto choice = choose(info_.detector);
        detector_ = std::make_shared<Detector>(choice.file, threads_, choice.options);
        loaded.add();
    }
    if (classifier) {
        classifier_ = std::make_shared<Classifier>(classifier->get());
        loaded.add();
    }
    return_free_memory();
    report_loaded(options);
}

void Ensemble::Engine::report(LogLevel level, const std::string& message) const {
    if (log_) {
        log_(level, message);
    }
}

/// Logs what was loaded, and which target species the classifier does not know.
void Ensemble::Engine::report_loaded(const EnsembleOptions& options) const {
    report(LogLevel::information, "model " + info_.version + " loaded, " +
                                      std::to_string(threads_->threads()) + " threads" +
                                      (info_.description.empty() ? "" : ": " + info_.description));
    for (const auto& label : options.target_species.value_or(std::vector<std::string>{})) {
        if (std::ranges::find(labels(), label) == labels().end()) {
            report(LogLevel::warning, "the classifier has no target species " + label);
        }
    }
}

Ensemble::Engine::Engine(const Engine& other, Rules rules) : Engine(other) {
    static_cast<void>(other.rules());
    rules_ = std::move(rules);
}

void Ensemble::Engine::report_failure(const Prediction& prediction) const {
    if (prediction.failures.any()) {
        report(LogLevel::warning, prediction.filepath + ": " + prediction.failure_reason);
    }
}

std::span<const std::string> Ensemble::Engine::labels() const noexcept {
    return classifier_ ? classifier_->labels() : std::span<const std::string>{};
}

Precision Ensemble::Engine::precision() const noexcept {
    if (detector_) {
        return detector_->precision();
    }
    return classifier_ ? classifier_->precision() : Precision::float32;
}

const Rules& Ensemble::Engine::rules() const {
    return require(rules_, "taxonomy and geofence");
}
const Detector& Ensemble::Engine::detector() const {
    return require(detector_, "detector");
}
const Classifier& Ensemble::Engine::classifier() const {
    return require(classifier_, "classifier");
}

std::vector<std::optional<Classification>> Ensemble::Engine::classify(
    const Image& image, std::span<const Detection> detections,
    std::optional<std::size_t> top) const {
    std::vector<Crop> crops;
    std::vector<std::size_t> owners;
    for (std::size_t index = 0; index < detections.size(); ++index) {
        if (auto crop = cut(image, detections[index])) {
            crops.push_back(std::move(*crop));
            owners.push_back(index);
        }
    }
    std::vector<std::optional<Classification>> result(detections.size());
    auto classifications = classifier().classify(crops, top);
    for (std::size_t index = 0; index < owners.size(); ++index) {
        result[owners[index]] = std::move(classifications[index]);
    }
    return result;
}

std::optional<Crop> Ensemble::Engine::cut(const Image& image, const Detection& detection) const {
    return info_.type == ModelType::full_image ? crop_resize_full_image(image)
                                               : crop_resize(image, detection.bbox);
}

}  // namespace speciesnet
