// SPDX-License-Identifier: Apache-2.0
//! Handles, structs and callbacks of `speciesnet.h`.

use crate::SPECIESNET_MESSAGE_SIZE;
use std::ffi::{c_char, c_double, c_void};

pub type speciesnet_status = i32;
pub type speciesnet_components = i32;
pub type speciesnet_precision = i32;
pub type speciesnet_log_level = i32;
pub type speciesnet_model_type = i32;
pub type speciesnet_category = i32;
pub type speciesnet_format = i32;
pub type speciesnet_failures = i32;
pub type speciesnet_blocked_by = i32;
pub type speciesnet_level = i32;
pub type speciesnet_media_type = i32;
pub type speciesnet_unknown_taxa = i32;
pub type speciesnet_stage = i32;

/// Declares opaque handles, which Rust cannot create, copy, move or send.
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
    speciesnet_model_list,
    speciesnet_geolocator,
    speciesnet_ensemble,
    speciesnet_job
);

pub type speciesnet_release_callback = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

pub type speciesnet_download_callback = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        file: *const c_char,
        bytes: u64,
        total: u64,
    ) -> i32,
>;

pub type speciesnet_file_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, file: *const c_char) -> i32>;

pub type speciesnet_read_callback = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        file: *const c_char,
        bytes: *mut *const c_void,
        length: *mut usize,
    ) -> i32,
>;

pub type speciesnet_log_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, message: *const c_char)>;

pub type speciesnet_progress_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, done: usize, total: usize) -> i32>;

pub type speciesnet_prediction_callback = Option<
    unsafe extern "C" fn(user_data: *mut c_void, predictions: *mut speciesnet_predictions) -> i32,
>;

pub type speciesnet_job_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, job: *mut speciesnet_job)>;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_error {
    pub status: speciesnet_status,
    pub reserved: i32,
    pub message: [c_char; SPECIESNET_MESSAGE_SIZE],
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
    pub station: *const c_char,
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
pub struct speciesnet_instance {
    pub size: usize,
    pub filepath: *const c_char,
    pub image: *const speciesnet_image,
    pub location: *const speciesnet_location,
    pub detections: *const speciesnet_detection,
    pub detection_count: usize,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_scored_label {
    pub label: *const c_char,
    pub score: c_double,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_rollup_sum {
    pub label: *const c_char,
    pub score: c_double,
    pub blocked_by: i32,
    pub reserved: i32,
    pub blocked_by_entry: *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_rollup_step {
    pub level: i32,
    pub reached: i32,
    pub threshold: c_double,
    pub sums: *const speciesnet_rollup_sum,
    pub sum_count: usize,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_explanation {
    pub rule: *const c_char,
    pub reason: *const c_char,
    pub detection_category: i32,
    pub blocked_by: i32,
    pub detection_conf: c_double,
    pub blocked_by_entry: *const c_char,
    pub allowed_by_entry: *const c_char,
    pub classes: *const speciesnet_scored_label,
    pub class_count: usize,
    pub rollup: *const speciesnet_rollup_step,
    pub rollup_count: usize,
}

// <options rust-sys> by scripts/generate_options
#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_load_options {
    pub size: usize,
    pub components: speciesnet_components,
    pub threads: i32,
    pub precision: speciesnet_precision,
    pub geofence: i32,
    pub offline: i32,
    pub max_jobs: i32,
    pub device: *const c_char,
    pub target_species: *const *const c_char,
    pub target_species_count: usize,
    pub log: speciesnet_log_callback,
    pub log_user_data: *mut c_void,
    pub progress: speciesnet_progress_callback,
    pub progress_user_data: *mut c_void,
    pub detector: *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_predict_options {
    pub size: usize,
    pub format: speciesnet_format,
    pub explain: i32,
    pub detection_threshold: c_double,
    pub classification_threshold: c_double,
    pub max_classifications_per_image: usize,
    pub max_classifications_per_detection: usize,
    pub batch_size: usize,
    pub decoding_threads: i32,
    pub coordinates_from_exif: i32,
    pub country_from_coordinates: i32,
    pub places_as_given: i32,
    pub progress: speciesnet_progress_callback,
    pub progress_user_data: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_combine_options {
    pub size: usize,
    pub max_classifications_per_detection: usize,
    pub explain: i32,
    pub coordinates_from_exif: i32,
    pub country_from_coordinates: i32,
    pub places_as_given: i32,
    pub model_version: *const c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_json_options {
    pub size: usize,
    pub format: speciesnet_format,
    pub stage: speciesnet_stage,
    pub decimals: i32,
    pub indent: i32,
    pub failure_reasons: i32,
    pub reserved: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_fetch_options {
    pub size: usize,
    pub cache: *const c_char,
    pub offline: i32,
    pub newest: i32,
    pub force: i32,
    pub networks: i32,
    pub retries: i32,
    pub stall_seconds: i32,
    pub max_bytes: u64,
    pub progress: speciesnet_download_callback,
    pub progress_user_data: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_compile_options {
    pub size: usize,
    pub precision: speciesnet_precision,
    pub threads: i32,
    pub target: *const c_char,
    pub calibration_photos: *const *const c_char,
    pub calibration_photos_count: usize,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct speciesnet_decode_limits {
    pub size: usize,
    pub max_bytes: u64,
    pub max_pixels: u64,
    pub max_work: u64,
    pub max_memory: u64,
    pub max_milliseconds: u64,
}
// </options>
