// SPDX-License-Identifier: Apache-2.0
//! Errors.

use std::fmt;

/// Result of this crate's functions.
pub type Result<T> = std::result::Result<T, Error>;

/// Kinds of errors, by the groups of the C ABI's statuses.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An argument is invalid.
    InvalidArgument,
    /// The caller requested to stop.
    Cancelled,
    /// An allocation failed.
    OutOfMemory,
    /// A bug in the library.
    Internal,
    /// The operating system could not read or write something.
    Io,
    /// A file, folder or model does not exist.
    NotFound,
    /// The bytes are not a supported image.
    InvalidImage,
    /// The model package cannot be used.
    Model,
    /// The text is not the expected JSON.
    Json,
    /// Too many jobs are queued; retry when one has finished.
    QueueFull,
    /// The job is still queued or running.
    NotFinished,
    /// The ABI of the loaded library differs from that of this crate.
    WrongLibrary,
    /// A status unknown to this crate.
    Unknown,
}

/// An error of the library: kind, status, message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    status: i32,
    message: String,
}

impl Error {
    pub(crate) fn new(status: i32, message: String) -> Self {
        let kind = match status {
            1 => Kind::InvalidArgument,
            2 => Kind::Cancelled,
            3 => Kind::OutOfMemory,
            4 => Kind::Internal,
            11 => Kind::NotFound,
            10..=19 => Kind::Io,
            20..=29 => Kind::InvalidImage,
            30..=49 => Kind::Model,
            50..=59 => Kind::Json,
            60 => Kind::QueueFull,
            61 => Kind::NotFinished,
            _ => Kind::Unknown,
        };
        Self {
            kind,
            status,
            message,
        }
    }

    pub(crate) fn with_kind(kind: Kind, message: String) -> Self {
        Self {
            kind,
            status: 0,
            message,
        }
    }

    /// Returns the kind of error.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the name of the status, for instance `model_incomplete`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        // SAFETY: The string is static.
        unsafe { crate::call::text(speciesnet_sys::speciesnet_status_name(self.status)) }
    }

    /// Returns the status of the C ABI, more specific than the kind; 0 if the error is from this crate.
    #[must_use]
    pub fn status(&self) -> i32 {
        self.status
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
