// SPDX-License-Identifier: Apache-2.0
/// @file speciesnet.h
/// The C ABI of SpeciesNet C++: the only interface of this library that stays binary-compatible.
///
/// A complete program, which names what it sees in a photo taken in Kenya:
/// @code{.c}
/// #include <speciesnet.h>
/// #include <stdio.h>
///
/// int main(int argc, char** argv) {
///     speciesnet_error error;
///     speciesnet_ensemble* ensemble = NULL;
///     speciesnet_predictions* predictions = NULL;
///
///     speciesnet_location kenya;
///     speciesnet_location_init(&kenya, sizeof kenya);
///     kenya.country = "KEN";
///
///     speciesnet_instance photo;
///     speciesnet_instance_init(&photo, sizeof photo);
///     photo.filepath = argc > 1 ? argv[1] : "photo.jpg";
///     photo.location = &kenya;
///
///     if (speciesnet_ensemble_load("demo", NULL, &ensemble, &error) != SPECIESNET_OK ||
///         speciesnet_ensemble_predict(ensemble, &photo, 1, NULL, &predictions, &error) !=
///             SPECIESNET_OK) {
///         fprintf(stderr, "%s\n", error.message);
///         speciesnet_ensemble_free(ensemble);
///         return 1;
///     }
///     const speciesnet_prediction* prediction = speciesnet_predictions_at(predictions, 0);
///     for (size_t i = 0; i < speciesnet_prediction_detection_count(prediction); ++i) {
///         const speciesnet_answer* answer = speciesnet_prediction_answer(prediction, i);
///         if (answer != NULL) {
///             printf("%s %.2f\n", speciesnet_answer_label(answer),
///                    speciesnet_answer_score(answer));
///         }
///     }
///     speciesnet_predictions_free(predictions);
///     speciesnet_ensemble_free(ensemble);
///     return 0;
/// }
/// @endcode
///
/// Rules that hold for every function:
/// - A fallible function returns a speciesnet_status and takes, last, a speciesnet_error that the
///   caller owns, or NULL. Where it fails it leaves NULL or zero in its outputs.
/// - A handle that a function gives through a pointer is the caller's, and is released by the one
///   `_free` function of its type, which takes NULL; a `char** text` by speciesnet_text_free().
///   Anything that a function returns is borrowed: it lives as long as the handle it was read from.
/// - A NULL or out-of-range argument gives SPECIESNET_ERROR_INVALID_ARGUMENT, or NULL or zero
///   from a function that returns no status. It never crashes.
/// - Every function may be called from any thread, and a handle may be used by several threads at
///   once; only its `_free` must come after all other uses.
/// - Strings are UTF-8 (file names, and messages that name a file: the bytes of the file system)
///   and end with a zero byte.
/// - A callback returns: no exception and no longjmp leaves it. It may call any function but these:
///   it must not free the ensemble, nor free or wait for a job, except that a job's own callback
///   may free that job. Its user_data must live as long as the callback may come.
/// - After fork() only the parent may use handles: the child has none of the threads behind them.
///   A child loads its own ensemble.
/// - Structs with a `size` member are filled with defaults by their `_init` function, which gets
///   the size that the caller was compiled with; members are only ever added at their end. A NULL
///   in place of options means the defaults. A member that is yes or no is 1 or 0.
/// - 0 threads are one for each core that the process may use, here as in every other interface.
///   Otherwise zero is a number like any other: where there need be no limit, SPECIESNET_ALL is
///   none.
#ifndef SPECIESNET_H
#define SPECIESNET_H

#include <stddef.h>
#include <stdint.h>

/// Marks the functions that the library shows.
#if defined(__GNUC__)
#define SPECIESNET_1_0 __attribute__((visibility("default")))
#else
#define SPECIESNET_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// @defgroup version Version
/// @{

/// Major number of the ABI: that of libspeciesnet_c.so.N. Another number is another library.
#define SPECIESNET_ABI_MAJOR 1
/// Minor number of the ABI: rises when functions, constants or members are added.
#define SPECIESNET_ABI_MINOR 0

/// The ABI of the library that is loaded: major · 65536 + minor. A binding refuses to work with
/// another major, or a smaller minor, than it was written for.
SPECIESNET_1_0 uint32_t speciesnet_abi_version(void);
/// The library's version, for instance "0.1.0". The string is static.
SPECIESNET_1_0 const char* speciesnet_version(void);
/// How the library was built, for people: compiler, LibTorch. The string is static.
SPECIESNET_1_0 const char* speciesnet_build_information(void);

/// @}
/// @defgroup status Errors
/// @{

/// 0, or why a function failed. New numbers may be added; those that exist never change.
typedef int32_t speciesnet_status;
enum {
    SPECIESNET_OK = 0,
    SPECIESNET_ERROR_INVALID_ARGUMENT = 1,  ///< A value is outside what the function accepts.
    SPECIESNET_ERROR_CANCELLED = 2,         ///< The caller asked to stop.
    SPECIESNET_ERROR_OUT_OF_MEMORY = 3,     ///< An allocation failed.
    SPECIESNET_ERROR_INTERNAL = 4,          ///< A defect of this library; please report it.

    SPECIESNET_ERROR_IO = 10,         ///< The operating system could not read or write something.
    SPECIESNET_ERROR_NOT_FOUND = 11,  ///< A file, folder or model does not exist.

    SPECIESNET_ERROR_UNSUPPORTED_MEDIA_TYPE = 20,  ///< Declared as a type that is not taken.
    SPECIESNET_ERROR_MEDIA_TOO_LARGE = 21,      ///< More bytes, pixels or work than limits allow.
    SPECIESNET_ERROR_MEDIA_TYPE_MISMATCH = 22,  ///< The magic number is not that of an image.
    SPECIESNET_ERROR_UNDECODABLE_IMAGE = 23,    ///< Right magic number, but cannot be decoded.

    SPECIESNET_ERROR_MODEL_INCOMPLETE = 30,         ///< A file that info.json names is missing.
    SPECIESNET_ERROR_MODEL_INVALID = 31,            ///< A file has the wrong content.
    SPECIESNET_ERROR_MODEL_CONTRACT = 33,           ///< A network has tensors of the wrong shape.
    SPECIESNET_ERROR_MODEL_COMPONENT_MISSING = 34,  ///< The component was not loaded.

    SPECIESNET_ERROR_NETWORK_FAILED = 40,        ///< A network failed while it ran.
    SPECIESNET_ERROR_UNSUPPORTED_HARDWARE = 41,  ///< Device, precision or LibTorch is missing.

    SPECIESNET_ERROR_JSON_SYNTAX = 50,   ///< Not JSON.
    SPECIESNET_ERROR_JSON_CONTENT = 51,  ///< JSON, but not of the expected structure.

    SPECIESNET_ERROR_QUEUE_FULL = 60,   ///< Too many jobs wait; submit again when one has finished.
    SPECIESNET_ERROR_NOT_FINISHED = 61  ///< The job is still waiting or running.
};

/// Bytes of speciesnet_error::message, its final zero included.
#define SPECIESNET_MESSAGE_SIZE 504

/// What went wrong, in the caller's own memory: there is nothing to free, nothing to prepare.
/// Belongs to one call at a time. The layout of this struct never changes.
typedef struct speciesnet_error {
    speciesnet_status status;               ///< Equal to what the function returned.
    int32_t reserved;                       ///< 0
    char message[SPECIESNET_MESSAGE_SIZE];  ///< One sentence; cut if longer; empty on success.
} speciesnet_error;

/// The name of a status, for instance "model_incomplete"; "unknown" for a number that this library
/// does not know. The string is static.
SPECIESNET_1_0 const char* speciesnet_status_name(speciesnet_status status);
/// Releases a text that a function of this library returned through a `char**`.
SPECIESNET_1_0 void speciesnet_text_free(char* text);

/// @}
/// @defgroup load The short way, 1: load a model
/// @{

/// A loaded model package: detector, classifier, rules.
typedef struct speciesnet_ensemble speciesnet_ensemble;
/// A decoded picture: 8-bit RGB, upright, immutable.
typedef struct speciesnet_image speciesnet_image;
/// Taxonomy, geofence and the reference's decision rules. Immutable.
typedef struct speciesnet_rules speciesnet_rules;

/// Which parts of a package to load.
typedef int32_t speciesnet_components;
enum {
    SPECIESNET_COMPONENTS_ALL = 1,
    SPECIESNET_COMPONENTS_DETECTOR = 2,
    SPECIESNET_COMPONENTS_CLASSIFIER = 3,
    SPECIESNET_COMPONENTS_RULES = 4  ///< The network files may be absent.
};

/// Precision of the networks' arithmetic.
typedef int32_t speciesnet_precision;
enum {
    SPECIESNET_PRECISION_FLOAT32 = 0,   ///< The reference's answers.
    SPECIESNET_PRECISION_BFLOAT16 = 1,  ///< Needs a CPU with AVX-512 BF16; changes answers.
    SPECIESNET_PRECISION_INT8 = 2,      ///< Needs a CPU with AVX-512 VNNI; changes answers.
    SPECIESNET_PRECISION_AUTOMATIC = 3  ///< bfloat16 where the CPU has it, else float32.
};

/// As many as there are.
#define SPECIESNET_ALL SIZE_MAX
/// One thread for each core that the process may use.
#define SPECIESNET_ALL_CORES 0

/// How much a line of the log matters.
typedef int32_t speciesnet_log_level;
enum {
    SPECIESNET_LOG_INFORMATION = 1,
    SPECIESNET_LOG_WARNING = 2  ///< Something was left out or failed, and work goes on.
};

/// Receives what an ensemble has to report; see @ref logging.
/// @param message one line; valid during the call
typedef void (*speciesnet_log_callback)(void* user_data, speciesnet_log_level level,
                                        const char* message);

/// Reports progress: photos of a prediction, components of a package that is loaded. Called on the
/// thread that called the function, or, for jobs, on the ensemble's own thread.
/// @return 0 to go on; anything else cancels
typedef int32_t (*speciesnet_progress_callback)(void* user_data, size_t done, size_t total);

// <options c load> by scripts/generate_options
/// Options for loading a model package.
typedef struct speciesnet_load_options {
    size_t size;  ///< Set by speciesnet_load_options_init().
    /// Parts of the package to load; SPECIESNET_COMPONENTS_…, all by default.
    speciesnet_components components;
    /// Number of threads for the networks; 0 for one per core; 0 to 1024, 0 by default.
    int32_t threads;
    /// Precision of the networks: fp32 (the reference's answers), bf16 or int8 (faster, different
    /// answers; requires CPU support), or auto (bf16 if the CPU supports it, else fp32);
    /// SPECIESNET_PRECISION_…, float32 by default.
    speciesnet_precision precision;
    /// Whether to exclude species that do not live at the photo's location; 1 by default.
    int32_t geofence;
    /// Whether to fail instead of downloading a model that is not on this machine; 0 by default.
    int32_t offline;
    /// Maximum number of queued background jobs; 1 to 65535, 1,024 by default.
    int32_t max_jobs;
    /// Device that runs the networks: cpu, cuda or cuda:N; CUDA requires a LibTorch built for it;
    /// NULL, the default, is cpu.
    const char* device;
    /// Labels whose logits are reported with each classification; copied; NULL by default.
    const char* const* target_species;
    size_t target_species_count;
    /// Receives log messages; must outlive the ensemble; NULL by default.
    speciesnet_log_callback log;
    void* log_user_data;
    /// Called after each component has been loaded; NULL by default.
    speciesnet_progress_callback progress;
    void* progress_user_data;
    /// Detector file that replaces the model's own, such as a release of MegaDetector; NULL, the
    /// default, for the model's own.
    const char* detector;
} speciesnet_load_options;
/// Fills in the defaults. `size` is `sizeof(speciesnet_load_options)`.
SPECIESNET_1_0 void speciesnet_load_options_init(speciesnet_load_options* options, size_t size);
// </options>

/// Loads a model, which is downloaded first if it is not on this machine.
/// @param model a package's folder, "demo" for the demonstration model inside the library, or any
///              other name that speciesnet_model_resolve() takes, such as
///              kaggle:google/speciesnet/pyTorch/v4.0.1a
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_load(const char* model,
                                                          const speciesnet_load_options* options,
                                                          speciesnet_ensemble** ensemble,
                                                          speciesnet_error* error);

/// Gives a file of a package that is in memory.
/// @param file   its name: "info.json", and what info.json names
/// @param bytes  receives its content, which must not change or go until the ensemble and all that
///               was made of it are released
/// @param length receives its length
/// @return 0; anything else if there is no such file
typedef int32_t (*speciesnet_read_callback)(void* user_data, const char* file, const void** bytes,
                                            size_t* length);

/// Loads a model that is no folder, for programs that ship it in a file of their own. Nothing is
/// downloaded. Parameters as speciesnet_ensemble_load().
/// @param read called during the call only, possibly from several threads, one at a time
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_load_files(
    speciesnet_read_callback read, void* user_data, const speciesnet_load_options* options,
    speciesnet_ensemble** ensemble, speciesnet_error* error);

/// Releases an ensemble. Cancels the jobs it still has and waits for them; their handles stay
/// valid. Not to be called from a callback.
SPECIESNET_1_0 void speciesnet_ensemble_free(speciesnet_ensemble* ensemble);
/// The package's version, reported as model_version.
SPECIESNET_1_0 const char* speciesnet_ensemble_model_version(const speciesnet_ensemble* ensemble);

/// What the classifier sees.
typedef int32_t speciesnet_model_type;
enum {
    SPECIESNET_MODEL_ALWAYS_CROP = 1,  ///< Crops around detections.
    SPECIESNET_MODEL_FULL_IMAGE = 2    ///< The picture without its top and bottom.
};

/// What the package's classifier sees.
SPECIESNET_1_0 speciesnet_model_type
speciesnet_ensemble_model_type(const speciesnet_ensemble* ensemble);
/// 1 for the demonstration model, whose answers are not SpeciesNet's; else 0.
SPECIESNET_1_0 int32_t speciesnet_ensemble_is_demo(const speciesnet_ensemble* ensemble);
/// What the package says of itself. May be empty.
SPECIESNET_1_0 const char* speciesnet_ensemble_description(const speciesnet_ensemble* ensemble);
/// Threads that the networks use.
SPECIESNET_1_0 int32_t speciesnet_ensemble_threads(const speciesnet_ensemble* ensemble);
/// Precision of the networks' arithmetic; never SPECIESNET_PRECISION_AUTOMATIC.
SPECIESNET_1_0 speciesnet_precision
speciesnet_ensemble_precision(const speciesnet_ensemble* ensemble);
/// How many labels the classifier has; 0 if it was not loaded.
SPECIESNET_1_0 size_t speciesnet_ensemble_label_count(const speciesnet_ensemble* ensemble);
/// A label, in the order of the classifier's logits. NULL if there is none of that index.
SPECIESNET_1_0 const char* speciesnet_ensemble_label(const speciesnet_ensemble* ensemble,
                                                     size_t index);

/// @}
/// @defgroup predict The short way, 2: predict photos
/// @{

/// Where a photo was taken.
typedef struct speciesnet_location {
    size_t size;                ///< Set by speciesnet_location_init().
    const char* country;        ///< ISO 3166-1 alpha-3, such as "KEN"; NULL if unknown.
    const char* admin1_region;  ///< Second part of ISO 3166-2, such as "CA"; NULL if unknown.
    double latitude;            ///< Degrees north, −90 to 90; NaN if unknown.
    double longitude;           ///< Degrees east, −180 to 180; NaN if unknown.
    const char* station;        ///< The camera's station, for geofence overlays; NULL if unknown.
} speciesnet_location;

/// Fills in an unknown place. `size` is `sizeof(speciesnet_location)`.
SPECIESNET_1_0 void speciesnet_location_init(speciesnet_location* location, size_t size);

/// What a detection shows.
typedef int32_t speciesnet_category;
enum {
    SPECIESNET_CATEGORY_WHOLE_IMAGE = 0,  ///< Not from the detector: stands for the whole picture.
    SPECIESNET_CATEGORY_ANIMAL = 1,
    SPECIESNET_CATEGORY_HUMAN = 2,
    SPECIESNET_CATEGORY_VEHICLE = 3
};

/// Something that the detector found. The layout of this struct never changes.
typedef struct speciesnet_detection {
    speciesnet_category category;
    int32_t reserved;  ///< 0
    double conf;       ///< Confidence, 0 to 1.
    double bbox[4];    ///< xmin, ymin, width, height, each 0 to 1, relative to the upright image.
} speciesnet_detection;

/// A photo to work on: a file, or an image already decoded.
typedef struct speciesnet_instance {
    size_t size;                          ///< Set by speciesnet_instance_init().
    const char* filepath;                 ///< Name in the result; the file to read if no image.
    const speciesnet_image* image;        ///< NULL to read the file.
    const speciesnet_location* location;  ///< NULL if unknown.
    /// What the detector found earlier, so that it does not run again; NULL if that is not known,
    /// which is not the same as nothing found.
    const speciesnet_detection* detections;
    size_t detection_count;  ///< Length of detections.
} speciesnet_instance;

/// Fills in NULL and zero. `size` is `sizeof(speciesnet_instance)`.
SPECIESNET_1_0 void speciesnet_instance_init(speciesnet_instance* instance, size_t size);

/// The two forms of results that the reference has had.
typedef int32_t speciesnet_format;
enum {
    SPECIESNET_FORMAT_PER_DETECTION = 1,  ///< speciesnet 5.0.6: an answer for each detection.
    SPECIESNET_FORMAT_PER_IMAGE = 2       ///< speciesnet 5.0.5 and before: one for the image.
};

// <options c predict> by scripts/generate_options
/// Options for prediction. The defaults are those of the reference.
typedef struct speciesnet_predict_options {
    size_t size;  ///< Set by speciesnet_predict_options_init().
    /// Unit of an answer: each detection of sufficient confidence (speciesnet 5.0.6), or the image
    /// (5.0.5); SPECIESNET_FORMAT_…, per_detection by default.
    speciesnet_format format;
    /// Whether to add an explanation to each answer; 0 by default.
    int32_t explain;
    /// Minimum confidence of reported detections; 0.01 to 1, 0.01 by default.
    double detection_threshold;
    /// Minimum confidence of detections that are classified separately; 0 to 1, 0.1 by default.
    double classification_threshold;
    /// Maximum number of detections to classify per image, in order of confidence; SPECIESNET_ALL
    /// for all.
    size_t max_classifications_per_image;
    /// Number of classes to report for each detection; SPECIESNET_ALL for all, 2 by default.
    size_t max_classifications_per_detection;
    /// Number of photos whose crops are classified in one batch; 1 to 1024, 1 by default.
    size_t batch_size;
    /// Number of photos to read and decode in parallel, ahead of the networks; 1 to 1024, 2 by
    /// default.
    int32_t decoding_threads;
    /// Whether to read missing coordinates from the photo's GPS fields; 0 by default.
    int32_t coordinates_from_exif;
    /// Whether to derive a missing country from the coordinates: that of the nearest place of 1,000
    /// inhabitants; 0 by default.
    int32_t country_from_coordinates;
    /// Whether to use country and region literally, as the reference does; 0 by default.
    int32_t places_as_given;
    /// Called after each photo; NULL by default.
    speciesnet_progress_callback progress;
    void* progress_user_data;
} speciesnet_predict_options;
/// Fills in the defaults. `size` is `sizeof(speciesnet_predict_options)`.
SPECIESNET_1_0 void speciesnet_predict_options_init(speciesnet_predict_options* options,
                                                    size_t size);
// </options>

/// A list of predictions. Immutable.
typedef struct speciesnet_predictions speciesnet_predictions;

/// Detects, classifies and decides, for one photo or many. A photo that cannot be read or decoded
/// is reported in its prediction's failures and does not stop the others.
/// @param instances   photos, each with the same `size`; not kept
/// @param predictions receives one prediction per instance, in their order
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_predict(
    const speciesnet_ensemble* ensemble, const speciesnet_instance* instances, size_t count,
    const speciesnet_predict_options* options, speciesnet_predictions** predictions,
    speciesnet_error* error);

/// Receives the predictions of speciesnet_ensemble_predict_each(), on the thread that called it.
/// @param predictions a list of one, which is the receiver's
/// @return 0 to go on; anything else cancels
typedef int32_t (*speciesnet_prediction_callback)(void* user_data,
                                                  speciesnet_predictions* predictions);

/// speciesnet_ensemble_predict() without keeping the predictions: each is handed over as it comes,
/// in the order of the instances, so that memory does not grow with their number.
/// @param receive   called once for each instance, before `progress`
/// @return as speciesnet_ensemble_predict(); what was handed over before a failure stays the
///         caller's
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_predict_each(
    const speciesnet_ensemble* ensemble, const speciesnet_instance* instances, size_t count,
    const speciesnet_predict_options* options, speciesnet_prediction_callback receive,
    void* user_data, speciesnet_error* error);

/// @}
/// @defgroup answers The short way, 3: read the answers
/// @{

/// All that is known of one image. Lives in a list and is borrowed from it.
typedef struct speciesnet_prediction speciesnet_prediction;
/// A label, its score and where they come from. Immutable.
typedef struct speciesnet_answer speciesnet_answer;

/// Bits of speciesnet_prediction_failures(). A component that failed is not one that found nothing.
typedef int32_t speciesnet_failures;
enum {
    SPECIESNET_FAILURE_CLASSIFIER = 1,
    SPECIESNET_FAILURE_DETECTOR = 2,
    SPECIESNET_FAILURE_GEOLOCATION = 4
};

/// A label with its number. The layout of this struct never changes.
typedef struct speciesnet_scored_label {
    const char* label;  ///< `uuid;class;order;family;genus;species;common name`.
    double score;       ///< Softmax probability, or logit, as the function says.
} speciesnet_scored_label;

/// How many predictions the list has.
SPECIESNET_1_0 size_t speciesnet_predictions_count(const speciesnet_predictions* predictions);
/// One of them. NULL if there is none of that index.
SPECIESNET_1_0 const speciesnet_prediction* speciesnet_predictions_at(
    const speciesnet_predictions* predictions, size_t index);
/// Releases a list and everything borrowed from it.
SPECIESNET_1_0 void speciesnet_predictions_free(speciesnet_predictions* predictions);
/// The image's name as the caller gave it. May be empty.
SPECIESNET_1_0 const char* speciesnet_prediction_filepath(const speciesnet_prediction* prediction);
/// Components that failed: bits SPECIESNET_FAILURE_…
SPECIESNET_1_0 speciesnet_failures
speciesnet_prediction_failures(const speciesnet_prediction* prediction);
/// Why a component failed, in words. Empty if none did.
SPECIESNET_1_0 const char* speciesnet_prediction_failure_reason(
    const speciesnet_prediction* prediction);
/// 1 if the photo was decoded and is truncated, see speciesnet_image_truncated(); else 0.
SPECIESNET_1_0 int32_t speciesnet_prediction_truncated(const speciesnet_prediction* prediction);
/// `version` of the model package. Empty for a single component.
SPECIESNET_1_0 const char* speciesnet_prediction_model_version(
    const speciesnet_prediction* prediction);

/// The place that was used. Its strings are borrowed from the prediction.
/// @param location filled as far as `size`, its sizeof, reaches
SPECIESNET_1_0 void speciesnet_prediction_location(const speciesnet_prediction* prediction,
                                                   speciesnet_location* location, size_t size);

/// The detections, one after the other in memory: a whole-image entry first if there is one, then
/// by descending confidence. NULL if they are not known, which is not the same as none found: then
/// the pointer is not NULL and the count is 0.
SPECIESNET_1_0 const speciesnet_detection* speciesnet_prediction_detections(
    const speciesnet_prediction* prediction);
/// How many detections there are; 0 if none are known.
SPECIESNET_1_0 size_t
speciesnet_prediction_detection_count(const speciesnet_prediction* prediction);

/// Classes of a detection with their softmax probabilities, best first. NULL if this detection was
/// not classified.
/// @param count receives their number; may be NULL
SPECIESNET_1_0 const speciesnet_scored_label* speciesnet_prediction_classes(
    const speciesnet_prediction* prediction, size_t detection, size_t* count);

/// Target species of a detection with their logits. NULL if none were asked for.
/// @param count receives their number; may be NULL
SPECIESNET_1_0 const speciesnet_scored_label* speciesnet_prediction_targets(
    const speciesnet_prediction* prediction, size_t detection, size_t* count);

/// The answer for a detection. NULL if there is none.
SPECIESNET_1_0 const speciesnet_answer* speciesnet_prediction_answer(
    const speciesnet_prediction* prediction, size_t detection);
/// The answer for the whole image: that of the first classified detection. NULL if there is none.
SPECIESNET_1_0 const speciesnet_answer* speciesnet_prediction_image_answer(
    const speciesnet_prediction* prediction);
/// Label of seven parts.
SPECIESNET_1_0 const char* speciesnet_answer_label(const speciesnet_answer* answer);
/// Score of the side that won, 0 to 1.
SPECIESNET_1_0 double speciesnet_answer_score(const speciesnet_answer* answer);
/// "detector", "classifier", "classifier+rollup_to_family", …
SPECIESNET_1_0 const char* speciesnet_answer_source(const speciesnet_answer* answer);
/// A short name for people, such as "equus_quagga", "felidae", "blank".
SPECIESNET_1_0 speciesnet_status speciesnet_label_short_name(const char* label, char** text,
                                                             speciesnet_error* error);
/// Parts 2 to 6 of a label, `class;order;family;genus;species`: the key of taxonomy and geofence.
SPECIESNET_1_0 speciesnet_status speciesnet_label_full_class(const char* label, char** text,
                                                             speciesnet_error* error);

/// Why a label is blocked at a place.
typedef int32_t speciesnet_blocked_by;
enum {
    SPECIESNET_BLOCKED_BY_NOTHING = 0,
    SPECIESNET_BLOCKED_BY_COUNTRY_NOT_ALLOWED = 1,  ///< There is an allow list without the country.
    SPECIESNET_BLOCKED_BY_REGION_NOT_ALLOWED = 2,   ///< Only other regions of it are allowed.
    SPECIESNET_BLOCKED_BY_COUNTRY = 3,              ///< The block list has the whole country.
    SPECIESNET_BLOCKED_BY_REGION = 4,               ///< The block list has this region.
    SPECIESNET_BLOCKED_BY_OVERLAY = 5,              ///< An entry of an overlay blocks it.
    SPECIESNET_BLOCKED_BY_SPECIES_LIST = 6          ///< It is not among the only taxa of the place.
};

/// Ranks at which labels are rolled up. Kingdom stands for "animal".
typedef int32_t speciesnet_level;
enum {
    SPECIESNET_LEVEL_SPECIES = 1,
    SPECIESNET_LEVEL_GENUS = 2,
    SPECIESNET_LEVEL_FAMILY = 3,
    SPECIESNET_LEVEL_ORDER = 4,
    SPECIESNET_LEVEL_CLASS = 5,
    SPECIESNET_LEVEL_KINGDOM = 6
};

/// The sum of scores that one ancestor got in a rollup. The layout of this struct never changes.
typedef struct speciesnet_rollup_sum {
    const char* label;                 ///< The ancestor.
    double score;                      ///< Of its descendants among the top classes.
    speciesnet_blocked_by blocked_by;  ///< Why it is not the answer, although largest so far.
    int32_t reserved;                  ///< 0
    const char* blocked_by_entry;      ///< The entry that says so; empty if none.
} speciesnet_rollup_sum;

/// One level of a rollup that was tried. The layout of this struct never changes.
typedef struct speciesnet_rollup_step {
    speciesnet_level level;
    int32_t reached;                    ///< 1 if this level gave the answer.
    double threshold;                   ///< The winner's sum must be greater.
    const speciesnet_rollup_sum* sums;  ///< In the order in which the classes have the ancestors.
    size_t sum_count;                   ///< Length of sums.
} speciesnet_rollup_step;

/// Why an answer is what it is. New members come at the end; the library fills it.
typedef struct speciesnet_explanation {
    const char* rule;    ///< Numbered as in the reference's comments: "1a" to "5b", or "otherwise".
    const char* reason;  ///< The rule in one sentence, with the numbers that it compared.
    speciesnet_category detection_category;
    speciesnet_blocked_by blocked_by;  ///< Why the top class is no answer at this place; NOTHING
                                       ///< also where no rule asked the geofence about it.
    double detection_conf;
    const char* blocked_by_entry;  ///< The entry of geofence or overlay that says so; may be empty.
    const char* allowed_by_entry;  ///< The entry of an overlay that allows the top class where the
                                   ///< package's geofence blocks it; may be empty.
    const speciesnet_scored_label* classes;  ///< What the rules looked at, best first.
    size_t class_count;                      ///< Length of classes.
    const speciesnet_rollup_step* rollup;    ///< Levels tried, in order.
    size_t rollup_count;                     ///< Length of rollup; 0 if there was none.
} speciesnet_explanation;

/// Why an answer is what it is. NULL if that was not asked for.
SPECIESNET_1_0 const speciesnet_explanation* speciesnet_answer_explanation(
    const speciesnet_answer* answer);
/// Releases an answer that a rules function returned; never one borrowed from a prediction.
SPECIESNET_1_0 void speciesnet_answer_free(speciesnet_answer* answer);

/// @}
/// @defgroup stages Step by step: validate, decode, detect, classify
/// @{

/// The formats of images, found from their content.
typedef int32_t speciesnet_media_type;
enum {
    SPECIESNET_MEDIA_JPEG = 1,
    SPECIESNET_MEDIA_PNG = 2,
    SPECIESNET_MEDIA_GIF = 3,
    SPECIESNET_MEDIA_BMP = 4,
    SPECIESNET_MEDIA_WEBP = 5,
    SPECIESNET_MEDIA_TIFF = 6,
    SPECIESNET_MEDIA_HEIC = 7,
    SPECIESNET_MEDIA_AVIF = 8
};

// <options c decode> by scripts/generate_options
/// Limits on the cost of decoding an image, checked before decoding: from the header, and by
/// counting scans, strips and tiles.
typedef struct speciesnet_decode_limits {
    size_t size;  ///< Set by speciesnet_decode_limits_init().
    /// Maximum encoded size in bytes; 536,870,912 by default.
    uint64_t max_bytes;
    /// Maximum width × height; 178,956,970 by default.
    uint64_t max_pixels;
    /// Maximum work, in units of about a nanosecond of one core; 60,000,000,000 by default.
    uint64_t max_work;
    /// Maximum memory in bytes besides the encoded image: pixels (twice if they are rotated) and
    /// the decoder's buffers; 2,147,483,648 by default.
    uint64_t max_memory;
    /// Time after which decoding stops with the error Cancelled; UINT64_MAX, the default, for any.
    uint64_t max_milliseconds;
} speciesnet_decode_limits;
/// Fills in the defaults. `size` is `sizeof(speciesnet_decode_limits)`.
SPECIESNET_1_0 void speciesnet_decode_limits_init(speciesnet_decode_limits* options, size_t size);
// </options>

/// What an encoded image says of itself. The layout of this struct never changes.
typedef struct speciesnet_media_info {
    speciesnet_media_type type;
    int32_t width;     ///< Pixels, at least 1, before EXIF orientation.
    int32_t height;    ///< Pixels, at least 1, before EXIF orientation.
    int32_t reserved;  ///< 0
} speciesnet_media_info;

/// Checks that bytes are an image that speciesnet_image_decode() takes, without decoding its
/// pixels.
/// @param bytes         the encoded image; not kept
/// @param declared_type a media type that came with it, such as "image/png", or NULL
/// @param info          filled on success; may be NULL
SPECIESNET_1_0 speciesnet_status speciesnet_media_validate(const void* bytes, size_t length,
                                                           const char* declared_type,
                                                           const speciesnet_decode_limits* limits,
                                                           speciesnet_media_info* info,
                                                           speciesnet_error* error);

/// The IANA name of a format, for instance "image/jpeg"; NULL for another number. The string is
/// static.
SPECIESNET_1_0 const char* speciesnet_media_type_name(speciesnet_media_type type);
/// 1 if this build reads the format, else 0: HEIC and AVIF need libheif.
SPECIESNET_1_0 int32_t speciesnet_media_can_decode(speciesnet_media_type type);

/// Validates, once, and decodes JPEG, PNG, GIF (first frame), BMP, WebP or TIFF (first page); HEIC
/// or AVIF if speciesnet_media_can_decode(). Parameters as speciesnet_media_validate().
SPECIESNET_1_0 speciesnet_status speciesnet_image_decode(const void* bytes, size_t length,
                                                         const char* declared_type,
                                                         const speciesnet_decode_limits* limits,
                                                         speciesnet_image** image,
                                                         speciesnet_error* error);

/// Reads and decodes a file.
SPECIESNET_1_0 speciesnet_status
speciesnet_image_decode_file(const char* path, const speciesnet_decode_limits* limits,
                             speciesnet_image** image, speciesnet_error* error);

/// Gives pixels back to the caller who lent them. Comes on whichever thread was the last to use
/// them; it may call no function of this library.
typedef void (*speciesnet_release_callback)(void* user_data);

/// Takes pixels that the caller already has.
/// @param pixels    rows from the top, three bytes R, G, B per pixel
/// @param width     pixels, at least 1
/// @param height    pixels, at least 1
/// @param stride    bytes from one row to the next, at least 3 · width
/// @param release   NULL: the pixels are copied. Otherwise they are lent: unless there is room
///                  between rows they are used where they are, must not change, and `release` is
///                  called once they are not needed any more, also if this function fails
SPECIESNET_1_0 speciesnet_status speciesnet_image_from_rgb(const void* pixels, int32_t width,
                                                           int32_t height, size_t stride,
                                                           speciesnet_release_callback release,
                                                           void* user_data,
                                                           speciesnet_image** image,
                                                           speciesnet_error* error);

/// Width in pixels, after EXIF orientation.
SPECIESNET_1_0 int32_t speciesnet_image_width(const speciesnet_image* image);
/// Height in pixels, after EXIF orientation.
SPECIESNET_1_0 int32_t speciesnet_image_height(const speciesnet_image* image);
/// 3 · width · height bytes, rows from the top without padding, R, G, B.
SPECIESNET_1_0 const uint8_t* speciesnet_image_pixels(const speciesnet_image* image);
/// 1 if the image's file ends, or its data breaks off, before all pixels were there, else 0.
SPECIESNET_1_0 int32_t speciesnet_image_truncated(const speciesnet_image* image);
/// Releases an image. Jobs that were given it keep its pixels until they are over.
SPECIESNET_1_0 void speciesnet_image_free(speciesnet_image* image);

/// Finds animals, humans and vehicles.
/// @param predictions receives a list of one, whose entries have no classes and no answers
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_detect(const speciesnet_ensemble* ensemble,
                                                            const speciesnet_image* image,
                                                            speciesnet_predictions** predictions,
                                                            speciesnet_error* error);

/// Classifies crops of an image, or, for full-image models, the picture once for each entry.
/// @param detections  boxes to crop; not kept
/// @param top         classes to report for each, or SPECIESNET_ALL
/// @param predictions receives a list of one, with the same detections and their classes (none for
///                    a box that is less than a pixel wide or high), but no answers
SPECIESNET_1_0 speciesnet_status
speciesnet_ensemble_classify(const speciesnet_ensemble* ensemble, const speciesnet_image* image,
                             const speciesnet_detection* detections, size_t count, size_t top,
                             speciesnet_predictions** predictions, speciesnet_error* error);

/// @}
/// @defgroup rules Rules: taxonomy, geofence and decisions, without any network
/// @{

/// The package's rules. NULL if they were not loaded.
SPECIESNET_1_0 const speciesnet_rules* speciesnet_ensemble_rules(
    const speciesnet_ensemble* ensemble);

/// Makes an ensemble that shares the networks of another and decides by other rules, such as those
/// of speciesnet_rules_with_species_list().
/// @param rules  not kept
/// @param result has jobs of its own, and lives on when the other is released
/// @return SPECIESNET_ERROR_MODEL_COMPONENT_MISSING if the ensemble was loaded without rules
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_with_rules(const speciesnet_ensemble* ensemble,
                                                                const speciesnet_rules* rules,
                                                                speciesnet_ensemble** result,
                                                                speciesnet_error* error);

/// Makes rules from the two texts of a model package.
/// @param taxonomy one label per line; not kept
/// @param geofence JSON, see the geofence file of a package; not kept
/// @param enforce  0 switches the geofence off: nothing is ever blocked
SPECIESNET_1_0 speciesnet_status speciesnet_rules_new(const char* taxonomy, size_t taxonomy_length,
                                                      const char* geofence, size_t geofence_length,
                                                      int32_t enforce, speciesnet_rules** rules,
                                                      speciesnet_error* error);

/// What to do with names of taxa that a taxonomy does not have.
typedef int32_t speciesnet_unknown_taxa;
enum {
    SPECIESNET_UNKNOWN_TAXA_REFUSE = 0,  ///< An invalid argument; the message names each.
    SPECIESNET_UNKNOWN_TAXA_SKIP = 1     ///< See speciesnet_rules_skipped_taxa().
};

/// Makes rules whose answers are taxa of a list, what belongs to them, or what they belong to.
/// Humans, vehicles, blank and "animal" stay possible.
/// @param rules  stay as they are; either made or borrowed
/// @param list   one taxon per line, of any rank: a scientific or common name, a UUID, or a label;
///               empty lines and lines that begin with # are ignored; not kept
SPECIESNET_1_0 speciesnet_status speciesnet_rules_with_species_list(
    const speciesnet_rules* rules, const char* list, size_t list_length,
    speciesnet_unknown_taxa unknown_taxa, speciesnet_rules** result, speciesnet_error* error);

/// Makes rules with entries that allow or block taxa at places, on top of the geofence. The entry
/// of the narrowest place decides (station, region, country, everywhere), then that of the
/// narrowest taxon. Other parameters as speciesnet_rules_with_species_list().
/// @param csv a table with the columns taxon and action (allow, block, only), and any of country,
///            region and station; not kept
SPECIESNET_1_0 speciesnet_status speciesnet_rules_with_geofence_overlay(
    const speciesnet_rules* rules, const char* csv, size_t csv_length,
    speciesnet_unknown_taxa unknown_taxa, speciesnet_rules** result, speciesnet_error* error);

/// The names that were passed over when a list or an overlay was read, a line each.
/// @param text receives an empty one if there are none
SPECIESNET_1_0 speciesnet_status speciesnet_rules_skipped_taxa(const speciesnet_rules* rules,
                                                               char** text,
                                                               speciesnet_error* error);

/// Decides what is in the picture from a classification and the detection that was classified.
/// @param classes   labels with their softmax probabilities, best first, as
///                  speciesnet_prediction_classes() gives them; only the first five count
/// @param count     length of classes, at least 1
/// @param detection for a whole picture: its top detection, or an animal of confidence 0
/// @param location  NULL if unknown
/// @param explain   1: the answer has its explanation, which takes longer
SPECIESNET_1_0 speciesnet_status speciesnet_rules_combine(
    const speciesnet_rules* rules, const speciesnet_scored_label* classes, size_t count,
    const speciesnet_detection* detection, const speciesnet_location* location, int32_t explain,
    speciesnet_answer** answer, speciesnet_error* error);

/// Keeps the top class, or, where it is blocked, rolls it up to the first ancestor that is not.
/// Parameters as speciesnet_rules_combine().
SPECIESNET_1_0 speciesnet_status speciesnet_rules_apply_geofence(
    const speciesnet_rules* rules, const speciesnet_scored_label* classes, size_t count,
    const speciesnet_location* location, speciesnet_answer** answer, speciesnet_error* error);

/// Rolls classes up to the first of some levels whose best allowed ancestor has a sum of scores
/// greater than a threshold. Other parameters as speciesnet_rules_combine().
/// @param levels in the order to try them
/// @param answer receives NULL (with SPECIESNET_OK) if there is no such level
SPECIESNET_1_0 speciesnet_status speciesnet_rules_roll_up(
    const speciesnet_rules* rules, const speciesnet_scored_label* classes, size_t count,
    const speciesnet_location* location, const speciesnet_level* levels, size_t level_count,
    double threshold, speciesnet_answer** answer, speciesnet_error* error);

/// Whether a label is blocked at a place, by the geofence or an overlay.
/// @param location   NULL if unknown: then only entries that hold everywhere count
/// @param blocked_by receives SPECIESNET_BLOCKED_BY_NOTHING or the reason
SPECIESNET_1_0 speciesnet_status speciesnet_rules_check_geofence(
    const speciesnet_rules* rules, const char* label, const speciesnet_location* location,
    speciesnet_blocked_by* blocked_by, speciesnet_error* error);

/// The label of an ancestor, or of the label itself at its own level.
/// @param text receives NULL (with SPECIESNET_OK) if the taxonomy has no such entry
SPECIESNET_1_0 speciesnet_status speciesnet_rules_ancestor(const speciesnet_rules* rules,
                                                           const char* label,
                                                           speciesnet_level level, char** text,
                                                           speciesnet_error* error);

// <options c combine> by scripts/generate_options
/// Options for combining the results of earlier runs into predictions.
typedef struct speciesnet_combine_options {
    size_t size;  ///< Set by speciesnet_combine_options_init().
    /// Number of classes to report for each detection; SPECIESNET_ALL for all, 2 by default.
    size_t max_classifications_per_detection;
    /// Whether to add an explanation to each answer; 0 by default.
    int32_t explain;
    /// Whether to read missing coordinates from the photo's GPS fields; 0 by default.
    int32_t coordinates_from_exif;
    /// Whether to derive a missing country from the coordinates; 0 by default.
    int32_t country_from_coordinates;
    /// Whether to use country and region literally, as the reference does; 0 by default.
    int32_t places_as_given;
    /// Model version to store in the predictions; NULL, the default, for none.
    const char* model_version;
} speciesnet_combine_options;
/// Fills in the defaults. `size` is `sizeof(speciesnet_combine_options)`.
SPECIESNET_1_0 void speciesnet_combine_options_init(speciesnet_combine_options* options,
                                                    size_t size);
// </options>

/// Combines what a detector run and a classifier run said of the same photos, without any network.
/// @param instances       photos to report, with their places; images are not looked at
/// @param classifications of a classifier run
/// @param detections      of a detector run
/// @param predictions     receives one prediction per instance, in their order
SPECIESNET_1_0 speciesnet_status speciesnet_rules_combine_past_runs(
    const speciesnet_rules* rules, const speciesnet_instance* instances, size_t count,
    const speciesnet_predictions* classifications, const speciesnet_predictions* detections,
    const speciesnet_combine_options* options, speciesnet_predictions** predictions,
    speciesnet_error* error);

/// Releases rules that a function made; never those borrowed from an ensemble.
SPECIESNET_1_0 void speciesnet_rules_free(speciesnet_rules* rules);

/// @}
/// @defgroup json JSON: the reference's documents
/// @{

/// Which run a document comes from; decides which fields it has.
typedef int32_t speciesnet_stage;
enum {
    SPECIESNET_STAGE_ENSEMBLE = 1,
    SPECIESNET_STAGE_DETECTOR = 2,
    SPECIESNET_STAGE_CLASSIFIER = 3
};

/// Digits after the point: as many as it takes to read the same number back.
#define SPECIESNET_SHORTEST (-1)

// <options c json> by scripts/generate_options
/// Options for writing predictions as JSON.
typedef struct speciesnet_json_options {
    size_t size;  ///< Set by speciesnet_json_options_init().
    /// Format of the document: that of speciesnet 5.0.6, or of 5.0.5 and earlier;
    /// SPECIESNET_FORMAT_…, per_detection by default.
    speciesnet_format format;
    /// Stage that produced the document; determines its fields; SPECIESNET_STAGE_…, ensemble by
    /// default.
    speciesnet_stage stage;
    /// Number of decimals of all numbers; the reference saves files with 4; SPECIESNET_SHORTEST,
    /// the default, for as many as it takes.
    int32_t decimals;
    /// Spaces per level; 0 for one line; 0 to 16, 1 by default.
    int32_t indent;
    /// Whether to write the reason of a failure, as "failure_reason"; 0 by default.
    int32_t failure_reasons;
    /// 0.
    int32_t reserved;
} speciesnet_json_options;
/// Fills in the defaults. `size` is `sizeof(speciesnet_json_options)`.
SPECIESNET_1_0 void speciesnet_json_options_init(speciesnet_json_options* options, size_t size);
// </options>

/// Writes the document `{"predictions": […]}` as the reference does. Explanations, where they were
/// asked for, follow the answers.
/// @param length  receives its length in bytes; may be NULL
SPECIESNET_1_0 speciesnet_status speciesnet_predictions_to_json(
    const speciesnet_predictions* predictions, const speciesnet_json_options* options, char** text,
    size_t* length, speciesnet_error* error);

/// Reads such a document, of either format and any stage.
/// @param text        not kept
SPECIESNET_1_0 speciesnet_status speciesnet_predictions_from_json(
    const char* text, size_t length, speciesnet_predictions** predictions, speciesnet_error* error);

/// @}
/// @defgroup job Jobs: predictions in the background
/// @{

/// Work that an ensemble does on a thread of its own. Jobs of an ensemble run one after the other,
/// in the order in which they were submitted.
typedef struct speciesnet_job speciesnet_job;

/// Called once, when a job has finished, failed or been cancelled, on the ensemble's own thread.
typedef void (*speciesnet_job_callback)(void* user_data, speciesnet_job* job);

/// Starts speciesnet_ensemble_predict() in the background and returns at once.
/// @param instances copied, except pixels, which are shared; the image handles may be freed
/// @param done      called when the job is over, possibly before this function returns; or NULL
/// @param job       written before `done` is called
/// @return SPECIESNET_ERROR_QUEUE_FULL if max_jobs are waiting already
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_submit(
    speciesnet_ensemble* ensemble, const speciesnet_instance* instances, size_t count,
    const speciesnet_predict_options* options, speciesnet_job_callback done, void* user_data,
    speciesnet_job** job, speciesnet_error* error);

/// Waits until a job is over.
/// @param seconds longest time to wait; 0 to poll, INFINITY for as long as it takes
/// @return SPECIESNET_OK if it is over, well or not; SPECIESNET_ERROR_NOT_FINISHED if not yet
SPECIESNET_1_0 speciesnet_status speciesnet_job_wait(speciesnet_job* job, double seconds,
                                                     speciesnet_error* error);

/// Asks a job to stop; it then ends with SPECIESNET_ERROR_CANCELLED, unless it was over already.
/// Returns at once.
SPECIESNET_1_0 void speciesnet_job_cancel(speciesnet_job* job);

/// Takes the result of a job that is over: the first call gets it, later ones an error.
/// @return SPECIESNET_ERROR_NOT_FINISHED if it is not over; else the job's own status
SPECIESNET_1_0 speciesnet_status speciesnet_job_take(speciesnet_job* job,
                                                     speciesnet_predictions** predictions,
                                                     speciesnet_error* error);

/// Releases a job. Cancels it if it is not over and waits until its callback has returned, unless
/// that callback is what calls.
SPECIESNET_1_0 void speciesnet_job_free(speciesnet_job* job);

/// @}
/// @defgroup model Models: download, compile, verify
/// @{

/// The name of the published model that the reference used first. The string is static.
SPECIESNET_1_0 const char* speciesnet_model_default_name(void);

/// Called while a model is downloaded, on the thread that called speciesnet_model_resolve();
/// several times a second while the function waits for another process that downloads the same
/// model.
/// @param file  the file's name, or "waiting for another process: " and the model's; valid during
///              the call
/// @param bytes on disk so far
/// @param total its size, 0 if the server does not tell
/// @return 0 to go on; anything else cancels; what has come is kept for the next time
typedef int32_t (*speciesnet_download_callback)(void* user_data, const char* file, uint64_t bytes,
                                                uint64_t total);

// <options c fetch> by scripts/generate_options
/// Options for downloading a model.
typedef struct speciesnet_fetch_options {
    size_t size;  ///< Set by speciesnet_fetch_options_init().
    /// Folder of downloaded models; NULL, the default, for the user's.
    const char* cache;
    /// Whether to fail instead of using the network: models that are not in the cache are errors; 0
    /// by default.
    int32_t offline;
    /// Whether to query the hub for the newest version if the name has none; 0 by default.
    int32_t newest;
    /// Whether to download the model even if it is in the cache, and replace it when the new
    /// package is complete; 0 by default.
    int32_t force;
    /// Whether the networks are required; 1 by default.
    int32_t networks;
    /// Maximum number of consecutive retries without receiving a byte, with increasing pauses; 0 to
    /// 1000, 4 by default.
    int32_t retries;
    /// Time after which a connection slower than 1 KiB per second is closed; 1 to 3600, 30 by
    /// default.
    int32_t stall_seconds;
    /// Maximum size in bytes of a download, and of a package; 8,589,934,592 by default.
    uint64_t max_bytes;
    /// Called repeatedly, on the calling thread, while downloading a model or waiting for another
    /// process; NULL by default.
    speciesnet_download_callback progress;
    void* progress_user_data;
} speciesnet_fetch_options;
/// Fills in the defaults. `size` is `sizeof(speciesnet_fetch_options)`.
SPECIESNET_1_0 void speciesnet_fetch_options_init(speciesnet_fetch_options* options, size_t size);
// </options>

/// Finds a model on this machine, downloaded first if the cache does not have it. Several processes
/// may ask for the same model at once: one downloads, the others wait.
/// @param name kaggle:OWNER/MODEL/FRAMEWORK/VARIATION[/VERSION], hf:OWNER/REPOSITORY, the https
///             address or path of a package's archive, a package's folder, or "demo"
/// @param text receives the package's folder, or "demo"
SPECIESNET_1_0 speciesnet_status speciesnet_model_resolve(const char* name,
                                                          const speciesnet_fetch_options* options,
                                                          char** text, speciesnet_error* error);

/// Called with the name of a network's file before work on it begins, on the thread that called.
/// @param file valid during the call
/// @return 0 to go on; anything else cancels; nothing is left behind
typedef int32_t (*speciesnet_file_callback)(void* user_data, const char* file);

/// Writes a package with TorchScript networks, for programs that run on PyTorch. This library needs
/// no such package: it loads published networks as they are.
/// @param published a folder with info.json
/// @param output    the new package's folder; must not exist, or be empty. It appears complete or
///                  not at all
/// @param progress  may be NULL
/// @return SPECIESNET_ERROR_UNSUPPORTED_HARDWARE if LibTorch is not there
SPECIESNET_1_0 speciesnet_status speciesnet_model_export(const char* published, const char* output,
                                                         speciesnet_file_callback progress,
                                                         void* user_data, speciesnet_error* error);

/// Makes detector and classifier of a package ready for a CPU, in files beside their own.
/// speciesnet_ensemble_load() then takes less time and memory, with the same answers. A package may
/// be shipped with these files in the place of its networks. Files that cannot be used are passed
/// over, which the `log` of speciesnet_load_options is told: those of another network, of another
/// version of this library or for another CPU. Files appear when all are complete, and replace
/// those of the same names.
/// @param folder    a package, as speciesnet_model_resolve() gives it, not "demo"; is written to
/// @param target    instructions: "portable" (any CPU), "avx2", "avx512", "amx" or "neon", whether
///                  this CPU has them or not; NULL for the best that it has
/// @param precision the one that ensembles will be loaded with
/// @param threads   that work, 0 to 1024; 0 for one per core
/// @param progress  may be NULL
/// @return SPECIESNET_ERROR_UNSUPPORTED_HARDWARE if the target has not the precision;
///         SPECIESNET_ERROR_MODEL_CONTRACT if a network has operations that are left to LibTorch:
///         the message names it, and the other one was compiled
SPECIESNET_1_0 speciesnet_status speciesnet_model_compile(const char* folder, const char* target,
                                                          speciesnet_precision precision,
                                                          int32_t threads,
                                                          speciesnet_file_callback progress,
                                                          void* user_data, speciesnet_error* error);

/// Compares every file of a downloaded package with the SHA-256 that was recorded for it.
/// @param folder as speciesnet_model_list_folder() gives it
/// @return SPECIESNET_OK if all are intact; SPECIESNET_ERROR_MODEL_INVALID naming the first that is
///         not; SPECIESNET_ERROR_NOT_FOUND if nothing was recorded
SPECIESNET_1_0 speciesnet_status speciesnet_model_verify(const char* folder,
                                                         speciesnet_error* error);

/// Removes a model from a cache, with what was compiled of it and what an interrupted download has
/// left.
/// @param name  as for speciesnet_model_resolve(), or of a list
/// @param cache NULL for the user's
/// @return SPECIESNET_ERROR_NOT_FOUND if it was not there
SPECIESNET_1_0 speciesnet_status speciesnet_model_remove(const char* name, const char* cache,
                                                         speciesnet_error* error);

/// The models of a cache, as it was when the list was made. Immutable.
typedef struct speciesnet_model_list speciesnet_model_list;

/// Lists the models of a cache, sorted by name.
/// @param cache NULL for the user's
SPECIESNET_1_0 speciesnet_status speciesnet_model_list_new(const char* cache,
                                                           speciesnet_model_list** list,
                                                           speciesnet_error* error);

/// How many models the list has.
SPECIESNET_1_0 size_t speciesnet_model_list_count(const speciesnet_model_list* list);
/// The name of one, version included. NULL if there is none of that index.
SPECIESNET_1_0 const char* speciesnet_model_list_name(const speciesnet_model_list* list,
                                                      size_t index);
/// Its folder as it was published. NULL if there is none of that index.
SPECIESNET_1_0 const char* speciesnet_model_list_folder(const speciesnet_model_list* list,
                                                        size_t index);
/// Bytes of all its files; 0 if there is none of that index.
SPECIESNET_1_0 uint64_t speciesnet_model_list_bytes(const speciesnet_model_list* list,
                                                    size_t index);
/// Releases a list.
SPECIESNET_1_0 void speciesnet_model_list_free(speciesnet_model_list* list);

/// @}
/// @defgroup geolocation Geolocation: country and region from coordinates, offline
/// @{

/// A table of places inside the library. Immutable.
typedef struct speciesnet_geolocator speciesnet_geolocator;

/// Reads the table: about two milliseconds, less than half a megabyte of memory.
SPECIESNET_1_0 speciesnet_status speciesnet_geolocator_new(speciesnet_geolocator** geolocator,
                                                           speciesnet_error* error);

/// The first-level region that the geofence should use, as the reference finds it: the one given
/// with its country, or, in the USA, the state of the nearest place.
/// @param location country and region, if known, and coordinates; not NULL
/// @param text     receives NULL (with SPECIESNET_OK) if there is none
SPECIESNET_1_0 speciesnet_status speciesnet_geolocator_admin1_region(
    const speciesnet_geolocator* geolocator, const speciesnet_location* location, char** text,
    speciesnet_error* error);

/// The country of the nearest place, ISO 3166-1 alpha-3; the open sea has an answer too.
/// @param latitude  degrees north, −90 to 90
/// @param longitude degrees east, −180 to 180
SPECIESNET_1_0 speciesnet_status
speciesnet_geolocator_country(const speciesnet_geolocator* geolocator, double latitude,
                              double longitude, char** text, speciesnet_error* error);

/// Releases a geolocator.
SPECIESNET_1_0 void speciesnet_geolocator_free(speciesnet_geolocator* geolocator);

/// @}
/// @defgroup logging Logging
///
/// The library writes to no stream. What there is to say goes to the `log` of
/// speciesnet_load_options: the model that was loaded, compiled networks that were passed over and
/// why, target species that the classifier does not know, and a line for each photo of which a
/// component failed. The callback comes on the thread that called the function, or, for jobs, on
/// the ensemble's own thread; from several at once if several are at work; until the ensemble, and
/// all made of it, are freed.

#ifdef __cplusplus
}
#endif

#endif
