//! A loaded model.

use crate::call::{c_string, check_abi, make, text};
use crate::error::Result;
use crate::image::Image;
use crate::prediction::{Format, Predictions};
use speciesnet_sys as sys;
use std::ffi::{c_void, CString};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::ptr::{null, NonNull};

/// Which parts of a package to load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Components {
    /// Detector, classifier and rules.
    #[default]
    All = 1,
    /// Only the detector.
    Detector = 2,
    /// Only the classifier.
    Classifier = 3,
    /// Only taxonomy and geofence.
    Rules = 4,
}

/// Choices made once, when a package is loaded.
#[derive(Clone, Copy, Debug)]
pub struct LoadOptions {
    /// Which parts to load.
    pub components: Components,
    /// Threads of the networks; None for one per core.
    pub threads: Option<i32>,
    /// False switches the geofence off.
    pub geofence: bool,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            components: Components::All,
            threads: None,
            geofence: true,
        }
    }
}

/// Choices made for each call; the defaults are the reference's.
#[derive(Clone, Copy, Debug)]
pub struct PredictOptions {
    /// What gets an answer: each detection, or the image.
    pub format: Format,
    /// Lowest confidence to be classified.
    pub detection_threshold: f64,
    /// Classes reported for each detection; None for all.
    pub max_classifications_per_detection: Option<usize>,
}

impl Default for PredictOptions {
    fn default() -> Self {
        Self {
            format: Format::PerDetection,
            detection_threshold: 0.1,
            max_classifications_per_detection: Some(2),
        }
    }
}

/// A photo to work on, and where it was taken.
#[derive(Clone, Debug)]
pub struct Photo<'a> {
    path: PathBuf,
    image: Option<&'a Image>,
    country: Option<String>,
    admin1_region: Option<String>,
}

impl<'a> Photo<'a> {
    /// A file, read by the library.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            image: None,
            country: None,
            admin1_region: None,
        }
    }

    /// An image, and the name that it has in the result.
    pub fn image(name: impl AsRef<Path>, image: &'a Image) -> Self {
        Self {
            image: Some(image),
            ..Self::file(name)
        }
    }

    /// Taken in a country, ISO 3166-1 alpha-3.
    pub fn in_country(self, country: &str) -> Self {
        Self {
            country: Some(country.to_owned()),
            ..self
        }
    }

    /// Taken in a region of the country, the second part of ISO 3166-2.
    pub fn in_region(self, admin1_region: &str) -> Self {
        Self {
            admin1_region: Some(admin1_region.to_owned()),
            ..self
        }
    }
}

/// A C struct and the strings that it points to.
pub(crate) struct Place {
    value: Box<sys::speciesnet_location>,
    _country: Option<CString>,
    _admin1_region: Option<CString>,
}

impl Place {
    pub(crate) fn new(country: Option<&str>, admin1_region: Option<&str>) -> Result<Self> {
        let country = country.map(c_string).transpose()?;
        let admin1_region = admin1_region.map(c_string).transpose()?;
        // SAFETY: The struct is filled by its init function.
        let mut value = Box::new(unsafe { std::mem::zeroed() });
        unsafe {
            sys::speciesnet_location_init(
                &mut *value,
                std::mem::size_of::<sys::speciesnet_location>(),
            );
        }
        value.country = country.as_ref().map_or(null(), |text| text.as_ptr());
        value.admin1_region = admin1_region.as_ref().map_or(null(), |text| text.as_ptr());
        Ok(Self {
            value,
            _country: country,
            _admin1_region: admin1_region,
        })
    }

    pub(crate) fn as_ptr(&self) -> *const sys::speciesnet_location {
        &*self.value
    }
}

/// A loaded model package. May be used by many threads at once.
#[derive(Debug)]
pub struct Ensemble(NonNull<sys::speciesnet_ensemble>);

// SAFETY: speciesnet.h: every handle may be used by several threads at once.
unsafe impl Send for Ensemble {}
unsafe impl Sync for Ensemble {}

/// What the progress callback needs: the caller's closure, and the panic it may have ended with.
struct Progress<'a> {
    report: &'a mut dyn FnMut(usize, usize) -> bool,
    panic: Option<Box<dyn std::any::Any + Send>>,
}

unsafe extern "C" fn on_progress(user_data: *mut c_void, done: usize, total: usize) -> i32 {
    let progress = &mut *user_data.cast::<Progress>();
    match catch_unwind(AssertUnwindSafe(|| (progress.report)(done, total))) {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(panic) => {
            progress.panic = Some(panic);
            1
        }
    }
}

impl Ensemble {
    /// Loads a folder, or "demo", the demonstration model inside the library.
    pub fn load(model: impl AsRef<Path>) -> Result<Self> {
        Self::load_with(model, LoadOptions::default())
    }

    /// The same with choices.
    pub fn load_with(model: impl AsRef<Path>, options: LoadOptions) -> Result<Self> {
        check_abi()?;
        let model = c_string(model.as_ref().as_os_str().as_encoded_bytes())?;
        // SAFETY: The struct is filled by its init function and, as the string, lives during the
        // call.
        let handle = unsafe {
            let mut given = std::mem::zeroed();
            sys::speciesnet_load_options_init(
                &mut given,
                std::mem::size_of::<sys::speciesnet_load_options>(),
            );
            given.components = options.components as i32;
            given.threads = options.threads.unwrap_or(sys::SPECIESNET_ALL_CORES);
            given.geofencing = i32::from(options.geofence);
            make(|ensemble, error| {
                sys::speciesnet_ensemble_load(model.as_ptr(), &given, ensemble, error)
            })?
        };
        Ok(Self(
            NonNull::new(handle).expect("a success gives a handle"),
        ))
    }

    /// Version of the model package.
    pub fn model_version(&self) -> &str {
        // SAFETY: The string lives as long as the handle.
        unsafe { text(sys::speciesnet_ensemble_model_version(self.0.as_ptr())) }
    }

    /// Whether this is the demonstration model, whose answers are not SpeciesNet's.
    pub fn is_demo(&self) -> bool {
        // SAFETY: The handle is valid.
        unsafe { sys::speciesnet_ensemble_is_demo(self.0.as_ptr()) != 0 }
    }

    /// Labels of the classifier, in the order of its logits.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = &str> {
        // SAFETY: The handle is valid; the strings live as long as it does.
        let count = unsafe { sys::speciesnet_ensemble_label_count(self.0.as_ptr()) };
        (0..count)
            .map(|index| unsafe { text(sys::speciesnet_ensemble_label(self.0.as_ptr(), index)) })
    }

    /// Finds animals, humans and vehicles. The list has one prediction.
    pub fn detect(&self, image: &Image) -> Result<Predictions> {
        // SAFETY: Both handles are valid.
        make(|list, error| unsafe {
            sys::speciesnet_ensemble_detect(self.0.as_ptr(), image.as_ptr(), list, error)
        })
        .map(Predictions::own)
    }

    /// Detects, classifies and decides. A photo that cannot be read is reported in its failures.
    pub fn predict<'a>(&self, photos: impl IntoIterator<Item = Photo<'a>>) -> Result<Predictions> {
        self.predict_with(photos, PredictOptions::default(), |_, _| true)
    }

    /// The same with choices, and a function that is told how many are done of how many; it returns
    /// whether to go on.
    pub fn predict_with<'a>(
        &self,
        photos: impl IntoIterator<Item = Photo<'a>>,
        options: PredictOptions,
        mut report: impl FnMut(usize, usize) -> bool,
    ) -> Result<Predictions> {
        let photos: Vec<Photo> = photos.into_iter().collect();
        let paths = photos
            .iter()
            .map(|photo| c_string(photo.path.as_os_str().as_encoded_bytes()))
            .collect::<Result<Vec<_>>>()?;
        let places = photos
            .iter()
            .map(|photo| Place::new(photo.country.as_deref(), photo.admin1_region.as_deref()))
            .collect::<Result<Vec<_>>>()?;
        let instances: Vec<_> = photos
            .iter()
            .zip(paths.iter().zip(&places))
            .map(|(photo, (path, place))| sys::speciesnet_instance {
                size: std::mem::size_of::<sys::speciesnet_instance>(),
                filepath: path.as_ptr(),
                image: photo.image.map_or(null(), Image::as_ptr),
                location: place.as_ptr(),
                detections: null(),
                detection_count: 0,
            })
            .collect();
        let mut progress = Progress {
            report: &mut report,
            panic: None,
        };
        // SAFETY: Everything that the structs point to lives during the call, and the callback comes
        // only during it, on this thread.
        let result = unsafe {
            let mut given = std::mem::zeroed();
            sys::speciesnet_predict_options_init(
                &mut given,
                std::mem::size_of::<sys::speciesnet_predict_options>(),
            );
            given.format = options.format.number();
            given.detection_threshold = options.detection_threshold;
            given.max_classifications_per_detection = options
                .max_classifications_per_detection
                .unwrap_or(sys::SPECIESNET_ALL);
            given.progress = Some(on_progress);
            given.progress_user_data = std::ptr::addr_of_mut!(progress).cast();
            make(|list, error| {
                sys::speciesnet_ensemble_predict(
                    self.0.as_ptr(),
                    instances.as_ptr(),
                    instances.len(),
                    &given,
                    list,
                    error,
                )
            })
        };
        if let Some(panic) = progress.panic {
            resume_unwind(panic);
        }
        result.map(Predictions::own)
    }
}

impl Drop for Ensemble {
    fn drop(&mut self) {
        // SAFETY: Ours alone, and not used afterwards.
        unsafe { sys::speciesnet_ensemble_free(self.0.as_ptr()) }
    }
}
