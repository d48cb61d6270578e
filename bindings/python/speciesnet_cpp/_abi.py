# SPDX-License-Identifier: Apache-2.0
"""The C ABI in ctypes: structs, prototypes, and calls that turn statuses into exceptions.

The order is that of speciesnet.h. ctypes releases the GIL during every call.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from ctypes import (
    CFUNCTYPE,
    POINTER,
    c_char_p,
    c_double,
    c_int32,
    c_size_t,
    c_uint32,
    c_uint64,
    c_void_p,
)
from types import TracebackType
from typing import Any, TypeVar

from . import _library
from .errors import from_status

OK = 0
NOT_FINISHED = 61
ALL = c_size_t(-1).value
ANY_TIME = c_uint64(-1).value
SHORTEST = -1


class ErrorStruct(ctypes.Structure):
    _fields_ = [("status", c_int32), ("reserved", c_int32), ("message", ctypes.c_char * 504)]


class MediaInfo(ctypes.Structure):
    _fields_ = [("type", c_int32), ("width", c_int32), ("height", c_int32), ("reserved", c_int32)]


class Location(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("country", c_char_p),
        ("admin1_region", c_char_p),
        ("latitude", c_double),
        ("longitude", c_double),
        ("station", c_char_p),
    ]


class Detection(ctypes.Structure):
    _fields_ = [
        ("category", c_int32),
        ("reserved", c_int32),
        ("conf", c_double),
        ("bbox", c_double * 4),
    ]


class ScoredLabel(ctypes.Structure):
    _fields_ = [("label", c_char_p), ("score", c_double)]


class RollupSum(ctypes.Structure):
    _fields_ = [
        ("label", c_char_p),
        ("score", c_double),
        ("blocked_by", c_int32),
        ("reserved", c_int32),
        ("blocked_by_entry", c_char_p),
    ]


class RollupStep(ctypes.Structure):
    _fields_ = [
        ("level", c_int32),
        ("reached", c_int32),
        ("threshold", c_double),
        ("sums", POINTER(RollupSum)),
        ("sum_count", c_size_t),
    ]


class Explanation(ctypes.Structure):
    _fields_ = [
        ("rule", c_char_p),
        ("reason", c_char_p),
        ("detection_category", c_int32),
        ("blocked_by", c_int32),
        ("detection_conf", c_double),
        ("blocked_by_entry", c_char_p),
        ("allowed_by_entry", c_char_p),
        ("classes", POINTER(ScoredLabel)),
        ("class_count", c_size_t),
        ("rollup", POINTER(RollupStep)),
        ("rollup_count", c_size_t),
    ]


LogCallback = CFUNCTYPE(None, c_void_p, c_int32, c_char_p)
ProgressCallback = CFUNCTYPE(c_int32, c_void_p, c_size_t, c_size_t)
ReleaseCallback = CFUNCTYPE(None, c_void_p)
JobCallback = CFUNCTYPE(None, c_void_p, c_void_p)
PredictionCallback = CFUNCTYPE(c_int32, c_void_p, c_void_p)
DownloadCallback = CFUNCTYPE(c_int32, c_void_p, c_char_p, c_uint64, c_uint64)
FileCallback = CFUNCTYPE(c_int32, c_void_p, c_char_p)
ReadCallback = CFUNCTYPE(c_int32, c_void_p, c_char_p, POINTER(c_void_p), POINTER(c_size_t))


# <options ctypes> by scripts/generate_options
class LoadOptions(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("components", c_int32),
        ("threads", c_int32),
        ("precision", c_int32),
        ("geofence", c_int32),
        ("offline", c_int32),
        ("max_jobs", c_int32),
        ("device", c_char_p),
        ("target_species", POINTER(c_char_p)),
        ("target_species_count", c_size_t),
        ("log", LogCallback),
        ("log_user_data", c_void_p),
        ("progress", ProgressCallback),
        ("progress_user_data", c_void_p),
        ("detector", c_char_p),
    ]


class PredictOptions(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("format", c_int32),
        ("explain", c_int32),
        ("detection_threshold", c_double),
        ("classification_threshold", c_double),
        ("max_classifications_per_image", c_size_t),
        ("max_classifications_per_detection", c_size_t),
        ("batch_size", c_size_t),
        ("decoding_threads", c_int32),
        ("coordinates_from_exif", c_int32),
        ("country_from_coordinates", c_int32),
        ("places_as_given", c_int32),
        ("progress", ProgressCallback),
        ("progress_user_data", c_void_p),
    ]


class CombineOptions(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("max_classifications_per_detection", c_size_t),
        ("explain", c_int32),
        ("coordinates_from_exif", c_int32),
        ("country_from_coordinates", c_int32),
        ("places_as_given", c_int32),
        ("model_version", c_char_p),
    ]


class JsonOptions(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("format", c_int32),
        ("stage", c_int32),
        ("decimals", c_int32),
        ("indent", c_int32),
        ("failure_reasons", c_int32),
        ("reserved", c_int32),
    ]


class FetchOptions(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("cache", c_char_p),
        ("offline", c_int32),
        ("newest", c_int32),
        ("force", c_int32),
        ("networks", c_int32),
        ("retries", c_int32),
        ("stall_seconds", c_int32),
        ("max_bytes", c_uint64),
        ("progress", DownloadCallback),
        ("progress_user_data", c_void_p),
    ]


class CompileOptions(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("precision", c_int32),
        ("threads", c_int32),
        ("target", c_char_p),
        ("calibration_photos", POINTER(c_char_p)),
        ("calibration_photos_count", c_size_t),
    ]


class DecodeLimits(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("max_bytes", c_uint64),
        ("max_pixels", c_uint64),
        ("max_work", c_uint64),
        ("max_memory", c_uint64),
        ("max_milliseconds", c_uint64),
    ]
# </options>


class Instance(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("filepath", c_char_p),
        ("image", c_void_p),
        ("location", POINTER(Location)),
        ("detections", POINTER(Detection)),
        ("detection_count", c_size_t),
    ]


_Handle = c_void_p
_Out = POINTER(c_void_p)
_Labels = POINTER(ScoredLabel)
_Count = POINTER(c_size_t)

# Functions with a status: their parameters before the error.
_FALLIBLE: dict[str, list[Any]] = {
    "media_validate": [c_void_p, c_size_t, c_char_p, POINTER(DecodeLimits), POINTER(MediaInfo)],
    "image_decode": [c_void_p, c_size_t, c_char_p, POINTER(DecodeLimits), _Out],
    "image_decode_file": [c_char_p, POINTER(DecodeLimits), _Out],
    "image_from_rgb": [c_void_p, c_int32, c_int32, c_size_t, ReleaseCallback, c_void_p, _Out],
    "label_short_name": [c_char_p, _Out],
    "label_full_class": [c_char_p, _Out],
    "rules_new": [c_char_p, c_size_t, c_char_p, c_size_t, c_int32, _Out],
    "rules_with_species_list": [_Handle, c_char_p, c_size_t, c_int32, _Out],
    "rules_with_geofence_overlay": [_Handle, c_char_p, c_size_t, c_int32, _Out],
    "rules_skipped_taxa": [_Handle, _Out],
    "rules_combine": [
        _Handle, _Labels, c_size_t, POINTER(Detection), POINTER(Location), c_int32, _Out
    ],
    "rules_apply_geofence": [_Handle, _Labels, c_size_t, POINTER(Location), _Out],
    "rules_roll_up": [
        _Handle, _Labels, c_size_t, POINTER(Location), POINTER(c_int32), c_size_t,
        c_double, _Out,
    ],
    "rules_check_geofence": [_Handle, c_char_p, POINTER(Location), POINTER(c_int32)],
    "rules_ancestor": [_Handle, c_char_p, c_int32, _Out],
    "predictions_to_json": [_Handle, POINTER(JsonOptions), _Out, _Count],
    "predictions_from_json": [c_char_p, c_size_t, _Out],
    "rules_combine_past_runs": [
        _Handle, POINTER(Instance), c_size_t, _Handle, _Handle, POINTER(CombineOptions), _Out
    ],
    "model_resolve": [c_char_p, POINTER(FetchOptions), _Out],
    "model_export": [c_char_p, c_char_p, FileCallback, c_void_p],
    "model_compile": [c_char_p, POINTER(CompileOptions), FileCallback, c_void_p],
    "model_verify": [c_char_p],
    "model_remove": [c_char_p, c_char_p],
    "model_list_new": [c_char_p, _Out],
    "geolocator_new": [_Out],
    "geolocator_admin1_region": [_Handle, POINTER(Location), _Out],
    "geolocator_country": [_Handle, c_double, c_double, _Out],
    "ensemble_with_rules": [_Handle, _Handle, _Out],
    "ensemble_load": [c_char_p, POINTER(LoadOptions), _Out],
    "ensemble_load_files": [ReadCallback, c_void_p, POINTER(LoadOptions), _Out],
    "ensemble_detect": [_Handle, _Handle, _Out],
    "ensemble_classify": [_Handle, _Handle, POINTER(Detection), c_size_t, c_size_t, _Out],
    "ensemble_predict": [_Handle, POINTER(Instance), c_size_t, POINTER(PredictOptions), _Out],
    "ensemble_predict_each": [
        _Handle, POINTER(Instance), c_size_t, POINTER(PredictOptions), PredictionCallback, c_void_p
    ],
    "ensemble_submit": [
        _Handle, POINTER(Instance), c_size_t, POINTER(PredictOptions), JobCallback, c_void_p, _Out
    ],
    "job_wait": [_Handle, c_double],
    "job_take": [_Handle, _Out],
}  # fmt: skip

# The others: result and parameters.
_PLAIN: dict[str, tuple[Any, list[Any]]] = {
    "abi_version": (c_uint32, []),
    "version": (c_char_p, []),
    "build_information": (c_char_p, []),
    "status_name": (c_char_p, [c_int32]),
    "text_free": (None, [c_void_p]),
    "media_type_name": (c_char_p, [c_int32]),
    "media_can_decode": (c_int32, [c_int32]),
    "decode_limits_init": (None, [POINTER(DecodeLimits), c_size_t]),
    "image_width": (c_int32, [_Handle]),
    "image_height": (c_int32, [_Handle]),
    "image_truncated": (c_int32, [_Handle]),
    "image_pixels": (c_void_p, [_Handle]),
    "image_free": (None, [_Handle]),
    "location_init": (None, [POINTER(Location), c_size_t]),
    "answer_label": (c_char_p, [_Handle]),
    "answer_score": (c_double, [_Handle]),
    "answer_source": (c_char_p, [_Handle]),
    "answer_explanation": (POINTER(Explanation), [_Handle]),
    "answer_free": (None, [_Handle]),
    "rules_free": (None, [_Handle]),
    "predictions_count": (c_size_t, [_Handle]),
    "predictions_at": (c_void_p, [_Handle, c_size_t]),
    "predictions_free": (None, [_Handle]),
    "prediction_filepath": (c_char_p, [_Handle]),
    "prediction_failures": (c_int32, [_Handle]),
    "prediction_failure_reason": (c_char_p, [_Handle]),
    "prediction_truncated": (c_int32, [_Handle]),
    "prediction_model_version": (c_char_p, [_Handle]),
    "prediction_location": (None, [_Handle, POINTER(Location), c_size_t]),
    "prediction_detections": (c_void_p, [_Handle]),
    "prediction_detection_count": (c_size_t, [_Handle]),
    "prediction_classes": (POINTER(ScoredLabel), [_Handle, c_size_t, _Count]),
    "prediction_targets": (POINTER(ScoredLabel), [_Handle, c_size_t, _Count]),
    "prediction_answer": (c_void_p, [_Handle, c_size_t]),
    "prediction_image_answer": (c_void_p, [_Handle]),
    "json_options_init": (None, [POINTER(JsonOptions), c_size_t]),
    "combine_options_init": (None, [POINTER(CombineOptions), c_size_t]),
    "compile_options_init": (None, [POINTER(CompileOptions), c_size_t]),
    "fetch_options_init": (None, [POINTER(FetchOptions), c_size_t]),
    "model_default_name": (c_char_p, []),
    "model_list_count": (c_size_t, [_Handle]),
    "model_list_name": (c_char_p, [_Handle, c_size_t]),
    "model_list_folder": (c_char_p, [_Handle, c_size_t]),
    "model_list_bytes": (c_uint64, [_Handle, c_size_t]),
    "model_list_free": (None, [_Handle]),
    "geolocator_free": (None, [_Handle]),
    "load_options_init": (None, [POINTER(LoadOptions), c_size_t]),
    "ensemble_free": (None, [_Handle]),
    "ensemble_model_version": (c_char_p, [_Handle]),
    "ensemble_model_type": (c_int32, [_Handle]),
    "ensemble_is_demo": (c_int32, [_Handle]),
    "ensemble_description": (c_char_p, [_Handle]),
    "ensemble_threads": (c_int32, [_Handle]),
    "ensemble_precision": (c_int32, [_Handle]),
    "ensemble_label_count": (c_size_t, [_Handle]),
    "ensemble_label": (c_char_p, [_Handle, c_size_t]),
    "ensemble_rules": (c_void_p, [_Handle]),
    "instance_init": (None, [POINTER(Instance), c_size_t]),
    "predict_options_init": (None, [POINTER(PredictOptions), c_size_t]),
    "job_cancel": (None, [_Handle]),
    "job_free": (None, [_Handle]),
}


def _bind() -> dict[str, Callable[..., Any]]:
    library = _library.load()
    functions: dict[str, Callable[..., Any]] = {}
    for name, parameters in _FALLIBLE.items():
        function = getattr(library, "speciesnet_" + name)
        function.restype = c_int32
        function.argtypes = [*parameters, POINTER(ErrorStruct)]
        functions[name] = function
    for name, (result, parameters) in _PLAIN.items():
        function = getattr(library, "speciesnet_" + name)
        function.restype = result
        function.argtypes = parameters
        functions[name] = function
    return functions


plain = _bind()

Self = TypeVar("Self", bound="Handle")
Struct = TypeVar("Struct", bound=ctypes.Structure)


def call(name: str, *arguments: Any) -> None:
    """Calls a function that returns a status.

    Raises:
        Error: The class for the status.
        ValueError: If an object is closed.
        RuntimeError: If an object belongs to another process.
    """
    error = ErrorStruct()
    try:
        status = plain[name](*arguments, ctypes.byref(error))
    except ctypes.ArgumentError as unusable:
        for argument in arguments:
            if isinstance(argument, Handle):
                argument.check()
        raise ValueError(str(unusable)) from None
    if status != OK:
        raise from_status(status, error.message.decode("utf-8", "replace"))


def make(name: str, *arguments: Any) -> int | None:
    """Calls a function whose last output is a pointer, and returns the pointer."""
    output = c_void_p()
    call(name, *arguments, ctypes.byref(output))
    return output.value


def take_text(pointer: int | None) -> str | None:
    """Converts a text of the library to a string, and releases the text."""
    if pointer is None:
        return None
    try:
        return ctypes.string_at(pointer).decode("utf-8", "surrogateescape")
    finally:
        plain["text_free"](pointer)


def initialised(struct: type[Struct], name: str) -> Struct:
    """Returns a struct with the library's defaults."""
    value = struct()
    plain[name + "_init"](ctypes.byref(value), ctypes.sizeof(struct))
    return value


def _free_in(process: int, free: Callable[..., Any], pointer: int | None) -> None:
    """Releases a handle, unless this process is a fork of the one that the handle belongs to."""
    if os.getpid() == process:
        free(pointer)


class Handle:
    """Owns a handle of the library, released by close(), at the end of a with block, or by
    the garbage collector. After fork(), the child cannot use the handles of its parent.
    """

    def __init__(self, pointer: int | None, free: str) -> None:
        self._pointer = pointer
        self._process = os.getpid()
        self._users = 0
        self._users_changed = threading.Lock()
        self._release = weakref.finalize(self, _free_in, self._process, plain[free], pointer)

    def check(self) -> int:
        """Returns the handle.

        Raises:
            ValueError: If it is closed.
            RuntimeError: If this process is a fork of its owner.
        """
        if self._pointer is None:
            raise ValueError(f"{type(self).__name__} is closed")
        if os.getpid() != self._process:
            raise RuntimeError(
                f"{type(self).__name__} belongs to another process; make one here, or let "
                "multiprocessing start its processes with 'spawn' or 'forkserver'"
            )
        return self._pointer

    @property
    def _as_parameter_(self) -> int:
        return self.check()

    def __reduce_ex__(self, protocol: object) -> Any:
        """Refuses copies: two objects would release one handle."""
        raise TypeError(
            f"cannot copy or pickle {type(self).__name__}: it belongs to this process; "
            "make one in each process that needs it"
        )

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Postpones close() to the end of the block, for calls that may continue after the caller has
        stopped waiting for them."""
        with self._users_changed:
            self.check()
            self._users += 1
        try:
            yield
        finally:
            with self._users_changed:
                self._users -= 1
                if self._users == 0 and self._pointer is None:
                    self._release()

    def close(self) -> None:
        """Releases the handle. The object cannot be used afterwards."""
        with self._users_changed:
            self._pointer = None
            if self._users == 0:
                self._release()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
