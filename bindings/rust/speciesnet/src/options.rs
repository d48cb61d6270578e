// SPDX-License-Identifier: Apache-2.0
//! Choices, as Rust has them and as C takes them.

use crate::prediction::Format;
use speciesnet_sys as sys;
use std::ptr::null_mut;
use std::sync::Arc;

/// Which parts of a package to load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Components {
    /// Detector, classifier and rules.
    #[default]
    All,
    /// Only the detector.
    Detector,
    /// Only the classifier.
    Classifier,
    /// Only taxonomy and geofence; the network files may be absent.
    Rules,
}

impl Components {
    pub(crate) fn number(self) -> i32 {
        match self {
            Self::All => sys::SPECIESNET_COMPONENTS_ALL,
            Self::Detector => sys::SPECIESNET_COMPONENTS_DETECTOR,
            Self::Classifier => sys::SPECIESNET_COMPONENTS_CLASSIFIER,
            Self::Rules => sys::SPECIESNET_COMPONENTS_RULES,
        }
    }
}

/// How much a line of the log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// What was done.
    Information,
    /// Something was left out or failed, and work goes on.
    Warning,
}

/// Receives what an ensemble has to report, from any thread.
pub type Log = Arc<dyn Fn(Level, &str) + Send + Sync>;

/// The numbers that the networks multiply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// The reference's answers.
    #[default]
    Float32,
    /// Needs a CPU with AVX-512 BF16; changes answers.
    Bfloat16,
    /// Needs a CPU with AVX-512 VNNI; changes answers.
    Int8,
    /// Bfloat16 where the CPU has it, else Float32.
    Automatic,
}

impl Precision {
    pub(crate) fn number(self) -> i32 {
        match self {
            Self::Float32 => sys::SPECIESNET_PRECISION_FLOAT32,
            Self::Bfloat16 => sys::SPECIESNET_PRECISION_BFLOAT16,
            Self::Int8 => sys::SPECIESNET_PRECISION_INT8,
            Self::Automatic => sys::SPECIESNET_PRECISION_AUTOMATIC,
        }
    }

    pub(crate) fn from_number(number: i32) -> Self {
        match number {
            sys::SPECIESNET_PRECISION_BFLOAT16 => Self::Bfloat16,
            sys::SPECIESNET_PRECISION_INT8 => Self::Int8,
            _ => Self::Float32,
        }
    }
}

/// Choices made once, when a package is loaded.
#[derive(Clone)]
pub struct LoadOptions {
    /// Which parts to load.
    pub components: Components,
    /// Threads of the networks; None for one per core.
    pub threads: Option<u16>,
    /// The numbers that the networks multiply.
    pub precision: Precision,
    /// Where the networks run: "cpu", "cuda" or "cuda:N"; None for the CPU.
    pub device: Option<String>,
    /// False switches the geofence off.
    pub geofence: bool,
    /// Jobs that may wait at a time, at least 1.
    pub max_jobs: u16,
    /// Labels whose logits are reported with each classification.
    pub target_species: Option<Vec<String>>,
    /// Used until the ensemble is dropped.
    pub log: Option<Log>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            components: Components::All,
            threads: None,
            precision: Precision::Float32,
            device: None,
            geofence: true,
            max_jobs: 1024,
            target_species: None,
            log: None,
        }
    }
}

/// What to find out about the place of a photo, beyond the region, which is always found as the
/// reference finds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GeolocationOptions {
    /// Take coordinates that are not given from the file's EXIF block.
    pub coordinates_from_exif: bool,
    /// Take a country that is not given from the coordinates.
    pub country_from_coordinates: bool,
    /// Take country and region letter by letter, as the reference does: "ken" is not Kenya then.
    pub places_as_given: bool,
}

impl GeolocationOptions {
    pub(crate) fn number(self) -> i32 {
        flag(self.coordinates_from_exif, sys::SPECIESNET_GEOLOCATION_EXIF)
            | flag(
                self.country_from_coordinates,
                sys::SPECIESNET_GEOLOCATION_COUNTRY,
            )
            | flag(self.places_as_given, sys::SPECIESNET_GEOLOCATION_AS_GIVEN)
    }
}

/// Choices made for each call; the defaults are the reference's.
#[derive(Clone, Copy, Debug)]
pub struct PredictOptions {
    /// What gets an answer: each detection, or the image.
    pub format: Format,
    /// Lowest confidence to be classified.
    pub detection_threshold: f64,
    /// Most detections to classify in an image; None for all.
    pub max_classifications_per_image: Option<usize>,
    /// Classes reported for each detection; None for all.
    pub max_classifications_per_detection: Option<usize>,
    /// Whether answers come with their rule and reason.
    pub explain: bool,
    /// Photos, at least 1, whose crops the classifier sees together.
    pub batch_size: usize,
    /// Photos, at least 1, that are decoded at the same time, ahead of the networks.
    pub decoding_threads: u16,
    /// What to find out about the places of photos.
    pub geolocation: GeolocationOptions,
}

impl Default for PredictOptions {
    fn default() -> Self {
        Self {
            format: Format::PerDetection,
            detection_threshold: 0.1,
            max_classifications_per_image: None,
            max_classifications_per_detection: Some(2),
            explain: false,
            batch_size: 1,
            decoding_threads: 2,
            geolocation: GeolocationOptions::default(),
        }
    }
}

impl PredictOptions {
    /// Without a progress callback.
    pub(crate) fn to_c(self) -> sys::speciesnet_predict_options {
        sys::speciesnet_predict_options {
            size: std::mem::size_of::<sys::speciesnet_predict_options>(),
            format: self.format.number(),
            explain: self.explain.into(),
            detection_threshold: self.detection_threshold,
            max_classifications_per_image: to_maximum(self.max_classifications_per_image),
            max_classifications_per_detection: to_maximum(self.max_classifications_per_detection),
            progress: None,
            progress_user_data: null_mut(),
            batch_size: self.batch_size,
            decoding_threads: self.decoding_threads.into(),
            geolocation: self.geolocation.number(),
        }
    }
}

/// A bit, if it is wanted.
pub(crate) fn flag(wanted: bool, bit: i32) -> i32 {
    if wanted {
        bit
    } else {
        0
    }
}

/// None is one per core.
pub(crate) fn to_threads(threads: Option<u16>) -> i32 {
    threads.map_or(sys::SPECIESNET_ALL_CORES, i32::from)
}

/// None is no limit.
pub(crate) fn to_maximum(maximum: Option<usize>) -> usize {
    maximum.unwrap_or(sys::SPECIESNET_ALL)
}
