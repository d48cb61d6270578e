// SPDX-License-Identifier: Apache-2.0
//! A loaded model.

use crate::call::{c_path, c_string, check, check_abi, make, text};
use crate::callbacks::{prediction, progress, Callback};
use crate::choices::{LoadOptions, PredictOptions};
use crate::error::Result;
use crate::image::Image;
use crate::job::{on_done, on_progress, Job, Listeners};
use crate::options::{to_maximum, Level, Log, Precision};
use crate::photo::{Instances, Photo, Region};
use crate::prediction::Predictions;
use crate::rules::Rules;
use speciesnet_sys as sys;
use std::ffi::{c_char, c_void, CStr, CString};
use std::mem::ManuallyDrop;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;
use std::ptr::{null, null_mut, NonNull};
use std::sync::Arc;

/// Input of a classifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelType {
    /// Crops around detections.
    AlwaysCrop,
    /// The image without its top and bottom.
    FullImage,
}

/// A loaded model package. Thread-safe. Dropping it cancels its jobs and
/// waits for them; do not drop it in a closure that the library calls.
pub struct Ensemble {
    handle: NonNull<sys::speciesnet_ensemble>,
    /// The ensemble's own: not to be released.
    rules: Option<ManuallyDrop<Rules>>,
    /// The library's callback refers to it.
    log: Option<Arc<Log>>,
}

// SAFETY: speciesnet.h: every handle may be used by several threads at once; so may the log.
unsafe impl Send for Ensemble {}
unsafe impl Sync for Ensemble {}
// A panic of the log ends in the library's callback, and handles have no Rust state that it could
// break.
impl std::panic::UnwindSafe for Ensemble {}
impl std::panic::RefUnwindSafe for Ensemble {}

unsafe extern "C" fn on_log(user_data: *mut c_void, level: i32, message: *const c_char) {
    let log = &*user_data.cast::<Log>();
    let level = match level {
        sys::SPECIESNET_LOG_INFORMATION => Level::Information,
        _ => Level::Warning,
    };
    let message = CStr::from_ptr(message).to_string_lossy();
    // A panic of a log cannot be reported to the caller; the panic hook has already run.
    let _ = catch_unwind(AssertUnwindSafe(|| log(level, &message)));
}

impl Ensemble {
    /// Loads a model: a folder, "demo" for the demonstration model inside the library, or another
    /// name that [`model::resolve`](crate::model::resolve) accepts, which is downloaded if necessary.
    pub fn load(model: impl AsRef<Path>) -> Result<Self> {
        Self::load_with(model, LoadOptions::default(), |_, _| true)
    }

    /// Loads a model with options. `progress` is called with the number of loaded components and of
    /// all components, and returns whether to continue.
    pub fn load_with<Report: FnMut(usize, usize) -> bool>(
        model: impl AsRef<Path>,
        options: LoadOptions,
        report: Report,
    ) -> Result<Self> {
        check_abi()?;
        let model = c_path(model.as_ref())?;
        let choices = options.to_c();
        let targets = options
            .target_species
            .unwrap_or_default()
            .into_iter()
            .map(c_string)
            .collect::<Result<Vec<CString>>>()?;
        let pointers: Vec<_> = targets.iter().map(|label| label.as_ptr()).collect();
        let device = c_string(options.device)?;
        let detector = options.detector.as_deref().map(c_path).transpose()?;
        let log = options.log.map(Arc::new);
        let mut callback = Callback::new(report);
        let given = sys::speciesnet_load_options {
            device: device.as_ptr(),
            detector: detector.as_ref().map_or(null(), |path| path.as_ptr()),
            target_species: if pointers.is_empty() {
                null()
            } else {
                pointers.as_ptr()
            },
            target_species_count: pointers.len(),
            log: log.is_some().then_some(on_log),
            log_user_data: log.as_ref().map_or(null_mut(), |log| {
                std::ptr::addr_of!(**log).cast_mut().cast()
            }),
            progress: Some(progress::<Report>),
            progress_user_data: callback.as_user_data(),
            ..choices
        };
        // SAFETY: All pointers are valid during the call; the log lives as long as the handle.
        let loaded = make(|ensemble, error| unsafe {
            sys::speciesnet_ensemble_load(model.as_ptr(), &given, ensemble, error)
        });
        let handle = callback.finish(loaded)?;
        Ok(Self::own(handle, log))
    }

    fn own(handle: *mut sys::speciesnet_ensemble, log: Option<Arc<Log>>) -> Self {
        let handle = NonNull::new(handle).expect("a success gives a handle");
        // SAFETY: The handle is valid; the rules are its own.
        let rules = unsafe { sys::speciesnet_ensemble_rules(handle.as_ptr()) };
        Self {
            handle,
            rules: NonNull::new(rules.cast_mut()).map(|rules| ManuallyDrop::new(Rules(rules))),
            log,
        }
    }

    /// Returns an ensemble that shares the networks of this one but applies other rules, such as
    /// those of [`Rules::with_species_list`].
    pub fn with_rules(&self, rules: &Rules) -> Result<Self> {
        // SAFETY: Both handles are valid; the log lives as long as either ensemble.
        let handle = make(|ensemble, error| unsafe {
            sys::speciesnet_ensemble_with_rules(self.as_ptr(), rules.as_ptr(), ensemble, error)
        })?;
        Ok(Self::own(handle, self.log.clone()))
    }

    fn as_ptr(&self) -> *const sys::speciesnet_ensemble {
        self.handle.as_ptr()
    }

    /// Returns the version of the model package.
    #[must_use]
    pub fn model_version(&self) -> &str {
        // SAFETY: The string lives as long as the handle.
        unsafe { text(sys::speciesnet_ensemble_model_version(self.as_ptr())) }
    }

    /// Returns the input of the classifier.
    #[must_use]
    pub fn model_type(&self) -> ModelType {
        // SAFETY: The handle is valid.
        match unsafe { sys::speciesnet_ensemble_model_type(self.as_ptr()) } {
            sys::SPECIESNET_MODEL_FULL_IMAGE => ModelType::FullImage,
            _ => ModelType::AlwaysCrop,
        }
    }

    /// Returns whether this is the demonstration model, whose answers are not `SpeciesNet`'s.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        // SAFETY: The handle is valid.
        unsafe { sys::speciesnet_ensemble_is_demo(self.as_ptr()) != 0 }
    }

    /// Returns the description in the package; may be empty.
    #[must_use]
    pub fn description(&self) -> &str {
        // SAFETY: The string lives as long as the handle.
        unsafe { text(sys::speciesnet_ensemble_description(self.as_ptr())) }
    }

    /// Returns the precision of the networks; never `Automatic`.
    #[must_use]
    pub fn precision(&self) -> Precision {
        // SAFETY: The handle is valid.
        Precision::from_number(unsafe { sys::speciesnet_ensemble_precision(self.as_ptr()) })
    }

    /// Returns the number of threads of the networks.
    #[must_use]
    pub fn threads(&self) -> usize {
        // SAFETY: The handle is valid. There is at least one.
        unsafe { sys::speciesnet_ensemble_threads(self.as_ptr()).unsigned_abs() as usize }
    }

    /// Returns the labels of the classifier, in the order of its logits.
    #[must_use]
    pub fn labels(&self) -> impl ExactSizeIterator<Item = &str> {
        // SAFETY: The handle is valid; the strings live as long as it does.
        let count = unsafe { sys::speciesnet_ensemble_label_count(self.as_ptr()) };
        (0..count)
            .map(|index| unsafe { text(sys::speciesnet_ensemble_label(self.as_ptr(), index)) })
    }

    /// Returns the package's rules; None if they were not loaded.
    #[must_use]
    pub fn rules(&self) -> Option<&Rules> {
        self.rules.as_deref()
    }

    /// Detects animals, humans and vehicles. The list has one prediction.
    pub fn detect(&self, image: &Image) -> Result<Predictions> {
        // SAFETY: Both handles are valid.
        make(|list, error| unsafe {
            sys::speciesnet_ensemble_detect(self.as_ptr(), image.as_ptr(), list, error)
        })
        .map(Predictions::own)
    }

    /// Classifies crops of an image, or, for full-image models, the image once for each entry.
    /// `top` is the number of classes to report; None for all. The list has one prediction.
    pub fn classify(
        &self,
        image: &Image,
        regions: &[Region],
        top: Option<usize>,
    ) -> Result<Predictions> {
        let regions: Vec<_> = regions.iter().map(|region| region.to_c()).collect();
        // SAFETY: Both handles are valid; the array has this length and lives during the call.
        make(|list, error| unsafe {
            sys::speciesnet_ensemble_classify(
                self.as_ptr(),
                image.as_ptr(),
                regions.as_ptr(),
                regions.len(),
                to_maximum(top),
                list,
                error,
            )
        })
        .map(Predictions::own)
    }

    /// Runs detector, classifier and rules. A photo that cannot be read is reported in its failures.
    pub fn predict<'a>(&self, photos: impl IntoIterator<Item = Photo<'a>>) -> Result<Predictions> {
        self.predict_with(photos, PredictOptions::default(), |_, _| true)
    }

    /// Predicts with options. `progress` is called with the number of finished photos and of all
    /// photos, and returns whether to continue.
    pub fn predict_with<'a, Report: FnMut(usize, usize) -> bool>(
        &self,
        photos: impl IntoIterator<Item = Photo<'a>>,
        options: PredictOptions,
        report: Report,
    ) -> Result<Predictions> {
        let instances = Instances::new(photos)?;
        let mut callback = Callback::new(report);
        let given = sys::speciesnet_predict_options {
            progress: Some(progress::<Report>),
            progress_user_data: callback.as_user_data(),
            ..options.to_c()
        };
        // SAFETY: All pointers are valid during the call, and the callback runs only during it, on
        // this thread.
        let result = make(|list, error| unsafe {
            sys::speciesnet_ensemble_predict(
                self.as_ptr(),
                instances.as_ptr(),
                instances.len(),
                &given,
                list,
                error,
            )
        });
        callback.finish(result).map(Predictions::own)
    }

    /// Predicts and passes on each prediction as soon as it is computed, in a list of one.
    /// `receive` returns whether to continue.
    pub fn predict_each<'a, Receive: FnMut(Predictions) -> bool>(
        &self,
        photos: impl IntoIterator<Item = Photo<'a>>,
        options: PredictOptions,
        receive: Receive,
    ) -> Result<()> {
        let instances = Instances::new(photos)?;
        let mut callback = Callback::new(receive);
        // SAFETY: As predict_with().
        let result = check(|error| unsafe {
            sys::speciesnet_ensemble_predict_each(
                self.as_ptr(),
                instances.as_ptr(),
                instances.len(),
                &options.to_c(),
                Some(prediction::<Receive>),
                callback.as_user_data(),
                error,
            )
        });
        callback.finish(result)
    }

    /// Starts a prediction in the background. Jobs run one at a time, in the order of submission, and
    /// may outlive the ensemble, which cancels them. Fails with
    /// [`Kind::QueueFull`](crate::Kind::QueueFull) if too many are queued.
    pub fn submit<'a>(
        &self,
        photos: impl IntoIterator<Item = Photo<'a>>,
        options: PredictOptions,
    ) -> Result<Job> {
        self.submit_with(photos, options, |_, _| true, || {})
    }

    /// Starts a prediction with two closures, called on the ensemble's thread. `progress` is called
    /// with the number of finished photos and of all photos, and returns whether to continue. `done`
    /// is called once, when the job has finished.
    pub fn submit_with<'a>(
        &self,
        photos: impl IntoIterator<Item = Photo<'a>>,
        options: PredictOptions,
        report: impl FnMut(usize, usize) -> bool + Send + 'static,
        done: impl FnOnce() + Send + 'static,
    ) -> Result<Job> {
        let instances = Instances::new(photos)?;
        let listeners = Listeners::new(Box::new(report), Box::new(done));
        let user_data = Arc::as_ptr(&listeners).cast_mut().cast();
        let given = sys::speciesnet_predict_options {
            progress: Some(on_progress),
            progress_user_data: user_data,
            ..options.to_c()
        };
        // SAFETY: The library copies the arguments, and shares pixels, before it returns. The job
        // keeps the listeners until the library no longer uses them.
        make(|job, error| unsafe {
            sys::speciesnet_ensemble_submit(
                self.handle.as_ptr(),
                instances.as_ptr(),
                instances.len(),
                &given,
                Some(on_done),
                user_data,
                job,
                error,
            )
        })
        .map(|handle| Job::own(handle, listeners))
    }
}

impl std::fmt::Debug for Ensemble {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Ensemble")
            .field("model_version", &self.model_version())
            .finish_non_exhaustive()
    }
}

impl Drop for Ensemble {
    fn drop(&mut self) {
        // SAFETY: The handle is owned and not used afterwards; the rules are not released
        // separately.
        unsafe { sys::speciesnet_ensemble_free(self.handle.as_ptr()) }
    }
}
