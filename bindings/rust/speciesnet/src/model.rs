// SPDX-License-Identifier: Apache-2.0
//! Models: by name, downloaded on first use.

use crate::call::{c_path, c_string, check, make, take_text, text};
use crate::callbacks::{download, file, Callback};
use crate::error::Result;
use crate::options::Precision;
use speciesnet_sys as sys;
use std::path::{Path, PathBuf};
use std::ptr::null;

pub use crate::choices::FetchOptions;

/// The name of the published model that the reference used first.
#[must_use]
pub fn default_name() -> &'static str {
    // SAFETY: The string is static.
    unsafe { text(sys::speciesnet_model_default_name()) }
}

/// A model's folder, or "demo": what [`Ensemble::load`](crate::Ensemble::load) finds by itself. It is
/// downloaded first if the cache does not have it.
///
/// `report` is told a file's name, the bytes on disk, and its size if the server tells; it returns
/// whether to go on. While another process gets the same model, the name is "waiting for another
/// process: " and the model's.
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
        // SAFETY: Everything that is pointed to lives during the call.
        let resolved = make(|text, error| unsafe {
            sys::speciesnet_model_resolve(name.as_ptr(), &given, text, error)
        });
        callback
            .finish(resolved)
            .map(|text| unsafe { take_text(text) })
    }
    with(name, options, report)
}

/// Writes a package with `TorchScript` networks, for programs that run on `PyTorch`, into a folder that
/// does not exist or is empty. `report` is told each network's file name; it returns whether to go on.
pub fn export_package(
    published: impl AsRef<Path>,
    output: impl AsRef<Path>,
    report: impl FnMut(&str) -> bool,
) -> Result<()> {
    fn with<Report: FnMut(&str) -> bool>(from: &Path, to: &Path, report: Report) -> Result<()> {
        let (from, to) = (c_path(from)?, c_path(to)?);
        let mut callback = Callback::new(report);
        // SAFETY: Everything that is pointed to lives during the call.
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

/// Makes the networks of a package ready for a CPU, in files beside their own.
/// [`Ensemble::load`](crate::Ensemble::load) then takes less time and memory, with the same answers.
/// A package may be shipped with these files in the place of its networks.
///
/// `folder` is what [`resolve`] gives, not "demo". `target` are the instructions: "portable" (any
/// CPU), "avx2", "avx512", "amx" or "neon", whether this CPU has them or not; None stands for the
/// best that it has. `precision` is the one that ensembles will be
/// loaded with, `threads` are those that work, 0 for one per core. `report` is told each
/// network's file name; it returns whether to go on.
pub fn compile_package(
    folder: impl AsRef<Path>,
    target: Option<&str>,
    precision: Precision,
    threads: u16,
    report: impl FnMut(&str) -> bool,
) -> Result<()> {
    fn with<Report: FnMut(&str) -> bool>(
        folder: &Path,
        target: Option<&str>,
        precision: Precision,
        threads: u16,
        report: Report,
    ) -> Result<()> {
        let folder = c_path(folder)?;
        let target = target.map(c_string).transpose()?;
        let mut callback = Callback::new(report);
        // SAFETY: Everything that is pointed to lives during the call.
        let result = check(|error| unsafe {
            sys::speciesnet_model_compile(
                folder.as_ptr(),
                target.as_ref().map_or(null(), |name| name.as_ptr()),
                precision.number(),
                threads.into(),
                Some(file::<Report>),
                callback.as_user_data(),
                error,
            )
        });
        callback.finish(result)
    }
    with(folder.as_ref(), target, precision, threads, report)
}

/// Compares every file of a downloaded package with its recorded SHA-256.
pub fn verify(folder: impl AsRef<Path>) -> Result<()> {
    let folder = c_path(folder.as_ref())?;
    // SAFETY: The string lives during the call.
    check(|error| unsafe { sys::speciesnet_model_verify(folder.as_ptr(), error) })
}

/// Removes a model from a cache, None for the user's. Fails if it was not there.
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
    /// As [`resolve`] takes it, with its version.
    pub name: String,
    /// The package as it was published.
    pub folder: PathBuf,
    /// Size of all its files.
    pub bytes: u64,
}

/// The models of a cache, None for the user's, sorted by name.
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
