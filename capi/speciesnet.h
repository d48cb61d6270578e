// SPDX-License-Identifier: Apache-2.0
/// @file speciesnet.h
/// The C ABI of SpeciesNet C++: the only interface of this library that stays binary-compatible.
///
/// Conventions of all functions:
/// - A fallible function returns a speciesnet_status. Its last parameter is a speciesnet_error
///   owned by the caller, or NULL. On failure it sets its outputs to NULL or zero.
/// - Handles returned through a pointer are owned by the caller and released by the `_free`
///   function of their type, which accepts NULL; a `char** text` by speciesnet_text_free().
///   Return values are borrowed: they live as long as the handle from which they were read.
/// - For a NULL or out-of-range argument, a function returns SPECIESNET_ERROR_INVALID_ARGUMENT, or
///   NULL or zero if it returns no status.
/// - Every function may be called from any thread, and several threads may use a handle at the same
///   time. Call its `_free` only after all other uses.
/// - Strings are UTF-8 and zero-terminated. File names, and messages that contain one, have the
///   bytes of the file system.
/// - A callback must return normally, without an exception or longjmp. It must not free the
///   ensemble, nor free or wait for a job, except that a job's callback may free that job. Its
///   user_data must live as long as the callback may be called.
/// - After fork() only the parent may use its handles, because the child has none of their threads.
///   A child loads its own ensemble.
/// - Structs with a `size` member are filled with defaults by their `_init` function, which takes
///   the size that the caller was compiled with; new members are appended. NULL options mean the
///   defaults. Flags are 1 or 0.
/// - 0 threads mean one for each core that the process may use. SPECIESNET_ALL means no limit.
#ifndef SPECIESNET_H
#define SPECIESNET_H

#include <stddef.h>
#include <stdint.h>

/// Marks the functions that ABI 1.0 exports.
#if defined(_WIN32) && defined(SPECIESNET_C_EXPORTS)
#define SPECIESNET_1_0 __declspec(dllexport)
#elif defined(_WIN32)
#define SPECIESNET_1_0 __declspec(dllimport)
#else
#define SPECIESNET_1_0 __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// @defgroup version Version
/// @{

/// Major version of the ABI, as in libspeciesnet_c.so.N. Different numbers are incompatible.
#define SPECIESNET_ABI_MAJOR 1
/// Minor version of the ABI: increases when functions, constants or members are added.
#define SPECIESNET_ABI_MINOR 0

/// Returns the ABI version of the loaded library: major · 65536 + minor. Bindings refuse a
/// different major, or a smaller minor, than they were written for.
SPECIESNET_1_0 uint32_t speciesnet_abi_version(void);
/// Returns the library's version, for instance "0.1.0". The string is static.
SPECIESNET_1_0 const char* speciesnet_version(void);
/// Describes the build (compiler, LibTorch) in readable text. The string is static.
SPECIESNET_1_0 const char* speciesnet_build_information(void);

/// @}
/// @defgroup status Errors
/// @{

/// 0, or the reason of a failure. New numbers may be added; existing ones never change.
typedef int32_t speciesnet_status;
enum {
    SPECIESNET_OK = 0,
    SPECIESNET_ERROR_INVALID_ARGUMENT = 1,  ///< An argument is invalid.
    SPECIESNET_ERROR_CANCELLED = 2,         ///< The caller requested to stop.
    SPECIESNET_ERROR_OUT_OF_MEMORY = 3,     ///< An allocation failed.
    SPECIESNET_ERROR_INTERNAL = 4,          ///< A bug in this library; please report it.

    SPECIESNET_ERROR_IO = 10,         ///< The operating system could not read or write something.
    SPECIESNET_ERROR_NOT_FOUND = 11,  ///< A file, folder or model does not exist.

    SPECIESNET_ERROR_UNSUPPORTED_MEDIA_TYPE = 20,  ///< The declared type is not supported.
    SPECIESNET_ERROR_MEDIA_TOO_LARGE = 21,         ///< More bytes, pixels or work than allowed.
    SPECIESNET_ERROR_MEDIA_TYPE_MISMATCH = 22,     ///< The magic number is not that of an image.
    SPECIESNET_ERROR_UNDECODABLE_IMAGE = 23,       ///< The image cannot be decoded.

    SPECIESNET_ERROR_MODEL_INCOMPLETE = 30,         ///< A file that info.json names is missing.
    SPECIESNET_ERROR_MODEL_INVALID = 31,            ///< A file has the wrong content.
    SPECIESNET_ERROR_MODEL_CONTRACT = 33,           ///< A network has tensors of the wrong shape.
    SPECIESNET_ERROR_MODEL_COMPONENT_MISSING = 34,  ///< The component was not loaded.

    SPECIESNET_ERROR_NETWORK_FAILED = 40,        ///< A network failed while it ran.
    SPECIESNET_ERROR_UNSUPPORTED_HARDWARE = 41,  ///< Device, precision or LibTorch is missing.

    SPECIESNET_ERROR_JSON_SYNTAX = 50,   ///< Not JSON.
    SPECIESNET_ERROR_JSON_CONTENT = 51,  ///< JSON, but not of the expected structure.

    SPECIESNET_ERROR_QUEUE_FULL = 60,   ///< Too many jobs are queued; retry when one has finished.
    SPECIESNET_ERROR_NOT_FINISHED = 61  ///< The job is still queued or running.
};

/// Size of speciesnet_error::message, including the terminating zero.
#define SPECIESNET_MESSAGE_SIZE 504

/// Error of a call, in memory of the caller, which needs neither initialisation nor release.
/// Use it for one call at a time. The layout of this struct never changes.
typedef struct speciesnet_error {
    speciesnet_status status;               ///< Equal to the status that the function returned.
    int32_t reserved;                       ///< 0
    char message[SPECIESNET_MESSAGE_SIZE];  ///< One sentence; cut if longer; empty on success.
} speciesnet_error;

/// Returns the name of a status, for instance "model_incomplete", or "unknown". The string is
/// static.
SPECIESNET_1_0 const char* speciesnet_status_name(speciesnet_status status);
/// Releases a text that a function of this library returned through a `char**`.
SPECIESNET_1_0 void speciesnet_text_free(char* text);

/// @}
/// @defgroup load The short way, 1: load a model
/// @{

/// A loaded model package: detector, classifier, rules.
typedef struct speciesnet_ensemble speciesnet_ensemble;
/// A decoded image: 8-bit RGB, upright, immutable.
typedef struct speciesnet_image speciesnet_image;
/// Taxonomy, geofence and the reference's decision rules. Immutable.
typedef struct speciesnet_rules speciesnet_rules;

/// Parts of a package.
typedef int32_t speciesnet_components;
enum {
    SPECIESNET_COMPONENTS_ALL = 1,
    SPECIESNET_COMPONENTS_DETECTOR = 2,
    SPECIESNET_COMPONENTS_CLASSIFIER = 3,
    SPECIESNET_COMPONENTS_RULES = 4  ///< The network files may be absent.
};

/// Precision of the networks.
typedef int32_t speciesnet_precision;
enum {
    SPECIESNET_PRECISION_FLOAT32 = 0,   ///< The reference's answers.
    SPECIESNET_PRECISION_BFLOAT16 = 1,  ///< Needs AVX-512 BF16 or ARM's bf16; changes answers.
    SPECIESNET_PRECISION_INT8 = 2,      ///< Needs AVX2 or ARM's dotprod; changes answers.
    SPECIESNET_PRECISION_AUTOMATIC = 3  ///< bfloat16 where the CPU has it, else float32.
};

/// No limit.
#define SPECIESNET_ALL SIZE_MAX
/// One thread for each core that the process may use.
#define SPECIESNET_ALL_CORES 0

/// Severity of a log message.
typedef int32_t speciesnet_log_level;
enum {
    SPECIESNET_LOG_INFORMATION = 1,
    SPECIESNET_LOG_WARNING = 2  ///< Something was ignored or failed; the operation continues.
};

/// Receives log messages: the loaded model, ignored compiled networks with the reason, unknown
/// target species, photos for which a component failed. The library writes to no stream. Called on
/// the thread that called the function, or for jobs on the ensemble's thread, and concurrently if
/// several threads use the ensemble. May be called until the ensemble and all objects made from it
/// are released.
/// @param message one line; valid during the call
typedef void (*speciesnet_log_callback)(void* user_data, speciesnet_log_level level,
                                        const char* message);

/// Reports progress: photos of a prediction, or components of a package. Called on the
/// thread that called the function, or for jobs on the ensemble's thread.
/// @return 0 to continue; any other value cancels
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
    /// answers; requires CPU support), or auto (bf16 where the CPU multiplies it faster, else
    /// fp32); SPECIESNET_PRECISION_…, float32 by default.
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

/// Loads a model. Downloads it first if it is not on this machine.
/// @param model folder of a package, "demo" for the demonstration model inside the library, or
///              another name that speciesnet_model_resolve() accepts, such as
///              kaggle:google/speciesnet/pyTorch/v4.0.1a
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_load(const char* model,
                                                          const speciesnet_load_options* options,
                                                          speciesnet_ensemble** ensemble,
                                                          speciesnet_error* error);

/// Returns a file of a package in memory.
/// @param file   its name: "info.json", or a file that info.json names
/// @param bytes  receives its content, which must stay valid and unchanged until the ensemble and
///               all objects made from it are released
/// @param length receives its length
/// @return 0; any other value if the file does not exist
typedef int32_t (*speciesnet_read_callback)(void* user_data, const char* file, const void** bytes,
                                            size_t* length);

/// Loads a model from memory, for programs that ship it in their own archive. Downloads nothing.
/// Other parameters as for speciesnet_ensemble_load().
/// @param read called only during the call, possibly from several threads, but not concurrently
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_load_files(
    speciesnet_read_callback read, void* user_data, const speciesnet_load_options* options,
    speciesnet_ensemble** ensemble, speciesnet_error* error);

/// Releases an ensemble. Cancels its jobs and waits for them; their handles stay
/// valid. Must not be called from a callback.
SPECIESNET_1_0 void speciesnet_ensemble_free(speciesnet_ensemble* ensemble);
/// Returns the package's version, which predictions report as model_version.
SPECIESNET_1_0 const char* speciesnet_ensemble_model_version(const speciesnet_ensemble* ensemble);

/// Input of the classifier.
typedef int32_t speciesnet_model_type;
enum {
    SPECIESNET_MODEL_ALWAYS_CROP = 1,  ///< Crops around detections.
    SPECIESNET_MODEL_FULL_IMAGE = 2    ///< The image without its top and bottom.
};

/// Returns the input of the package's classifier.
SPECIESNET_1_0 speciesnet_model_type
speciesnet_ensemble_model_type(const speciesnet_ensemble* ensemble);
/// Returns 1 for the demonstration model, whose answers are not SpeciesNet's; else 0.
SPECIESNET_1_0 int32_t speciesnet_ensemble_is_demo(const speciesnet_ensemble* ensemble);
/// Returns the description in the package. May be empty.
SPECIESNET_1_0 const char* speciesnet_ensemble_description(const speciesnet_ensemble* ensemble);
/// Returns the number of threads of the networks.
SPECIESNET_1_0 int32_t speciesnet_ensemble_threads(const speciesnet_ensemble* ensemble);
/// Returns the precision of the networks, never SPECIESNET_PRECISION_AUTOMATIC.
SPECIESNET_1_0 speciesnet_precision
speciesnet_ensemble_precision(const speciesnet_ensemble* ensemble);
/// Returns the number of labels of the classifier; 0 if it was not loaded.
SPECIESNET_1_0 size_t speciesnet_ensemble_label_count(const speciesnet_ensemble* ensemble);
/// Returns a label, in the order of the classifier's logits. NULL if the index is out of range.
SPECIESNET_1_0 const char* speciesnet_ensemble_label(const speciesnet_ensemble* ensemble,
                                                     size_t index);

/// @}
/// @defgroup predict The short way, 2: predict photos
/// @{

/// Location of a photo.
typedef struct speciesnet_location {
    size_t size;                ///< Set by speciesnet_location_init().
    const char* country;        ///< ISO 3166-1 alpha-3, such as "KEN"; NULL if unknown.
    const char* admin1_region;  ///< Second part of ISO 3166-2, such as "CA"; NULL if unknown.
    double latitude;            ///< Degrees north, −90 to 90; NaN if unknown.
    double longitude;           ///< Degrees east, −180 to 180; NaN if unknown.
    const char* station;        ///< The camera's station, for geofence overlays; NULL if unknown.
} speciesnet_location;

/// Initialises an unknown location. `size` is `sizeof(speciesnet_location)`.
SPECIESNET_1_0 void speciesnet_location_init(speciesnet_location* location, size_t size);

/// Category of a detection.
typedef int32_t speciesnet_category;
enum {
    SPECIESNET_CATEGORY_WHOLE_IMAGE = 0,  ///< Represents the whole image; not from the detector.
    SPECIESNET_CATEGORY_ANIMAL = 1,
    SPECIESNET_CATEGORY_HUMAN = 2,
    SPECIESNET_CATEGORY_VEHICLE = 3
};

/// A detection. The layout of this struct never changes.
typedef struct speciesnet_detection {
    speciesnet_category category;
    int32_t reserved;  ///< 0
    double conf;       ///< Confidence, 0 to 1.
    double bbox[4];    ///< xmin, ymin, width, height, each 0 to 1, relative to the upright image.
} speciesnet_detection;

/// A photo to predict: a file, or a decoded image.
typedef struct speciesnet_instance {
    size_t size;                          ///< Set by speciesnet_instance_init().
    const char* filepath;                 ///< Name in the result; the file to read if no image.
    const speciesnet_image* image;        ///< NULL to read the file.
    const speciesnet_location* location;  ///< NULL if unknown.

    /// Detections of an earlier run, so that the detector does not run again. NULL runs it; an
    /// empty array means that nothing was found.
    const speciesnet_detection* detections;
    size_t detection_count;  ///< Length of detections.
} speciesnet_instance;

/// Initialises with NULL and zero. `size` is `sizeof(speciesnet_instance)`.
SPECIESNET_1_0 void speciesnet_instance_init(speciesnet_instance* instance, size_t size);

/// The two result formats of the reference.
typedef int32_t speciesnet_format;
enum {
    SPECIESNET_FORMAT_PER_DETECTION = 1,  ///< speciesnet 5.0.6: an answer for each detection.
    SPECIESNET_FORMAT_PER_IMAGE = 2       ///< speciesnet 5.0.5 and earlier: one for the image.
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

/// Runs detector, classifier and rules on one or more photos. A photo that cannot be read or
/// decoded is reported in its prediction's failures and does not stop the others.
/// @param instances   photos, each with the same `size`; not kept
/// @param predictions receives one prediction per instance, in the same order
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_predict(
    const speciesnet_ensemble* ensemble, const speciesnet_instance* instances, size_t count,
    const speciesnet_predict_options* options, speciesnet_predictions** predictions,
    speciesnet_error* error);

/// Receives the predictions of speciesnet_ensemble_predict_each(), on the thread that called it.
/// @param predictions a list of one, owned by the receiver
/// @return 0 to continue; any other value cancels
typedef int32_t (*speciesnet_prediction_callback)(void* user_data,
                                                  speciesnet_predictions* predictions);

/// Predicts as speciesnet_ensemble_predict(), but passes each prediction on as soon as it is
/// computed, in the order of the instances, so memory does not grow with their number.
/// @param receive   called once for each instance, before `progress`
/// @return as speciesnet_ensemble_predict(); predictions passed on before a failure stay valid
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_predict_each(
    const speciesnet_ensemble* ensemble, const speciesnet_instance* instances, size_t count,
    const speciesnet_predict_options* options, speciesnet_prediction_callback receive,
    void* user_data, speciesnet_error* error);

/// @}
/// @defgroup answers The short way, 3: read the answers
/// @{

/// The result for one image. Borrowed from its list.
typedef struct speciesnet_prediction speciesnet_prediction;
/// A label with its score and source. Immutable.
typedef struct speciesnet_answer speciesnet_answer;

/// Bits of speciesnet_prediction_failures(). A component that found nothing has not failed.
typedef int32_t speciesnet_failures;
enum {
    SPECIESNET_FAILURE_CLASSIFIER = 1,
    SPECIESNET_FAILURE_DETECTOR = 2,
    SPECIESNET_FAILURE_GEOLOCATION = 4
};

/// A label with its score. The layout of this struct never changes.
typedef struct speciesnet_scored_label {
    const char* label;  ///< `uuid;class;order;family;genus;species;common name`.
    double score;       ///< Softmax probability or logit; see the function.
} speciesnet_scored_label;

/// Returns the number of predictions.
SPECIESNET_1_0 size_t speciesnet_predictions_count(const speciesnet_predictions* predictions);
/// Returns a prediction. NULL if the index is out of range.
SPECIESNET_1_0 const speciesnet_prediction* speciesnet_predictions_at(
    const speciesnet_predictions* predictions, size_t index);
/// Releases a list and all objects borrowed from it.
SPECIESNET_1_0 void speciesnet_predictions_free(speciesnet_predictions* predictions);
/// Returns the name of the image that the caller passed in. May be empty.
SPECIESNET_1_0 const char* speciesnet_prediction_filepath(const speciesnet_prediction* prediction);
/// Returns the components that failed, as bits SPECIESNET_FAILURE_….
SPECIESNET_1_0 speciesnet_failures
speciesnet_prediction_failures(const speciesnet_prediction* prediction);
/// Returns the error message of a failed component. Empty if none failed.
SPECIESNET_1_0 const char* speciesnet_prediction_failure_reason(
    const speciesnet_prediction* prediction);
/// Returns 1 if the photo is truncated, see speciesnet_image_truncated(); else 0.
SPECIESNET_1_0 int32_t speciesnet_prediction_truncated(const speciesnet_prediction* prediction);
/// Returns the version of the model package. Empty for results of a single component.
SPECIESNET_1_0 const char* speciesnet_prediction_model_version(
    const speciesnet_prediction* prediction);

/// Writes the location that was used. Its strings are borrowed from the prediction.
/// @param location filled up to `size`, its sizeof
SPECIESNET_1_0 void speciesnet_prediction_location(const speciesnet_prediction* prediction,
                                                   speciesnet_location* location, size_t size);

/// Returns the detections as an array: a whole-image entry first if there is one, then by
/// descending confidence. NULL if the detector did not run or failed; if it found nothing, the
/// pointer is not NULL and the count is 0.
SPECIESNET_1_0 const speciesnet_detection* speciesnet_prediction_detections(
    const speciesnet_prediction* prediction);
/// Returns the number of detections; 0 if they are unknown.
SPECIESNET_1_0 size_t
speciesnet_prediction_detection_count(const speciesnet_prediction* prediction);

/// Returns the classes of a detection with their softmax probabilities, best first. NULL if it was
/// not classified.
/// @param count receives their number; may be NULL
SPECIESNET_1_0 const speciesnet_scored_label* speciesnet_prediction_classes(
    const speciesnet_prediction* prediction, size_t detection, size_t* count);

/// Returns the target species of a detection with their logits. NULL if none were requested.
/// @param count receives their number; may be NULL
SPECIESNET_1_0 const speciesnet_scored_label* speciesnet_prediction_targets(
    const speciesnet_prediction* prediction, size_t detection, size_t* count);

/// Returns the answer for a detection. NULL if there is none.
SPECIESNET_1_0 const speciesnet_answer* speciesnet_prediction_answer(
    const speciesnet_prediction* prediction, size_t detection);
/// Returns the answer for the image: that of the first classified detection. NULL if there is none.
SPECIESNET_1_0 const speciesnet_answer* speciesnet_prediction_image_answer(
    const speciesnet_prediction* prediction);
/// Returns the label, which has seven parts.
SPECIESNET_1_0 const char* speciesnet_answer_label(const speciesnet_answer* answer);
/// Returns the score of the component that determined the answer, 0 to 1.
SPECIESNET_1_0 double speciesnet_answer_score(const speciesnet_answer* answer);
/// Returns "detector", "classifier", "classifier+rollup_to_family", …
SPECIESNET_1_0 const char* speciesnet_answer_source(const speciesnet_answer* answer);
/// Returns a short readable name, such as "equus_quagga", "felidae", "blank".
SPECIESNET_1_0 speciesnet_status speciesnet_label_short_name(const char* label, char** text,
                                                             speciesnet_error* error);
/// Returns parts 2 to 6 of a label, `class;order;family;genus;species`: the key of taxonomy and
/// geofence.
SPECIESNET_1_0 speciesnet_status speciesnet_label_full_class(const char* label, char** text,
                                                             speciesnet_error* error);

/// Reason why a label is blocked at a location.
typedef int32_t speciesnet_blocked_by;
enum {
    SPECIESNET_BLOCKED_BY_NOTHING = 0,
    SPECIESNET_BLOCKED_BY_COUNTRY_NOT_ALLOWED = 1,  ///< The allow list lacks the country.
    SPECIESNET_BLOCKED_BY_REGION_NOT_ALLOWED = 2,   ///< The allow list has only other regions.
    SPECIESNET_BLOCKED_BY_COUNTRY = 3,              ///< The block list has the whole country.
    SPECIESNET_BLOCKED_BY_REGION = 4,               ///< The block list has this region.
    SPECIESNET_BLOCKED_BY_OVERLAY = 5,              ///< An entry of an overlay blocks it.
    SPECIESNET_BLOCKED_BY_SPECIES_LIST = 6          ///< It is not on the species list of the place.
};

/// Ranks to which labels are rolled up. Kingdom is "animal".
typedef int32_t speciesnet_level;
enum {
    SPECIESNET_LEVEL_SPECIES = 1,
    SPECIESNET_LEVEL_GENUS = 2,
    SPECIESNET_LEVEL_FAMILY = 3,
    SPECIESNET_LEVEL_ORDER = 4,
    SPECIESNET_LEVEL_CLASS = 5,
    SPECIESNET_LEVEL_KINGDOM = 6
};

/// Sum of scores of one ancestor in a rollup. The layout of this struct never changes.
typedef struct speciesnet_rollup_sum {
    const char* label;                 ///< The ancestor.
    double score;                      ///< Sum over its descendants among the top classes.
    speciesnet_blocked_by blocked_by;  ///< Why it was excluded although its sum was the largest.
    int32_t reserved;                  ///< 0
    const char* blocked_by_entry;      ///< The entry that blocks it; empty if none.
} speciesnet_rollup_sum;

/// One level of a rollup. The layout of this struct never changes.
typedef struct speciesnet_rollup_step {
    speciesnet_level level;
    int32_t reached;                    ///< 1 if the answer is of this level.
    double threshold;                   ///< The sum must be greater.
    const speciesnet_rollup_sum* sums;  ///< In the order of the classes.
    size_t sum_count;                   ///< Length of sums.
} speciesnet_rollup_step;

/// Explanation of an answer. New members are appended; the library fills it.
typedef struct speciesnet_explanation {
    const char* rule;    ///< Numbered as in the reference's comments: "1a" to "5b", or "otherwise".
    const char* reason;  ///< The rule in one sentence, with the numbers that it compared.
    speciesnet_category detection_category;
    speciesnet_blocked_by blocked_by;  ///< Why the top class is blocked at this place; NOTHING
                                       ///< also if no rule checked the geofence.
    double detection_conf;
    const char* blocked_by_entry;  ///< The entry of geofence or overlay that blocks it, or empty.
    const char* allowed_by_entry;  ///< The entry of an overlay that allows the top class although
                                   ///< the package's geofence blocks it, or empty.
    const speciesnet_scored_label* classes;  ///< Classes that the rules used, best first.
    size_t class_count;                      ///< Length of classes.
    const speciesnet_rollup_step* rollup;    ///< Levels tried, in order.
    size_t rollup_count;                     ///< Length of rollup; 0 if there was none.
} speciesnet_explanation;

/// Returns the explanation of an answer. NULL if none was requested.
SPECIESNET_1_0 const speciesnet_explanation* speciesnet_answer_explanation(
    const speciesnet_answer* answer);
/// Releases an answer that a rules function returned, never one borrowed from a prediction.
SPECIESNET_1_0 void speciesnet_answer_free(speciesnet_answer* answer);

/// @}
/// @defgroup stages Step by step: validate, decode, detect, classify
/// @{

/// Image formats, determined from the content.
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

/// Properties of an encoded image, from its header. The layout of this struct never changes.
typedef struct speciesnet_media_info {
    speciesnet_media_type type;
    int32_t width;     ///< Pixels, at least 1, before EXIF orientation.
    int32_t height;    ///< Pixels, at least 1, before EXIF orientation.
    int32_t reserved;  ///< 0
} speciesnet_media_info;

/// Checks that speciesnet_image_decode() accepts an image, without decoding its pixels.
/// @param bytes         the encoded image; not kept
/// @param declared_type the declared media type, such as "image/png", or NULL
/// @param info          filled on success; may be NULL
SPECIESNET_1_0 speciesnet_status speciesnet_media_validate(const void* bytes, size_t length,
                                                           const char* declared_type,
                                                           const speciesnet_decode_limits* limits,
                                                           speciesnet_media_info* info,
                                                           speciesnet_error* error);

/// Returns the IANA name of a format, for instance "image/jpeg"; NULL for other numbers. The string
/// is static.
SPECIESNET_1_0 const char* speciesnet_media_type_name(speciesnet_media_type type);
/// Returns 1 if this build reads the format, else 0: HEIC and AVIF need libheif.
SPECIESNET_1_0 int32_t speciesnet_media_can_decode(speciesnet_media_type type);

/// Validates and decodes JPEG, PNG, GIF (first frame), BMP, WebP or TIFF (first page), and HEIC
/// or AVIF if speciesnet_media_can_decode(). Parameters as for speciesnet_media_validate().
SPECIESNET_1_0 speciesnet_status speciesnet_image_decode(const void* bytes, size_t length,
                                                         const char* declared_type,
                                                         const speciesnet_decode_limits* limits,
                                                         speciesnet_image** image,
                                                         speciesnet_error* error);

/// Reads and decodes a file.
SPECIESNET_1_0 speciesnet_status
speciesnet_image_decode_file(const char* path, const speciesnet_decode_limits* limits,
                             speciesnet_image** image, speciesnet_error* error);

/// Releases borrowed pixels. Called on the thread that used them last. Must not call functions of
/// this library.
typedef void (*speciesnet_release_callback)(void* user_data);

/// Creates an image from pixels in memory.
/// @param pixels    rows from the top, three bytes R, G, B per pixel
/// @param width     pixels, at least 1
/// @param height    pixels, at least 1
/// @param stride    bytes from one row to the next, at least 3 · width
/// @param release   NULL copies the pixels. Otherwise contiguous rows are used in place and must
///                  not change until `release` is called, which also happens on failure
SPECIESNET_1_0 speciesnet_status speciesnet_image_from_rgb(const void* pixels, int32_t width,
                                                           int32_t height, size_t stride,
                                                           speciesnet_release_callback release,
                                                           void* user_data,
                                                           speciesnet_image** image,
                                                           speciesnet_error* error);

/// Returns the width in pixels, after EXIF orientation.
SPECIESNET_1_0 int32_t speciesnet_image_width(const speciesnet_image* image);
/// Returns the height in pixels, after EXIF orientation.
SPECIESNET_1_0 int32_t speciesnet_image_height(const speciesnet_image* image);
/// Returns 3 · width · height bytes, contiguous rows from the top, R, G, B.
SPECIESNET_1_0 const uint8_t* speciesnet_image_pixels(const speciesnet_image* image);
/// Returns 1 if the file or its data ends before the last pixel, else 0.
SPECIESNET_1_0 int32_t speciesnet_image_truncated(const speciesnet_image* image);
/// Releases an image. Jobs that use it keep its pixels until they have finished.
SPECIESNET_1_0 void speciesnet_image_free(speciesnet_image* image);

/// Detects animals, humans and vehicles.
/// @param predictions receives a list of one, whose entries have no classes and no answers
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_detect(const speciesnet_ensemble* ensemble,
                                                            const speciesnet_image* image,
                                                            speciesnet_predictions** predictions,
                                                            speciesnet_error* error);

/// Classifies crops of an image, or, for full-image models, the image once for each entry.
/// @param detections  boxes to crop; not kept
/// @param top         number of classes to report for each, or SPECIESNET_ALL
/// @param predictions receives a list of one, with the same detections and their classes (none for
///                    a box that is less than a pixel wide or high), but no answers
SPECIESNET_1_0 speciesnet_status
speciesnet_ensemble_classify(const speciesnet_ensemble* ensemble, const speciesnet_image* image,
                             const speciesnet_detection* detections, size_t count, size_t top,
                             speciesnet_predictions** predictions, speciesnet_error* error);

/// @}
/// @defgroup rules Rules: taxonomy, geofence and decisions, without any network
/// @{

/// Returns the package's rules. NULL if they were not loaded.
SPECIESNET_1_0 const speciesnet_rules* speciesnet_ensemble_rules(
    const speciesnet_ensemble* ensemble);

/// Creates an ensemble that shares the networks of another but applies other rules, such as those
/// of speciesnet_rules_with_species_list().
/// @param rules  not kept
/// @param result has its own jobs, and stays valid when the other is released
/// @return SPECIESNET_ERROR_MODEL_COMPONENT_MISSING if the ensemble was loaded without rules
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_with_rules(const speciesnet_ensemble* ensemble,
                                                                const speciesnet_rules* rules,
                                                                speciesnet_ensemble** result,
                                                                speciesnet_error* error);

/// Creates rules from the two files of a model package.
/// @param taxonomy one label per line; not kept
/// @param geofence JSON of the package's geofence file; not kept
/// @param enforce  0 switches the geofence off
SPECIESNET_1_0 speciesnet_status speciesnet_rules_new(const char* taxonomy, size_t taxonomy_length,
                                                      const char* geofence, size_t geofence_length,
                                                      int32_t enforce, speciesnet_rules** rules,
                                                      speciesnet_error* error);

/// Treatment of names that are not in the taxonomy.
typedef int32_t speciesnet_unknown_taxa;
enum {
    SPECIESNET_UNKNOWN_TAXA_REFUSE = 0,  ///< Error INVALID_ARGUMENT; the message lists them.
    SPECIESNET_UNKNOWN_TAXA_SKIP = 1     ///< See speciesnet_rules_skipped_taxa().
};

/// Creates rules that restrict answers to the taxa of a list, their descendants and their
/// ancestors. Humans, vehicles, blank and "animal" stay possible.
/// @param rules  not changed; owned or borrowed
/// @param list   one taxon per line, of any rank: a scientific or common name, a UUID, or a label;
///               empty lines and lines that begin with # are ignored; not kept
SPECIESNET_1_0 speciesnet_status speciesnet_rules_with_species_list(
    const speciesnet_rules* rules, const char* list, size_t list_length,
    speciesnet_unknown_taxa unknown_taxa, speciesnet_rules** result, speciesnet_error* error);

/// Creates rules with entries that allow or block taxa at places and override the geofence. The
/// entry of the narrowest place wins (station, region, country, everywhere), then that of the
/// narrowest taxon. Other parameters as for speciesnet_rules_with_species_list().
/// @param csv a table with the columns taxon and action (allow, block, only), and any of country,
///            region and station; not kept
SPECIESNET_1_0 speciesnet_status speciesnet_rules_with_geofence_overlay(
    const speciesnet_rules* rules, const char* csv, size_t csv_length,
    speciesnet_unknown_taxa unknown_taxa, speciesnet_rules** result, speciesnet_error* error);

/// Returns the names in a list or an overlay that were skipped, one per line.
/// @param text receives an empty text if there are none
SPECIESNET_1_0 speciesnet_status speciesnet_rules_skipped_taxa(const speciesnet_rules* rules,
                                                               char** text,
                                                               speciesnet_error* error);

/// Determines the answer from a classification and the detection that was classified.
/// @param classes   labels with their softmax probabilities, best first, as from
///                  speciesnet_prediction_classes(); only the first five count
/// @param count     length of classes, at least 1
/// @param detection for a whole image: its top detection, or an animal of confidence 0
/// @param location  NULL if unknown
/// @param explain   1 to add an explanation, which takes longer
SPECIESNET_1_0 speciesnet_status speciesnet_rules_combine(
    const speciesnet_rules* rules, const speciesnet_scored_label* classes, size_t count,
    const speciesnet_detection* detection, const speciesnet_location* location, int32_t explain,
    speciesnet_answer** answer, speciesnet_error* error);

/// Returns the top class, or, if it is blocked, its first ancestor that is not.
/// Parameters as for speciesnet_rules_combine().
SPECIESNET_1_0 speciesnet_status speciesnet_rules_apply_geofence(
    const speciesnet_rules* rules, const speciesnet_scored_label* classes, size_t count,
    const speciesnet_location* location, speciesnet_answer** answer, speciesnet_error* error);

/// Rolls classes up to the first level whose best allowed ancestor has a sum of scores greater than
/// a threshold. Other parameters as for speciesnet_rules_combine().
/// @param levels in the order in which they are tried
/// @param answer receives NULL (with SPECIESNET_OK) if there is no such level
SPECIESNET_1_0 speciesnet_status speciesnet_rules_roll_up(
    const speciesnet_rules* rules, const speciesnet_scored_label* classes, size_t count,
    const speciesnet_location* location, const speciesnet_level* levels, size_t level_count,
    double threshold, speciesnet_answer** answer, speciesnet_error* error);

/// Checks whether a label is blocked at a place, by the geofence or an overlay.
/// @param location   NULL if unknown: then only entries that apply everywhere count
/// @param blocked_by receives SPECIESNET_BLOCKED_BY_NOTHING or the reason
SPECIESNET_1_0 speciesnet_status speciesnet_rules_check_geofence(
    const speciesnet_rules* rules, const char* label, const speciesnet_location* location,
    speciesnet_blocked_by* blocked_by, speciesnet_error* error);

/// Returns the label of an ancestor, or the label itself at its own level.
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

/// Combines the results of a detector run and a classifier run on the same photos, without any
/// network.
/// @param instances       photos to report, with their locations; images are not read
/// @param classifications of a classifier run
/// @param detections      of a detector run
/// @param predictions     receives one prediction per instance, in the same order
SPECIESNET_1_0 speciesnet_status speciesnet_rules_combine_past_runs(
    const speciesnet_rules* rules, const speciesnet_instance* instances, size_t count,
    const speciesnet_predictions* classifications, const speciesnet_predictions* detections,
    const speciesnet_combine_options* options, speciesnet_predictions** predictions,
    speciesnet_error* error);

/// Releases rules that the caller owns, never those borrowed from an ensemble.
SPECIESNET_1_0 void speciesnet_rules_free(speciesnet_rules* rules);

/// @}
/// @defgroup json JSON: the reference's documents
/// @{

/// Stage that produced a document; determines its fields.
typedef int32_t speciesnet_stage;
enum {
    SPECIESNET_STAGE_ENSEMBLE = 1,
    SPECIESNET_STAGE_DETECTOR = 2,
    SPECIESNET_STAGE_CLASSIFIER = 3
};

/// Decimals: as many as needed to read the same number back.
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

/// Writes the document `{"predictions": […]}` as the reference does, with explanations if they were
/// requested.
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

/// A prediction on the ensemble's thread. Jobs of an ensemble run one at a time, in the order of
/// submission.
typedef struct speciesnet_job speciesnet_job;

/// Called once, when a job has finished, failed or been cancelled, on the ensemble's thread.
typedef void (*speciesnet_job_callback)(void* user_data, speciesnet_job* job);

/// Starts speciesnet_ensemble_predict() in the background and returns at once.
/// @param instances copied, except pixels, which are shared; the image handles may be freed
/// @param done      called when the job has finished, possibly before this function returns, or
///                  NULL
/// @param job       written before `done` is called
/// @return SPECIESNET_ERROR_QUEUE_FULL if max_jobs are queued already
SPECIESNET_1_0 speciesnet_status speciesnet_ensemble_submit(
    speciesnet_ensemble* ensemble, const speciesnet_instance* instances, size_t count,
    const speciesnet_predict_options* options, speciesnet_job_callback done, void* user_data,
    speciesnet_job** job, speciesnet_error* error);

/// Waits until a job has finished.
/// @param seconds maximum time to wait; 0 to poll, INFINITY for no limit
/// @return SPECIESNET_OK if it has finished, failed or been cancelled; else
///         SPECIESNET_ERROR_NOT_FINISHED
SPECIESNET_1_0 speciesnet_status speciesnet_job_wait(speciesnet_job* job, double seconds,
                                                     speciesnet_error* error);

/// Requests a job to stop, without waiting. Unless it has already finished, its status becomes
/// SPECIESNET_ERROR_CANCELLED.
SPECIESNET_1_0 void speciesnet_job_cancel(speciesnet_job* job);

/// Takes the result of a finished job. Later calls return an error.
/// @return SPECIESNET_ERROR_NOT_FINISHED if the job has not finished; else its status
SPECIESNET_1_0 speciesnet_status speciesnet_job_take(speciesnet_job* job,
                                                     speciesnet_predictions** predictions,
                                                     speciesnet_error* error);

/// Releases a job. Cancels it if it has not finished, and waits until its callback has returned,
/// unless called from that callback.
SPECIESNET_1_0 void speciesnet_job_free(speciesnet_job* job);

/// @}
/// @defgroup model Models: download, compile, verify
/// @{

/// Returns the name of the published model that the reference used first. The string is static.
SPECIESNET_1_0 const char* speciesnet_model_default_name(void);

/// Reports the progress of a download, on the thread that called speciesnet_model_resolve(), and
/// several times a second while another process downloads the same model.
/// @param file  name of the file, or "waiting for another process: " and the model's; valid during
///              the call
/// @param bytes downloaded so far
/// @param total size of the file, 0 if unknown
/// @return 0 to continue; any other value cancels and keeps the part downloaded so far
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

/// Returns the folder of a model. Downloads the model if it is not in the cache. If several
/// processes resolve the same model at once, one downloads it and the others wait.
/// @param name kaggle:OWNER/MODEL/FRAMEWORK/VARIATION[/VERSION], hf:OWNER/REPOSITORY, the https
///             URL or path of a package's archive, a package's folder, or "demo"
/// @param text receives the package's folder, or "demo"
SPECIESNET_1_0 speciesnet_status speciesnet_model_resolve(const char* name,
                                                          const speciesnet_fetch_options* options,
                                                          char** text, speciesnet_error* error);

/// Called before each network file is processed, on the calling thread.
/// @param file name of the file; valid during the call
/// @return 0 to continue; any other value cancels and leaves no files
typedef int32_t (*speciesnet_file_callback)(void* user_data, const char* file);

/// Writes a package with TorchScript networks, for programs that use PyTorch. This library does not
/// need one: it loads published networks directly.
/// @param published a folder with info.json
/// @param output    folder of the new package, nonexistent or empty; created atomically
/// @param progress  may be NULL
/// @return SPECIESNET_ERROR_UNSUPPORTED_HARDWARE if LibTorch is missing
SPECIESNET_1_0 speciesnet_status speciesnet_model_export(const char* published, const char* output,
                                                         speciesnet_file_callback progress,
                                                         void* user_data, speciesnet_error* error);

// <options c compile> by scripts/generate_options
/// Options for compiling the networks of a package.
typedef struct speciesnet_compile_options {
    size_t size;  ///< Set by speciesnet_compile_options_init().
    /// Precision of the networks; SPECIESNET_PRECISION_…, float32 by default.
    speciesnet_precision precision;
    /// Number of threads; 0 means one per available core; 0 to 1024, 0 by default.
    int32_t threads;
    /// Instruction set to compile for, also if this CPU lacks it: portable (any CPU), avx2, avx512,
    /// amx or neon; empty for the best of this CPU; NULL, the default, for none.
    const char* target;
    /// Paths of photos from which the range of each feature map is determined, for precision int8;
    /// copied; NULL by default.
    const char* const* calibration_photos;
    size_t calibration_photos_count;
} speciesnet_compile_options;
/// Fills in the defaults. `size` is `sizeof(speciesnet_compile_options)`.
SPECIESNET_1_0 void speciesnet_compile_options_init(speciesnet_compile_options* options,
                                                    size_t size);
// </options>

/// Compiles the detector and classifier of a package for a CPU, into files beside them.
/// speciesnet_ensemble_load() then takes less time and memory, with the same answers. A package may
/// be shipped with these files in place of its networks. Loading ignores files for another network,
/// library version or CPU, and logs the reason. The files replace those of the same names when all
/// are complete.
/// @param folder   a package, as from speciesnet_model_resolve(), not "demo"; must be writable
/// @param progress is called with each calibration photo, too; may be NULL
/// @return SPECIESNET_ERROR_UNSUPPORTED_HARDWARE if the target lacks the precision;
///         SPECIESNET_ERROR_INVALID_ARGUMENT for photos and another precision than int8, or for
///         none of them; SPECIESNET_ERROR_MODEL_CONTRACT if a network has operations that only
///         LibTorch runs: the message names it, and the other network is compiled
SPECIESNET_1_0 speciesnet_status speciesnet_model_compile(const char* folder,
                                                          const speciesnet_compile_options* options,
                                                          speciesnet_file_callback progress,
                                                          void* user_data, speciesnet_error* error);

/// Compares every file of a downloaded package with its recorded SHA-256.
/// @param folder as from speciesnet_model_list_folder()
/// @return SPECIESNET_OK if all are intact; SPECIESNET_ERROR_MODEL_INVALID naming the first that is
///         not; SPECIESNET_ERROR_NOT_FOUND if no checksums were recorded
SPECIESNET_1_0 speciesnet_status speciesnet_model_verify(const char* folder,
                                                         speciesnet_error* error);

/// Removes a model from a cache, with its compiled networks and partial downloads.
/// @param name  as for speciesnet_model_resolve(), or of a list
/// @param cache NULL for the user's
/// @return SPECIESNET_ERROR_NOT_FOUND if the cache does not have it
SPECIESNET_1_0 speciesnet_status speciesnet_model_remove(const char* name, const char* cache,
                                                         speciesnet_error* error);

/// The models in a cache at the time of listing. Immutable.
typedef struct speciesnet_model_list speciesnet_model_list;

/// Lists the models of a cache, sorted by name.
/// @param cache NULL for the user's
SPECIESNET_1_0 speciesnet_status speciesnet_model_list_new(const char* cache,
                                                           speciesnet_model_list** list,
                                                           speciesnet_error* error);

/// Returns the number of models.
SPECIESNET_1_0 size_t speciesnet_model_list_count(const speciesnet_model_list* list);
/// Returns the name of a model, including its version. NULL if the index is out of range.
SPECIESNET_1_0 const char* speciesnet_model_list_name(const speciesnet_model_list* list,
                                                      size_t index);
/// Returns the package's folder. NULL if the index is out of range.
SPECIESNET_1_0 const char* speciesnet_model_list_folder(const speciesnet_model_list* list,
                                                        size_t index);
/// Returns the size of all files in bytes; 0 if the index is out of range.
SPECIESNET_1_0 uint64_t speciesnet_model_list_bytes(const speciesnet_model_list* list,
                                                    size_t index);
/// Releases a list.
SPECIESNET_1_0 void speciesnet_model_list_free(speciesnet_model_list* list);

/// @}
/// @defgroup geolocation Geolocation: country and region from coordinates, offline
/// @{

/// A table of places inside the library. Immutable.
typedef struct speciesnet_geolocator speciesnet_geolocator;

/// Reads the table, which takes about two milliseconds and less than half a megabyte of memory.
SPECIESNET_1_0 speciesnet_status speciesnet_geolocator_new(speciesnet_geolocator** geolocator,
                                                           speciesnet_error* error);

/// Returns the first-level region for the geofence, as the reference does: the given one if the
/// country is given, or, in the USA, the state of the nearest place.
/// @param location country and region, if known, and coordinates; not NULL
/// @param text     receives NULL (with SPECIESNET_OK) if there is none
SPECIESNET_1_0 speciesnet_status speciesnet_geolocator_admin1_region(
    const speciesnet_geolocator* geolocator, const speciesnet_location* location, char** text,
    speciesnet_error* error);

/// Returns the country of the nearest place, ISO 3166-1 alpha-3, also for the open sea.
/// @param latitude  degrees north, −90 to 90
/// @param longitude degrees east, −180 to 180
SPECIESNET_1_0 speciesnet_status
speciesnet_geolocator_country(const speciesnet_geolocator* geolocator, double latitude,
                              double longitude, char** text, speciesnet_error* error);

/// Releases a geolocator.
SPECIESNET_1_0 void speciesnet_geolocator_free(speciesnet_geolocator* geolocator);

/// @}

#ifdef __cplusplus
}
#endif

#endif
