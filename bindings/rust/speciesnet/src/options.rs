// SPDX-License-Identifier: Apache-2.0
//! Types of option values.

use speciesnet_sys as sys;
use std::sync::Arc;

/// Parts of a package.
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

/// Severity of a log message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Information.
    Information,
    /// Something was ignored or failed; the operation continues.
    Warning,
}

/// Receives the messages of an ensemble, from any thread.
pub type Log = Arc<dyn Fn(Level, &str) + Send + Sync>;

/// Precision of the networks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// The reference's answers.
    #[default]
    Float32,
    /// Requires a CPU with AVX-512 BF16 or ARM's bf16; changes answers.
    Bfloat16,
    /// Requires a CPU with AVX2 or ARM's dotprod; changes answers.
    Int8,
    /// Bfloat16 if the CPU supports it, otherwise Float32.
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

/// None means no limit.
pub(crate) fn to_maximum(maximum: Option<usize>) -> usize {
    maximum.unwrap_or(sys::SPECIESNET_ALL)
}
