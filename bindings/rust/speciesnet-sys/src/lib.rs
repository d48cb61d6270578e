//! `speciesnet.h` in Rust, function by function. What each does, and who owns what, is written there.
#![allow(non_camel_case_types)]

use std::ffi::{c_char, c_double, c_void};

pub type speciesnet_status = i32;

pub const SPECIESNET_ABI_MAJOR: u32 = 1;
pub const SPECIESNET_ABI_MINOR: u32 = 0;

pub const SPECIESNET_OK: speciesnet_status = 0;
pub const SPECIESNET_INVALID_ARGUMENT: speciesnet_status = 1;
pub const SPECIESNET_CANCELLED: speciesnet_status = 2;
pub const SPECIESNET_OUT_OF_MEMORY: speciesnet_status = 3;
pub const SPECIESNET_INTERNAL: speciesnet_status = 4;
pub const SPECIESNET_QUEUE_FULL: speciesnet_status = 60;
pub const SPECIESNET_NOT_FINISHED: speciesnet_status = 61;

pub const SPECIESNET_ALL: usize = usize::MAX;
pub const SPECIESNET_ALL_CORES: i32 = -1;
pub const SPECIESNET_SHORTEST: i32 = -1;
pub const SPECIESNET_MESSAGE_SIZE: usize = 504;

/// Declares opaque handles: never made, copied, moved or sent by Rust.
macro_rules! handles {
    ($($name:ident),*) => {$(
        #[repr(C)]
        pub struct $name {
            _private: [u8; 0],
            _marker: std::marker::PhantomData<(*mut u8, std::marker::PhantomPinned)>,
        }
    )*};
}
handles!(
    speciesnet_image,
    speciesnet_answer,
    speciesnet_rules,
    speciesnet_predictions,
    speciesnet_prediction,
    speciesnet_ensemble,
    speciesnet_job
);

#[repr(C)]
pub struct speciesnet_error {
    pub status: speciesnet_status,
    pub reserved: i32,
    pub message: [c_char; SPECIESNET_MESSAGE_SIZE],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_decode_limits {
    pub size: usize,
    pub max_bytes: u64,
    pub max_pixels: u64,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct speciesnet_media_info {
    pub r#type: i32,
    pub width: i32,
    pub height: i32,
    pub reserved: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_location {
    pub size: usize,
    pub country: *const c_char,
    pub admin1_region: *const c_char,
    pub latitude: c_double,
    pub longitude: c_double,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_instance {
    pub size: usize,
    pub filepath: *const c_char,
    pub image: *const speciesnet_image,
    pub location: *const speciesnet_location,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_detection {
    pub category: i32,
    pub reserved: i32,
    pub conf: c_double,
    pub bbox: [c_double; 4],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_scored_label {
    pub label: *const c_char,
    pub score: c_double,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_json_options {
    pub size: usize,
    pub format: i32,
    pub stage: i32,
    pub decimals: i32,
    pub indent: i32,
}

pub type speciesnet_log_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, message: *const c_char)>;
pub type speciesnet_progress_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, done: usize, total: usize) -> i32>;
pub type speciesnet_release_callback = Option<unsafe extern "C" fn(user_data: *mut c_void)>;
pub type speciesnet_job_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, job: *mut speciesnet_job)>;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_load_options {
    pub size: usize,
    pub components: i32,
    pub threads: i32,
    pub geofencing: i32,
    pub max_jobs: i32,
    pub target_species: *const *const c_char,
    pub target_species_count: usize,
    pub log: speciesnet_log_callback,
    pub log_user_data: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_predict_options {
    pub size: usize,
    pub format: i32,
    pub reserved: i32,
    pub detection_threshold: c_double,
    pub max_classifications_per_image: usize,
    pub max_classifications_per_detection: usize,
    pub progress: speciesnet_progress_callback,
    pub progress_user_data: *mut c_void,
}

extern "C" {
    pub fn speciesnet_abi_version() -> u32;
    pub fn speciesnet_version() -> *const c_char;
    pub fn speciesnet_build_information() -> *const c_char;
    pub fn speciesnet_text_free(text: *mut c_char);

    pub fn speciesnet_image_decode(
        bytes: *const c_void,
        length: usize,
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
    pub fn speciesnet_image_pixels(image: *const speciesnet_image) -> *const u8;
    pub fn speciesnet_image_free(image: *mut speciesnet_image);

    pub fn speciesnet_location_init(location: *mut speciesnet_location, size: usize);
    pub fn speciesnet_instance_init(instance: *mut speciesnet_instance, size: usize);
    pub fn speciesnet_json_options_init(options: *mut speciesnet_json_options, size: usize);
    pub fn speciesnet_load_options_init(options: *mut speciesnet_load_options, size: usize);
    pub fn speciesnet_predict_options_init(options: *mut speciesnet_predict_options, size: usize);

    pub fn speciesnet_label_short_name(
        label: *const c_char,
        text: *mut *mut c_char,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;

    pub fn speciesnet_answer_label(answer: *const speciesnet_answer) -> *const c_char;
    pub fn speciesnet_answer_score(answer: *const speciesnet_answer) -> c_double;
    pub fn speciesnet_answer_source(answer: *const speciesnet_answer) -> *const c_char;
    pub fn speciesnet_answer_free(answer: *mut speciesnet_answer);

    pub fn speciesnet_rules_new(
        taxonomy: *const c_char,
        taxonomy_length: usize,
        geofence: *const c_char,
        geofence_length: usize,
        geofencing: i32,
        rules: *mut *mut speciesnet_rules,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_rules_combine(
        rules: *const speciesnet_rules,
        classes: *const *const c_char,
        scores: *const c_double,
        count: usize,
        detection: *const speciesnet_detection,
        location: *const speciesnet_location,
        answer: *mut *mut speciesnet_answer,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_rules_free(rules: *mut speciesnet_rules);

    pub fn speciesnet_predictions_count(predictions: *const speciesnet_predictions) -> usize;
    pub fn speciesnet_predictions_at(
        predictions: *const speciesnet_predictions,
        index: usize,
    ) -> *const speciesnet_prediction;
    pub fn speciesnet_predictions_free(predictions: *mut speciesnet_predictions);
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
    pub fn speciesnet_prediction_filepath(p: *const speciesnet_prediction) -> *const c_char;
    pub fn speciesnet_prediction_failures(p: *const speciesnet_prediction) -> i32;
    pub fn speciesnet_prediction_failure_reason(p: *const speciesnet_prediction) -> *const c_char;
    pub fn speciesnet_prediction_model_version(p: *const speciesnet_prediction) -> *const c_char;
    pub fn speciesnet_prediction_detections(
        p: *const speciesnet_prediction,
    ) -> *const speciesnet_detection;
    pub fn speciesnet_prediction_detection_count(p: *const speciesnet_prediction) -> usize;
    pub fn speciesnet_prediction_classes(
        p: *const speciesnet_prediction,
        detection: usize,
        count: *mut usize,
    ) -> *const speciesnet_scored_label;
    pub fn speciesnet_prediction_answer(
        p: *const speciesnet_prediction,
        detection: usize,
    ) -> *const speciesnet_answer;
    pub fn speciesnet_prediction_image_answer(
        p: *const speciesnet_prediction,
    ) -> *const speciesnet_answer;

    pub fn speciesnet_ensemble_load(
        model: *const c_char,
        options: *const speciesnet_load_options,
        ensemble: *mut *mut speciesnet_ensemble,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_ensemble_free(ensemble: *mut speciesnet_ensemble);
    pub fn speciesnet_ensemble_model_version(e: *const speciesnet_ensemble) -> *const c_char;
    pub fn speciesnet_ensemble_is_demo(e: *const speciesnet_ensemble) -> i32;
    pub fn speciesnet_ensemble_label_count(e: *const speciesnet_ensemble) -> usize;
    pub fn speciesnet_ensemble_label(e: *const speciesnet_ensemble, index: usize) -> *const c_char;
    pub fn speciesnet_ensemble_detect(
        ensemble: *const speciesnet_ensemble,
        image: *const speciesnet_image,
        predictions: *mut *mut speciesnet_predictions,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
    pub fn speciesnet_ensemble_predict(
        ensemble: *const speciesnet_ensemble,
        instances: *const speciesnet_instance,
        count: usize,
        options: *const speciesnet_predict_options,
        predictions: *mut *mut speciesnet_predictions,
        error: *mut speciesnet_error,
    ) -> speciesnet_status;
}
