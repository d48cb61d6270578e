# SPDX-License-Identifier: Apache-2.0
"""SpeciesNet C++ for Python: identifies animals in camera-trap photos, without PyTorch.

import speciesnet_cpp as speciesnet

with speciesnet.Ensemble("demo") as ensemble:
    for prediction in ensemble.predict(["zebra.jpg"], location=speciesnet.Location("KEN")):
        print(prediction.filepath, prediction.answer)
"""

from __future__ import annotations

from ._abi import plain as _plain
from .ensemble import Ensemble, Job
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
from .geolocation import Geolocator
from .image import DecodeLimits, Image, MediaInfo, validate
from .models import (
    DEFAULT_MODEL,
    CachedModel,
    cached_models,
    compile_model,
    export_model,
    remove_model,
    resolve_model,
    verify_model,
)
from .options import CombineChoices, CompileChoices, FetchChoices, JsonChoices, LoadChoices, PredictChoices
from .past_runs import combine_past_runs
from .prediction import Detection, Prediction, Predictions
from .request import Instance
from .rules import (
    Answer,
    Explanation,
    Location,
    RollupStep,
    RollupSum,
    Rules,
    full_class,
    short_name,
)

__version__: str = _plain["version"]().decode("ascii")
build_information: str = _plain["build_information"]().decode("utf-8")

__all__ = [
    "DEFAULT_MODEL",
    "Answer",
    "CachedModel",
    "Cancelled",
    "CombineChoices",
    "CompileChoices",
    "DecodeLimits",
    "Detection",
    "Ensemble",
    "Error",
    "Explanation",
    "FetchChoices",
    "Geolocator",
    "Image",
    "Instance",
    "InternalError",
    "InvalidArgument",
    "InvalidImage",
    "IoError",
    "Job",
    "JobError",
    "JsonChoices",
    "LoadChoices",
    "Location",
    "MediaInfo",
    "ModelError",
    "OutOfMemory",
    "PredictChoices",
    "Prediction",
    "Predictions",
    "QueueFull",
    "RollupStep",
    "RollupSum",
    "Rules",
    "build_information",
    "cached_models",
    "combine_past_runs",
    "compile_model",
    "export_model",
    "find_photos",
    "full_class",
    "predict_folders",
    "remove_model",
    "resolve_model",
    "short_name",
    "validate",
    "verify_model",
]
