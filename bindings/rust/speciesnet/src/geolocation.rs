// SPDX-License-Identifier: Apache-2.0
//! Country and region from coordinates, offline.

use crate::call::{make, take_text};
use crate::error::Result;
use crate::photo::{Location, Place};
use speciesnet_sys as sys;
use std::ptr::NonNull;

/// Looks up the nearest place in a table inside the library.
#[derive(Debug)]
pub struct Geolocator(NonNull<sys::speciesnet_geolocator>);

// SAFETY: speciesnet.h: every handle may be used by several threads at once; this one is immutable.
unsafe impl Send for Geolocator {}
unsafe impl Sync for Geolocator {}

impl Geolocator {
    /// Reads the table.
    pub fn new() -> Result<Self> {
        // SAFETY: The only argument is the output.
        make(|handle, error| unsafe { sys::speciesnet_geolocator_new(handle, error) })
            .map(|handle| Self(NonNull::new(handle).expect("a success gives a handle")))
    }

    /// Returns the region for the geofence, as the reference does: the given one if the country is
    /// given, or, in the USA, the state of the nearest place.
    pub fn admin1_region(&self, location: &Location) -> Result<Option<String>> {
        let place = Place::new(location)?;
        // SAFETY: The struct lives during the call; the text is owned afterwards.
        unsafe {
            let region = make(|text, error| {
                sys::speciesnet_geolocator_admin1_region(
                    self.0.as_ptr(),
                    place.as_ptr(),
                    text,
                    error,
                )
            })?;
            Ok((!region.is_null()).then(|| take_text(region)))
        }
    }

    /// Returns the country of the nearest place, ISO 3166-1 alpha-3, also for the open sea.
    pub fn country(&self, latitude: f64, longitude: f64) -> Result<String> {
        // SAFETY: The handle is valid; the text is owned afterwards.
        unsafe {
            make(|text, error| {
                sys::speciesnet_geolocator_country(
                    self.0.as_ptr(),
                    latitude,
                    longitude,
                    text,
                    error,
                )
            })
            .map(|country| take_text(country))
        }
    }
}

impl Drop for Geolocator {
    fn drop(&mut self) {
        // SAFETY: The handle is owned and not used afterwards.
        unsafe { sys::speciesnet_geolocator_free(self.0.as_ptr()) }
    }
}
