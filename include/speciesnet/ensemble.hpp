// SPDX-License-Identifier: Apache-2.0
// The engine: detector, classifier and rules of one model package behind one object.
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

/// Which parts of a package to load.
enum class Components : std::int32_t {
    all = 1,
    detector = 2,    ///< Only the detector.
    classifier = 3,  ///< Only the classifier.
    rules = 4,       ///< Only taxonomy and geofence; the network files may be absent.
};

/// Called after each image of a batch, or each loaded component of a package, on the thread that
/// called the function. An exception thrown here propagates and stops the operation.
/// @param done  finished so far
/// @param total how many there are
using Progress = std::function<void(std::size_t done, std::size_t total)>;

/// How much a message matters.
enum class LogLevel : std::int32_t {
    information = 1,
    warning = 2,  ///< Something was left out or failed, and work goes on.
};

/// Receives what an ensemble has to report, a line each: the model that was loaded, compiled
/// networks that were passed over and why, target species that the classifier does not know, and
/// each photo of a batch of which a component failed. The library itself writes to no stream.
///
/// Called on the thread that called load() or predict(), never on a thread of the library; by
/// several at once if several use the ensemble or copies of it, which share one log. Lives as long
/// as they do. An exception thrown here propagates and stops the operation.
using Log = std::function<void(LogLevel level, std::string_view message)>;

/// Choices made once, when a package is loaded.
struct EnsembleOptions {
    // <options cpp load> by scripts/generate_options
    /// Parts of the package to load.
    Components components = Components::all;
    /// Number of threads for the networks; 0 for one per core; 0 to 1024.
    int threads = 0;
    /// Precision of the networks: fp32 (the reference's answers), bf16 or int8 (faster, different
    /// answers; requires CPU support), or auto (bf16 if the CPU supports it, else fp32).
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

/// Choices made for each prediction. Defaults are the reference's.
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
    /// What to find out about the place of a photo.
    GeolocationOptions geolocation = {};
    // </options>
};

/// Receives each prediction of a batch, on the thread that called the batch function.
using PredictionReceiver = std::function<void(Prediction&&)>;

/// Gives the instances of a batch one after the other, and nothing once there are no more. Called
/// on the thread that called the batch function, a few instances before their predictions come.
using InstanceSource = std::function<std::optional<Instance>()>;

/// A loaded model package. Copies share the networks. Every member function may be called from many
/// threads at once; the networks run on threads of their own, so the caller's thread settings are
/// not touched.
class SPECIESNET_EXPORT Ensemble {
public:
    /// Loads a package and checks that its networks keep the contracts: detector [B,3,H,W] float32
    /// in 0..1, H and W multiples of 64, to [B,N,5+classes] in input pixels; classifier
    /// [B,480,480,3] float32 in 0..1 to [B,labels].
    /// @param model   "demo", a package's folder, or any other name that fetch_model() takes, such
    /// as
    ///                kaggle:google/speciesnet/pyTorch/v4.0.1a: it is downloaded if it is not on
    ///                this machine, unless `options` say otherwise
    /// @param options what to load and how to run it
    /// @throws IoError, ModelError with one clear code and sentence for each thing that can be
    /// wrong; as fetch_model()
    static Ensemble load(const std::string& model, const EnsembleOptions& options = {});
    /// The same for a package that is open already; nothing is downloaded.
    static Ensemble load(const Package& package, const EnsembleOptions& options = {});

    /// An ensemble that shares this one's networks and decides by other rules, such as
    /// rules().with(overlay).
    /// @throws ModelError (model_component_missing) if the rules were not loaded
    /// @since 0.1.0
    Ensemble with_rules(Rules rules) const;

    /// The package's info.json.
    const ModelInfo& info() const noexcept;
    /// Taxonomy, geofence and decision rules. @throws ModelError (model_component_missing) if they
    /// were not loaded
    const Rules& rules() const;
    /// Labels of the classifier, in the order of its logits; empty if it was not loaded.
    std::span<const std::string> labels() const noexcept;
    /// Threads that the networks use.
    int threads() const noexcept;
    /// Precision of the networks' arithmetic; never automatic.
    Precision precision() const noexcept;

    /// Checks that bytes are an image that decode() takes; speciesnet::validate() by another name.
    static MediaInfo validate(std::span<const std::byte> bytes,
                              std::optional<std::string_view> declared_type = std::nullopt,
                              const DecodeLimits& limits = {});

    /// Finds animals, humans and vehicles.
    /// @return at most 300 detections of conf > 0.01, descending by conf
    /// @throws ModelError (model_component_missing, network_failed)
    std::vector<Detection> detect(const Image& image) const;

    /// Classifies crops of an image, or, for full_image models, the picture once for each entry.
    /// @param image      the upright photo
    /// @param detections boxes to crop; whole_image_detection() takes the whole picture
    /// @param top        classes to report, nothing for all
    /// @return one entry per detection; nothing where a box is less than a pixel wide or high after
    /// truncation
    /// @throws ModelError (model_component_missing, network_failed)
    std::vector<std::optional<Classification>> classify(
        const Image& image, std::span<const Detection> detections,
        std::optional<std::size_t> top = classes_for_ensemble) const;

    /// Keeps the top class, or rolls it up where it is blocked at the place;
    /// Rules::apply_geofence().
    /// @throws ModelError (model_component_missing); InvalidArgument
    Answer geofence(const Classification& classification, const Location& location = {}) const;

    /// Detects, classifies and decides, as far as the components are loaded: with the detector
    /// alone the detections have no classifications, with the classifier alone the classifications
    /// no answers and there is no model_version.
    /// @throws InvalidArgument for a malformed location; ModelError (network_failed;
    /// model_component_missing if only the rules were loaded)
    Prediction predict(const Image& image, const Location& location = {},
                       const PredictOptions& options = {}) const;

    /// The same for files. Decoding overlaps with the networks. An image that cannot be read or
    /// decoded is reported in its prediction's failures and does not stop the batch. The classifier
    /// alone needs the instances' detections, unless it classifies whole pictures.
    /// @param progress may be empty
    /// @param stop     checked between images
    /// @return one prediction per instance, in their order
    /// @throws Cancelled when stopped; InvalidArgument for a malformed location, before any work;
    /// ModelError
    std::vector<Prediction> predict(std::span<const Instance> instances,
                                    const PredictOptions& options = {},
                                    const Progress& progress = {}, std::stop_token stop = {}) const;

    /// The same without keeping the predictions, so that memory does not grow with the batch.
    /// @param receiver gets one prediction per instance, in their order; what it throws ends the
    /// batch
    /// @throws as predict(); when stopped, all predictions of finished images have been delivered
    void predict_each(std::span<const Instance> instances, const PredictOptions& options,
                      const PredictionReceiver& receiver, std::stop_token stop = {}) const;

    /// The same for instances that come one by one, so that none has to wait for the others, and
    /// memory does not grow with their number: folders as they are read, or a camera's pictures.
    /// @param source what it throws ends the batch, as what the receiver throws
    /// @throws as above; InvalidArgument for a malformed location when its instance comes
    void predict_each(const InstanceSource& source, const PredictOptions& options,
                      const PredictionReceiver& receiver, std::stop_token stop = {}) const;

private:
    class Engine;
    explicit Ensemble(std::shared_ptr<const Engine> engine);
    std::shared_ptr<const Engine> engine_;
};

/// Which detections predict() classifies, in increasing order of index.
/// Source: utils.py, select_detections_for_classification.
SPECIESNET_EXPORT std::vector<std::size_t> select_for_classification(
    std::span<const Detection> detections, double threshold, std::optional<std::size_t> maximum);

}  // namespace speciesnet
