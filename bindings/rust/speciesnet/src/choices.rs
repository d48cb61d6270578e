// SPDX-License-Identifier: Apache-2.0
// Written by scripts/generate_options from options/options.toml: change the table.
//! Choices, as Rust has them and as C takes them.

// The table's texts are those of every language, and so are its many yes-or-no options.
#![allow(clippy::doc_markdown, clippy::struct_excessive_bools)]

use crate::options::{to_maximum, Components, Log, Precision};
use crate::prediction::{Format, Stage};
use speciesnet_sys as sys;
use std::path::PathBuf;
use std::ptr::{null, null_mut};

/// Options for loading a model package.
#[derive(Clone)]
#[non_exhaustive]
pub struct LoadOptions {
    /// Parts of the package to load; Components::All by default.
    pub components: Components,
    /// Number of threads for the networks; 0 for one per core; 0 to 1024, 0 by default.
    pub threads: u16,
    /// Precision of the networks: fp32 (the reference's answers), bf16 or int8 (faster, different
    /// answers; requires CPU support), or auto (bf16 if the CPU supports it, else fp32);
    /// Precision::Float32 by default.
    pub precision: Precision,
    /// Whether to exclude species that do not live at the photo's location; true by default.
    pub geofence: bool,
    /// Whether to fail instead of downloading a model that is not on this machine; false by
    /// default. Environment variable SPECIESNET_OFFLINE=1 does the same.
    pub offline: bool,
    /// Maximum number of queued background jobs; 1 to 65535, 1_024 by default.
    pub max_jobs: u16,
    /// Device that runs the networks: cpu, cuda or cuda:N; CUDA requires a LibTorch built for it;
    /// "cpu" by default.
    pub device: String,
    /// Labels whose logits are reported with each classification; None for none. Labels that the
    /// classifier does not have are ignored, as in the reference.
    pub target_species: Option<Vec<String>>,
    /// Receives log messages; must outlive the ensemble.
    pub log: Option<Log>,
    /// Detector file that replaces the model's own, such as a release of MegaDetector; None for the
    /// model's own.
    pub detector: Option<PathBuf>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            components: Components::All,
            threads: 0,
            precision: Precision::Float32,
            geofence: true,
            offline: false,
            max_jobs: 1_024,
            device: "cpu".to_owned(),
            target_species: None,
            log: None,
            detector: None,
        }
    }
}

impl LoadOptions {
    /// Sets `components`.
    #[must_use]
    pub fn with_components(mut self, components: Components) -> Self {
        self.components = components;
        self
    }

    /// Sets `threads`.
    #[must_use]
    pub fn with_threads(mut self, threads: u16) -> Self {
        self.threads = threads;
        self
    }

    /// Sets `precision`.
    #[must_use]
    pub fn with_precision(mut self, precision: Precision) -> Self {
        self.precision = precision;
        self
    }

    /// Sets `geofence`.
    #[must_use]
    pub fn with_geofence(mut self, geofence: bool) -> Self {
        self.geofence = geofence;
        self
    }

    /// Sets `offline`.
    #[must_use]
    pub fn with_offline(mut self, offline: bool) -> Self {
        self.offline = offline;
        self
    }

    /// Sets `max_jobs`.
    #[must_use]
    pub fn with_max_jobs(mut self, max_jobs: u16) -> Self {
        self.max_jobs = max_jobs;
        self
    }

    /// Sets `device`.
    #[must_use]
    pub fn with_device(mut self, device: impl Into<String>) -> Self {
        self.device = device.into();
        self
    }

    /// Sets `target_species`.
    #[must_use]
    pub fn with_target_species(mut self, target_species: Option<Vec<String>>) -> Self {
        self.target_species = target_species;
        self
    }

    /// Sets `log`.
    #[must_use]
    pub fn with_log(mut self, log: Option<Log>) -> Self {
        self.log = log;
        self
    }

    /// Sets `detector`.
    #[must_use]
    pub fn with_detector(mut self, detector: Option<PathBuf>) -> Self {
        self.detector = detector;
        self
    }

    /// Without texts and callbacks.
    pub(crate) fn to_c(&self) -> sys::speciesnet_load_options {
        sys::speciesnet_load_options {
            size: std::mem::size_of::<sys::speciesnet_load_options>(),
            components: self.components.number(),
            threads: self.threads.into(),
            precision: self.precision.number(),
            geofence: self.geofence.into(),
            offline: self.offline.into(),
            max_jobs: self.max_jobs.into(),
            device: null(),
            target_species: null(),
            target_species_count: 0,
            log: None,
            log_user_data: null_mut(),
            progress: None,
            progress_user_data: null_mut(),
            detector: null(),
        }
    }
}

/// Options for prediction. The defaults are those of the reference.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct PredictOptions {
    /// Unit of an answer: each detection of sufficient confidence (speciesnet 5.0.6), or the image
    /// (5.0.5); Format::PerDetection by default.
    pub format: Format,
    /// Whether to add an explanation to each answer; false by default.
    pub explain: bool,
    /// Minimum confidence of reported detections; 0.01 to 1, 0.01 by default. Detections passed in
    /// with an instance are reported at any confidence.
    pub detection_threshold: f64,
    /// Minimum confidence of detections that are classified separately; 0 to 1, 0.1 by default.
    pub classification_threshold: f64,
    /// Maximum number of detections to classify per image, in order of confidence; None for all.
    pub max_classifications_per_image: Option<usize>,
    /// Number of classes to report for each detection; None for all, Some(2) by default. The rules
    /// always use five.
    pub max_classifications_per_detection: Option<usize>,
    /// Number of photos whose crops are classified in one batch; 1 to 1024, 1 by default. Larger
    /// batches may be faster; they change scores by rounding.
    pub batch_size: usize,
    /// Number of photos to read and decode in parallel, ahead of the networks; 1 to 1024, 2 by
    /// default. Twice as many decoded photos, but at least 4, are buffered in memory.
    pub decoding_threads: u16,
    /// Whether to read missing coordinates from the photo's GPS fields; false by default.
    pub coordinates_from_exif: bool,
    /// Whether to derive a missing country from the coordinates: that of the nearest place of 1,000
    /// inhabitants; false by default.
    pub country_from_coordinates: bool,
    /// Whether to use country and region literally, as the reference does; false by default. A
    /// country that no geofence names, such as "ken", then excludes every animal that has a list of
    /// countries. Otherwise alpha-2 and alpha-3 codes and English names are accepted in any case,
    /// and unknown countries are errors.
    pub places_as_given: bool,
}

impl Default for PredictOptions {
    fn default() -> Self {
        Self {
            format: Format::PerDetection,
            explain: false,
            detection_threshold: 0.01,
            classification_threshold: 0.1,
            max_classifications_per_image: None,
            max_classifications_per_detection: Some(2),
            batch_size: 1,
            decoding_threads: 2,
            coordinates_from_exif: false,
            country_from_coordinates: false,
            places_as_given: false,
        }
    }
}

impl PredictOptions {
    /// Sets `format`.
    #[must_use]
    pub fn with_format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Sets `explain`.
    #[must_use]
    pub fn with_explain(mut self, explain: bool) -> Self {
        self.explain = explain;
        self
    }

    /// Sets `detection_threshold`.
    #[must_use]
    pub fn with_detection_threshold(mut self, detection_threshold: f64) -> Self {
        self.detection_threshold = detection_threshold;
        self
    }

    /// Sets `classification_threshold`.
    #[must_use]
    pub fn with_classification_threshold(mut self, classification_threshold: f64) -> Self {
        self.classification_threshold = classification_threshold;
        self
    }

    /// Sets `max_classifications_per_image`.
    #[must_use]
    pub fn with_max_classifications_per_image(
        mut self,
        max_classifications_per_image: Option<usize>,
    ) -> Self {
        self.max_classifications_per_image = max_classifications_per_image;
        self
    }

    /// Sets `max_classifications_per_detection`.
    #[must_use]
    pub fn with_max_classifications_per_detection(
        mut self,
        max_classifications_per_detection: Option<usize>,
    ) -> Self {
        self.max_classifications_per_detection = max_classifications_per_detection;
        self
    }

    /// Sets `batch_size`.
    #[must_use]
    pub fn with_batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// Sets `decoding_threads`.
    #[must_use]
    pub fn with_decoding_threads(mut self, decoding_threads: u16) -> Self {
        self.decoding_threads = decoding_threads;
        self
    }

    /// Sets `coordinates_from_exif`.
    #[must_use]
    pub fn with_coordinates_from_exif(mut self, coordinates_from_exif: bool) -> Self {
        self.coordinates_from_exif = coordinates_from_exif;
        self
    }

    /// Sets `country_from_coordinates`.
    #[must_use]
    pub fn with_country_from_coordinates(mut self, country_from_coordinates: bool) -> Self {
        self.country_from_coordinates = country_from_coordinates;
        self
    }

    /// Sets `places_as_given`.
    #[must_use]
    pub fn with_places_as_given(mut self, places_as_given: bool) -> Self {
        self.places_as_given = places_as_given;
        self
    }

    /// Without texts and callbacks.
    pub(crate) fn to_c(self) -> sys::speciesnet_predict_options {
        sys::speciesnet_predict_options {
            size: std::mem::size_of::<sys::speciesnet_predict_options>(),
            format: self.format.number(),
            explain: self.explain.into(),
            detection_threshold: self.detection_threshold,
            classification_threshold: self.classification_threshold,
            max_classifications_per_image: to_maximum(self.max_classifications_per_image),
            max_classifications_per_detection: to_maximum(self.max_classifications_per_detection),
            batch_size: self.batch_size,
            decoding_threads: self.decoding_threads.into(),
            coordinates_from_exif: self.coordinates_from_exif.into(),
            country_from_coordinates: self.country_from_coordinates.into(),
            places_as_given: self.places_as_given.into(),
            progress: None,
            progress_user_data: null_mut(),
        }
    }
}

/// Options for combining the results of earlier runs into predictions.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CombineOptions {
    /// Number of classes to report for each detection; None for all, Some(2) by default. The rules
    /// always use five.
    pub max_classifications_per_detection: Option<usize>,
    /// Whether to add an explanation to each answer; false by default.
    pub explain: bool,
    /// Whether to read missing coordinates from the photo's GPS fields; false by default.
    pub coordinates_from_exif: bool,
    /// Whether to derive a missing country from the coordinates; false by default.
    pub country_from_coordinates: bool,
    /// Whether to use country and region literally, as the reference does; false by default.
    pub places_as_given: bool,
    /// Model version to store in the predictions.
    pub model_version: String,
}

impl Default for CombineOptions {
    fn default() -> Self {
        Self {
            max_classifications_per_detection: Some(2),
            explain: false,
            coordinates_from_exif: false,
            country_from_coordinates: false,
            places_as_given: false,
            model_version: String::new(),
        }
    }
}

impl CombineOptions {
    /// Sets `max_classifications_per_detection`.
    #[must_use]
    pub fn with_max_classifications_per_detection(
        mut self,
        max_classifications_per_detection: Option<usize>,
    ) -> Self {
        self.max_classifications_per_detection = max_classifications_per_detection;
        self
    }

    /// Sets `explain`.
    #[must_use]
    pub fn with_explain(mut self, explain: bool) -> Self {
        self.explain = explain;
        self
    }

    /// Sets `coordinates_from_exif`.
    #[must_use]
    pub fn with_coordinates_from_exif(mut self, coordinates_from_exif: bool) -> Self {
        self.coordinates_from_exif = coordinates_from_exif;
        self
    }

    /// Sets `country_from_coordinates`.
    #[must_use]
    pub fn with_country_from_coordinates(mut self, country_from_coordinates: bool) -> Self {
        self.country_from_coordinates = country_from_coordinates;
        self
    }

    /// Sets `places_as_given`.
    #[must_use]
    pub fn with_places_as_given(mut self, places_as_given: bool) -> Self {
        self.places_as_given = places_as_given;
        self
    }

    /// Sets `model_version`.
    #[must_use]
    pub fn with_model_version(mut self, model_version: impl Into<String>) -> Self {
        self.model_version = model_version.into();
        self
    }

    /// Without texts and callbacks.
    pub(crate) fn to_c(&self) -> sys::speciesnet_combine_options {
        sys::speciesnet_combine_options {
            size: std::mem::size_of::<sys::speciesnet_combine_options>(),
            max_classifications_per_detection: to_maximum(self.max_classifications_per_detection),
            explain: self.explain.into(),
            coordinates_from_exif: self.coordinates_from_exif.into(),
            country_from_coordinates: self.country_from_coordinates.into(),
            places_as_given: self.places_as_given.into(),
            model_version: null(),
        }
    }
}

/// Options for writing predictions as JSON.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct JsonOptions {
    /// Format of the document: that of speciesnet 5.0.6, or of 5.0.5 and earlier;
    /// Format::PerDetection by default.
    pub format: Format,
    /// Stage that produced the document; determines its fields; Stage::Ensemble by default.
    pub stage: Stage,
    /// Number of decimals of all numbers; the reference saves files with 4; None for as many as it
    /// takes to read the same number back.
    pub decimals: Option<u8>,
    /// Spaces per level; 0 for one line; 0 to 16, 1 by default.
    pub indent: u8,
    /// Whether to write the reason of a failure, as "failure_reason"; false by default.
    pub failure_reasons: bool,
}

impl Default for JsonOptions {
    fn default() -> Self {
        Self {
            format: Format::PerDetection,
            stage: Stage::Ensemble,
            decimals: None,
            indent: 1,
            failure_reasons: false,
        }
    }
}

impl JsonOptions {
    /// Sets `format`.
    #[must_use]
    pub fn with_format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Sets `stage`.
    #[must_use]
    pub fn with_stage(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// Sets `decimals`.
    #[must_use]
    pub fn with_decimals(mut self, decimals: Option<u8>) -> Self {
        self.decimals = decimals;
        self
    }

    /// Sets `indent`.
    #[must_use]
    pub fn with_indent(mut self, indent: u8) -> Self {
        self.indent = indent;
        self
    }

    /// Sets `failure_reasons`.
    #[must_use]
    pub fn with_failure_reasons(mut self, failure_reasons: bool) -> Self {
        self.failure_reasons = failure_reasons;
        self
    }

    /// Without texts and callbacks.
    pub(crate) fn to_c(self) -> sys::speciesnet_json_options {
        sys::speciesnet_json_options {
            size: std::mem::size_of::<sys::speciesnet_json_options>(),
            format: self.format.number(),
            stage: self.stage.number(),
            decimals: self.decimals.map_or(sys::SPECIESNET_SHORTEST, i32::from),
            indent: self.indent.into(),
            failure_reasons: self.failure_reasons.into(),
            reserved: 0,
        }
    }
}

/// Options for downloading a model.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FetchOptions {
    /// Folder of downloaded models; None for the user's. Default: $SPECIESNET_CACHE, else
    /// $XDG_CACHE_HOME/speciesnet, else ~/.cache/speciesnet.
    pub cache: Option<PathBuf>,
    /// Whether to fail instead of using the network: models that are not in the cache are errors;
    /// false by default. Environment variable SPECIESNET_OFFLINE=1 does the same.
    pub offline: bool,
    /// Whether to query the hub for the newest version if the name has none; false by default.
    /// Otherwise the hub is queried only if no version is in the cache.
    pub newest: bool,
    /// Whether to download the model even if it is in the cache, and replace it when the new
    /// package is complete; false by default. Has no effect on folders.
    pub force: bool,
    /// Whether the networks are required; true by default. If not, their files may be absent from a
    /// folder; rules and past runs need none. Downloads are always complete.
    pub networks: bool,
    /// Maximum number of consecutive retries without receiving a byte, with increasing pauses; 0 to
    /// 1000, 4 by default. A download that makes progress is retried without limit.
    pub retries: u16,
    /// Time after which a connection slower than 1 KiB per second is closed; 1 to 3600, 30 by
    /// default.
    pub stall_seconds: u16,
    /// Maximum size in bytes of a download, and of a package; 8_589_934_592 by default.
    pub max_bytes: u64,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            cache: None,
            offline: false,
            newest: false,
            force: false,
            networks: true,
            retries: 4,
            stall_seconds: 30,
            max_bytes: 8_589_934_592,
        }
    }
}

impl FetchOptions {
    /// Sets `cache`.
    #[must_use]
    pub fn with_cache(mut self, cache: Option<PathBuf>) -> Self {
        self.cache = cache;
        self
    }

    /// Sets `offline`.
    #[must_use]
    pub fn with_offline(mut self, offline: bool) -> Self {
        self.offline = offline;
        self
    }

    /// Sets `newest`.
    #[must_use]
    pub fn with_newest(mut self, newest: bool) -> Self {
        self.newest = newest;
        self
    }

    /// Sets `force`.
    #[must_use]
    pub fn with_force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// Sets `networks`.
    #[must_use]
    pub fn with_networks(mut self, networks: bool) -> Self {
        self.networks = networks;
        self
    }

    /// Sets `retries`.
    #[must_use]
    pub fn with_retries(mut self, retries: u16) -> Self {
        self.retries = retries;
        self
    }

    /// Sets `stall_seconds`.
    #[must_use]
    pub fn with_stall_seconds(mut self, stall_seconds: u16) -> Self {
        self.stall_seconds = stall_seconds;
        self
    }

    /// Sets `max_bytes`.
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// Without texts and callbacks.
    pub(crate) fn to_c(&self) -> sys::speciesnet_fetch_options {
        sys::speciesnet_fetch_options {
            size: std::mem::size_of::<sys::speciesnet_fetch_options>(),
            cache: null(),
            offline: self.offline.into(),
            newest: self.newest.into(),
            force: self.force.into(),
            networks: self.networks.into(),
            retries: self.retries.into(),
            stall_seconds: self.stall_seconds.into(),
            max_bytes: self.max_bytes,
            progress: None,
            progress_user_data: null_mut(),
        }
    }
}

/// Limits on the cost of decoding an image, checked before decoding: from the header, and by
/// counting scans, strips and tiles.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DecodeLimits {
    /// Maximum encoded size in bytes; 536_870_912 by default.
    pub max_bytes: u64,
    /// Maximum width × height; 178_956_970 by default. The default is the limit at which Pillow,
    /// the reference's decoder, raises DecompressionBombError: twice its MAX_IMAGE_PIXELS of
    /// 89,478,485.
    pub max_pixels: u64,
    /// Maximum work, in units of about a nanosecond of one core; 60_000_000_000 by default. A pixel
    /// takes about 10 units, and 3 more for each scan of a progressive JPEG. See
    /// docs/reference/images.md.
    pub max_work: u64,
    /// Maximum memory in bytes besides the encoded image: pixels (twice if they are rotated) and
    /// the decoder's buffers; 2_147_483_648 by default.
    pub max_memory: u64,
    /// Time after which decoding stops with the error Cancelled; None for any.
    pub max_milliseconds: Option<u64>,
}

impl Default for DecodeLimits {
    fn default() -> Self {
        Self {
            max_bytes: 536_870_912,
            max_pixels: 178_956_970,
            max_work: 60_000_000_000,
            max_memory: 2_147_483_648,
            max_milliseconds: None,
        }
    }
}

impl DecodeLimits {
    /// Sets `max_bytes`.
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// Sets `max_pixels`.
    #[must_use]
    pub fn with_max_pixels(mut self, max_pixels: u64) -> Self {
        self.max_pixels = max_pixels;
        self
    }

    /// Sets `max_work`.
    #[must_use]
    pub fn with_max_work(mut self, max_work: u64) -> Self {
        self.max_work = max_work;
        self
    }

    /// Sets `max_memory`.
    #[must_use]
    pub fn with_max_memory(mut self, max_memory: u64) -> Self {
        self.max_memory = max_memory;
        self
    }

    /// Sets `max_milliseconds`.
    #[must_use]
    pub fn with_max_milliseconds(mut self, max_milliseconds: Option<u64>) -> Self {
        self.max_milliseconds = max_milliseconds;
        self
    }

    /// Without texts and callbacks.
    pub(crate) fn to_c(self) -> sys::speciesnet_decode_limits {
        sys::speciesnet_decode_limits {
            size: std::mem::size_of::<sys::speciesnet_decode_limits>(),
            max_bytes: self.max_bytes,
            max_pixels: self.max_pixels,
            max_work: self.max_work,
            max_memory: self.max_memory,
            max_milliseconds: self.max_milliseconds.unwrap_or(u64::MAX),
        }
    }
}
