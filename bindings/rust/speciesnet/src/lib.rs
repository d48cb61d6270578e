// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod call;
mod callbacks;
mod choices;
#[cfg(feature = "serde")]
mod documents;
mod ensemble;
mod error;
mod geolocation;
mod image;
mod job;
pub mod model;
mod options;
mod photo;
mod prediction;
mod rules;
mod shown;

pub use choices::{CombineOptions, DecodeLimits, JsonOptions, LoadOptions, PredictOptions};
pub use ensemble::{Ensemble, ModelType};
pub use error::{Error, Kind, Result};
pub use geolocation::Geolocator;
pub use image::{validate, Image, MediaInfo};
pub use job::Job;
pub use options::{Components, Level, Log, Precision};
pub use photo::{Location, Photo, Region};
pub use prediction::{
    Answer, BlockedBy, BoundingBox, Category, Detection, Explanation, Failures, Format, Labels,
    Prediction, Predictions, RollupStep, RollupSum, Stage,
};
pub use rules::{full_class, short_name, Decision, Rank, Rules, UnknownTaxa};

/// Returns the library's version, for instance "0.1.0".
#[must_use]
pub fn version() -> &'static str {
    // SAFETY: The string is static and UTF-8.
    unsafe { call::text(speciesnet_sys::speciesnet_version()) }
}

/// Describes the build: compiler, LibTorch.
#[must_use]
pub fn build_information() -> &'static str {
    // SAFETY: The string is static and UTF-8.
    unsafe { call::text(speciesnet_sys::speciesnet_build_information()) }
}
