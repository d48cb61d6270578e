// SPDX-License-Identifier: Apache-2.0
//! Predictions in the background.

use crate::call::{check, make};
use crate::error::Result;
use crate::prediction::Predictions;
use speciesnet_sys as sys;
use std::any::Any;
use std::ffi::c_void;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Called with the number of finished photos and of all photos; returns whether to continue.
pub(crate) type Report = Box<dyn FnMut(usize, usize) -> bool + Send>;
/// Called once, when the job has finished.
pub(crate) type Done = Box<dyn FnOnce() + Send>;

/// The caller's closures, and the panic of one of them, if any.
pub(crate) struct Listeners {
    report: Mutex<Report>,
    done: Mutex<Option<Done>>,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Listeners {
    pub(crate) fn new(report: Report, done: Done) -> Arc<Self> {
        Arc::new(Self {
            report: Mutex::new(report),
            done: Mutex::new(Some(done)),
            panic: Mutex::new(None),
        })
    }
}

/// # Safety
/// `user_data` refers to the listeners of a job, which the job still holds.
unsafe fn listeners(user_data: *mut c_void) -> Arc<Listeners> {
    let pointer = user_data.cast::<Listeners>().cast_const();
    // A separate reference, because the closure that is called may drop the job.
    Arc::increment_strong_count(pointer);
    Arc::from_raw(pointer)
}

fn lock<Value>(mutex: &Mutex<Value>) -> std::sync::MutexGuard<'_, Value> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) unsafe extern "C" fn on_progress(
    user_data: *mut c_void,
    done: usize,
    total: usize,
) -> i32 {
    let listeners = listeners(user_data);
    let mut report = lock(&listeners.report);
    match catch_unwind(AssertUnwindSafe(|| report(done, total))) {
        Ok(go_on) => i32::from(!go_on),
        Err(panic) => {
            *lock(&listeners.panic) = Some(panic);
            1
        }
    }
}

pub(crate) unsafe extern "C" fn on_done(user_data: *mut c_void, _: *mut sys::speciesnet_job) {
    let listeners = listeners(user_data);
    let done = lock(&listeners.done).take();
    if let Some(Err(panic)) = done.map(|done| catch_unwind(AssertUnwindSafe(done))) {
        *lock(&listeners.panic) = Some(panic);
    }
}

/// A prediction in the background. Dropping it cancels it and waits until it has stopped; do not
/// drop it in its own progress closure.
pub struct Job {
    handle: NonNull<sys::speciesnet_job>,
    listeners: Arc<Listeners>,
}

// SAFETY: speciesnet.h: every handle may be used by several threads at once; so may the listeners.
unsafe impl Send for Job {}
unsafe impl Sync for Job {}

impl Job {
    pub(crate) fn own(handle: *mut sys::speciesnet_job, listeners: Arc<Listeners>) -> Self {
        Self {
            handle: NonNull::new(handle).expect("a success gives a handle"),
            listeners,
        }
    }

    /// Returns whether the job has finished, failed or been cancelled.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.wait(Some(Duration::ZERO)).is_ok()
    }

    /// Waits until the job has finished; None waits without a limit. Fails with
    /// [`Kind::NotFinished`](crate::Kind::NotFinished) if it has not finished by then.
    pub fn wait(&self, longest: Option<Duration>) -> Result<()> {
        let seconds = longest.map_or(f64::INFINITY, |time| time.as_secs_f64());
        // SAFETY: The handle is valid.
        check(|error| unsafe { sys::speciesnet_job_wait(self.handle.as_ptr(), seconds, error) })
    }

    /// Requests the job to stop, without waiting.
    pub fn cancel(&self) {
        // SAFETY: The handle is valid.
        unsafe { sys::speciesnet_job_cancel(self.handle.as_ptr()) }
    }

    /// Waits until the job has finished and takes its result. Resumes a panic of the progress closure.
    pub fn result(self) -> Result<Predictions> {
        self.wait(None)?;
        // SAFETY: The handle is valid.
        let result = make(|list, error| unsafe {
            sys::speciesnet_job_take(self.handle.as_ptr(), list, error)
        });
        if let Some(panic) = lock(&self.listeners.panic).take() {
            resume_unwind(panic);
        }
        result.map(Predictions::own)
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        // SAFETY: The handle is owned and not used afterwards. The listeners outlive this call.
        unsafe { sys::speciesnet_job_free(self.handle.as_ptr()) }
    }
}
