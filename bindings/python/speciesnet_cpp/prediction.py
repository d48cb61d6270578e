# SPDX-License-Identifier: Apache-2.0
"""Results: read lazily from the library's memory, as objects, arrays, JSON or rows of a table."""

from __future__ import annotations

import ctypes
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from . import _abi
from .display import picture_with_boxes, table
from .options import Format, JsonChoices, Stage, json_options
from .rules import CATEGORIES, Answer, Location, read_answer, text

if TYPE_CHECKING:
    from typing_extensions import Unpack

FAILURES = ((1, "CLASSIFIER"), (2, "DETECTOR"), (4, "GEOLOCATION"))


@dataclass(frozen=True)
class Detection:
    """A detection with its classification and answer."""

    category: int
    conf: float
    bbox: tuple[float, float, float, float]
    """xmin, ymin, width, height, relative to the upright image."""
    classes: tuple[tuple[str, float], ...] | None = None
    """Labels and softmax probabilities, best first; None if it was not classified."""
    targets: tuple[tuple[str, float], ...] | None = None
    """Target species and their logits; None if none were requested."""
    answer: Answer | None = None

    @property
    def label(self) -> str:
        """ "animal", "human", "vehicle" or "whole_image_classification"."""
        return CATEGORIES[self.category]


def _scored(function: str, pointer: int, index: int) -> tuple[tuple[str, float], ...] | None:
    count = ctypes.c_size_t()
    labels = _abi.plain[function](pointer, index, ctypes.byref(count))
    if not labels:
        return None
    return tuple((text(labels[i].label) or "", labels[i].score) for i in range(count.value))


class DetectionArray:
    """The detections of a prediction, in the library's memory.

    `numpy.asarray(array)` is a read-only structured array with the fields category, conf and bbox,
    without a copy.
    """

    def __init__(self, owner: object, address: int, count: int) -> None:
        self._owner = owner
        fields = [("category", "<i4"), ("reserved", "<i4"), ("conf", "<f8"), ("bbox", "<f8", (4,))]
        self.__array_interface__: dict[str, Any] = {
            "version": 3,
            "shape": (count,),
            "typestr": f"|V{ctypes.sizeof(_abi.Detection)}",
            "descr": fields,
            "data": (address, True),
        }

    def __reduce_ex__(self, protocol: object) -> Any:
        """Refuses copies, which would outlive the memory."""
        raise TypeError("cannot copy or pickle a DetectionArray; take numpy.array(detections)")


class Prediction:
    """The result for one image."""

    def __init__(self, owner: Predictions, index: int) -> None:
        self._owner = owner
        self._index = index

    @property
    def _pointer(self) -> int:
        return int(_abi.plain["predictions_at"](self._owner, self._index))

    @property
    def filepath(self) -> str:
        """Name of the image, as passed in."""
        return text(_abi.plain["prediction_filepath"](self._pointer)) or ""

    @property
    def model_version(self) -> str:
        """Version of the model package; empty for results of one component."""
        return text(_abi.plain["prediction_model_version"](self._pointer)) or ""

    @property
    def failures(self) -> frozenset[str]:
        """Components that failed: CLASSIFIER, DETECTOR, GEOLOCATION."""
        bits = _abi.plain["prediction_failures"](self._pointer)
        return frozenset(name for bit, name in FAILURES if bits & bit)

    @property
    def failure_reason(self) -> str:
        """Error message of a failed component."""
        return text(_abi.plain["prediction_failure_reason"](self._pointer)) or ""

    @property
    def truncated(self) -> bool:
        """Whether the photo's file or its data ended before the last pixel."""
        return bool(_abi.plain["prediction_truncated"](self._pointer))

    @property
    def location(self) -> Location:
        """The location that was used."""
        struct = _abi.Location()
        _abi.plain["prediction_location"](
            self._pointer, ctypes.byref(struct), ctypes.sizeof(struct)
        )
        return Location(
            text(struct.country),
            text(struct.admin1_region),
            None if math.isnan(struct.latitude) else struct.latitude,
            None if math.isnan(struct.longitude) else struct.longitude,
            text(struct.station),
        )

    @property
    def detection_array(self) -> DetectionArray | None:
        """The detections for `numpy.asarray()`; None if they are unknown."""
        address = _abi.plain["prediction_detections"](self._pointer)
        if address is None:
            return None
        return DetectionArray(
            self._owner, address, _abi.plain["prediction_detection_count"](self._pointer)
        )

    @cached_property
    def detections(self) -> tuple[Detection, ...] | None:
        """The detections, by descending confidence; None if the detector did not run or failed."""
        pointer = self._pointer
        address = _abi.plain["prediction_detections"](pointer)
        if address is None:
            return None
        count = _abi.plain["prediction_detection_count"](pointer)
        structs = (_abi.Detection * count).from_address(address)
        return tuple(
            Detection(
                struct.category,
                struct.conf,
                tuple(struct.bbox),
                _scored("prediction_classes", pointer, index),
                _scored("prediction_targets", pointer, index),
                read_answer(_abi.plain["prediction_answer"](pointer, index)),
            )
            for index, struct in enumerate(structs)
        )

    @property
    def answer(self) -> Answer | None:
        """The answer for the image: that of its first classified detection."""
        return read_answer(_abi.plain["prediction_image_answer"](self._pointer))

    def __reduce_ex__(self, protocol: object) -> Any:
        """Pickles and copies by value."""
        document = json.dumps({"predictions": [self._owner._documents[self._index]]})
        return _only, (document,)

    def __repr__(self) -> str:
        failures = "".join(f", {name} failed" for name in sorted(self.failures))
        return f"<Prediction {self.filepath!r}: {_summary(self)}{failures}>"

    def _repr_html_(self) -> str:
        """The photo with its boxes, for notebooks."""
        boxes = [
            (detection.bbox, f"{_name(detection)} {detection.conf:.2f}")
            for detection in self.detections or ()
        ]
        return picture_with_boxes(self.filepath, boxes, repr(self))


def _name(detection: Detection) -> str:
    return detection.answer.short_name if detection.answer else detection.label


def _summary(prediction: Prediction) -> str:
    if prediction.answer:
        return f"{prediction.answer.short_name} {prediction.answer.score:.2f}"
    found = prediction.detections
    if found is None:
        return "not known"
    return f"{len(found)} detections" if found else "nothing found"


def _only(document: str) -> Prediction:
    return Predictions.from_json(document)[0]


class Predictions(_abi.Handle, Sequence[Prediction]):
    """A list of predictions. Immutable."""

    def __init__(self, pointer: int | None) -> None:
        _abi.Handle.__init__(self, pointer, "predictions_free")

    @classmethod
    def from_json(cls, document: str | bytes) -> Predictions:
        """Reads a predictions document of the reference, of either format and any stage."""
        data = (
            document.encode("utf-8", "surrogateescape") if isinstance(document, str) else document
        )
        return cls(_abi.make("predictions_from_json", data, len(data)))

    def to_json(self, **choices: Unpack[JsonChoices]) -> str:
        """Writes the reference's document.

        Args:
            **choices: See JsonChoices: format, stage, decimals, indent, failure_reasons.
        """
        options = json_options(**choices)
        output = ctypes.c_void_p()
        _abi.call("predictions_to_json", self, ctypes.byref(options), ctypes.byref(output), None)
        return _abi.take_text(output.value) or ""

    def to_dict(
        self, *, format: Format = "per_detection", stage: Stage = "ensemble"
    ) -> dict[str, Any]:
        """Returns the reference's document as a dict."""
        document: dict[str, Any] = json.loads(self.to_json(format=format, stage=stage, indent=0))
        return document

    @cached_property
    def _documents(self) -> list[Any]:
        """Returns each prediction as a JSON value that from_json() restores without loss."""
        document = json.loads(self.to_json(indent=0, failure_reasons=True))
        predictions: list[Any] = document["predictions"]
        return predictions

    def __reduce_ex__(self, protocol: object) -> Any:
        """Pickles and copies by value."""
        return Predictions.from_json, (self.to_json(indent=0, failure_reasons=True),)

    def __repr__(self) -> str:
        return f"<Predictions of {len(self)} photos>" if self._pointer else "<Predictions closed>"

    def _repr_html_(self) -> str:
        """A table of the answers, for notebooks."""
        return table([(p.filepath, _summary(p)) for p in self[:100]], len(self))

    def to_records(self) -> list[dict[str, Any]]:
        """Returns one flat dict per detection, or per image without any: `pandas.DataFrame(records)`."""
        records = []
        for prediction in self:
            image = {
                "filepath": prediction.filepath,
                "failures": ",".join(sorted(prediction.failures)) or None,
                "country": prediction.location.country,
                "admin1_region": prediction.location.admin1_region,
                "model_version": prediction.model_version,
            }
            for number, detection in enumerate(prediction.detections or (None,)):
                records.append({**image, **_columns(number, detection)})
        return records

    def __len__(self) -> int:
        return int(_abi.plain["predictions_count"](self))

    @overload
    def __getitem__(self, index: int) -> Prediction: ...
    @overload
    def __getitem__(self, index: slice) -> list[Prediction]: ...
    def __getitem__(self, index: int | slice) -> Prediction | list[Prediction]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(f"there is no prediction {index} among {len(self)}")
        return Prediction(self, position)

    def __iter__(self) -> Iterator[Prediction]:
        return (Prediction(self, index) for index in range(len(self)))


def _columns(number: int, detection: Detection | None) -> dict[str, Any]:
    bbox = detection.bbox if detection else (None, None, None, None)
    answer = detection.answer if detection else None
    return {
        "detection": number if detection else None,
        "category": detection.label if detection else None,
        "conf": detection.conf if detection else None,
        "xmin": bbox[0],
        "ymin": bbox[1],
        "width": bbox[2],
        "height": bbox[3],
        "label": answer.label if answer else None,
        "name": answer.short_name if answer else None,
        "score": answer.score if answer else None,
        "source": answer.source if answer else None,
    }
