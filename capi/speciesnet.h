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
///             speciesnet_answer_score(answer));
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
/// - A handle is released by the one `_free` function of its type, which takes NULL. Anything else
///   that a function returns is borrowed: it lives as long as the handle it was read from.
/// - A NULL or out-of-range argument gives SPECIESNET_INVALID_ARGUMENT, or NULL or zero from a
///   function that returns no status. It never crashes.
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
///   the size that the caller was compiled with; members are only ever added at their end. Zero is
///   a value like any other and never means "the default". A NULL in place of options means the
///   defaults.
#ifndef SPECIESNET_H
#define SPECIESNET_H

#include <stddef.h>
#include <stdint.h>

/// Marks the functions that the library shows.
#if defined(__GNUC__)
#define SPECIESNET_API __attribute__((visibility("default")))
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
#define SPECIESNET_ABI_MINOR 2

/// The ABI of the library that is loaded: major · 65536 + minor. A binding refuses to work with
/// another major, or a smaller minor, than it was written for.
SPECIESNET_API uint32_t speciesnet_abi_version(void);

/// The library's version, for instance "0.1.0". The string is static.
SPECIESNET_API const char* speciesnet_version(void);

/// How the library was built, for people: compiler, LibTorch. The string is static.
SPECIESNET_API const char* speciesnet_build_information(void);

/// @}
/// @defgroup status Statuses and errors
/// @{

/// 0, or why a function failed: one of the SPECIESNET_ numbers below. New numbers may be added;
/// those that exist never change.
typedef int32_t speciesnet_status;

enum {
    SPECIESNET_OK = 0,
    SPECIESNET_INVALID_ARGUMENT = 1,  ///< A value is outside what the function accepts.
    SPECIESNET_CANCELLED = 2,         ///< The caller asked to stop.
    SPECIESNET_OUT_OF_MEMORY = 3,     ///< An allocation failed.
    SPECIESNET_INTERNAL = 4,          ///< A defect of this library; please report it.

    SPECIESNET_IO = 10,         ///< The operating system could not read or write something.
    SPECIESNET_NOT_FOUND = 11,  ///< A file or folder does not exist.

    SPECIESNET_UNSUPPORTED_MEDIA_TYPE = 20,  ///< Declared type is not an image type that is taken.
    SPECIESNET_MEDIA_TOO_LARGE = 21,         ///< More bytes or pixels than the limits allow.
    SPECIESNET_MEDIA_TYPE_MISMATCH = 22,     ///< The magic number is not that of an image.
    SPECIESNET_UNDECODABLE_IMAGE = 23,       ///< Right magic number, but cannot be decoded.

    SPECIESNET_MODEL_INCOMPLETE = 30,         ///< A file that info.json names is missing.
    SPECIESNET_MODEL_INVALID = 31,            ///< A file of the package has the wrong content.
    SPECIESNET_MODEL_NOT_CONVERTED = 32,      ///< Not used any more.
    SPECIESNET_MODEL_CONTRACT = 33,           ///< A network has tensors of the wrong shape.
    SPECIESNET_MODEL_COMPONENT_MISSING = 34,  ///< The component was not loaded.

    SPECIESNET_NETWORK_FAILED = 40,        ///< A network failed while it ran.
    SPECIESNET_UNSUPPORTED_HARDWARE = 41,  ///< Device, precision or LibTorch is missing.

    SPECIESNET_JSON_SYNTAX = 50,   ///< Not JSON.
    SPECIESNET_JSON_CONTENT = 51,  ///< JSON, but not of the expected structure.

    SPECIESNET_QUEUE_FULL = 60,   ///< Too many jobs wait; submit again when one has finished.
    SPECIESNET_NOT_FINISHED = 61  ///< The job is still waiting or running.
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
SPECIESNET_API const char* speciesnet_status_name(speciesnet_status status);

/// Releases a text that a function of this library returned through a `char**`.
SPECIESNET_API void speciesnet_text_free(char* text);

/// @}
/// @defgroup media Media: what a byte string is
/// @{

enum {
    SPECIESNET_MEDIA_JPEG = 1,
    SPECIESNET_MEDIA_PNG = 2,
    SPECIESNET_MEDIA_GIF = 3,
    SPECIESNET_MEDIA_BMP = 4,
    SPECIESNET_MEDIA_WEBP = 5,
    SPECIESNET_MEDIA_TIFF = 6,
    SPECIESNET_MEDIA_HEIC = 7,  ///< Since ABI 1.2.
    SPECIESNET_MEDIA_AVIF = 8   ///< Since ABI 1.2.
};

/// Upper bounds of what one image may cost, checked before the cost arises. What is beyond them is
/// SPECIESNET_MEDIA_TOO_LARGE.
typedef struct speciesnet_decode_limits {
    size_t size;          ///< Set by speciesnet_decode_limits_init().
    uint64_t max_bytes;   ///< Largest encoded size; 512 MiB by default.
    uint64_t max_pixels;  ///< Largest width · height; 178,956,970 by default, as in Pillow.
    /// Most work, in units of about a nanosecond (docs/reference/images.md says what is counted);
    /// 60 · 10⁹ by default. Since ABI 1.2.
    uint64_t max_work;
    /// Most memory in bytes, beside the encoded image; 2 GiB by default. Since ABI 1.2.
    uint64_t max_memory;
    /// Time after which decoding is given up with SPECIESNET_CANCELLED; 0, the default, for any.
    /// Since ABI 1.2.
    uint64_t max_milliseconds;
} speciesnet_decode_limits;

/// Fills in the defaults. `size` is `sizeof(speciesnet_decode_limits)`.
SPECIESNET_API void speciesnet_decode_limits_init(speciesnet_decode_limits* limits, size_t size);

/// What an encoded image says of itself. The layout of this struct never changes.
typedef struct speciesnet_media_info {
    int32_t type;      ///< One of SPECIESNET_MEDIA_…, found from the content.
    int32_t width;     ///< Pixels, at least 1, before EXIF orientation.
    int32_t height;    ///< Pixels, at least 1, before EXIF orientation.
    int32_t reserved;  ///< 0
} speciesnet_media_info;

/// Checks that bytes are an image that speciesnet_image_decode() takes, without decoding its
/// pixels.
/// @param bytes         the encoded image; not kept
/// @param declared_type a media type that came with it, such as "image/png", or NULL
/// @param limits        NULL for the defaults
/// @param info          filled on success; may be NULL
SPECIESNET_API speciesnet_status speciesnet_media_validate(const void* bytes, size_t length,
                                                           const char* declared_type,
                                                           const speciesnet_decode_limits* limits,
                                                           speciesnet_media_info* info,
                                                           speciesnet_error* error);

/// The IANA name of one of SPECIESNET_MEDIA_…, for instance "image/jpeg"; NULL for another number.
/// The string is static.
SPECIESNET_API const char* speciesnet_media_type_name(int32_t type);

/// 1 if this build reads the format, one of SPECIESNET_MEDIA_…, else 0: HEIC and AVIF need libheif.
/// Since ABI 1.2.
SPECIESNET_API int32_t speciesnet_media_can_decode(int32_t type);

/// @}
/// @defgroup image Images
/// @{

/// A decoded picture: 8-bit RGB, upright, immutable.
typedef struct speciesnet_image speciesnet_image;

/// Decodes JPEG, PNG, GIF (first frame), BMP, WebP or TIFF (first page); HEIC or AVIF if
/// speciesnet_media_can_decode().
/// @param bytes  the encoded image; not kept
/// @param limits NULL for the defaults
/// @param image  receives a handle to release with speciesnet_image_free()
SPECIESNET_API speciesnet_status speciesnet_image_decode(const void* bytes, size_t length,
                                                         const speciesnet_decode_limits* limits,
                                                         speciesnet_image** image,
                                                         speciesnet_error* error);

/// Reads and decodes a file.
/// @param limits NULL for the defaults
/// @param image  receives a handle to release with speciesnet_image_free()
SPECIESNET_API speciesnet_status
speciesnet_image_decode_file(const char* path, const speciesnet_decode_limits* limits,
                             speciesnet_image** image, speciesnet_error* error);

/// 1 if the image's file ends, or its data breaks off, before all pixels were there, else 0. Since
/// ABI 1.2.
SPECIESNET_API int32_t speciesnet_image_truncated(const speciesnet_image* image);

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
/// @param user_data given to `release`
/// @param image     receives a handle to release with speciesnet_image_free()
SPECIESNET_API speciesnet_status speciesnet_image_from_rgb(const void* pixels, int32_t width,
                                                           int32_t height, size_t stride,
                                                           speciesnet_release_callback release,
                                                           void* user_data,
                                                           speciesnet_image** image,
                                                           speciesnet_error* error);

/// Width in pixels, after EXIF orientation.
SPECIESNET_API int32_t speciesnet_image_width(const speciesnet_image* image);

/// Height in pixels, after EXIF orientation.
SPECIESNET_API int32_t speciesnet_image_height(const speciesnet_image* image);

/// 3 · width · height bytes, rows from the top without padding, R, G, B. Borrowed from the image.
SPECIESNET_API const uint8_t* speciesnet_image_pixels(const speciesnet_image* image);

/// Releases an image. Jobs that were given it keep its pixels until they are over.
SPECIESNET_API void speciesnet_image_free(speciesnet_image* image);

/// @}
/// @defgroup values Places, photos, detections, labels
/// @{

/// Where a photo was taken.
typedef struct speciesnet_location {
    size_t size;                ///< Set by speciesnet_location_init().
    const char* country;        ///< ISO 3166-1 alpha-3, such as "KEN"; NULL if unknown.
    const char* admin1_region;  ///< Second part of ISO 3166-2, such as "CA"; NULL if unknown.
    double latitude;            ///< Degrees north, −90 to 90; NaN if unknown.
    double longitude;           ///< Degrees east, −180 to 180; NaN if unknown.
    const char* station;        ///< The camera's station, for geofence overlays; NULL if unknown.
                                ///< Since 1.2.
} speciesnet_location;

/// Fills in an unknown place. `size` is `sizeof(speciesnet_location)`.
SPECIESNET_API void speciesnet_location_init(speciesnet_location* location, size_t size);

/// As many as there are.
#define SPECIESNET_ALL SIZE_MAX

enum {
    SPECIESNET_CATEGORY_WHOLE_IMAGE = 0,  ///< Not from the detector: stands for the whole picture.
    SPECIESNET_CATEGORY_ANIMAL = 1,
    SPECIESNET_CATEGORY_HUMAN = 2,
    SPECIESNET_CATEGORY_VEHICLE = 3
};

/// Something that the detector found. The layout of this struct never changes.
typedef struct speciesnet_detection {
    int32_t category;  ///< One of SPECIESNET_CATEGORY_…
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
SPECIESNET_API void speciesnet_instance_init(speciesnet_instance* instance, size_t size);

/// A label with its number. The layout of this struct never changes.
typedef struct speciesnet_scored_label {
    const char* label;  ///< `uuid;class;order;family;genus;species;common name`, borrowed.
    double score;       ///< Softmax probability, or logit, as the function says.
} speciesnet_scored_label;

/// A short name for people, such as "equus_quagga", "felidae", "blank".
/// @param text receives a string to release with speciesnet_text_free()
SPECIESNET_API speciesnet_status speciesnet_label_short_name(const char* label, char** text,
                                                             speciesnet_error* error);

/// Parts 2 to 6 of a label, `class;order;family;genus;species`: the key of taxonomy and geofence.
/// @param text receives a string to release with speciesnet_text_free()
SPECIESNET_API speciesnet_status speciesnet_label_full_class(const char* label, char** text,
                                                             speciesnet_error* error);

/// @}
/// @defgroup answer Answers: what the rules make of a classification and its detection
/// @{

/// A label, its score and where they come from. Immutable.
typedef struct speciesnet_answer speciesnet_answer;

/// Label of seven parts. Borrowed from the answer.
SPECIESNET_API const char* speciesnet_answer_label(const speciesnet_answer* answer);

/// Score of the side that won, 0 to 1.
SPECIESNET_API double speciesnet_answer_score(const speciesnet_answer* answer);

/// "detector", "classifier", "classifier+rollup_to_family", … Borrowed from the answer.
SPECIESNET_API const char* speciesnet_answer_source(const speciesnet_answer* answer);

/// The rule that gave the answer, numbered as in the reference's comments: "1a" to "5b", or
/// "otherwise". Borrowed from the answer; NULL if no explanation was asked for.
SPECIESNET_API const char* speciesnet_answer_rule(const speciesnet_answer* answer);

/// That rule in one sentence, with the numbers that it compared. Borrowed from the answer; NULL if
/// no explanation was asked for.
SPECIESNET_API const char* speciesnet_answer_reason(const speciesnet_answer* answer);

/// Why the classifier's top class is no answer at this place: SPECIESNET_NOT_BLOCKED or a reason.
/// SPECIESNET_NOT_BLOCKED also if no explanation was asked for, or no rule asked the geofence.
SPECIESNET_API int32_t speciesnet_answer_blocked_by(const speciesnet_answer* answer);

/// Releases an answer that a rules function returned; never one borrowed from a prediction.
SPECIESNET_API void speciesnet_answer_free(speciesnet_answer* answer);

/// @}
/// @defgroup rules Rules: taxonomy, geofence and decisions, without any network
/// @{

/// Taxonomy, geofence and the reference's decision rules. Immutable.
typedef struct speciesnet_rules speciesnet_rules;

enum {
    SPECIESNET_GEOFENCE_OFF = 0,  ///< Nothing is ever blocked.
    SPECIESNET_GEOFENCE_ON = 1
};

/// Why a label is blocked at a place.
enum {
    SPECIESNET_NOT_BLOCKED = 0,
    SPECIESNET_COUNTRY_NOT_ALLOWED = 1,  ///< There is an allow list without the country.
    SPECIESNET_REGION_NOT_ALLOWED = 2,   ///< Only other regions of the country are allowed.
    SPECIESNET_COUNTRY_BLOCKED = 3,      ///< The block list has the whole country.
    SPECIESNET_REGION_BLOCKED = 4,       ///< The block list has this region.
    SPECIESNET_OVERLAY_BLOCKED = 5,      ///< An entry of an overlay blocks it. Since 1.2.
    SPECIESNET_NOT_IN_SPECIES_LIST = 6   ///< It is not among the only taxa of the place. Since 1.2.
};

/// What to do with names of taxa that a taxonomy does not have. Since 1.2.
enum {
    SPECIESNET_UNKNOWN_TAXA_REFUSE = 0,  ///< SPECIESNET_INVALID_ARGUMENT; the message names each.
    SPECIESNET_UNKNOWN_TAXA_SKIP = 1     ///< See speciesnet_rules_skipped_taxa().
};

/// Ranks at which labels are rolled up. Kingdom stands for "animal".
enum {
    SPECIESNET_LEVEL_SPECIES = 1,
    SPECIESNET_LEVEL_GENUS = 2,
    SPECIESNET_LEVEL_FAMILY = 3,
    SPECIESNET_LEVEL_ORDER = 4,
    SPECIESNET_LEVEL_CLASS = 5,
    SPECIESNET_LEVEL_KINGDOM = 6
};

/// Makes rules from the two texts of a model package.
/// @param taxonomy        one label per line; not kept
/// @param geofence        JSON, see the geofence file of a package; not kept
/// @param geofencing      SPECIESNET_GEOFENCE_ON or SPECIESNET_GEOFENCE_OFF
/// @param rules           receives a handle to release with speciesnet_rules_free()
SPECIESNET_API speciesnet_status speciesnet_rules_new(const char* taxonomy, size_t taxonomy_length,
                                                      const char* geofence, size_t geofence_length,
                                                      int32_t geofencing, speciesnet_rules** rules,
                                                      speciesnet_error* error);

/// Makes rules whose answers are taxa of a list, what belongs to them, or what they belong to.
/// Humans, vehicles, blank and "animal" stay possible.
/// @param rules        stay as they are; either made or borrowed
/// @param list         one taxon per line, of any rank: a scientific or common name, a UUID, or a
///                     label; empty lines and lines that begin with # are ignored; not kept
/// @param unknown_taxa one of SPECIESNET_UNKNOWN_TAXA_…
/// @param result       receives a handle to release with speciesnet_rules_free()
/// Since 1.2.
SPECIESNET_API speciesnet_status speciesnet_rules_with_species_list(
    const speciesnet_rules* rules, const char* list, size_t list_length, int32_t unknown_taxa,
    speciesnet_rules** result, speciesnet_error* error);

/// Makes rules with entries that allow or block taxa at places, on top of the geofence. The entry
/// of the narrowest place decides (station, region, country, everywhere), then that of the
/// narrowest taxon.
/// @param csv a table with the columns taxon and action (allow, block, only), and any of country,
///            region and station; not kept
/// Other parameters as speciesnet_rules_with_species_list(). Since 1.2.
SPECIESNET_API speciesnet_status speciesnet_rules_with_geofence_overlay(
    const speciesnet_rules* rules, const char* csv, size_t csv_length, int32_t unknown_taxa,
    speciesnet_rules** result, speciesnet_error* error);

/// The names that were passed over when a list or an overlay was read, a line each.
/// @param text receives a string to release with speciesnet_text_free(); empty if there are none
/// Since 1.2.
SPECIESNET_API speciesnet_status speciesnet_rules_skipped_taxa(const speciesnet_rules* rules,
                                                               char** text,
                                                               speciesnet_error* error);

/// Decides what is in the picture from a classification and the detection that was classified.
/// @param classes   labels, best first; only the first five count
/// @param scores    their softmax probabilities; finite
/// @param count     length of both, at least 1
/// @param detection for a whole picture: its top detection, or an animal of confidence 0
/// @param location  NULL if unknown
/// @param answer    receives a handle to release with speciesnet_answer_free()
SPECIESNET_API speciesnet_status speciesnet_rules_combine(
    const speciesnet_rules* rules, const char* const* classes, const double* scores, size_t count,
    const speciesnet_detection* detection, const speciesnet_location* location,
    speciesnet_answer** answer, speciesnet_error* error);

/// The same, and the answer has its explanation; takes longer.
SPECIESNET_API speciesnet_status speciesnet_rules_explain(
    const speciesnet_rules* rules, const char* const* classes, const double* scores, size_t count,
    const speciesnet_detection* detection, const speciesnet_location* location,
    speciesnet_answer** answer, speciesnet_error* error);

/// Keeps the top class, or, where it is blocked, rolls it up to the first ancestor that is not.
/// Parameters as speciesnet_rules_combine().
SPECIESNET_API speciesnet_status speciesnet_rules_apply_geofence(
    const speciesnet_rules* rules, const char* const* classes, const double* scores, size_t count,
    const speciesnet_location* location, speciesnet_answer** answer, speciesnet_error* error);

/// Rolls classes up to the first of some levels whose best allowed ancestor has a sum of scores
/// greater than a threshold.
/// @param levels SPECIESNET_LEVEL_… in the order to try them
/// @param answer receives a handle to release with speciesnet_answer_free(), or NULL (with
///               SPECIESNET_OK) if there is no such level
SPECIESNET_API speciesnet_status speciesnet_rules_roll_up(
    const speciesnet_rules* rules, const char* const* classes, const double* scores, size_t count,
    const speciesnet_location* location, const int32_t* levels, size_t level_count,
    double threshold, speciesnet_answer** answer, speciesnet_error* error);

/// Whether a label is blocked at a place, by the geofence or an overlay.
/// @param location   NULL if unknown: then only entries that hold everywhere count
/// @param blocked_by receives SPECIESNET_NOT_BLOCKED or the reason
SPECIESNET_API speciesnet_status speciesnet_rules_check_geofence(
    const speciesnet_rules* rules, const char* label, const speciesnet_location* location,
    int32_t* blocked_by, speciesnet_error* error);

/// The label of an ancestor, or of the label itself at its own level.
/// @param level one of SPECIESNET_LEVEL_…
/// @param text  receives a string to release with speciesnet_text_free(), or NULL (with
///              SPECIESNET_OK) if the taxonomy has no such entry
SPECIESNET_API speciesnet_status speciesnet_rules_ancestor(const speciesnet_rules* rules,
                                                           const char* label, int32_t level,
                                                           char** text, speciesnet_error* error);

/// Releases rules made by speciesnet_rules_new(); never those borrowed from an ensemble.
SPECIESNET_API void speciesnet_rules_free(speciesnet_rules* rules);

/// @}
/// @defgroup predictions Predictions: results, read by accessors or written as JSON
/// @{

/// A list of predictions. Immutable.
typedef struct speciesnet_predictions speciesnet_predictions;

/// All that is known of one image. Lives in a list and is borrowed from it.
typedef struct speciesnet_prediction speciesnet_prediction;

/// Bits of speciesnet_prediction_failures(). A component that failed is not one that found nothing.
enum {
    SPECIESNET_FAILURE_CLASSIFIER = 1,
    SPECIESNET_FAILURE_DETECTOR = 2,
    SPECIESNET_FAILURE_GEOLOCATION = 4
};

enum {
    SPECIESNET_FORMAT_PER_DETECTION = 1,  ///< speciesnet 5.0.6: an answer for each detection.
    SPECIESNET_FORMAT_PER_IMAGE = 2       ///< speciesnet 5.0.5 and before: one for the image.
};

/// Which run a document comes from; decides which fields it has.
enum {
    SPECIESNET_STAGE_ENSEMBLE = 1,
    SPECIESNET_STAGE_DETECTOR = 2,
    SPECIESNET_STAGE_CLASSIFIER = 3
};

/// How many predictions the list has.
SPECIESNET_API size_t speciesnet_predictions_count(const speciesnet_predictions* predictions);

/// One of them. Borrowed from the list; NULL if there is none of that index.
SPECIESNET_API const speciesnet_prediction* speciesnet_predictions_at(
    const speciesnet_predictions* predictions, size_t index);

/// Releases a list and everything borrowed from it.
SPECIESNET_API void speciesnet_predictions_free(speciesnet_predictions* predictions);

/// The image's name as the caller gave it. Borrowed from the prediction; may be empty.
SPECIESNET_API const char* speciesnet_prediction_filepath(const speciesnet_prediction* prediction);

/// Components that failed: bits SPECIESNET_FAILURE_…
SPECIESNET_API int32_t speciesnet_prediction_failures(const speciesnet_prediction* prediction);

/// Why a component failed, in words. Borrowed from the prediction; empty if none did.
SPECIESNET_API const char* speciesnet_prediction_failure_reason(
    const speciesnet_prediction* prediction);

/// 1 if the photo was decoded and is truncated, see speciesnet_image_truncated(); else 0. Since ABI
/// 1.2.
SPECIESNET_API int32_t speciesnet_prediction_truncated(const speciesnet_prediction* prediction);

/// `version` of the model package. Borrowed from the prediction; empty for a single component.
SPECIESNET_API const char* speciesnet_prediction_model_version(
    const speciesnet_prediction* prediction);

/// The place that was used. Its strings are borrowed from the prediction.
/// @param location filled as far as `size`, its sizeof, reaches
SPECIESNET_API void speciesnet_prediction_location(const speciesnet_prediction* prediction,
                                                   speciesnet_location* location, size_t size);

/// The detections, one after the other in memory: a whole-image entry first if there is one, then
/// by descending confidence. Borrowed from the prediction. NULL if they are not known, which is not
/// the same as none found: then the pointer is not NULL and the count is 0.
SPECIESNET_API const speciesnet_detection* speciesnet_prediction_detections(
    const speciesnet_prediction* prediction);

/// How many detections there are; 0 if none are known.
SPECIESNET_API size_t
speciesnet_prediction_detection_count(const speciesnet_prediction* prediction);

/// Classes of a detection with their softmax probabilities, best first. Borrowed from the
/// prediction; NULL if this detection was not classified.
/// @param count receives their number; may be NULL
SPECIESNET_API const speciesnet_scored_label* speciesnet_prediction_classes(
    const speciesnet_prediction* prediction, size_t detection, size_t* count);

/// Target species of a detection with their logits. Borrowed from the prediction; NULL if none
/// were asked for.
/// @param count receives their number; may be NULL
SPECIESNET_API const speciesnet_scored_label* speciesnet_prediction_targets(
    const speciesnet_prediction* prediction, size_t detection, size_t* count);

/// The answer for a detection. Borrowed from the prediction; NULL if there is none.
SPECIESNET_API const speciesnet_answer* speciesnet_prediction_answer(
    const speciesnet_prediction* prediction, size_t detection);

/// The answer for the whole image: that of the first classified detection. Borrowed from the
/// prediction; NULL if there is none.
SPECIESNET_API const speciesnet_answer* speciesnet_prediction_image_answer(
    const speciesnet_prediction* prediction);

/// Digits after the point: as many as it takes to read the same number back.
#define SPECIESNET_SHORTEST (-1)

/// How predictions are written as JSON.
typedef struct speciesnet_json_options {
    size_t size;       ///< Set by speciesnet_json_options_init().
    int32_t format;    ///< SPECIESNET_FORMAT_…; per detection by default.
    int32_t stage;     ///< SPECIESNET_STAGE_…; ensemble by default.
    int32_t decimals;  ///< Digits after the point, or SPECIESNET_SHORTEST, the default.
    int32_t indent;    ///< Spaces per level, 0 for one line; 1 by default.
    /// 1 adds why a component failed, as "failure_reason", where it did; 0 by default, as in the
    /// reference.
    int32_t failure_reasons;
    int32_t reserved;  ///< 0
} speciesnet_json_options;

/// Fills in the defaults. `size` is `sizeof(speciesnet_json_options)`.
SPECIESNET_API void speciesnet_json_options_init(speciesnet_json_options* options, size_t size);

/// Writes the document `{"predictions": […]}` as the reference does. Explanations, where they were
/// asked for, follow the answers, complete with every level of a rollup.
/// @param options NULL for the defaults
/// @param text    receives a string to release with speciesnet_text_free()
/// @param length  receives its length in bytes; may be NULL
SPECIESNET_API speciesnet_status speciesnet_predictions_to_json(
    const speciesnet_predictions* predictions, const speciesnet_json_options* options, char** text,
    size_t* length, speciesnet_error* error);

/// Reads such a document, of either format and any stage.
/// @param text        not kept
/// @param predictions receives a handle to release with speciesnet_predictions_free()
SPECIESNET_API speciesnet_status speciesnet_predictions_from_json(
    const char* text, size_t length, speciesnet_predictions** predictions, speciesnet_error* error);

/// What to find out about the place of a photo, beyond the region, which is always found as the
/// reference finds it.
enum {
    SPECIESNET_GEOLOCATION_EXIF = 1,     ///< Coordinates not given: from the file's EXIF block.
    SPECIESNET_GEOLOCATION_COUNTRY = 2,  ///< Country not given: from the coordinates.
    /// Country and region letter by letter, as the reference takes them. Without it, any case, the
    /// country's alpha-2 code and its English name are understood, and what is no country is
    /// refused.
    SPECIESNET_GEOLOCATION_AS_GIVEN = 4
};

/// How results of earlier runs become predictions.
typedef struct speciesnet_combine_options {
    size_t size;  ///< Set by speciesnet_combine_options_init().
    /// Classes reported for each detection; 2 by default. The rules always see five.
    size_t max_classifications_per_detection;
    const char* model_version;  ///< Goes into the predictions; NULL (default) for none.
    int32_t explain;            ///< 1: answers have their explanation; 0 by default.
    int32_t geolocation;        ///< Bits SPECIESNET_GEOLOCATION_…; none by default.
} speciesnet_combine_options;

/// Fills in the defaults. `size` is `sizeof(speciesnet_combine_options)`.
SPECIESNET_API void speciesnet_combine_options_init(speciesnet_combine_options* options,
                                                    size_t size);

/// Combines what a detector run and a classifier run said of the same photos, without any network.
/// @param instances       photos to report, with their places; images are not looked at
/// @param count           length of instances
/// @param classifications of a classifier run
/// @param detections      of a detector run
/// @param options         NULL for the defaults
/// @param predictions     receives one prediction per instance, in their order, to release with
///                        speciesnet_predictions_free()
SPECIESNET_API speciesnet_status speciesnet_rules_combine_past_runs(
    const speciesnet_rules* rules, const speciesnet_instance* instances, size_t count,
    const speciesnet_predictions* classifications, const speciesnet_predictions* detections,
    const speciesnet_combine_options* options, speciesnet_predictions** predictions,
    speciesnet_error* error);

/// @}
/// @defgroup model Models: by name, downloaded on first use
/// @{

/// The name of the published model that the reference used first. The string is static.
SPECIESNET_API const char* speciesnet_model_default_name(void);

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

enum {
    SPECIESNET_FETCH_OFFLINE = 1,  ///< Never use the network.
    SPECIESNET_FETCH_NEWEST = 2,   ///< Ask the hub for the newest version of a name without one.
    SPECIESNET_FETCH_FORCE = 4,    ///< Download even what is in the cache, and replace it.
    /// For SPECIESNET_COMPONENTS_RULES alone: the network files may be absent from a
    /// folder. What is downloaded is complete in any case.
    SPECIESNET_FETCH_NO_NETWORKS = 8
};

/// Choices for getting a model.
typedef struct speciesnet_fetch_options {
    size_t size;         ///< Set by speciesnet_fetch_options_init().
    const char* cache;   ///< Folder where models are kept; NULL (default) for the user's.
    int32_t flags;       ///< Bits SPECIESNET_FETCH_…; none by default.
    int32_t retries;     ///< How often a failed request is repeated; 4 by default.
    uint64_t max_bytes;  ///< Most bytes that a package may have; 8 GiB by default.
    speciesnet_download_callback progress;  ///< NULL by default.
    void* progress_user_data;               ///< Given to `progress`.
    /// Seconds, at least 1, after which a connection that brings less than 1 KiB per second is
    /// given up; 30 by default.
    int32_t stall_seconds;
    int32_t reserved;  ///< 0
} speciesnet_fetch_options;

/// Fills in the defaults. `size` is `sizeof(speciesnet_fetch_options)`.
SPECIESNET_API void speciesnet_fetch_options_init(speciesnet_fetch_options* options, size_t size);

/// Finds a model: what speciesnet_ensemble_load() takes for a name. It is downloaded first if the
/// cache does not have it. Several processes may ask for the same model at once: one downloads, the
/// others wait.
/// @param name    kaggle:OWNER/MODEL/FRAMEWORK/VARIATION[/VERSION], hf:OWNER/REPOSITORY, the https
///                address or path of a package's archive, a package's folder, or "demo"
/// @param options NULL for the defaults
/// @param text    receives a string to release with speciesnet_text_free()
SPECIESNET_API speciesnet_status speciesnet_model_resolve(const char* name,
                                                          const speciesnet_fetch_options* options,
                                                          char** text, speciesnet_error* error);

/// Called with the name of a network's file before it is exported, on the thread that called
/// speciesnet_model_export().
/// @param file valid during the call
/// @return 0 to go on; anything else cancels; no folder is left behind
typedef int32_t (*speciesnet_export_callback)(void* user_data, const char* file);

/// Writes a package with TorchScript networks, for programs that run on PyTorch. This library needs
/// no such package: it loads published networks as they are. Since ABI 1.2.
/// @param published a folder with info.json
/// @param output    the new package's folder; must not exist, or be empty. It appears complete or
///                  not at all
/// @param progress  may be NULL
/// @param user_data given to `progress`
/// @return SPECIESNET_UNSUPPORTED_HARDWARE if LibTorch is not there
SPECIESNET_API speciesnet_status speciesnet_model_export(const char* published, const char* output,
                                                         speciesnet_export_callback progress,
                                                         void* user_data, speciesnet_error* error);

/// As speciesnet_export_callback.
typedef int32_t (*speciesnet_import_callback)(void* user_data, const char* file);

/// The name of speciesnet_model_export() in ABI 1.1, which programs that were built with it call.
SPECIESNET_API speciesnet_status speciesnet_model_import(const char* published, const char* output,
                                                         speciesnet_import_callback progress,
                                                         void* user_data, speciesnet_error* error);

/// Called with the name of a network's file before it is compiled, on the thread that called
/// speciesnet_model_compile().
/// @param file valid during the call
/// @return 0 to go on; anything else cancels; no file is left behind
typedef int32_t (*speciesnet_compile_callback)(void* user_data, const char* file);

/// Makes detector and classifier of a package ready for this CPU, in files beside their own, which
/// are still needed. speciesnet_ensemble_load() then takes less time and memory, with the same
/// answers; it passes over a file that was made of another network, by another version of this
/// library or for another kind of CPU. Files appear when all are complete, and replace those of the
/// same names. Since ABI 1.1.
/// @param folder    a package, as speciesnet_model_resolve() gives it, not "demo"; is written to
/// @param precision SPECIESNET_PRECISION_…, the one that ensembles will be loaded with
/// @param threads   that work, at least 1, or SPECIESNET_ALL_CORES
/// @param progress  may be NULL
/// @param user_data given to `progress`
/// @return SPECIESNET_UNSUPPORTED_HARDWARE if the CPU has not the precision, or not even AVX2 and
///         FMA; SPECIESNET_MODEL_CONTRACT if a network has operations that are left to LibTorch: it
///         was not compiled, the other one was if the error does not name it, too
SPECIESNET_API speciesnet_status speciesnet_model_compile(const char* folder, int32_t precision,
                                                          int32_t threads,
                                                          speciesnet_compile_callback progress,
                                                          void* user_data, speciesnet_error* error);

/// Compares every file of a downloaded package with the SHA-256 that was recorded for it.
/// @param folder as speciesnet_model_list_folder() gives it
/// @return SPECIESNET_OK if all are intact; SPECIESNET_MODEL_INVALID naming the first that is not;
///         SPECIESNET_NOT_FOUND if nothing was recorded
SPECIESNET_API speciesnet_status speciesnet_model_verify(const char* folder,
                                                         speciesnet_error* error);

/// Removes a model from a cache, with what was compiled of it and what an interrupted download has
/// left.
/// @param name  as for speciesnet_model_resolve(), or of a list
/// @param cache NULL for the user's
/// @return SPECIESNET_NOT_FOUND if it was not there
SPECIESNET_API speciesnet_status speciesnet_model_remove(const char* name, const char* cache,
                                                         speciesnet_error* error);

/// The models of a cache, as it was when the list was made. Immutable.
typedef struct speciesnet_model_list speciesnet_model_list;

/// Lists the models of a cache, sorted by name.
/// @param cache NULL for the user's
/// @param list  receives a handle to release with speciesnet_model_list_free()
SPECIESNET_API speciesnet_status speciesnet_model_list_new(const char* cache,
                                                           speciesnet_model_list** list,
                                                           speciesnet_error* error);

/// How many models the list has.
SPECIESNET_API size_t speciesnet_model_list_count(const speciesnet_model_list* list);

/// The name of one, version included. Borrowed from the list; NULL if there is none of that index.
SPECIESNET_API const char* speciesnet_model_list_name(const speciesnet_model_list* list,
                                                      size_t index);

/// Its folder as it was published. Borrowed from the list; NULL if there is none of that index.
SPECIESNET_API const char* speciesnet_model_list_folder(const speciesnet_model_list* list,
                                                        size_t index);

/// Bytes of all its files; 0 if there is none of that index.
SPECIESNET_API uint64_t speciesnet_model_list_bytes(const speciesnet_model_list* list,
                                                    size_t index);

/// Releases a list.
SPECIESNET_API void speciesnet_model_list_free(speciesnet_model_list* list);

/// @}
/// @defgroup geolocation Geolocation: country and region from coordinates, offline
/// @{

/// A table of places inside the library. Immutable.
typedef struct speciesnet_geolocator speciesnet_geolocator;

/// Reads the table: about two milliseconds, less than half a megabyte of memory.
/// @param geolocator receives a handle to release with speciesnet_geolocator_free()
SPECIESNET_API speciesnet_status speciesnet_geolocator_new(speciesnet_geolocator** geolocator,
                                                           speciesnet_error* error);

/// The first-level region that the geofence should use, as the reference finds it: the one given
/// with its country, or, in the USA, the state of the nearest place.
/// @param location country and region, if known, and coordinates; not NULL
/// @param text     receives a string to release with speciesnet_text_free(), or NULL (with
///                 SPECIESNET_OK) if there is none
SPECIESNET_API speciesnet_status speciesnet_geolocator_admin1_region(
    const speciesnet_geolocator* geolocator, const speciesnet_location* location, char** text,
    speciesnet_error* error);

/// The country of the nearest place, ISO 3166-1 alpha-3; the open sea has an answer too.
/// @param latitude  degrees north, −90 to 90
/// @param longitude degrees east, −180 to 180
/// @param text      receives a string to release with speciesnet_text_free()
SPECIESNET_API speciesnet_status
speciesnet_geolocator_country(const speciesnet_geolocator* geolocator, double latitude,
                              double longitude, char** text, speciesnet_error* error);

/// Releases a geolocator.
SPECIESNET_API void speciesnet_geolocator_free(speciesnet_geolocator* geolocator);

/// @}
/// @defgroup ensemble Ensemble: a loaded model
/// @{

/// A loaded model package: detector, classifier, rules.
typedef struct speciesnet_ensemble speciesnet_ensemble;

/// Which parts of a package to load.
enum {
    SPECIESNET_COMPONENTS_ALL = 1,
    SPECIESNET_COMPONENTS_DETECTOR = 2,
    SPECIESNET_COMPONENTS_CLASSIFIER = 3,
    SPECIESNET_COMPONENTS_RULES = 4  ///< The network files may be absent.
};

enum {
    SPECIESNET_LOG_INFORMATION = 1,
    SPECIESNET_LOG_WARNING = 2  ///< Something was left out or failed, and work goes on.
};

/// One thread for each core that the process may use.
#define SPECIESNET_ALL_CORES (-1)

/// Receives what an ensemble has to report: the model loaded, photos that failed. Comes on the
/// thread that called the function, or, for jobs, on the ensemble's own thread; from several at
/// once if several are at work.
/// @param level   one of SPECIESNET_LOG_…
/// @param message one line; valid during the call
typedef void (*speciesnet_log_callback)(void* user_data, int32_t level, const char* message);

/// Reports progress: photos of a prediction, components of a package that is loaded. Called on the
/// thread that called the function, or, for jobs, on the ensemble's own thread.
/// @return 0 to go on; anything else cancels
typedef int32_t (*speciesnet_progress_callback)(void* user_data, size_t done, size_t total);

/// Precision of the networks' arithmetic.
enum {
    SPECIESNET_PRECISION_FLOAT32 = 0,   ///< The reference's answers.
    SPECIESNET_PRECISION_BFLOAT16 = 1,  ///< Needs a CPU with AVX-512 BF16; changes answers.
    SPECIESNET_PRECISION_INT8 = 2,      ///< Needs a CPU with AVX-512 VNNI; changes answers.
    SPECIESNET_PRECISION_AUTOMATIC = 3  ///< bfloat16 where the CPU has it, else float32.
};

/// Choices made once, when a package is loaded.
typedef struct speciesnet_load_options {
    size_t size;         ///< Set by speciesnet_load_options_init().
    int32_t components;  ///< SPECIESNET_COMPONENTS_…; all by default.
    int32_t threads;  ///< Threads of the networks, at least 1, or SPECIESNET_ALL_CORES (default).
    int32_t geofencing;  ///< SPECIESNET_GEOFENCE_ON (default) or SPECIESNET_GEOFENCE_OFF.
    int32_t max_jobs;    ///< Jobs that may wait at a time, at least 1; 1,024 by default.
    /// Labels whose logits are reported with each classification, or NULL; copied.
    const char* const* target_species;
    size_t target_species_count;  ///< Length of target_species.
    speciesnet_log_callback log;  ///< NULL (default) for silence; used until the ensemble is freed.
    void* log_user_data;          ///< Given to `log`.
    speciesnet_progress_callback progress;  ///< Called per loaded component; NULL by default.
    void* progress_user_data;               ///< Given to `progress`.
    /// "cpu" (default, also for NULL), "cuda" or "cuda:N"; only read during the call. CUDA needs a
    /// LibTorch that has it.
    const char* device;
    int32_t precision;  ///< SPECIESNET_PRECISION_…; float32 by default.
    int32_t reserved;   ///< 0.
} speciesnet_load_options;

/// Fills in the defaults. `size` is `sizeof(speciesnet_load_options)`.
SPECIESNET_API void speciesnet_load_options_init(speciesnet_load_options* options, size_t size);

/// Loads a model package.
/// @param model    a folder, or "demo" for the demonstration model inside the library; for other
///                 names see speciesnet_model_resolve()
/// @param options  NULL for the defaults; not kept
/// @param ensemble receives a handle to release with speciesnet_ensemble_free()
SPECIESNET_API speciesnet_status speciesnet_ensemble_load(const char* model,
                                                          const speciesnet_load_options* options,
                                                          speciesnet_ensemble** ensemble,
                                                          speciesnet_error* error);

/// Releases an ensemble. Cancels the jobs it still has and waits for them; their handles stay
/// valid. Not to be called from a callback.
SPECIESNET_API void speciesnet_ensemble_free(speciesnet_ensemble* ensemble);

/// The package's version, reported as model_version. Borrowed from the ensemble.
SPECIESNET_API const char* speciesnet_ensemble_model_version(const speciesnet_ensemble* ensemble);

enum {
    SPECIESNET_MODEL_ALWAYS_CROP = 1,  ///< The classifier sees crops around detections.
    SPECIESNET_MODEL_FULL_IMAGE = 2    ///< It sees the picture without its top and bottom.
};

/// One of SPECIESNET_MODEL_ALWAYS_CROP, SPECIESNET_MODEL_FULL_IMAGE.
SPECIESNET_API int32_t speciesnet_ensemble_model_type(const speciesnet_ensemble* ensemble);

/// 1 for the demonstration model, whose answers are not SpeciesNet's; else 0.
SPECIESNET_API int32_t speciesnet_ensemble_is_demo(const speciesnet_ensemble* ensemble);

/// What the package says of itself. Borrowed from the ensemble; may be empty.
SPECIESNET_API const char* speciesnet_ensemble_description(const speciesnet_ensemble* ensemble);

/// Threads that the networks use.
SPECIESNET_API int32_t speciesnet_ensemble_threads(const speciesnet_ensemble* ensemble);

/// Precision of the networks' arithmetic: one of SPECIESNET_PRECISION_FLOAT32, …BFLOAT16 and
/// …INT8.
SPECIESNET_API int32_t speciesnet_ensemble_precision(const speciesnet_ensemble* ensemble);

/// How many labels the classifier has; 0 if it was not loaded.
SPECIESNET_API size_t speciesnet_ensemble_label_count(const speciesnet_ensemble* ensemble);

/// A label, in the order of the classifier's logits. Borrowed from the ensemble; NULL if there is
/// none of that index.
SPECIESNET_API const char* speciesnet_ensemble_label(const speciesnet_ensemble* ensemble,
                                                     size_t index);

/// The package's rules. Borrowed from the ensemble; NULL if they were not loaded.
SPECIESNET_API const speciesnet_rules* speciesnet_ensemble_rules(
    const speciesnet_ensemble* ensemble);

/// Makes an ensemble that shares the networks of another and decides by other rules, such as those
/// of speciesnet_rules_with_species_list().
/// @param rules    not kept
/// @param result   receives a handle to release with speciesnet_ensemble_free(); it has jobs of its
///                 own, and lives on when the other is released
/// Fails with SPECIESNET_MODEL_COMPONENT_MISSING if the ensemble was loaded without rules.
/// Since 1.2.
SPECIESNET_API speciesnet_status speciesnet_ensemble_with_rules(const speciesnet_ensemble* ensemble,
                                                                const speciesnet_rules* rules,
                                                                speciesnet_ensemble** result,
                                                                speciesnet_error* error);

/// Finds animals, humans and vehicles.
/// @param predictions receives a list of one, whose entries have no classes and no answers, to
///                    release with speciesnet_predictions_free()
SPECIESNET_API speciesnet_status speciesnet_ensemble_detect(const speciesnet_ensemble* ensemble,
                                                            const speciesnet_image* image,
                                                            speciesnet_predictions** predictions,
                                                            speciesnet_error* error);

/// Classifies crops of an image, or, for full-image models, the picture once for each entry.
/// @param detections  boxes to crop; not kept
/// @param count       length of detections
/// @param top         classes to report for each, or SPECIESNET_ALL
/// @param predictions receives a list of one, with the same detections and their classes (none for
///                    a box that is less than a pixel wide or high), but no answers, to release
///                    with speciesnet_predictions_free()
SPECIESNET_API speciesnet_status
speciesnet_ensemble_classify(const speciesnet_ensemble* ensemble, const speciesnet_image* image,
                             const speciesnet_detection* detections, size_t count, size_t top,
                             speciesnet_predictions** predictions, speciesnet_error* error);

/// Choices made for each call.
typedef struct speciesnet_predict_options {
    size_t size;                 ///< Set by speciesnet_predict_options_init().
    int32_t format;              ///< SPECIESNET_FORMAT_…; per detection by default.
    int32_t explain;             ///< 1: answers have their explanation; 0 by default.
    double detection_threshold;  ///< Lowest confidence to be classified (per detection); 0.1.
    /// Most detections to classify in an image (per detection); SPECIESNET_ALL by default.
    size_t max_classifications_per_image;
    /// Classes reported for each detection (per detection); 2 by default.
    size_t max_classifications_per_detection;
    speciesnet_progress_callback progress;  ///< NULL by default.
    void* progress_user_data;               ///< Given to `progress`.
    /// Photos, at least 1, whose crops the classifier sees together; 1 by default. More may be
    /// faster and changes scores by rounding.
    size_t batch_size;
    /// Photos, at least 1, that are read and decoded at the same time, ahead of the networks; 2 by
    /// default. Twice as many, but at least 4, wait decoded in memory.
    int32_t decoding_threads;
    int32_t geolocation;  ///< Bits SPECIESNET_GEOLOCATION_…; none by default.
} speciesnet_predict_options;

/// Fills in the defaults. `size` is `sizeof(speciesnet_predict_options)`.
SPECIESNET_API void speciesnet_predict_options_init(speciesnet_predict_options* options,
                                                    size_t size);

/// Detects, classifies and decides, for one photo or many. A photo that cannot be read or decoded
/// is reported in its prediction's failures and does not stop the others.
/// @param instances   photos, each with the same `size`; not kept
/// @param count       length of instances
/// @param options     NULL for the defaults
/// @param predictions receives one prediction per instance, in their order, to release with
///                    speciesnet_predictions_free()
SPECIESNET_API speciesnet_status speciesnet_ensemble_predict(
    const speciesnet_ensemble* ensemble, const speciesnet_instance* instances, size_t count,
    const speciesnet_predict_options* options, speciesnet_predictions** predictions,
    speciesnet_error* error);

/// Receives the predictions of speciesnet_ensemble_predict_each(), on the thread that called it.
/// @param predictions a list of one, to release with speciesnet_predictions_free()
/// @return 0 to go on; anything else cancels
typedef int32_t (*speciesnet_prediction_callback)(void* user_data,
                                                  speciesnet_predictions* predictions);

/// speciesnet_ensemble_predict() without keeping the predictions: each is handed over as it comes,
/// in the order of the instances, so that memory does not grow with their number.
/// @param receive   called once for each instance, before `progress`
/// @param user_data given to `receive`
/// @return as speciesnet_ensemble_predict(); what was handed over before a failure stays the
///         caller's
SPECIESNET_API speciesnet_status speciesnet_ensemble_predict_each(
    const speciesnet_ensemble* ensemble, const speciesnet_instance* instances, size_t count,
    const speciesnet_predict_options* options, speciesnet_prediction_callback receive,
    void* user_data, speciesnet_error* error);

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
/// @param job       receives a handle to release with speciesnet_job_free(); written before `done`
///                  is called
/// @return SPECIESNET_QUEUE_FULL if max_jobs are waiting already
SPECIESNET_API speciesnet_status speciesnet_ensemble_submit(
    speciesnet_ensemble* ensemble, const speciesnet_instance* instances, size_t count,
    const speciesnet_predict_options* options, speciesnet_job_callback done, void* user_data,
    speciesnet_job** job, speciesnet_error* error);

/// Waits until a job is over.
/// @param seconds longest time to wait; 0 to poll, INFINITY for as long as it takes
/// @return SPECIESNET_OK if it is over, well or not; SPECIESNET_NOT_FINISHED if not yet
SPECIESNET_API speciesnet_status speciesnet_job_wait(speciesnet_job* job, double seconds,
                                                     speciesnet_error* error);

/// Asks a job to stop; it then ends with SPECIESNET_CANCELLED, unless it was over already. Returns
/// at once.
SPECIESNET_API void speciesnet_job_cancel(speciesnet_job* job);

/// Takes the result of a job that is over: the first call gets it, later ones
/// SPECIESNET_INVALID_ARGUMENT.
/// @param predictions receives a handle to release with speciesnet_predictions_free()
/// @return SPECIESNET_NOT_FINISHED if it is not over; else the job's own status
SPECIESNET_API speciesnet_status speciesnet_job_take(speciesnet_job* job,
                                                     speciesnet_predictions** predictions,
                                                     speciesnet_error* error);

/// Releases a job. Cancels it if it is not over and waits until its callback has returned, unless
/// that callback is what calls.
SPECIESNET_API void speciesnet_job_free(speciesnet_job* job);

/// @}

#ifdef __cplusplus
}
#endif

#endif
