// SPDX-License-Identifier: Apache-2.0
/* From R to the C ABI: each function checks nothing that R/speciesnetr.R has checked already.
 * Objects of the library are owned by external pointers, so that an R error, which jumps over C
 * code, leaks nothing. */
#define R_NO_REMAP
#include <R.h>
#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>
#include <Rinternals.h>
#include <math.h>
#include <speciesnet.h>
#include <string.h>

static void free_ensemble(SEXP pointer) {
    speciesnet_ensemble_free(R_ExternalPtrAddr(pointer));
    R_ClearExternalPtr(pointer);
}

static void free_predictions(SEXP pointer) {
    speciesnet_predictions_free(R_ExternalPtrAddr(pointer));
    R_ClearExternalPtr(pointer);
}

static void free_text(SEXP pointer) {
    speciesnet_text_free(R_ExternalPtrAddr(pointer));
    R_ClearExternalPtr(pointer);
}

static void free_rules(SEXP pointer) {
    speciesnet_rules_free(R_ExternalPtrAddr(pointer));
    R_ClearExternalPtr(pointer);
}

/* An external pointer without an address yet: made before the object, because making it may fail.
 */
static SEXP owner(R_CFinalizer_t finalizer) {
    SEXP pointer = PROTECT(R_MakeExternalPtr(NULL, R_NilValue, R_NilValue));
    R_RegisterCFinalizerEx(pointer, finalizer, TRUE);
    UNPROTECT(1);
    return pointer;
}

static speciesnet_ensemble* ensemble_of(SEXP pointer) {
    speciesnet_ensemble* ensemble = R_ExternalPtrAddr(pointer);
    if (ensemble == NULL) {
        Rf_error("the model belongs to another session: load it again with sn_load()");
    }
    return ensemble;
}

static void check(speciesnet_status status, const speciesnet_error* error) {
    if (status != SPECIESNET_OK) {
        Rf_error("%s", error->message);
    }
}

static SEXP string_or_na(const char* text) {
    return text == NULL || *text == '\0' ? NA_STRING : Rf_mkCharCE(text, CE_UTF8);
}

/* R's progress function, called where Ctrl-C or an error in it cannot jump over the library. */
typedef struct {
    SEXP function; /* Or NULL. */
    size_t done;
    int over;
} progress_call;

static void report_progress(void* data) {
    progress_call* call = data;
    R_CheckUserInterrupt();
    if (call->function != R_NilValue) {
        SEXP expression =
            PROTECT(Rf_lang2(call->function, PROTECT(Rf_ScalarReal((double)call->done))));
        Rf_eval(expression, R_BaseEnv);
        UNPROTECT(2);
    }
    call->over = 1;
}

static int32_t on_progress(void* user_data, size_t done, size_t total) {
    progress_call call = {*(SEXP*)user_data, done, 0};
    (void)total;
    R_ToplevelExec(report_progress, &call);
    return !call.over;
}

static int32_t on_download(void* user_data, const char* file, uint64_t bytes, uint64_t total) {
    SEXP nothing = R_NilValue;
    (void)user_data;
    (void)file;
    (void)bytes;
    (void)total;
    return on_progress(&nothing, 0, 0);
}

typedef speciesnet_status add_to_rules(const speciesnet_rules*, const char*, size_t, int32_t,
                                       speciesnet_rules**, speciesnet_error*);

/* Replaces the rules of an ensemble by those that a function makes of them and a text. */
static void change_rules(SEXP pointer, add_to_rules* add, SEXP text) {
    if (text == R_NilValue) {
        return;
    }
    speciesnet_error error;
    speciesnet_rules* rules = NULL;
    speciesnet_ensemble* changed = NULL;
    const char* lines = CHAR(STRING_ELT(text, 0));
    SEXP owned = PROTECT(owner(free_rules));
    speciesnet_ensemble* ensemble = ensemble_of(pointer);
    speciesnet_status status = add(speciesnet_ensemble_rules(ensemble), lines, strlen(lines),
                                   SPECIESNET_UNKNOWN_TAXA_REFUSE, &rules, &error);
    R_SetExternalPtrAddr(owned, rules);
    check(status, &error);
    check(speciesnet_ensemble_with_rules(ensemble, rules, &changed, &error), &error);
    R_SetExternalPtrAddr(pointer, changed);
    speciesnet_ensemble_free(ensemble);
    UNPROTECT(1);
}

/* Choices as a list in R, in the order of speciesnetr.R. */
// <options r-c load> by scripts/generate_options
static void read_load_choices(SEXP choices, speciesnet_load_options* options) {
    options->threads = Rf_asInteger(VECTOR_ELT(choices, 0));
    options->precision = Rf_asInteger(VECTOR_ELT(choices, 1));
    options->geofence = Rf_asLogical(VECTOR_ELT(choices, 2));
    options->offline = Rf_asLogical(VECTOR_ELT(choices, 3));
    options->detector = CHAR(STRING_ELT(VECTOR_ELT(choices, 4), 0));
}
// </options>
// <options r-c predict> by scripts/generate_options
static void read_predict_choices(SEXP choices, speciesnet_predict_options* options) {
    options->explain = Rf_asLogical(VECTOR_ELT(choices, 0));
    options->detection_threshold = Rf_asReal(VECTOR_ELT(choices, 1));
    options->classification_threshold = Rf_asReal(VECTOR_ELT(choices, 2));
    options->coordinates_from_exif = Rf_asLogical(VECTOR_ELT(choices, 3));
}
// </options>

static SEXP load(SEXP model, SEXP choices, SEXP list, SEXP overlay) {
    speciesnet_error error;
    char* folder = NULL;
    SEXP text = PROTECT(owner(free_text));
    SEXP pointer = PROTECT(owner(free_ensemble));
    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    read_load_choices(choices, &options);
    /* On its own, so that Ctrl-C ends a download. */
    speciesnet_fetch_options fetching;
    speciesnet_fetch_options_init(&fetching, sizeof fetching);
    fetching.offline = options.offline;
    fetching.progress = on_download;
    speciesnet_status status =
        speciesnet_model_resolve(CHAR(STRING_ELT(model, 0)), &fetching, &folder, &error);
    R_SetExternalPtrAddr(text, folder);
    check(status, &error);

    speciesnet_ensemble* ensemble = NULL;
    status = speciesnet_ensemble_load(folder, &options, &ensemble, &error);
    R_SetExternalPtrAddr(pointer, ensemble);
    check(status, &error);
    change_rules(pointer, speciesnet_rules_with_species_list, list);
    change_rules(pointer, speciesnet_rules_with_geofence_overlay, overlay);
    UNPROTECT(2);
    return pointer;
}

static const char* category_name(int32_t category) {
    switch (category) {
        case SPECIESNET_CATEGORY_WHOLE_IMAGE:
            return "whole_image_classification";
        case SPECIESNET_CATEGORY_ANIMAL:
            return "animal";
        case SPECIESNET_CATEGORY_HUMAN:
            return "human";
        case SPECIESNET_CATEGORY_VEHICLE:
            return "vehicle";
        default:
            return NULL;
    }
}

/* A named list whose elements are set by number. */
static SEXP named_list(const char* const* names, int count) {
    SEXP list = PROTECT(Rf_allocVector(VECSXP, count));
    SEXP labels = PROTECT(Rf_allocVector(STRSXP, count));
    for (int i = 0; i < count; ++i) {
        SET_STRING_ELT(labels, i, Rf_mkChar(names[i]));
    }
    Rf_setAttrib(list, R_NamesSymbol, labels);
    UNPROTECT(2);
    return list;
}

/* The name for people of a label, such as "equus_quagga". */
static SEXP short_name(const char* label) {
    char* text = NULL;
    SEXP name = PROTECT(owner(free_text));
    if (speciesnet_label_short_name(label, &text, NULL) != SPECIESNET_OK) {
        UNPROTECT(1);
        return NA_STRING;
    }
    R_SetExternalPtrAddr(name, text);
    SEXP result = PROTECT(string_or_na(text));
    free_text(name);
    UNPROTECT(2);
    return result;
}

static SEXP detections_of(const speciesnet_prediction* prediction) {
    static const char* const names[] = {"category",    "conf",   "xmin",   "ymin",
                                        "width",       "height", "label",  "name",
                                        "common_name", "score",  "source", "reason"};
    enum {
        category,
        conf,
        xmin,
        ymin,
        width,
        height,
        label,
        name,
        common_name,
        score,
        source,
        reason,
        columns
    };
    const speciesnet_detection* found = speciesnet_prediction_detections(prediction);
    if (found == NULL) {
        return R_NilValue;
    }
    const R_xlen_t count = (R_xlen_t)speciesnet_prediction_detection_count(prediction);
    SEXP list = PROTECT(named_list(names, columns));
    for (int i = 0; i < columns; ++i) {
        const int is_number = (i >= conf && i <= height) || i == score;
        SET_VECTOR_ELT(list, i, Rf_allocVector(is_number ? REALSXP : STRSXP, count));
    }
    for (R_xlen_t row = 0; row < count; ++row) {
        SET_STRING_ELT(VECTOR_ELT(list, category), row,
                       string_or_na(category_name(found[row].category)));
        REAL(VECTOR_ELT(list, conf))[row] = found[row].conf;
        for (int side = 0; side < 4; ++side) {
            REAL(VECTOR_ELT(list, xmin + side))[row] = found[row].bbox[side];
        }
        const speciesnet_answer* answer = speciesnet_prediction_answer(prediction, (size_t)row);
        const char* text = answer == NULL ? NULL : speciesnet_answer_label(answer);
        const char* last = text == NULL ? NULL : strrchr(text, ';');
        SET_STRING_ELT(VECTOR_ELT(list, label), row, string_or_na(text));
        SET_STRING_ELT(VECTOR_ELT(list, name), row, text == NULL ? NA_STRING : short_name(text));
        SET_STRING_ELT(VECTOR_ELT(list, common_name), row,
                       string_or_na(last == NULL ? NULL : last + 1));
        REAL(VECTOR_ELT(list, score))
        [row] = answer == NULL ? NA_REAL : speciesnet_answer_score(answer);
        SET_STRING_ELT(VECTOR_ELT(list, source), row,
                       string_or_na(answer == NULL ? NULL : speciesnet_answer_source(answer)));
        const speciesnet_explanation* why =
            answer == NULL ? NULL : speciesnet_answer_explanation(answer);
        SET_STRING_ELT(VECTOR_ELT(list, reason), row,
                       string_or_na(why == NULL ? NULL : why->reason));
    }
    UNPROTECT(1);
    return list;
}

static const char* failures_text(int32_t failures) {
    static const char* const texts[] = {NULL,
                                        "CLASSIFIER",
                                        "DETECTOR",
                                        "CLASSIFIER,DETECTOR",
                                        "GEOLOCATION",
                                        "CLASSIFIER,GEOLOCATION",
                                        "DETECTOR,GEOLOCATION",
                                        "CLASSIFIER,DETECTOR,GEOLOCATION"};
    return texts[failures & 7];
}

static SEXP prediction_list(const speciesnet_prediction* prediction) {
    static const char* const names[] = {"filepath",  "failures",      "failure_reason",
                                        "country",   "admin1_region", "model_version",
                                        "detections"};
    speciesnet_location place;
    speciesnet_location_init(&place, sizeof place);
    speciesnet_prediction_location(prediction, &place, sizeof place);
    const char* const texts[] = {speciesnet_prediction_filepath(prediction),
                                 failures_text(speciesnet_prediction_failures(prediction)),
                                 speciesnet_prediction_failure_reason(prediction),
                                 place.country,
                                 place.admin1_region,
                                 speciesnet_prediction_model_version(prediction)};
    SEXP list = PROTECT(named_list(names, 7));
    for (int i = 0; i < 6; ++i) {
        SET_VECTOR_ELT(list, i, Rf_ScalarString(string_or_na(texts[i])));
    }
    SET_VECTOR_ELT(list, 6, detections_of(prediction));
    UNPROTECT(1);
    return list;
}

static const char* given(SEXP values, R_xlen_t index) {
    if (values == R_NilValue || STRING_ELT(values, index) == NA_STRING) {
        return NULL;
    }
    return CHAR(STRING_ELT(values, index));
}

static double coordinate(SEXP values, R_xlen_t index) {
    return values == R_NilValue || ISNAN(REAL(values)[index]) ? NAN : REAL(values)[index];
}

static SEXP predict(SEXP pointer, SEXP photos, SEXP country, SEXP region, SEXP latitude,
                    SEXP longitude, SEXP choices, SEXP progress) {
    const speciesnet_ensemble* ensemble = ensemble_of(pointer);
    const R_xlen_t count = Rf_xlength(photos);
    /* R releases what R_alloc() gives when .Call() ends, however it ends. */
    speciesnet_location* places = (speciesnet_location*)R_alloc((size_t)count, sizeof *places);
    speciesnet_instance* instances =
        (speciesnet_instance*)R_alloc((size_t)count, sizeof *instances);
    for (R_xlen_t i = 0; i < count; ++i) {
        speciesnet_location_init(&places[i], sizeof places[i]);
        places[i].country = given(country, i);
        places[i].admin1_region = given(region, i);
        places[i].latitude = coordinate(latitude, i);
        places[i].longitude = coordinate(longitude, i);
        speciesnet_instance_init(&instances[i], sizeof instances[i]);
        instances[i].filepath = CHAR(STRING_ELT(photos, i));
        instances[i].location = &places[i];
    }
    speciesnet_predict_options options;
    speciesnet_predict_options_init(&options, sizeof options);
    read_predict_choices(choices, &options);
    options.progress = on_progress;
    options.progress_user_data = &progress;

    speciesnet_error error;
    speciesnet_predictions* predictions = NULL;
    SEXP owned = PROTECT(owner(free_predictions));
    const speciesnet_status status = speciesnet_ensemble_predict(ensemble, instances, (size_t)count,
                                                                 &options, &predictions, &error);
    R_SetExternalPtrAddr(owned, predictions);
    if (status == SPECIESNET_ERROR_CANCELLED) {
        Rf_error("stopped before all photos were done");
    }
    check(status, &error);
    SEXP result = PROTECT(Rf_allocVector(VECSXP, count));
    for (R_xlen_t i = 0; i < count; ++i) {
        SET_VECTOR_ELT(result, i,
                       prediction_list(speciesnet_predictions_at(predictions, (size_t)i)));
    }
    free_predictions(owned);
    UNPROTECT(2);
    return result;
}

static SEXP labels(SEXP pointer) {
    const speciesnet_ensemble* ensemble = ensemble_of(pointer);
    const R_xlen_t count = (R_xlen_t)speciesnet_ensemble_label_count(ensemble);
    SEXP result = PROTECT(Rf_allocVector(STRSXP, count));
    for (R_xlen_t i = 0; i < count; ++i) {
        SET_STRING_ELT(result, i, string_or_na(speciesnet_ensemble_label(ensemble, (size_t)i)));
    }
    UNPROTECT(1);
    return result;
}

static SEXP describe(SEXP pointer) {
    static const char* const names[] = {"version", "type", "labels", "demo"};
    const speciesnet_ensemble* ensemble = ensemble_of(pointer);
    SEXP list = PROTECT(named_list(names, 4));
    const int is_crop = speciesnet_ensemble_model_type(ensemble) == SPECIESNET_MODEL_ALWAYS_CROP;
    SET_VECTOR_ELT(list, 0,
                   Rf_ScalarString(string_or_na(speciesnet_ensemble_model_version(ensemble))));
    SET_VECTOR_ELT(list, 1, Rf_mkString(is_crop ? "always_crop" : "full_image"));
    SET_VECTOR_ELT(list, 2, Rf_ScalarReal((double)speciesnet_ensemble_label_count(ensemble)));
    SET_VECTOR_ELT(list, 3, Rf_ScalarLogical(speciesnet_ensemble_is_demo(ensemble)));
    UNPROTECT(1);
    return list;
}

static SEXP version(void) {
    return Rf_mkString(speciesnet_version());
}

static SEXP can_decode(SEXP type) {
    return Rf_ScalarLogical(speciesnet_media_can_decode(Rf_asInteger(type)));
}

static const R_CallMethodDef functions[] = {{"C_load", (DL_FUNC)&load, 4},
                                            {"C_predict", (DL_FUNC)&predict, 8},
                                            {"C_labels", (DL_FUNC)&labels, 1},
                                            {"C_describe", (DL_FUNC)&describe, 1},
                                            {"C_version", (DL_FUNC)&version, 0},
                                            {"C_can_decode", (DL_FUNC)&can_decode, 1},
                                            {NULL, NULL, 0}};

void attribute_visible R_init_speciesnetr(DllInfo* library) {
    const uint32_t abi = speciesnet_abi_version();
    if (abi / 65536 != SPECIESNET_ABI_MAJOR || abi % 65536 < SPECIESNET_ABI_MINOR) {
        Rf_error("libspeciesnet_c has ABI %u.%u; this package was built for %d.%d", abi / 65536,
                 abi % 65536, SPECIESNET_ABI_MAJOR, SPECIESNET_ABI_MINOR);
    }
    R_registerRoutines(library, NULL, functions, NULL, NULL);
    R_useDynamicSymbols(library, FALSE);
}
