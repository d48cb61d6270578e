// SPDX-License-Identifier: Apache-2.0
//! Results, borrowed from their list.

use crate::call::{check, make, take_text, text};
use crate::choices::JsonOptions;
use crate::error::Result;
use crate::photo::{Location, Region};
use crate::rules::{short_name, Rank};
use speciesnet_sys as sys;
use std::marker::PhantomData;
use std::ptr::NonNull;

/// Category of a detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Category {
    /// The whole image.
    WholeImage,
    /// An animal.
    Animal,
    /// A person.
    Human,
    /// A vehicle.
    Vehicle,
}

/// The two document formats of the reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// speciesnet 5.0.6: an answer for each detection.
    #[default]
    PerDetection,
    /// speciesnet 5.0.5 and earlier: one for the image.
    PerImage,
}

impl Category {
    pub(crate) fn number(self) -> i32 {
        match self {
            Self::WholeImage => sys::SPECIESNET_CATEGORY_WHOLE_IMAGE,
            Self::Animal => sys::SPECIESNET_CATEGORY_ANIMAL,
            Self::Human => sys::SPECIESNET_CATEGORY_HUMAN,
            Self::Vehicle => sys::SPECIESNET_CATEGORY_VEHICLE,
        }
    }

    fn from_number(number: i32) -> Self {
        match number {
            sys::SPECIESNET_CATEGORY_ANIMAL => Self::Animal,
            sys::SPECIESNET_CATEGORY_HUMAN => Self::Human,
            sys::SPECIESNET_CATEGORY_VEHICLE => Self::Vehicle,
            _ => Self::WholeImage,
        }
    }
}

/// xmin, ymin, width, height, each 0 to 1, relative to the upright image.
pub type BoundingBox = [f64; 4];

/// Reason why a label is blocked at a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum BlockedBy {
    /// The allow list lacks the country.
    CountryNotAllowed,
    /// The allow list has only other regions of the country.
    RegionNotAllowed,
    /// The block list has the whole country.
    CountryBlocked,
    /// The block list has this region.
    RegionBlocked,
    /// An entry of an overlay blocks it.
    Overlay,
    /// It is not on the species list of the location.
    NotInSpeciesList,
}

impl BlockedBy {
    pub(crate) fn from_number(number: i32) -> Option<Self> {
        match number {
            sys::SPECIESNET_BLOCKED_BY_COUNTRY_NOT_ALLOWED => Some(Self::CountryNotAllowed),
            sys::SPECIESNET_BLOCKED_BY_REGION_NOT_ALLOWED => Some(Self::RegionNotAllowed),
            sys::SPECIESNET_BLOCKED_BY_COUNTRY => Some(Self::CountryBlocked),
            sys::SPECIESNET_BLOCKED_BY_REGION => Some(Self::RegionBlocked),
            sys::SPECIESNET_BLOCKED_BY_OVERLAY => Some(Self::Overlay),
            sys::SPECIESNET_BLOCKED_BY_SPECIES_LIST => Some(Self::NotInSpeciesList),
            _ => None,
        }
    }
}

/// Stage that produced a document; determines its fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// All components.
    #[default]
    Ensemble,
    /// Only the detector.
    Detector,
    /// Only the classifier.
    Classifier,
}

impl Stage {
    pub(crate) fn number(self) -> i32 {
        match self {
            Self::Ensemble => sys::SPECIESNET_STAGE_ENSEMBLE,
            Self::Detector => sys::SPECIESNET_STAGE_DETECTOR,
            Self::Classifier => sys::SPECIESNET_STAGE_CLASSIFIER,
        }
    }
}

impl Format {
    pub(crate) fn number(self) -> i32 {
        match self {
            Self::PerDetection => sys::SPECIESNET_FORMAT_PER_DETECTION,
            Self::PerImage => sys::SPECIESNET_FORMAT_PER_IMAGE,
        }
    }
}

/// Components that failed for an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Failures {
    /// The classifier failed.
    pub classifier: bool,
    /// The detector failed.
    pub detector: bool,
    /// The location could not be determined.
    pub geolocation: bool,
}

/// A list of predictions.
pub struct Predictions(NonNull<sys::speciesnet_predictions>);

// SAFETY: speciesnet.h: every handle may be used by several threads at once; this one is immutable.
unsafe impl Send for Predictions {}
unsafe impl Sync for Predictions {}

impl Predictions {
    pub(crate) fn own(pointer: *mut sys::speciesnet_predictions) -> Self {
        Self(NonNull::new(pointer).expect("a function that succeeds gives a handle"))
    }

    pub(crate) fn as_ptr(&self) -> *const sys::speciesnet_predictions {
        self.0.as_ptr()
    }

    /// Reads a predictions document of the reference.
    pub fn from_json(document: &str) -> Result<Self> {
        // SAFETY: Pointer and length are those of the text, which is not kept.
        make(|list, error| unsafe {
            sys::speciesnet_predictions_from_json(
                document.as_ptr().cast(),
                document.len(),
                list,
                error,
            )
        })
        .map(Self::own)
    }

    /// Writes the reference's document, on one line.
    pub fn to_json(&self, format: Format) -> Result<String> {
        self.to_json_with(JsonOptions::default().with_format(format).with_indent(0))
    }

    /// As [`Predictions::to_json`], with options.
    pub fn to_json_with(&self, options: JsonOptions) -> Result<String> {
        let mut json = std::ptr::null_mut();
        // SAFETY: All pointers are valid during the call; the text is owned afterwards.
        unsafe {
            check(|error| {
                sys::speciesnet_predictions_to_json(
                    self.0.as_ptr(),
                    &options.to_c(),
                    &mut json,
                    std::ptr::null_mut(),
                    error,
                )
            })?;
            Ok(take_text(json))
        }
    }

    /// Returns the number of predictions.
    #[must_use]
    pub fn len(&self) -> usize {
        // SAFETY: The handle is valid.
        unsafe { sys::speciesnet_predictions_count(self.0.as_ptr()) }
    }

    /// Returns whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns a prediction.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Prediction<'_>> {
        (index < self.len()).then_some(Prediction { list: self, index })
    }

    /// Iterates over the predictions, in order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Prediction<'_>> {
        (0..self.len()).map(|index| self.get(index).expect("the index is within the list"))
    }
}

impl<'a> IntoIterator for &'a Predictions {
    type Item = Prediction<'a>;
    type IntoIter = Box<dyn ExactSizeIterator<Item = Prediction<'a>> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl Drop for Predictions {
    fn drop(&mut self) {
        // SAFETY: The handle is owned; borrowed data cannot outlive it.
        unsafe { sys::speciesnet_predictions_free(self.0.as_ptr()) }
    }
}

/// The result for one image.
#[derive(Clone, Copy)]
pub struct Prediction<'a> {
    list: &'a Predictions,
    index: usize,
}

impl<'a> Prediction<'a> {
    #[cfg(feature = "serde")]
    pub(crate) fn list(self) -> &'a Predictions {
        self.list
    }

    #[cfg(feature = "serde")]
    pub(crate) fn index(self) -> usize {
        self.index
    }

    fn as_ptr(self) -> *const sys::speciesnet_prediction {
        // SAFETY: The handle is valid, and the index within the list.
        unsafe { sys::speciesnet_predictions_at(self.list.as_ptr(), self.index) }
    }

    /// Returns the name of the image, as passed in.
    #[must_use]
    pub fn filepath(self) -> &'a str {
        // SAFETY: The string lives as long as the list.
        unsafe { text(sys::speciesnet_prediction_filepath(self.as_ptr())) }
    }

    /// Returns the version of the model package; empty for results of one component.
    #[must_use]
    pub fn model_version(self) -> &'a str {
        // SAFETY: As filepath().
        unsafe { text(sys::speciesnet_prediction_model_version(self.as_ptr())) }
    }

    /// Returns the components that failed. A component that found nothing has not failed.
    #[must_use]
    pub fn failures(self) -> Failures {
        // SAFETY: The pointer is valid.
        let bits = unsafe { sys::speciesnet_prediction_failures(self.as_ptr()) };
        Failures {
            classifier: bits & sys::SPECIESNET_FAILURE_CLASSIFIER != 0,
            detector: bits & sys::SPECIESNET_FAILURE_DETECTOR != 0,
            geolocation: bits & sys::SPECIESNET_FAILURE_GEOLOCATION != 0,
        }
    }

    /// Returns the error message of a failed component.
    #[must_use]
    pub fn failure_reason(self) -> &'a str {
        // SAFETY: As filepath().
        unsafe { text(sys::speciesnet_prediction_failure_reason(self.as_ptr())) }
    }

    /// Returns whether the photo's file or its data ended before the last pixel.
    #[must_use]
    pub fn truncated(self) -> bool {
        // SAFETY: As filepath().
        unsafe { sys::speciesnet_prediction_truncated(self.as_ptr()) != 0 }
    }

    /// Returns the location that was used.
    #[must_use]
    pub fn location(self) -> Location {
        // SAFETY: The struct is filled up to its size; its strings live as long as the list.
        unsafe {
            let mut place = std::mem::zeroed();
            sys::speciesnet_prediction_location(
                self.as_ptr(),
                &mut place,
                std::mem::size_of::<sys::speciesnet_location>(),
            );
            let name =
                |code: *const std::ffi::c_char| (!code.is_null()).then(|| text(code).to_owned());
            let degrees = |value: f64| (!value.is_nan()).then_some(value);
            Location {
                country: name(place.country),
                admin1_region: name(place.admin1_region),
                latitude: degrees(place.latitude),
                longitude: degrees(place.longitude),
                station: name(place.station),
            }
        }
    }

    /// Returns the detections, by descending confidence; None if they are unknown.
    #[must_use]
    pub fn detections(self) -> Option<impl ExactSizeIterator<Item = Detection<'a>>> {
        // SAFETY: The pointer is valid.
        let first = unsafe { sys::speciesnet_prediction_detections(self.as_ptr()) };
        if first.is_null() {
            return None;
        }
        // SAFETY: The array has this many elements and lives as long as the list.
        let values = unsafe {
            let count = sys::speciesnet_prediction_detection_count(self.as_ptr());
            std::slice::from_raw_parts(first, count)
        };
        Some(
            values
                .iter()
                .enumerate()
                .map(move |(index, value)| Detection {
                    prediction: self,
                    index,
                    value,
                }),
        )
    }

    /// Returns the answer for the image: that of its first classified detection.
    #[must_use]
    pub fn answer(self) -> Option<Answer<'a>> {
        // SAFETY: The pointer is valid; the answer lives as long as the list.
        unsafe { Answer::borrow(sys::speciesnet_prediction_image_answer(self.as_ptr())) }
    }
}

/// A detection.
#[derive(Clone, Copy)]
pub struct Detection<'a> {
    prediction: Prediction<'a>,
    index: usize,
    value: &'a sys::speciesnet_detection,
}

impl<'a> Detection<'a> {
    /// Returns the category.
    #[must_use]
    pub fn category(&self) -> Category {
        Category::from_number(self.value.category)
    }

    /// Returns the confidence, 0 to 1.
    #[must_use]
    pub fn conf(&self) -> f64 {
        self.value.conf
    }

    /// Returns xmin, ymin, width, height, each 0 to 1, relative to the upright image.
    #[must_use]
    pub fn bbox(&self) -> BoundingBox {
        self.value.bbox
    }

    /// Returns the target species with their logits; None if none were requested.
    #[must_use]
    pub fn targets(&self) -> Option<Labels<'a>> {
        let mut count = 0;
        // SAFETY: As classes().
        unsafe {
            let first = sys::speciesnet_prediction_targets(
                self.prediction.as_ptr(),
                self.index,
                &mut count,
            );
            (!first.is_null()).then(|| Labels(std::slice::from_raw_parts(first, count).iter()))
        }
    }

    /// Returns the box, for classification or the rules.
    #[must_use]
    pub fn region(&self) -> Region {
        Region {
            category: self.category(),
            conf: self.conf(),
            bbox: self.bbox(),
        }
    }

    /// Returns the classes with their softmax probabilities, best first; None if it was not classified.
    #[must_use]
    pub fn classes(&self) -> Option<Labels<'a>> {
        let mut count = 0;
        // SAFETY: The pointer is valid; the array lives as long as the list.
        unsafe {
            let first = sys::speciesnet_prediction_classes(
                self.prediction.as_ptr(),
                self.index,
                &mut count,
            );
            (!first.is_null()).then(|| Labels(std::slice::from_raw_parts(first, count).iter()))
        }
    }

    /// Returns the answer for this detection; None if there is none.
    #[must_use]
    pub fn answer(&self) -> Option<Answer<'a>> {
        // SAFETY: As Prediction::answer().
        unsafe {
            Answer::borrow(sys::speciesnet_prediction_answer(
                self.prediction.as_ptr(),
                self.index,
            ))
        }
    }
}

/// Labels with their scores.
#[derive(Clone)]
pub struct Labels<'a>(std::slice::Iter<'a, sys::speciesnet_scored_label>);

impl<'a> Iterator for Labels<'a> {
    type Item = (&'a str, f64);

    fn next(&mut self) -> Option<Self::Item> {
        // SAFETY: The strings live as long as the list.
        self.0
            .next()
            .map(|one| (unsafe { text(one.label) }, one.score))
    }
}

/// A label with its score and source.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    pointer: NonNull<sys::speciesnet_answer>,
    owner: PhantomData<&'a ()>,
}

// SAFETY: Immutable, like all handles that several threads may use at once.
unsafe impl Send for Answer<'_> {}
unsafe impl Sync for Answer<'_> {}

impl<'a> Answer<'a> {
    /// # Safety
    /// The pointer is NULL or an answer that lives as long as `'a`.
    pub(crate) unsafe fn borrow(pointer: *const sys::speciesnet_answer) -> Option<Self> {
        NonNull::new(pointer.cast_mut()).map(|pointer| Self {
            pointer,
            owner: PhantomData,
        })
    }

    /// Returns `uuid;class;order;family;genus;species;common name`.
    #[must_use]
    pub fn label(self) -> &'a str {
        // SAFETY: The string lives as long as the answer.
        unsafe { text(sys::speciesnet_answer_label(self.pointer.as_ptr())) }
    }

    /// Returns the score of the component that determined the answer, 0 to 1.
    #[must_use]
    pub fn score(self) -> f64 {
        // SAFETY: The pointer is valid.
        unsafe { sys::speciesnet_answer_score(self.pointer.as_ptr()) }
    }

    /// Returns "detector", "classifier", "`classifier+rollup_to_family`", …
    #[must_use]
    pub fn source(self) -> &'a str {
        // SAFETY: As label().
        unsafe { text(sys::speciesnet_answer_source(self.pointer.as_ptr())) }
    }

    /// Returns a short readable name, such as "`equus_quagga`".
    pub fn short_name(self) -> Result<String> {
        short_name(self.label())
    }

    /// Returns the number of the rule that applied, as in the reference's comments; None unless requested.
    pub fn rule(self) -> Option<&'a str> {
        self.explanation().map(Explanation::rule)
    }

    /// Returns the rule in one sentence, with the numbers that it compared; None unless requested.
    pub fn reason(self) -> Option<&'a str> {
        self.explanation().map(Explanation::reason)
    }

    /// Returns why the top class is blocked at this location; None if it is not, or unless
    /// requested.
    pub fn blocked_by(self) -> Option<BlockedBy> {
        self.explanation().and_then(Explanation::blocked_by)
    }

    /// Returns the explanation; None unless requested.
    pub fn explanation(self) -> Option<Explanation<'a>> {
        // SAFETY: The struct lives as long as the answer.
        unsafe { sys::speciesnet_answer_explanation(self.pointer.as_ptr()).as_ref() }
            .map(Explanation)
    }
}

/// An array of the library.
///
/// # Safety
/// The array has this many elements, which live as long as `'a`.
unsafe fn slice<'a, T>(first: *const T, count: usize) -> &'a [T] {
    if count == 0 {
        &[]
    } else {
        std::slice::from_raw_parts(first, count)
    }
}

/// Explanation of an answer.
#[derive(Clone, Copy)]
pub struct Explanation<'a>(&'a sys::speciesnet_explanation);

// SAFETY: As Answer, of which it is a part.
unsafe impl Send for Explanation<'_> {}
unsafe impl Sync for Explanation<'_> {}

impl<'a> Explanation<'a> {
    /// Returns the number of the rule that applied: "1a" to "5b", or "otherwise".
    #[must_use]
    pub fn rule(self) -> &'a str {
        // SAFETY: The string lives as long as the answer.
        unsafe { text(self.0.rule) }
    }

    /// Returns the rule in one sentence, with the numbers that it compared.
    #[must_use]
    pub fn reason(self) -> &'a str {
        // SAFETY: As rule().
        unsafe { text(self.0.reason) }
    }

    /// Returns the category of the detection.
    #[must_use]
    pub fn category(self) -> Category {
        Category::from_number(self.0.detection_category)
    }

    /// Returns the confidence of the detection, 0 to 1.
    #[must_use]
    pub fn conf(self) -> f64 {
        self.0.detection_conf
    }

    /// Returns the classes that the rules used, best first.
    #[must_use]
    pub fn classes(self) -> Labels<'a> {
        // SAFETY: The array lives as long as the answer.
        Labels(unsafe { slice(self.0.classes, self.0.class_count) }.iter())
    }

    /// Returns why the top class is blocked at this location, if it is.
    #[must_use]
    pub fn blocked_by(self) -> Option<BlockedBy> {
        BlockedBy::from_number(self.0.blocked_by)
    }

    /// Returns the entry of geofence or overlay that blocks it; empty if there is none.
    #[must_use]
    pub fn blocked_by_entry(self) -> &'a str {
        // SAFETY: As rule().
        unsafe { text(self.0.blocked_by_entry) }
    }

    /// Returns the entry of an overlay that allows the top class although the geofence blocks it;
    /// empty if there is none.
    #[must_use]
    pub fn allowed_by_entry(self) -> &'a str {
        // SAFETY: As rule().
        unsafe { text(self.0.allowed_by_entry) }
    }

    /// Returns the levels of the rollup, in order.
    pub fn rollup(self) -> impl ExactSizeIterator<Item = RollupStep<'a>> {
        // SAFETY: As classes().
        unsafe { slice(self.0.rollup, self.0.rollup_count) }
            .iter()
            .map(RollupStep)
    }
}

/// One level of a rollup.
#[derive(Clone, Copy)]
pub struct RollupStep<'a>(&'a sys::speciesnet_rollup_step);

impl<'a> RollupStep<'a> {
    /// Returns the rank.
    #[must_use]
    pub fn rank(self) -> Rank {
        Rank::from_number(self.0.level)
    }

    /// Returns whether the answer is at this level.
    #[must_use]
    pub fn reached(self) -> bool {
        self.0.reached != 0
    }

    /// Returns the threshold; the sum must be greater.
    #[must_use]
    pub fn threshold(self) -> f64 {
        self.0.threshold
    }

    /// Returns the sum of each ancestor, in the order of the classes.
    #[must_use]
    pub fn sums(self) -> impl ExactSizeIterator<Item = RollupSum<'a>> {
        // SAFETY: The array and its strings live as long as the answer.
        unsafe { slice(self.0.sums, self.0.sum_count) }
            .iter()
            .map(|sum| unsafe {
                RollupSum {
                    label: text(sum.label),
                    score: sum.score,
                    blocked_by: BlockedBy::from_number(sum.blocked_by),
                    blocked_by_entry: text(sum.blocked_by_entry),
                }
            })
    }
}

/// Sum of scores of one ancestor in a rollup.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RollupSum<'a> {
    /// The ancestor.
    pub label: &'a str,
    /// Sum over its descendants among the top classes.
    pub score: f64,
    /// Why it was excluded although its sum was the largest.
    pub blocked_by: Option<BlockedBy>,
    /// The entry that blocks it; empty if there is none.
    pub blocked_by_entry: &'a str,
}
