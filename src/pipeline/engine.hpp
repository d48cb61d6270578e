// What an Ensemble holds: the loaded components of one package.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "classifier/classifier.hpp"
#include "detector/detector.hpp"

#include <memory>
#include <optional>

namespace speciesnet {

class Ensemble::Engine {
public:
    Engine(const Package& package, const EnsembleOptions& options);

    const ModelInfo& info() const noexcept { return info_; }
    const NetworkThreads& threads() const noexcept { return *threads_; }
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

    /// @param filepath goes into the prediction
    Prediction predict(const Image& image, std::string filepath, const Location& location,
                       const PredictOptions& options) const;

private:
    ModelInfo info_;
    std::shared_ptr<NetworkThreads> threads_;
    std::optional<Rules> rules_;
    std::optional<Detector> detector_;
    std::optional<Classifier> classifier_;
};

}  // namespace speciesnet
