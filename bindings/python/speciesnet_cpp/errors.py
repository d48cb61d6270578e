# SPDX-License-Identifier: Apache-2.0
"""Exceptions, one class for each group of errors of the C ABI."""

from __future__ import annotations


class Error(Exception):
    """Base of all errors of this library."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class InvalidArgument(Error, ValueError):
    """An argument is invalid (status 1 and 50 to 59)."""


class Cancelled(Error):
    """The caller requested to stop (2)."""


class OutOfMemory(Error, MemoryError):
    """An allocation failed (3)."""


class InternalError(Error):
    """A bug in the library (4)."""


class IoError(Error, OSError):
    """The operating system could not read or write something (10 to 19)."""

    def __init__(self, status: int, message: str) -> None:
        Error.__init__(self, status, message)


class InvalidImage(Error, ValueError):
    """The bytes are not a supported image (20 to 29)."""


class ModelError(Error):
    """The model package cannot be used (30 to 49)."""


class JobError(Error):
    """The state of a job does not allow this (60 to 69)."""


class QueueFull(JobError):
    """Too many jobs are queued; retry when one has finished (60)."""


_EXACT: dict[int, type[Error]] = {2: Cancelled, 3: OutOfMemory, 4: InternalError, 60: QueueFull}
_TENS: dict[int, type[Error]] = {
    0: InvalidArgument,
    1: IoError,
    2: InvalidImage,
    3: ModelError,
    4: ModelError,
    5: InvalidArgument,
    6: JobError,
}


def from_status(status: int, message: str) -> Error:
    """Returns the exception for a status of the C ABI."""
    return _EXACT.get(status, _TENS.get(status // 10, Error))(status, message)
