// SPDX-License-Identifier: Apache-2.0
// Predicts photos with the detector, classifier and rules of a model package.
//
//     const auto ensemble = speciesnet::Ensemble::load("demo");
//     const auto image = speciesnet::decode_file("photo.jpg");
//     const auto prediction = ensemble.predict(image, {.country = "KEN"});
//     for (const auto& found : prediction.found())
//         if (found.answer) std::cout << found.answer->label << ' ' << found.answer->score << '\n';
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/geolocation.hpp"
#include "speciesnet/image.hpp"
#include "speciesnet/inference.hpp"
#include "speciesnet/location.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/prediction.hpp"
#include "speciesnet/rules.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// Parts of a package.
enum class Components : std::int32_t {
    all = 1,
    detector = 2,    ///< Only the detector.
    classifier = 3,  ///< Only the classifier.
    rules = 4,       ///< Only taxonomy and geofence; the network files may be absent.
};

/// Called after each image of a batch, or each loaded component of a package, on the thread that
/// called the function. An exception thrown here propagates and stops the operation.
/// @param done  number of finished ones
/// @param total number of all
using Progress = std::function<void(std::size_t done, std::size_t total)>;

/// Severity of a log message.
enum class LogLevel : std::int32_t {
    information = 1,
    warning = 2,  ///< Something was ignored or failed; the operation continues.
};

/// Receives the messages of an ensemble, one line each: the loaded model, ignored compiled
/// networks with the reason, target species that the classifier does not know, and
/// photos for which a component failed. The library itself writes to no stream.
///
/// Called on the thread that called load() or predict(), never on a thread of the library, and
/// concurrently if several threads use the ensemble or copies of it, which share one log. Lives as
/// long as they do. An exception thrown here propagates and stops the operation.
using Log = std::function<void(LogLevel level, std::string_view message)>;

/// Options for loading a model package.
struct EnsembleOptions {
    // <options cpp load> by scripts/generate_options
    /// Parts of the package to load.
    Components components = Components::all;
    /// Number of threads for the networks; 0 for one per core; 0 to 1024.
    int threads = 0;
    /// Precision of the networks: fp32 (the reference's answers), bf16 or int8 (faster, different
    /// answers; requires CPU support), or auto (bf16 where the CPU multiplies it faster, else
    /// fp32).
    Precision precision = Precision::float32;
    /// Whether to exclude species that do not live at the photo's location.
    bool geofence = true;
    /// Whether to fail instead of downloading a model that is not on this machine. Environment
    /// variable SPECIESNET_OFFLINE=1 does the same.
    bool offline = false;
    /// Device that runs the networks: cpu, cuda or cuda:N; CUDA requires a LibTorch built for it.
    Device device = {};
    /// Labels whose logits are reported with each classification; nothing if none are. Labels that
    /// the classifier does not have are ignored, as in the reference.
    std::optional<std::vector<std::string>> target_species = std::nullopt;
    /// Receives log messages; must outlive the ensemble; may be empty.
    Log log = {};
    /// Called after each component has been loaded; may be empty.
    Progress progress = {};
    /// Detector file that replaces the model's own, such as a release of MegaDetector; empty for
    /// the model's own.
    std::filesystem::path detector = {};
    // </options>
};

/// Options for prediction. The defaults are those of the reference.
struct PredictOptions {
    // <options cpp predict> by scripts/generate_options
    /// Unit of an answer: each detection of sufficient confidence (speciesnet 5.0.6), or the image
    /// (5.0.5).
    ResultFormat format = ResultFormat::per_detection;
    /// Whether to add an explanation to each answer.
    bool explain = false;
    /// Minimum confidence of reported detections; 0.01 to 1. Detections passed in with an instance
    /// are reported at any confidence. Source: detector.py, SpeciesNetDetector.DETECTION_THRESHOLD.
    double detection_threshold = 0.01;
    /// Minimum confidence of detections that are classified separately; 0 to 1. Source:
    /// constants.py, DEFAULT_DETECTION_THRESHOLD_FOR_CLASSIFICATION.
    double classification_threshold = 0.1;
    /// Maximum number of detections to classify per image, in order of confidence; nothing for all.
    std::optional<std::size_t> max_classifications_per_image = std::nullopt;
    /// Number of classes to report for each detection; nothing for all. The rules always use five.
    /// Source: constants.py, DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION.
    std::optional<std::size_t> max_classifications_per_detection = 2;
    /// Number of photos whose crops are classified in one batch; 1 to 1024. Larger batches may be
    /// faster; they change scores by rounding.
    std::size_t batch_size = 1;
    /// Number of photos to read and decode in parallel, ahead of the networks; 1 to 1024. Twice as
    /// many decoded photos, but at least 4, are buffered in memory.
    int decoding_threads = 2;
    /// How to complete the location of a photo.
    GeolocationOptions geolocation = {};
    // </options>
};

/// Receives each prediction of a batch, on the thread that called the batch function.
using PredictionReceiver = std::function<void(Prediction&&)>;

/// Returns the next instance of a batch, or nothing at its end. Called on the thread that called
/// the batch function, a few instances ahead of the predictions.
using InstanceSource = std::function<std::optional<Instance>()>;

/// A loaded model package. Copies share the networks. Every member function may be called
/// concurrently. The networks run on the ensemble's threads, so the caller's thread settings are
/// not changed.
class SPECIESNET_EXPORT Ensemble {
public:
    /// Loads a package and checks the shapes of its networks: detector [B,3,H,W] float32
    /// in 0..1, H and W multiples of 64, to [B,N,5+classes] in input pixels; classifier
    /// [B,480,480,3] float32 in 0..1 to [B,labels]. Downloads the model if it is not on this
    /// machine, unless EnsembleOptions::offline is set.
    /// @param model   "demo", a package's folder, or another name that fetch_model() accepts, such
    ///                as kaggle:google/speciesnet/pyTorch/v4.0.1a
    /// @param options parts to load, device, precision and others
    /// @throws IoError, ModelError with a specific code and message; as fetch_model()
    static Ensemble load(const std::string& model, const EnsembleOptions& options = {});

    /// Loads an open package. Downloads nothing.
    static Ensemble load(const Package& package, const EnsembleOptions& options = {});

    /// Returns an ensemble that shares the networks of this one but applies other rules, such as
    /// rules().with(overlay).
    /// @throws ModelError (model_component_missing) if the rules were not loaded
    /// @since 0.1.0
    Ensemble with_rules(Rules rules) const;

    /// Returns the package's info.json.
    const ModelInfo& info() const noexcept;
    /// Returns taxonomy, geofence and decision rules. @throws ModelError (model_component_missing)
    /// if they were not loaded
    const Rules& rules() const;
    /// Returns the labels of the classifier, in the order of its logits; empty if it was not
    /// loaded.
    std::span<const std::string> labels() const noexcept;
    /// Returns the number of threads of the networks.
    int threads() const noexcept;
    /// Returns the precision of the networks, never automatic.
    Precision precision() const noexcept;

    /// Checks that decode() accepts an image; the same as speciesnet::validate().
    static MediaInfo validate(std::span<const std::byte> bytes,
                              std::optional<std::string_view> declared_type = std::nullopt,
                              const DecodeLimits& limits = {});

    /// Detects animals, humans and vehicles.
    /// @return at most 300 detections of conf > 0.01, by descending conf
    /// @throws ModelError (model_component_missing, network_failed)
    std::vector<Detection> detect(const Image& image) const;

    /// Classifies crops of an image, or, for full_image models, the image once for each entry.
    /// @param image      the upright photo
    /// @param detections boxes to crop; whole_image_detection() selects the whole image
    /// @param top        number of classes to report, nothing for all
    /// @return one entry per detection; nothing for a box that is less than a pixel wide or high
    /// after truncation
    /// @throws ModelError (model_component_missing, network_failed)
    std::vector<std::optional<Classification>> classify(
        const Image& image, std::span<const Detection> detections,
        std::optional<std::size_t> top = classes_for_ensemble) const;

    /// Returns the top class, rolled up if it is blocked at the place. See Rules::apply_geofence().
    /// @throws ModelError (model_component_missing); InvalidArgument
    Answer geofence(const Classification& classification, const Location& location = {}) const;

    /// Detects, classifies and applies the rules, as far as the components are loaded. With only
    /// the detector, the detections have no classifications. With only the classifier, there are no
    /// answers and no model_version.
    /// @throws InvalidArgument for a malformed location; ModelError (network_failed;
    /// model_component_missing if only the rules were loaded)
    Prediction predict(const Image& image, const Location& location = {},
                       const PredictOptions& options = {}) const;

    /// Predicts files. Decoding runs in parallel with the networks. An image that cannot be read or
    /// decoded is reported in its prediction's failures and does not stop the batch. If only the
    /// classifier is loaded, it needs the instances' detections, unless it classifies whole images.
    /// @param progress may be empty
    /// @param stop     checked between images
    /// @return one prediction per instance, in the same order
    /// @throws Cancelled when stopped; InvalidArgument for a malformed location, before any work;
    /// ModelError
    std::vector<Prediction> predict(std::span<const Instance> instances,
                                    const PredictOptions& options = {},
                                    const Progress& progress = {}, std::stop_token stop = {}) const;

    /// Predicts files and passes each prediction to `receiver`, so memory does not grow with the
    /// batch.
    /// @param receiver receives one prediction per instance, in the same order; an exception thrown
    /// there propagates and stops the batch
    /// @throws as predict(); when stopped, all predictions of finished images have been delivered
    void predict_each(std::span<const Instance> instances, const PredictOptions& options,
                      const PredictionReceiver& receiver, std::stop_token stop = {}) const;

    /// Predicts instances from a source, for folders of any size or the images of a camera.
    /// @param source an exception thrown there propagates and stops the batch
    /// @throws as above; InvalidArgument for a malformed location when its instance is read
    void predict_each(const InstanceSource& source, const PredictOptions& options,
                      const PredictionReceiver& receiver, std::stop_token stop = {}) const;

private:
    class Engine;
    explicit Ensemble(std::shared_ptr<const Engine> engine);
    std::shared_ptr<const Engine> engine_;
};

/// Returns the indices of the detections that predict() classifies, in increasing order.
/// Source: utils.py, select_detections_for_classification.
SPECIESNET_EXPORT std::vector<std::size_t> select_for_classification(
    std::span<const Detection> detections, double threshold, std::optional<std::size_t> maximum);

}  // namespace speciesnet
