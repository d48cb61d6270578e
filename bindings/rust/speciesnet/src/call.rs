// SPDX-License-Identifier: Apache-2.0
//! Calls of the C ABI: converts statuses to results, and strings.

use crate::error::{Error, Kind, Result};
use speciesnet_sys as sys;
use std::ffi::{c_char, CStr, CString};
use std::mem::MaybeUninit;
use std::path::Path;

/// Runs a fallible function with an error struct.
pub(crate) fn check(
    function: impl FnOnce(*mut sys::speciesnet_error) -> sys::speciesnet_status,
) -> Result<()> {
    let mut error = MaybeUninit::<sys::speciesnet_error>::uninit();
    let status = function(error.as_mut_ptr());
    if status == sys::SPECIESNET_OK {
        return Ok(());
    }
    // SAFETY: Every fallible function fills the error it is given.
    let message = unsafe { CStr::from_ptr((*error.as_ptr()).message.as_ptr()) };
    Err(Error::new(status, message.to_string_lossy().into_owned()))
}

/// Runs a fallible function that outputs a handle.
pub(crate) fn make<Handle>(
    function: impl FnOnce(*mut *mut Handle, *mut sys::speciesnet_error) -> sys::speciesnet_status,
) -> Result<*mut Handle> {
    let mut handle = std::ptr::null_mut();
    check(|error| function(&mut handle, error))?;
    Ok(handle)
}

/// Converts a string for C.
pub(crate) fn c_string(text: impl Into<Vec<u8>>) -> Result<CString> {
    CString::new(text).map_err(|_| {
        Error::new(
            sys::SPECIESNET_ERROR_INVALID_ARGUMENT,
            "a string holds a zero byte".to_owned(),
        )
    })
}

/// Converts a path for C: the bytes of the file system.
pub(crate) fn c_path(path: &Path) -> Result<CString> {
    c_string(path.as_os_str().as_encoded_bytes())
}

/// Converts a string of the library; "" if it is NULL or not UTF-8.
///
/// # Safety
/// The pointer is NULL or a string that outlives `'a`.
pub(crate) unsafe fn text<'a>(pointer: *const c_char) -> &'a str {
    if pointer.is_null() {
        return "";
    }
    CStr::from_ptr(pointer).to_str().unwrap_or_default()
}

/// Converts a text of the library to a string, and releases the text.
///
/// # Safety
/// The pointer is a text that the caller owns.
pub(crate) unsafe fn take_text(pointer: *mut c_char) -> String {
    let copy = CStr::from_ptr(pointer).to_string_lossy().into_owned();
    sys::speciesnet_text_free(pointer);
    copy
}

/// Checks that the loaded library has the ABI of this crate.
pub(crate) fn check_abi() -> Result<()> {
    // SAFETY: Takes nothing.
    let found = unsafe { sys::speciesnet_abi_version() };
    let wanted = sys::SPECIESNET_ABI_MAJOR << 16 | sys::SPECIESNET_ABI_MINOR;
    if found >> 16 == sys::SPECIESNET_ABI_MAJOR && found >= wanted {
        return Ok(());
    }
    Err(Error::with_kind(
        Kind::WrongLibrary,
        format!("libspeciesnet_c has ABI {}.{}", found >> 16, found & 0xFFFF),
    ))
}
