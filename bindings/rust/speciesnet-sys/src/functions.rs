// SPDX-License-Identifier: Apache-2.0
//! Functions of `speciesnet.h`, in the same order.

#[allow(clippy::wildcard_imports)] // all that C declares
use crate::types::*;
use std::ffi::{c_char, c_double, c_void};

extern "C" {
    pub fn speciesnet_abi_version() -> u32;
    pub fn speciesnet_version() -> *const c_char;
    pub fn speciesnet_build_information() -> *const c_char;
    pub fn speciesnet_status_name(status: speciesnet_status) -> *const c_char;
    pub fn speciesnet_text_free(text: *mut c_char);
    pub fn speciesnet_decode_limits_init(limits: *mut speciesnet_decode_limits, size: usize);
    pub fn speciesnet_media_validate(
        bytes: *const c_void,
        length: usize,
        declared_type: *const c_char,
        limits: *const speciesnet_decode_limits,
        info: *mut speciesnet_media_info,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_media_can_decode(r#type: i32) -> i32;
    pub fn speciesnet_media_type_name(r#type: i32) -> *const c_char;
    pub fn speciesnet_image_decode(
        bytes: *const c_void,
        length: usize,
        declared_type: *const c_char,
        limits: *const speciesnet_decode_limits,
        image: *mut *mut speciesnet_image,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_image_decode_file(
        path: *const c_char,
        limits: *const speciesnet_decode_limits,
        image: *mut *mut speciesnet_image,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_image_from_rgb(
        pixels: *const c_void,
        width: i32,
        height: i32,
        stride: usize,
        release: speciesnet_release_callback,
        user_data: *mut c_void,
        image: *mut *mut speciesnet_image,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_image_width(image: *const speciesnet_image) -> i32;
    pub fn speciesnet_image_height(image: *const speciesnet_image) -> i32;
    pub fn speciesnet_image_truncated(image: *const speciesnet_image) -> i32;
    pub fn speciesnet_image_pixels(image: *const speciesnet_image) -> *const u8;
    pub fn speciesnet_image_free(image: *mut speciesnet_image);
    pub fn speciesnet_location_init(location: *mut speciesnet_location, size: usize);
    pub fn speciesnet_instance_init(instance: *mut speciesnet_instance, size: usize);
    pub fn speciesnet_label_short_name(
        label: *const c_char,
        text: *mut *mut c_char,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_label_full_class(
        label: *const c_char,
        text: *mut *mut c_char,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_answer_label(answer: *const speciesnet_answer) -> *const c_char;
    pub fn speciesnet_answer_score(answer: *const speciesnet_answer) -> c_double;
    pub fn speciesnet_answer_source(answer: *const speciesnet_answer) -> *const c_char;
    pub fn speciesnet_answer_explanation(
        answer: *const speciesnet_answer,
    ) -> *const speciesnet_explanation;
    pub fn speciesnet_answer_free(answer: *mut speciesnet_answer);
    pub fn speciesnet_rules_new(
        taxonomy: *const c_char,
        taxonomy_length: usize,
        geofence: *const c_char,
        geofence_length: usize,
        enforce: i32,
        rules: *mut *mut speciesnet_rules,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_rules_with_species_list(
        rules: *const speciesnet_rules,
        list: *const c_char,
        list_length: usize,
        unknown_taxa: i32,
        result: *mut *mut speciesnet_rules,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_rules_with_geofence_overlay(
        rules: *const speciesnet_rules,
        csv: *const c_char,
        csv_length: usize,
        unknown_taxa: i32,
        result: *mut *mut speciesnet_rules,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_rules_skipped_taxa(
        rules: *const speciesnet_rules,
        text: *mut *mut c_char,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_rules_combine(
        rules: *const speciesnet_rules,
        classes: *const speciesnet_scored_label,
        count: usize,
        detection: *const speciesnet_detection,
        location: *const speciesnet_location,
        explain: i32,
        answer: *mut *mut speciesnet_answer,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_rules_apply_geofence(
        rules: *const speciesnet_rules,
        classes: *const speciesnet_scored_label,
        count: usize,
        location: *const speciesnet_location,
        answer: *mut *mut speciesnet_answer,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_rules_roll_up(
        rules: *const speciesnet_rules,
        classes: *const speciesnet_scored_label,
        count: usize,
        location: *const speciesnet_location,
        levels: *const i32,
        level_count: usize,
        threshold: c_double,
        answer: *mut *mut speciesnet_answer,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_rules_check_geofence(
        rules: *const speciesnet_rules,
        label: *const c_char,
        location: *const speciesnet_location,
        blocked_by: *mut i32,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_rules_ancestor(
        rules: *const speciesnet_rules,
        label: *const c_char,
        level: i32,
        text: *mut *mut c_char,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_rules_free(rules: *mut speciesnet_rules);
    pub fn speciesnet_predictions_count(predictions: *const speciesnet_predictions) -> usize;
    pub fn speciesnet_predictions_at(
        predictions: *const speciesnet_predictions,
        index: usize,
    ) -> *const speciesnet_prediction;
    pub fn speciesnet_predictions_free(predictions: *mut speciesnet_predictions);
    pub fn speciesnet_prediction_filepath(
        prediction: *const speciesnet_prediction,
    ) -> *const c_char;
    pub fn speciesnet_prediction_failures(prediction: *const speciesnet_prediction) -> i32;
    pub fn speciesnet_prediction_failure_reason(
        prediction: *const speciesnet_prediction,
    ) -> *const c_char;
    pub fn speciesnet_prediction_truncated(prediction: *const speciesnet_prediction) -> i32;
    pub fn speciesnet_prediction_model_version(
        prediction: *const speciesnet_prediction,
    ) -> *const c_char;
    pub fn speciesnet_prediction_location(
        prediction: *const speciesnet_prediction,
        location: *mut speciesnet_location,
        size: usize,
    );
    pub fn speciesnet_prediction_detections(
        prediction: *const speciesnet_prediction,
    ) -> *const speciesnet_detection;
    pub fn speciesnet_prediction_detection_count(prediction: *const speciesnet_prediction)
        -> usize;
    pub fn speciesnet_prediction_classes(
        prediction: *const speciesnet_prediction,
        detection: usize,
        count: *mut usize,
    ) -> *const speciesnet_scored_label;
    pub fn speciesnet_prediction_targets(
        prediction: *const speciesnet_prediction,
        detection: usize,
        count: *mut usize,
    ) -> *const speciesnet_scored_label;
    pub fn speciesnet_prediction_answer(
        prediction: *const speciesnet_prediction,
        detection: usize,
    ) -> *const speciesnet_answer;
    pub fn speciesnet_prediction_image_answer(
        prediction: *const speciesnet_prediction,
    ) -> *const speciesnet_answer;
    pub fn speciesnet_json_options_init(options: *mut speciesnet_json_options, size: usize);
    pub fn speciesnet_predictions_to_json(
        predictions: *const speciesnet_predictions,
        options: *const speciesnet_json_options,
        text: *mut *mut c_char,
        length: *mut usize,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_predictions_from_json(
        text: *const c_char,
        length: usize,
        predictions: *mut *mut speciesnet_predictions,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_combine_options_init(options: *mut speciesnet_combine_options, size: usize);
    pub fn speciesnet_rules_combine_past_runs(
        rules: *const speciesnet_rules,
        instances: *const speciesnet_instance,
        count: usize,
        classifications: *const speciesnet_predictions,
        detections: *const speciesnet_predictions,
        options: *const speciesnet_combine_options,
        predictions: *mut *mut speciesnet_predictions,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_model_default_name() -> *const c_char;
    pub fn speciesnet_compile_options_init(options: *mut speciesnet_compile_options, size: usize);
    pub fn speciesnet_fetch_options_init(options: *mut speciesnet_fetch_options, size: usize);
    pub fn speciesnet_model_resolve(
        name: *const c_char,
        options: *const speciesnet_fetch_options,
        text: *mut *mut c_char,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_model_export(
        published: *const c_char,
        output: *const c_char,
        progress: speciesnet_file_callback,
        user_data: *mut c_void,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;

    /// The name of [`speciesnet_model_export`] before ABI 1.2.
    pub fn speciesnet_model_compile(
        folder: *const c_char,
        options: *const speciesnet_compile_options,
        progress: speciesnet_file_callback,
        user_data: *mut c_void,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_model_verify(
        folder: *const c_char,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_model_remove(
        name: *const c_char,
        cache: *const c_char,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_model_list_new(
        cache: *const c_char,
        list: *mut *mut speciesnet_model_list,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_model_list_count(list: *const speciesnet_model_list) -> usize;
    pub fn speciesnet_model_list_name(
        list: *const speciesnet_model_list,
        index: usize,
    ) -> *const c_char;
    pub fn speciesnet_model_list_folder(
        list: *const speciesnet_model_list,
        index: usize,
    ) -> *const c_char;
    pub fn speciesnet_model_list_bytes(list: *const speciesnet_model_list, index: usize) -> u64;
    pub fn speciesnet_model_list_free(list: *mut speciesnet_model_list);
    pub fn speciesnet_geolocator_new(
        geolocator: *mut *mut speciesnet_geolocator,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_geolocator_admin1_region(
        geolocator: *const speciesnet_geolocator,
        location: *const speciesnet_location,
        text: *mut *mut c_char,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_geolocator_country(
        geolocator: *const speciesnet_geolocator,
        latitude: c_double,
        longitude: c_double,
        text: *mut *mut c_char,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_geolocator_free(geolocator: *mut speciesnet_geolocator);
    pub fn speciesnet_load_options_init(options: *mut speciesnet_load_options, size: usize);
    pub fn speciesnet_ensemble_load(
        model: *const c_char,
        options: *const speciesnet_load_options,
        ensemble: *mut *mut speciesnet_ensemble,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_ensemble_load_files(
        read: speciesnet_read_callback,
        user_data: *mut c_void,
        options: *const speciesnet_load_options,
        ensemble: *mut *mut speciesnet_ensemble,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_ensemble_free(ensemble: *mut speciesnet_ensemble);
    pub fn speciesnet_ensemble_model_version(ensemble: *const speciesnet_ensemble)
        -> *const c_char;
    pub fn speciesnet_ensemble_model_type(ensemble: *const speciesnet_ensemble) -> i32;
    pub fn speciesnet_ensemble_is_demo(ensemble: *const speciesnet_ensemble) -> i32;
    pub fn speciesnet_ensemble_description(ensemble: *const speciesnet_ensemble) -> *const c_char;
    pub fn speciesnet_ensemble_threads(ensemble: *const speciesnet_ensemble) -> i32;
    pub fn speciesnet_ensemble_precision(ensemble: *const speciesnet_ensemble) -> i32;
    pub fn speciesnet_ensemble_label_count(ensemble: *const speciesnet_ensemble) -> usize;
    pub fn speciesnet_ensemble_label(
        ensemble: *const speciesnet_ensemble,
        index: usize,
    ) -> *const c_char;
    pub fn speciesnet_ensemble_rules(
        ensemble: *const speciesnet_ensemble,
    ) -> *const speciesnet_rules;
    pub fn speciesnet_ensemble_with_rules(
        ensemble: *const speciesnet_ensemble,
        rules: *const speciesnet_rules,
        result: *mut *mut speciesnet_ensemble,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_ensemble_detect(
        ensemble: *const speciesnet_ensemble,
        image: *const speciesnet_image,
        predictions: *mut *mut speciesnet_predictions,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_ensemble_classify(
        ensemble: *const speciesnet_ensemble,
        image: *const speciesnet_image,
        detections: *const speciesnet_detection,
        count: usize,
        top: usize,
        predictions: *mut *mut speciesnet_predictions,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_predict_options_init(options: *mut speciesnet_predict_options, size: usize);
    pub fn speciesnet_ensemble_predict(
        ensemble: *const speciesnet_ensemble,
        instances: *const speciesnet_instance,
        count: usize,
        options: *const speciesnet_predict_options,
        predictions: *mut *mut speciesnet_predictions,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_ensemble_predict_each(
        ensemble: *const speciesnet_ensemble,
        instances: *const speciesnet_instance,
        count: usize,
        options: *const speciesnet_predict_options,
        receive: speciesnet_prediction_callback,
        user_data: *mut c_void,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_ensemble_submit(
        ensemble: *mut speciesnet_ensemble,
        instances: *const speciesnet_instance,
        count: usize,
        options: *const speciesnet_predict_options,
        done: speciesnet_job_callback,
        user_data: *mut c_void,
        job: *mut *mut speciesnet_job,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_job_wait(
        job: *mut speciesnet_job,
        seconds: c_double,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_job_cancel(job: *mut speciesnet_job);
    pub fn speciesnet_job_take(
        job: *mut speciesnet_job,
        predictions: *mut *mut speciesnet_predictions,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_job_free(job: *mut speciesnet_job);
}
