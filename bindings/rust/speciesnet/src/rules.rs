// SPDX-License-Identifier: Apache-2.0
//! Taxonomy, geofence and decision rules, without networks.

use crate::call::{c_string, check, make, take_text};
use crate::choices::CombineOptions;
use crate::error::Result;
use crate::photo::{Instances, Location, Photo, Place, Region};
use crate::prediction::{Answer, BlockedBy, Predictions};
use speciesnet_sys as sys;
use std::ffi::CString;
use std::ptr::NonNull;

/// Ranks to which labels are rolled up. Kingdom is "animal".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[allow(missing_docs)]
pub enum Rank {
    Species,
    Genus,
    Family,
    Order,
    Class,
    Kingdom,
}

impl Rank {
    fn number(self) -> i32 {
        match self {
            Self::Species => sys::SPECIESNET_LEVEL_SPECIES,
            Self::Genus => sys::SPECIESNET_LEVEL_GENUS,
            Self::Family => sys::SPECIESNET_LEVEL_FAMILY,
            Self::Order => sys::SPECIESNET_LEVEL_ORDER,
            Self::Class => sys::SPECIESNET_LEVEL_CLASS,
            Self::Kingdom => sys::SPECIESNET_LEVEL_KINGDOM,
        }
    }

    pub(crate) fn from_number(number: i32) -> Self {
        match number {
            sys::SPECIESNET_LEVEL_SPECIES => Self::Species,
            sys::SPECIESNET_LEVEL_GENUS => Self::Genus,
            sys::SPECIESNET_LEVEL_FAMILY => Self::Family,
            sys::SPECIESNET_LEVEL_ORDER => Self::Order,
            sys::SPECIESNET_LEVEL_CLASS => Self::Class,
            _ => Self::Kingdom,
        }
    }
}

/// Taxonomy, geofence and the reference's decision rules.
#[derive(Debug)]
pub struct Rules(pub(crate) NonNull<sys::speciesnet_rules>);

// SAFETY: speciesnet.h: every handle may be used by several threads at once; this one is immutable.
unsafe impl Send for Rules {}
unsafe impl Sync for Rules {}

/// An answer owned by the caller.
pub struct Decision(NonNull<sys::speciesnet_answer>);

// SAFETY: As Rules.
unsafe impl Send for Decision {}
unsafe impl Sync for Decision {}

impl Decision {
    fn own(answer: *mut sys::speciesnet_answer) -> Option<Self> {
        NonNull::new(answer).map(Self)
    }

    /// Returns the answer.
    #[must_use]
    pub fn answer(&self) -> Answer<'_> {
        // SAFETY: The handle lives as long as anything borrowed from it.
        unsafe { Answer::borrow(self.0.as_ptr()) }.expect("the handle is never NULL")
    }
}

impl Drop for Decision {
    fn drop(&mut self) {
        // SAFETY: The handle is owned; borrowed data cannot outlive it.
        unsafe { sys::speciesnet_answer_free(self.0.as_ptr()) }
    }
}

/// Converts classes with their probabilities to an array for C.
struct Classes {
    labels: Vec<sys::speciesnet_scored_label>,
    _texts: Vec<CString>,
}

impl Classes {
    fn new(classes: &[(&str, f64)]) -> Result<Self> {
        let texts = classes
            .iter()
            .map(|(label, _)| c_string(*label))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            labels: texts
                .iter()
                .zip(classes)
                .map(|(label, (_, score))| sys::speciesnet_scored_label {
                    label: label.as_ptr(),
                    score: *score,
                })
                .collect(),
            _texts: texts,
        })
    }
}

/// Treatment of names that are not in the taxonomy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownTaxa {
    /// An error that lists them.
    #[default]
    Refuse,
    /// They are skipped; see [`Rules::skipped_taxa`].
    Skip,
}

impl UnknownTaxa {
    fn number(self) -> i32 {
        match self {
            Self::Refuse => sys::SPECIESNET_UNKNOWN_TAXA_REFUSE,
            Self::Skip => sys::SPECIESNET_UNKNOWN_TAXA_SKIP,
        }
    }
}

impl Rules {
    /// Creates rules from the two files of a model package: labels line by line, and JSON.
    /// `enforce` false switches the geofence off.
    pub fn new(taxonomy: &str, geofence: &str, enforce: bool) -> Result<Self> {
        // SAFETY: Pointers and lengths are those of the texts, which are not kept.
        make(|rules, error| unsafe {
            sys::speciesnet_rules_new(
                taxonomy.as_ptr().cast(),
                taxonomy.len(),
                geofence.as_ptr().cast(),
                geofence.len(),
                enforce.into(),
                rules,
                error,
            )
        })
        .map(Self::own)
    }

    /// Returns rules that restrict answers to listed taxa, their descendants and their ancestors.
    /// `list` has one name per line: scientific or common, of any rank, or a UUID. Humans, vehicles,
    /// blank and "animal" stay possible.
    pub fn with_species_list(&self, list: &str, unknown: UnknownTaxa) -> Result<Self> {
        // SAFETY: Pointer and length are those of the text, which is not kept.
        make(|rules, error| unsafe {
            sys::speciesnet_rules_with_species_list(
                self.as_ptr(),
                list.as_ptr().cast(),
                list.len(),
                unknown.number(),
                rules,
                error,
            )
        })
        .map(Self::own)
    }

    /// Returns rules with entries that allow or block taxa at places and override the geofence. `csv`
    /// is a table with the columns taxon and action (allow, block, only), and any of country, region
    /// and station.
    pub fn with_geofence_overlay(&self, csv: &str, unknown: UnknownTaxa) -> Result<Self> {
        // SAFETY: Pointer and length are those of the text, which is not kept.
        make(|rules, error| unsafe {
            sys::speciesnet_rules_with_geofence_overlay(
                self.as_ptr(),
                csv.as_ptr().cast(),
                csv.len(),
                unknown.number(),
                rules,
                error,
            )
        })
        .map(Self::own)
    }

    /// Returns the skipped names, each with its line.
    pub fn skipped_taxa(&self) -> Result<Vec<String>> {
        // SAFETY: The text is owned afterwards.
        let lines = unsafe {
            take_text(make(|text, error| {
                sys::speciesnet_rules_skipped_taxa(self.as_ptr(), text, error)
            })?)
        };
        Ok(lines.lines().map(str::to_owned).collect())
    }

    fn own(rules: *mut sys::speciesnet_rules) -> Self {
        Self(NonNull::new(rules).expect("a function that succeeds gives a handle"))
    }

    pub(crate) fn as_ptr(&self) -> *const sys::speciesnet_rules {
        self.0.as_ptr()
    }

    /// Determines the answer from classes with their probabilities, best first, and the classified
    /// detection. With `explain` the answer has its rule and reason.
    pub fn combine(
        &self,
        classes: &[(&str, f64)],
        region: Region,
        location: &Location,
        explain: bool,
    ) -> Result<Decision> {
        let given = Classes::new(classes)?;
        let place = Place::new(location)?;
        // SAFETY: All arrays have the given length and live during the call.
        make(|answer, error| unsafe {
            sys::speciesnet_rules_combine(
                self.as_ptr(),
                given.labels.as_ptr(),
                given.labels.len(),
                &region.to_c(),
                place.as_ptr(),
                explain.into(),
                answer,
                error,
            )
        })
        .map(|answer| Decision::own(answer).expect("a success gives a handle"))
    }

    /// Returns the top class, or, if it is blocked, its first ancestor that is not.
    pub fn apply_geofence(&self, classes: &[(&str, f64)], location: &Location) -> Result<Decision> {
        let given = Classes::new(classes)?;
        let place = Place::new(location)?;
        // SAFETY: As combine().
        make(|answer, error| unsafe {
            sys::speciesnet_rules_apply_geofence(
                self.as_ptr(),
                given.labels.as_ptr(),
                given.labels.len(),
                place.as_ptr(),
                answer,
                error,
            )
        })
        .map(|answer| Decision::own(answer).expect("a success gives a handle"))
    }

    /// Rolls classes up to the first rank whose best allowed ancestor has a sum of scores
    /// greater than a threshold; None if there is none.
    pub fn roll_up(
        &self,
        classes: &[(&str, f64)],
        location: &Location,
        ranks: &[Rank],
        threshold: f64,
    ) -> Result<Option<Decision>> {
        let given = Classes::new(classes)?;
        let place = Place::new(location)?;
        let levels: Vec<i32> = ranks.iter().map(|rank| rank.number()).collect();
        // SAFETY: As combine().
        make(|answer, error| unsafe {
            sys::speciesnet_rules_roll_up(
                self.as_ptr(),
                given.labels.as_ptr(),
                given.labels.len(),
                place.as_ptr(),
                levels.as_ptr(),
                levels.len(),
                threshold,
                answer,
                error,
            )
        })
        .map(Decision::own)
    }

    /// Returns why a label is blocked at a location; None if it is not.
    pub fn blocked_by(&self, label: &str, location: &Location) -> Result<Option<BlockedBy>> {
        let label = c_string(label)?;
        let place = Place::new(location)?;
        let mut number = 0;
        // SAFETY: All pointers are valid during the call.
        check(|error| unsafe {
            sys::speciesnet_rules_check_geofence(
                self.as_ptr(),
                label.as_ptr(),
                place.as_ptr(),
                &mut number,
                error,
            )
        })?;
        Ok(BlockedBy::from_number(number))
    }

    /// Returns the label of an ancestor, or the label itself at its own rank.
    pub fn ancestor(&self, label: &str, rank: Rank) -> Result<Option<String>> {
        let label = c_string(label)?;
        // SAFETY: The string lives during the call; the text is owned afterwards.
        unsafe {
            let found = make(|text, error| {
                sys::speciesnet_rules_ancestor(
                    self.as_ptr(),
                    label.as_ptr(),
                    rank.number(),
                    text,
                    error,
                )
            })?;
            Ok((!found.is_null()).then(|| take_text(found)))
        }
    }

    /// Combines the results of a detector run and a classifier run on the same photos.
    pub fn combine_past_runs<'a>(
        &self,
        photos: impl IntoIterator<Item = Photo<'a>>,
        classifications: &Predictions,
        detections: &Predictions,
        options: &CombineOptions,
    ) -> Result<Predictions> {
        let instances = Instances::new(photos)?;
        let model_version = c_string(options.model_version.as_str())?;
        let given = sys::speciesnet_combine_options {
            model_version: model_version.as_ptr(),
            ..options.to_c()
        };
        // SAFETY: All handles are valid, and all pointers are valid during the call.
        make(|list, error| unsafe {
            sys::speciesnet_rules_combine_past_runs(
                self.as_ptr(),
                instances.as_ptr(),
                instances.len(),
                classifications.as_ptr(),
                detections.as_ptr(),
                &given,
                list,
                error,
            )
        })
        .map(Predictions::own)
    }
}

impl Drop for Rules {
    fn drop(&mut self) {
        // SAFETY: The handle is owned and not used afterwards.
        unsafe { sys::speciesnet_rules_free(self.0.as_ptr()) }
    }
}

/// Returns a short readable name, such as "`equus_quagga`", "felidae", "blank".
pub fn short_name(label: &str) -> Result<String> {
    let label = c_string(label)?;
    // SAFETY: The string lives during the call; the text is owned afterwards.
    unsafe {
        make(|name, error| sys::speciesnet_label_short_name(label.as_ptr(), name, error))
            .map(|name| take_text(name))
    }
}

/// Returns `class;order;family;genus;species` of a label: the key of taxonomy and geofence.
pub fn full_class(label: &str) -> Result<String> {
    let label = c_string(label)?;
    // SAFETY: As short_name().
    unsafe {
        make(|text, error| sys::speciesnet_label_full_class(label.as_ptr(), text, error))
            .map(|text| take_text(text))
    }
}
