// SPDX-License-Identifier: Apache-2.0
//! Photos and locations, and their conversion to C.

use crate::call::c_string;
use crate::error::Result;
use crate::image::Image;
use crate::prediction::{BoundingBox, Category};
use speciesnet_sys as sys;
use std::ffi::CString;
use std::path::{Path, PathBuf};
use std::ptr::null;

/// Location of a photo; each part may be unknown.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Location {
    /// ISO 3166-1 alpha-3, such as "KEN".
    pub country: Option<String>,
    /// Second part of ISO 3166-2, such as "CA".
    pub admin1_region: Option<String>,
    /// Degrees north, −90 to 90.
    pub latitude: Option<f64>,
    /// Degrees east, −180 to 180.
    pub longitude: Option<f64>,
    /// Station of the camera, for entries of a geofence overlay.
    pub station: Option<String>,
}

impl Location {
    /// Creates a location with only a country.
    #[must_use]
    pub fn country(code: &str) -> Self {
        Self {
            country: Some(code.to_owned()),
            ..Self::default()
        }
    }
}

/// A box with a category and a confidence, to be classified.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Region {
    /// Its category.
    pub category: Category,
    /// Confidence, 0 to 1.
    pub conf: f64,
    /// Its box.
    pub bbox: BoundingBox,
}

impl Region {
    pub(crate) fn to_c(self) -> sys::speciesnet_detection {
        sys::speciesnet_detection {
            category: self.category.number(),
            reserved: 0,
            conf: self.conf,
            bbox: self.bbox,
        }
    }
}

/// A photo to predict, and its location.
#[derive(Clone, Debug)]
pub struct Photo<'a> {
    path: PathBuf,
    image: Option<&'a Image>,
    location: Location,
    regions: Option<Vec<Region>>,
}

impl<'a> Photo<'a> {
    /// Creates a photo from a file, which the library reads.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            image: None,
            location: Location::default(),
            regions: None,
        }
    }

    /// Creates a photo from an image and its name in the result.
    pub fn image(name: impl AsRef<Path>, image: &'a Image) -> Self {
        Self {
            image: Some(image),
            ..Self::file(name)
        }
    }

    /// Sets the location.
    #[must_use]
    pub fn at(self, location: Location) -> Self {
        Self { location, ..self }
    }

    /// Sets the country, ISO 3166-1 alpha-3.
    #[must_use]
    pub fn in_country(mut self, country: &str) -> Self {
        self.location.country = Some(country.to_owned());
        self
    }

    /// Sets the region of the country, the second part of ISO 3166-2.
    #[must_use]
    pub fn in_region(mut self, admin1_region: &str) -> Self {
        self.location.admin1_region = Some(admin1_region.to_owned());
        self
    }

    /// Sets detections of an earlier run, so that the detector does not run again.
    #[must_use]
    pub fn detected(self, regions: impl IntoIterator<Item = Region>) -> Self {
        Self {
            regions: Some(regions.into_iter().collect()),
            ..self
        }
    }
}

/// A C struct with the strings to which it points.
pub(crate) struct Place {
    value: Box<sys::speciesnet_location>,
    _country: Option<CString>,
    _admin1_region: Option<CString>,
    _station: Option<CString>,
}

impl Place {
    pub(crate) fn new(location: &Location) -> Result<Self> {
        let country = location.country.as_deref().map(c_string).transpose()?;
        let admin1_region = location
            .admin1_region
            .as_deref()
            .map(c_string)
            .transpose()?;
        let station = location.station.as_deref().map(c_string).transpose()?;
        let text = |text: &Option<CString>| text.as_ref().map_or(null(), |text| text.as_ptr());
        let value = Box::new(sys::speciesnet_location {
            size: std::mem::size_of::<sys::speciesnet_location>(),
            country: text(&country),
            admin1_region: text(&admin1_region),
            latitude: location.latitude.unwrap_or(f64::NAN),
            longitude: location.longitude.unwrap_or(f64::NAN),
            station: text(&station),
        });
        Ok(Self {
            value,
            _country: country,
            _admin1_region: admin1_region,
            _station: station,
        })
    }

    pub(crate) fn as_ptr(&self) -> *const sys::speciesnet_location {
        &*self.value
    }
}

/// Photos as an array of C structs, with the data to which they point.
pub(crate) struct Instances {
    array: Vec<sys::speciesnet_instance>,
    paths: Vec<CString>,
    places: Vec<Place>,
    regions: Vec<Option<Vec<sys::speciesnet_detection>>>,
}

impl Instances {
    pub(crate) fn new<'a>(photos: impl IntoIterator<Item = Photo<'a>>) -> Result<Self> {
        let mut made = Self {
            array: Vec::new(),
            paths: Vec::new(),
            places: Vec::new(),
            regions: Vec::new(),
        };
        for photo in photos {
            let path = c_string(photo.path.as_os_str().as_encoded_bytes())?;
            let place = Place::new(&photo.location)?;
            let regions = photo
                .regions
                .map(|regions| regions.into_iter().map(Region::to_c).collect::<Vec<_>>());
            made.array.push(sys::speciesnet_instance {
                size: std::mem::size_of::<sys::speciesnet_instance>(),
                filepath: path.as_ptr(),
                image: photo.image.map_or(null(), Image::as_ptr),
                location: place.as_ptr(),
                // An empty list also has an address, because no detections differ from unknown
                // detections.
                detections: regions.as_ref().map_or(null(), std::vec::Vec::as_ptr),
                detection_count: regions.as_ref().map_or(0, Vec::len),
            });
            made.paths.push(path);
            made.places.push(place);
            made.regions.push(regions);
        }
        Ok(made)
    }

    pub(crate) fn as_ptr(&self) -> *const sys::speciesnet_instance {
        self.array.as_ptr()
    }

    pub(crate) fn len(&self) -> usize {
        self.array.len()
    }
}
