// SPDX-License-Identifier: Apache-2.0
//! Kinds of values that choices have.

use speciesnet_sys as sys;
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

/// None is no limit.
pub(crate) fn to_maximum(maximum: Option<usize>) -> usize {
    maximum.unwrap_or(sys::SPECIESNET_ALL)
}
