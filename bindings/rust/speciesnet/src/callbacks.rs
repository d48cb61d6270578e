// SPDX-License-Identifier: Apache-2.0
//! Closures that C calls. A panic is caught before it reaches C, and resumed in the caller.

use crate::error::Result;
use std::any::Any;
use std::ffi::{c_char, c_void, CStr};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};

/// Runs a closure for C. Returns whether to continue, or the panic.
fn go_on(panic: &mut Option<Box<dyn Any + Send>>, report: impl FnOnce() -> bool) -> i32 {
    match catch_unwind(AssertUnwindSafe(report)) {
        Ok(go_on) => i32::from(!go_on),
        Err(cause) => {
            *panic = Some(cause);
            1
        }
    }
}

/// A closure that is called during one call of the library, on the same thread.
pub(crate) struct Callback<Report> {
    report: Report,
    panic: Option<Box<dyn Any + Send>>,
}

impl<Report> Callback<Report> {
    pub(crate) fn new(report: Report) -> Self {
        Self {
            report,
            panic: None,
        }
    }

    pub(crate) fn as_user_data(&mut self) -> *mut c_void {
        std::ptr::addr_of_mut!(*self).cast()
    }

    /// The call's result, or the closure's panic.
    pub(crate) fn finish<Value>(self, result: Result<Value>) -> Result<Value> {
        match self.panic {
            Some(panic) => resume_unwind(panic),
            None => result,
        }
    }

    /// # Safety
    /// `user_data` belongs to a callback of this type that nothing else uses at the same time.
    unsafe fn run(user_data: *mut c_void, report: impl FnOnce(&mut Report) -> bool) -> i32 {
        let Self {
            report: closure,
            panic,
        } = &mut *user_data.cast::<Self>();
        go_on(panic, || report(closure))
    }
}

/// Called with the number of finished items and of all items.
pub(crate) unsafe extern "C" fn progress<Report: FnMut(usize, usize) -> bool>(
    user_data: *mut c_void,
    done: usize,
    total: usize,
) -> i32 {
    Callback::<Report>::run(user_data, |report| report(done, total))
}

/// Called with the progress of a download.
pub(crate) unsafe extern "C" fn download<Report: FnMut(&str, u64, Option<u64>) -> bool>(
    user_data: *mut c_void,
    file: *const c_char,
    bytes: u64,
    total: u64,
) -> i32 {
    let name = CStr::from_ptr(file).to_string_lossy();
    Callback::<Report>::run(user_data, |report| {
        report(&name, bytes, (total > 0).then_some(total))
    })
}

/// Called with the name of a file before it is exported or compiled.
pub(crate) unsafe extern "C" fn file<Report: FnMut(&str) -> bool>(
    user_data: *mut c_void,
    name: *const c_char,
) -> i32 {
    let name = CStr::from_ptr(name).to_string_lossy();
    Callback::<Report>::run(user_data, |report| report(&name))
}

/// Called with a list of one prediction.
pub(crate) unsafe extern "C" fn prediction<Report>(
    user_data: *mut c_void,
    predictions: *mut speciesnet_sys::speciesnet_predictions,
) -> i32
where
    Report: FnMut(crate::Predictions) -> bool,
{
    let list = crate::Predictions::own(predictions);
    Callback::<Report>::run(user_data, |report| report(list))
}
