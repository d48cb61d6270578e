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
    /// Shares everything except the rules.
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

    /// Returns whether the stages need the pixels of the instance.
    bool needs_photo(const Instance& instance, const PredictOptions& options) const;

    /// Returns how many photos the detector should process at a time.
    std::size_t detected_at_once() const noexcept { return detected_at_once_; }

    /// Runs all stages for the instances of a source; see Ensemble::predict_each().
    void predict_each(ReadAhead::Source source, const PredictOptions& options,
                      const PredictionReceiver& receiver, const std::stop_token& stop) const;

    /// First stage: detects, unless an instance has given detections, and crops what is to be
    /// classified.
    /// @return one for each photo
    std::vector<PhotoInWork> detect(std::span<const PhotoToDetect> photos,
                                    const PredictOptions& options) const;

    /// Second stage, for several photos at once.
    void classify(std::span<PhotoInWork> photos, const PredictOptions& options) const;

    /// Third stage: decides if the rules are loaded.
    Prediction decide(PhotoInWork photo, const PredictOptions& options) const;

private:
    void report(LogLevel level, const std::string& message) const;
    void report_loaded(const EnsembleOptions& options) const;
    /// Logs a warning for an image for which a component failed.
    void report_failure(const Prediction& prediction) const;
    /// Returns the detections that are known before a network runs.
    std::optional<std::vector<Detection>> given_detections(const Instance& instance,
                                                           const PredictOptions& options) const;
    bool takes_whole_image(std::span<const Detection> detections,
                           const PredictOptions& options) const noexcept;
    /// Returns which of the entries of begin_classification() are to be classified.
    std::vector<std::size_t> select(std::span<const Detection> detections,
                                    const PredictOptions& options) const;
    /// Runs the first stage without the detector.
    PhotoInWork begin(const PhotoToDetect& photo, const PredictOptions& options) const;
    void begin_classification(PhotoInWork& work, const Image* photo,
                              const PredictOptions& options) const;
    std::optional<Crop> cut(const Image& image, const Detection& detection) const;

    ModelInfo info_;
    std::shared_ptr<NetworkThreads> threads_;
    std::size_t detected_at_once_;
    Log log_;
    std::optional<Rules> rules_;
    std::optional<Geolocator> geolocator_;  ///< Loaded with the rules.
    std::shared_ptr<const Detector> detector_;
    std::shared_ptr<const Classifier> classifier_;
};

}  // namespace speciesnet
