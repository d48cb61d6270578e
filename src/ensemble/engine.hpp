// SPDX-License-Identifier: Apache-2.0
// The loaded components of a package, and the processing of a photo.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "classifier/classifier.hpp"
#include "detector/detector.hpp"
#include "ensemble/photo_in_work.hpp"
#include "ensemble/read_ahead.hpp"
#include "rules/assemble.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet {

class Ensemble::Engine {
public:
    Engine(const Package& package, const EnsembleOptions& options);
    /// Shares everything but the rules.
    Engine(const Engine& other, Rules rules);

    const ModelInfo& info() const noexcept { return info_; }
    const NetworkThreads& threads() const noexcept { return *threads_; }
    Precision precision() const noexcept;
    std::span<const std::string> labels() const noexcept;

    /// @throws ModelError (model_component_missing)
    const Rules& rules() const;
    /// @throws ModelError (model_component_missing)
    const Detector& detector() const;
    /// @throws ModelError (model_component_missing)
    const Classifier& classifier() const;

    std::vector<std::optional<Classification>> classify(const Image& image,
                                                        std::span<const Detection> detections,
                                                        std::optional<std::size_t> top) const;

    /// Whether the stages will look at the instance's pixels at all.
    bool needs_photo(const Instance& instance, const PredictOptions& options) const;

    /// Photos that the detector should see at a time.
    std::size_t detected_at_once() const noexcept { return detected_at_once_; }

    /// All stages for the instances of a source; see Ensemble::predict_each().
    void predict_each(ReadAhead::Source source, const PredictOptions& options,
                      const PredictionReceiver& receiver, const std::stop_token& stop) const;

    /// First stage: detects, unless an instance brings its detections, and cuts out what is to be
    /// classified.
    /// @return one per photo
    std::vector<PhotoInWork> detect(std::span<const PhotoToDetect> photos,
                                    const PredictOptions& options) const;

    /// Second stage, for several photos together.
    void classify(std::span<PhotoInWork> photos, const PredictOptions& options) const;

    /// Third stage: decides, if the rules are loaded.
    Prediction decide(PhotoInWork photo, const PredictOptions& options) const;

private:
    void report(LogLevel level, const std::string& message) const;
    void report_loaded(const EnsembleOptions& options) const;
    /// A warning for an image of which a component failed.
    void report_failure(const Prediction& prediction) const;
    /// What is known before any network runs.
    std::optional<std::vector<Detection>> given_detections(const Instance& instance,
                                                           const PredictOptions& options) const;
    bool takes_whole_image(std::span<const Detection> detections,
                           const PredictOptions& options) const noexcept;
    /// Which of the entries that begin_classification() makes are to be classified.
    std::vector<std::size_t> select(std::span<const Detection> detections,
                                    const PredictOptions& options) const;
    /// Everything of the first stage but the detector's work.
    PhotoInWork begin(const PhotoToDetect& photo, const PredictOptions& options) const;
    void begin_classification(PhotoInWork& work, const Image* photo,
                              const PredictOptions& options) const;
    std::optional<Crop> cut(const Image& image, const Detection& detection) const;

    ModelInfo info_;
    std::size_t detected_at_once_;
    std::shared_ptr<NetworkThreads> threads_;
    Log log_;
    std::optional<Rules> rules_;
    std::optional<Geolocator> geolocator_;  ///< With the rules.
    std::shared_ptr<const Detector> detector_;
    std::shared_ptr<const Classifier> classifier_;
};

}  // namespace speciesnet
