# SPDX-License-Identifier: Apache-2.0
"""Converts photos and options to structs of the C ABI."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Union

from . import _abi
from .callbacks import Guard
from .image import Image, is_encoded, to_image
from .prediction import Detection
from .rules import Location, location_struct

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Instance:
    """A photo to predict: a file, or an image with a name."""

    filepath: str | os.PathLike[str] = ""
    image: Image | None = None
    location: Location | None = None
    detections: Sequence[Detection] | None = None
    """Detections of an earlier run, so that the detector does not run again; None runs it."""


Photo = Union[str, "os.PathLike[str]", Image, Instance, Any]
"""A path, an Image, an Instance, or an array as Image.from_array() takes it."""


def to_instance(photo: Photo, location: Location | None) -> Instance:
    """Converts a photo in any form to an Instance."""
    if isinstance(photo, Instance):
        return photo
    if isinstance(photo, Image):
        return Instance(image=photo, location=location)
    if hasattr(photo, "__array_interface__"):
        return Instance(image=to_image(photo), location=location)
    if is_encoded(photo) or not isinstance(photo, (str, bytes, os.PathLike)):
        raise TypeError(
            "a photo must be a path, an Image, an array or an Instance, not "
            f"{type(photo).__name__}; decode an encoded image with Image.decode(data)"
        )
    return Instance(filepath=os.fsdecode(photo), location=location)


def is_single(photos: object) -> bool:
    """Returns whether the argument is one photo, not several."""
    return isinstance(photos, (str, bytes, bytearray, os.PathLike, Image, Instance)) or hasattr(
        photos, "__array_interface__"
    )


def detection_structs(detections: Sequence[Detection]) -> Any:
    """Returns an array of C structs."""
    return (_abi.Detection * len(detections))(
        *(_abi.Detection(d.category, 0, d.conf, d.bbox) for d in detections)
    )


class InstanceStructs:
    """Photos as an array of C structs, with the objects to which they point."""

    def __init__(self, photos: Iterable[Photo], location: Location | None) -> None:
        self._photos = [to_instance(photo, location) for photo in photos]
        self._places = [location_struct(photo.location) for photo in self._photos]
        self._detections = [
            None if photo.detections is None else detection_structs(photo.detections)
            for photo in self._photos
        ]
        self.count = len(self._photos)
        self.array = (_abi.Instance * self.count)()
        for struct, photo, place, found in zip(
            self.array, self._photos, self._places, self._detections
        ):
            _abi.plain["instance_init"](ctypes.byref(struct), ctypes.sizeof(struct))
            struct.filepath = os.fsencode(photo.filepath)
            struct.image = None if photo.image is None else photo.image._as_parameter_
            struct.location = ctypes.pointer(place)
            if found is not None:
                # An empty array also has an address, because no detections differ from unknown
                # detections.
                struct.detections = ctypes.cast(found, ctypes.POINTER(_abi.Detection))
                struct.detection_count = len(found)


class Request(Guard):
    """Photos, options and a progress function for one call of the library."""

    def __init__(
        self,
        photos: Iterable[Photo],
        location: Location | None,
        progress: Progress | None,
        options: _abi.PredictOptions,
    ) -> None:
        super().__init__()
        self.instances = InstanceStructs(photos, location)
        self.options = options
        if progress is not None:
            self.options.progress = _abi.ProgressCallback(self.guarded(progress))

    @property
    def arguments(self) -> tuple[Any, ...]:
        """Returns the arguments common to all prediction functions."""
        return self.instances.array, self.instances.count, ctypes.byref(self.options)
