// SPDX-License-Identifier: Apache-2.0
//! Models: by name, downloaded on first use.

use crate::call::{c_path, c_string, check, make, take_text, text};
use crate::callbacks::{download, file, Callback};
use crate::error::Result;
use speciesnet_sys as sys;
use std::path::{Path, PathBuf};
use std::ptr::null;

pub use crate::choices::{CompileOptions, FetchOptions};

/// Returns the name of the published model that the reference used first.
#[must_use]
pub fn default_name() -> &'static str {
    // SAFETY: The string is static.
    unsafe { text(sys::speciesnet_model_default_name()) }
}

/// Returns the folder of a model, or "demo", as [`Ensemble::load`](crate::Ensemble::load) does
/// itself. Downloads the model if it is not in the cache.
///
/// `report` is called with a file's name, the bytes on disk, and its size if known, and returns
/// whether to continue. While another process downloads the same model, the name is "waiting for
/// another process: " and the model's.
pub fn resolve(
    name: &str,
    options: &FetchOptions,
    report: impl FnMut(&str, u64, Option<u64>) -> bool,
) -> Result<String> {
    fn with<Report: FnMut(&str, u64, Option<u64>) -> bool>(
        name: &str,
        options: &FetchOptions,
        report: Report,
    ) -> Result<String> {
        let name = c_string(name)?;
        let cache = options.cache.as_deref().map(c_path).transpose()?;
        let mut callback = Callback::new(report);
        let given = sys::speciesnet_fetch_options {
            cache: cache.as_ref().map_or(null(), |path| path.as_ptr()),
            progress: Some(download::<Report>),
            progress_user_data: callback.as_user_data(),
            ..options.to_c()
        };
        // SAFETY: All pointers are valid during the call.
        let resolved = make(|text, error| unsafe {
            sys::speciesnet_model_resolve(name.as_ptr(), &given, text, error)
        });
        callback
            .finish(resolved)
            .map(|text| unsafe { take_text(text) })
    }
    with(name, options, report)
}

/// Writes a package with `TorchScript` networks, for programs that use `PyTorch`, into a nonexistent
/// or empty folder. `report` is called with each network's file name and returns whether to continue.
pub fn export_package(
    published: impl AsRef<Path>,
    output: impl AsRef<Path>,
    report: impl FnMut(&str) -> bool,
) -> Result<()> {
    fn with<Report: FnMut(&str) -> bool>(from: &Path, to: &Path, report: Report) -> Result<()> {
        let (from, to) = (c_path(from)?, c_path(to)?);
        let mut callback = Callback::new(report);
        // SAFETY: All pointers are valid during the call.
        let result = check(|error| unsafe {
            sys::speciesnet_model_export(
                from.as_ptr(),
                to.as_ptr(),
                Some(file::<Report>),
                callback.as_user_data(),
                error,
            )
        });
        callback.finish(result)
    }
    with(published.as_ref(), output.as_ref(), report)
}

/// Compiles the networks of a package for a CPU, into files beside them.
/// [`Ensemble::load`](crate::Ensemble::load) then takes less time and memory, with the same answers.
/// A package may be shipped with these files instead of its networks.
///
/// `folder` is as from [`resolve`], not "demo". `report` is called with the path of each calibration
/// photo and each network's file name, and returns whether to continue.
pub fn compile_package(
    folder: impl AsRef<Path>,
    options: &CompileOptions,
    report: impl FnMut(&str) -> bool,
) -> Result<()> {
    fn with<Report: FnMut(&str) -> bool>(
        folder: &Path,
        options: &CompileOptions,
        report: Report,
    ) -> Result<()> {
        let folder = c_path(folder)?;
        let target = c_string(options.target.as_str())?;
        let photos = options
            .calibration_photos
            .iter()
            .flatten()
            .map(|photo| c_string(photo.as_str()))
            .collect::<Result<Vec<_>>>()?;
        let pointers: Vec<_> = photos.iter().map(|photo| photo.as_ptr()).collect();
        let mut callback = Callback::new(report);
        let given = sys::speciesnet_compile_options {
            target: target.as_ptr(),
            calibration_photos: if options.calibration_photos.is_some() {
                pointers.as_ptr()
            } else {
                null()
            },
            calibration_photos_count: pointers.len(),
            ..options.to_c()
        };
        // SAFETY: All pointers are valid during the call.
        let result = check(|error| unsafe {
            sys::speciesnet_model_compile(
                folder.as_ptr(),
                &given,
                Some(file::<Report>),
                callback.as_user_data(),
                error,
            )
        });
        callback.finish(result)
    }
    with(folder.as_ref(), options, report)
}

/// Compares every file of a downloaded package with its recorded SHA-256.
pub fn verify(folder: impl AsRef<Path>) -> Result<()> {
    let folder = c_path(folder.as_ref())?;
    // SAFETY: The string lives during the call.
    check(|error| unsafe { sys::speciesnet_model_verify(folder.as_ptr(), error) })
}

/// Removes a model from a cache, None for the user's. Fails if the cache does not contain it.
pub fn remove(name: &str, cache: Option<&Path>) -> Result<()> {
    let name = c_string(name)?;
    let cache = cache.map(c_path).transpose()?;
    let folder = cache.as_ref().map_or(null(), |path| path.as_ptr());
    // SAFETY: The strings live during the call.
    check(|error| unsafe { sys::speciesnet_model_remove(name.as_ptr(), folder, error) })
}

/// A package in a cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedModel {
    /// Name for [`resolve`], with its version.
    pub name: String,
    /// The package as it was published.
    pub folder: PathBuf,
    /// Size of all its files.
    pub bytes: u64,
}

/// Returns the models of a cache, None for the user's, sorted by name.
pub fn cached(cache: Option<&Path>) -> Result<Vec<CachedModel>> {
    let cache = cache.map(c_path).transpose()?;
    let folder = cache.as_ref().map_or(null(), |path| path.as_ptr());
    // SAFETY: The string lives during the call; the list is read, then released.
    unsafe {
        let list = make(|list, error| sys::speciesnet_model_list_new(folder, list, error))?;
        let models = (0..sys::speciesnet_model_list_count(list))
            .map(|index| CachedModel {
                name: text(sys::speciesnet_model_list_name(list, index)).to_owned(),
                folder: text(sys::speciesnet_model_list_folder(list, index)).into(),
                bytes: sys::speciesnet_model_list_bytes(list, index),
            })
            .collect();
        sys::speciesnet_model_list_free(list);
        Ok(models)
    }
}
