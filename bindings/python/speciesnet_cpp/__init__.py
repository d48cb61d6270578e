"""SpeciesNet C++ for Python: names the animals in camera-trap photos, without PyTorch in Python.

import speciesnet_cpp as speciesnet

with speciesnet.Ensemble("demo") as ensemble:
    for prediction in ensemble.predict(["zebra.jpg"], location=speciesnet.Location("KEN")):
        print(prediction.filepath, prediction.answer.short_name, prediction.answer.score)
"""

from __future__ import annotations

from ._abi import plain as _plain
from .ensemble import Ensemble, Instance, Job
from .errors import (
    Cancelled,
    Error,
    InternalError,
    InvalidArgument,
    InvalidImage,
    IoError,
    JobError,
    ModelError,
    OutOfMemory,
    QueueFull,
)
from .folders import find_photos, predict_folders
from .image import DecodeLimits, Image, MediaInfo, validate
from .prediction import Detection, Prediction, Predictions
from .rules import Answer, Location, Rules, full_class, short_name

__version__: str = _plain["version"]().decode("ascii")
build_information: str = _plain["build_information"]().decode("utf-8")

__all__ = [
    "Answer",
    "Cancelled",
    "DecodeLimits",
    "Detection",
    "Ensemble",
    "Error",
    "Image",
    "Instance",
    "InternalError",
    "InvalidArgument",
    "InvalidImage",
    "IoError",
    "Job",
    "JobError",
    "Location",
    "MediaInfo",
    "ModelError",
    "OutOfMemory",
    "Prediction",
    "Predictions",
    "QueueFull",
    "Rules",
    "build_information",
    "find_photos",
    "full_class",
    "predict_folders",
    "short_name",
    "validate",
]
