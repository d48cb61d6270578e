#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod call;
mod ensemble;
mod error;
mod image;
mod prediction;
mod rules;

pub use ensemble::{Components, Ensemble, LoadOptions, Photo, PredictOptions};
pub use error::{Error, Kind, Result};
pub use image::Image;
pub use prediction::{
    Answer, Category, Detection, Failures, Format, Labels, Prediction, Predictions,
};
pub use rules::{Decision, Rules};

/// A version of the library, for instance "0.1.0".
pub fn version() -> &'static str {
    // SAFETY: The string is static and UTF-8.
    unsafe { call::text(speciesnet_sys::speciesnet_version()) }
}

/// How the library was built: compiler, LibTorch.
pub fn build_information() -> &'static str {
    // SAFETY: The string is static and UTF-8.
    unsafe { call::text(speciesnet_sys::speciesnet_build_information()) }
}
