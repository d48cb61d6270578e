# SPDX-License-Identifier: Apache-2.0
"""What a prediction is asked for: photos and choices as the C ABI takes them."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Union

from . import _abi
from .callbacks import Guard
from .choices import check_choice
from .image import Image, is_encoded, to_image
from .prediction import FORMATS, Detection, Format
from .rules import Location, location_struct

# Bits SPECIESNET_GEOLOCATION_…
_EXIF, _COUNTRY, _AS_GIVEN = 1, 2, 4

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Instance:
    """A photo to work on: a file, or an image with a name."""

    filepath: str | os.PathLike[str] = ""
    image: Image | None = None
    location: Location | None = None
    detections: Sequence[Detection] | None = None
    """What the detector found earlier, so that it does not run again; None if not known."""


Photo = Union[str, "os.PathLike[str]", Image, Instance, Any]
"""A path, an Image, an Instance, or an array as Image.from_array() takes it."""


def to_instance(photo: Photo, location: Location | None) -> Instance:
    """A photo in whichever form; an Instance has a place of its own."""
    if isinstance(photo, Instance):
        return photo
    if isinstance(photo, Image):
        return Instance(image=photo, location=location)
    if hasattr(photo, "__array_interface__"):
        return Instance(image=to_image(photo), location=location)
    if is_encoded(photo) or not isinstance(photo, (str, bytes, os.PathLike)):
        raise TypeError(
            "a photo is a path, an Image, an array or an Instance, not "
            f"{type(photo).__name__}; decode an encoded image with Image.decode(data)"
        )
    return Instance(filepath=os.fsdecode(photo), location=location)


def is_single(photos: object) -> bool:
    """Whether this is one photo, not several."""
    return isinstance(photos, (str, bytes, bytearray, os.PathLike, Image, Instance)) or hasattr(
        photos, "__array_interface__"
    )


def detection_structs(detections: Sequence[Detection]) -> Any:
    """An array of C structs."""
    return (_abi.Detection * len(detections))(
        *(_abi.Detection(d.category, 0, d.conf, d.bbox) for d in detections)
    )


class InstanceStructs:
    """Photos as an array of C structs, and all that these point to."""

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
                # An empty array has an address too: nothing found is not the same as not known.
                struct.detections = ctypes.cast(found, ctypes.POINTER(_abi.Detection))
                struct.detection_count = len(found)


class PredictChoices(TypedDict, total=False):
    """What Ensemble.predict(), iterate() and submit() take beside photos."""

    format: Format
    """"per_detection" (default) as speciesnet 5.0.6, "per_image" as 5.0.5."""
    detection_threshold: float | None
    """Lowest confidence to be classified; None (default) for the reference's."""
    max_classifications_per_image: int | None
    """Most detections to classify; None (default) for all."""
    max_classifications_per_detection: int | None
    """Classes reported, 2 by default; None for all."""
    explain: bool
    """Whether answers come with their rule and reason."""
    batch_size: int | None
    """Photos whose crops the classifier sees together; more may be faster and changes scores by
    rounding."""
    decoding_threads: int | None
    """Photos that are decoded at the same time, ahead of the networks."""
    coordinates_from_exif: bool
    """Take coordinates that are not given from the photos' EXIF."""
    country_from_coordinates: bool
    """Take a country that is not given from the coordinates."""
    places_as_given: bool
    """Take country and region letter by letter, as the reference does: "ken" is not Kenya then."""


def predict_options(
    *,
    format: Format = "per_detection",
    detection_threshold: float | None = None,
    max_classifications_per_image: int | None = None,
    max_classifications_per_detection: int | None = 2,
    explain: bool = False,
    batch_size: int | None = None,
    decoding_threads: int | None = None,
    coordinates_from_exif: bool = False,
    country_from_coordinates: bool = False,
    places_as_given: bool = False,
) -> _abi.PredictOptions:
    """Choices as a C struct."""

    def maximum(number: int | None) -> int:
        return _abi.ALL if number is None else number

    check_choice("format", format, FORMATS)
    if detection_threshold is not None and not 0 <= detection_threshold <= 1:
        raise ValueError(f"detection_threshold is 0 to 1, not {detection_threshold!r}")
    options = _abi.initialised(_abi.PredictOptions, "predict_options")
    options.format = FORMATS[format]
    options.max_classifications_per_image = maximum(max_classifications_per_image)
    options.max_classifications_per_detection = maximum(max_classifications_per_detection)
    options.explain = int(explain)
    options.geolocation = (
        _EXIF * coordinates_from_exif
        | _COUNTRY * country_from_coordinates
        | _AS_GIVEN * places_as_given
    )
    given = {
        "detection_threshold": detection_threshold,
        "batch_size": batch_size,
        "decoding_threads": decoding_threads,
    }
    for name, value in given.items():
        if value is not None:
            setattr(options, name, value)
    return options


class Request(Guard):
    """Photos, choices and a progress function for one call of the library."""

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
        """What every function that predicts takes."""
        return self.instances.array, self.instances.count, ctypes.byref(self.options)
