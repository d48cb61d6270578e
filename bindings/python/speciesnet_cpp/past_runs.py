# SPDX-License-Identifier: Apache-2.0
"""Predictions from results of earlier runs, without any network."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable

from . import _abi
from .prediction import Predictions
from .request import InstanceStructs, Photo
from .rules import Location, Rules


def combine_past_runs(
    rules: Rules,
    photos: Iterable[Photo],
    classifications: Predictions,
    detections: Predictions,
    *,
    location: Location | None = None,
    max_classifications_per_detection: int | None = 2,
    model_version: str = "",
    explain: bool = False,
) -> Predictions:
    """Combines what a detector run and a classifier run said of the same photos.

    Args:
        rules: Taxonomy and geofence.
        photos: What to report, in this order; images are not looked at.
        classifications: Of a classifier run.
        detections: Of a detector run.
        location: Where they were taken; an Instance has a place of its own.
        max_classifications_per_detection: Classes reported; None for all.
        model_version: Goes into the predictions.
        explain: Whether answers come with their rule and reason.

    Raises:
        InvalidArgument: If the two runs do not belong to each other or to the photos.
    """
    instances = InstanceStructs(photos, location)
    options = _abi.initialised(_abi.CombineOptions, "combine_options")
    most = max_classifications_per_detection
    options.max_classifications_per_detection = _abi.ALL if most is None else most
    options.model_version = model_version.encode()
    options.explain = int(explain)
    return Predictions(
        _abi.make(
            "rules_combine_past_runs",
            rules,
            instances.array,
            instances.count,
            classifications,
            detections,
            ctypes.byref(options),
        )
    )
