//! Taxonomy, geofence and decisions, without any network.

use crate::call::{c_string, make};
use crate::ensemble::Place;
use crate::error::Result;
use crate::prediction::{Answer, Category};
use speciesnet_sys as sys;
use std::ffi::CString;
use std::ptr::NonNull;

/// Taxonomy, geofence and the reference's decision rules.
#[derive(Debug)]
pub struct Rules(NonNull<sys::speciesnet_rules>);

// SAFETY: speciesnet.h: every handle may be used by several threads at once; this one is immutable.
unsafe impl Send for Rules {}
unsafe impl Sync for Rules {}

/// An answer that belongs to the caller.
#[derive(Debug)]
pub struct Decision(NonNull<sys::speciesnet_answer>);

// SAFETY: As Rules.
unsafe impl Send for Decision {}
unsafe impl Sync for Decision {}

impl Decision {
    /// What was decided.
    pub fn answer(&self) -> Answer<'_> {
        // SAFETY: The handle lives as long as what is borrowed from it.
        unsafe { Answer::borrow(self.0.as_ptr()) }.expect("the handle is never NULL")
    }
}

impl Drop for Decision {
    fn drop(&mut self) {
        // SAFETY: Ours alone; what was borrowed from it cannot outlive it.
        unsafe { sys::speciesnet_answer_free(self.0.as_ptr()) }
    }
}

impl Rules {
    /// Makes rules from the two texts of a model package: labels line by line, and JSON.
    pub fn new(taxonomy: &str, geofence: &str) -> Result<Self> {
        // SAFETY: Pointers and lengths are those of the texts, which are not kept.
        make(|rules, error| unsafe {
            sys::speciesnet_rules_new(
                taxonomy.as_ptr().cast(),
                taxonomy.len(),
                geofence.as_ptr().cast(),
                geofence.len(),
                1,
                rules,
                error,
            )
        })
        .map(|rules| Self(NonNull::new(rules).expect("a function that succeeds gives a handle")))
    }

    /// Decides from classes, best first with their probabilities, and the detection that was
    /// classified.
    pub fn combine(
        &self,
        classes: &[(&str, f64)],
        category: Category,
        conf: f64,
        country: Option<&str>,
    ) -> Result<Decision> {
        let labels: Vec<CString> = classes
            .iter()
            .map(|(label, _)| c_string(*label))
            .collect::<Result<_>>()?;
        let pointers: Vec<_> = labels.iter().map(|label| label.as_ptr()).collect();
        let scores: Vec<f64> = classes.iter().map(|(_, score)| *score).collect();
        let place = Place::new(country, None)?;
        let detection = sys::speciesnet_detection {
            category: category as i32,
            reserved: 0,
            conf,
            bbox: [0.0, 0.0, 1.0, 1.0],
        };
        // SAFETY: All arrays have the length given and live during the call.
        make(|answer, error| unsafe {
            sys::speciesnet_rules_combine(
                self.0.as_ptr(),
                pointers.as_ptr(),
                scores.as_ptr(),
                scores.len(),
                &detection,
                place.as_ptr(),
                answer,
                error,
            )
        })
        .map(|answer| Decision(NonNull::new(answer).expect("a success gives a handle")))
    }
}

impl Drop for Rules {
    fn drop(&mut self) {
        // SAFETY: Ours alone, and not used afterwards.
        unsafe { sys::speciesnet_rules_free(self.0.as_ptr()) }
    }
}
