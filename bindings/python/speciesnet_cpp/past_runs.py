# SPDX-License-Identifier: Apache-2.0
"""Predictions from results of earlier runs, without any network."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import _abi
from .options import CombineChoices, combine_options
from .prediction import Predictions
from .request import InstanceStructs, Photo
from .rules import Location, Rules

if TYPE_CHECKING:
    from typing_extensions import Unpack


def combine_past_runs(
    rules: Rules,
    photos: Iterable[Photo],
    classifications: Predictions,
    detections: Predictions,
    *,
    location: Location | None = None,
    **choices: Unpack[CombineChoices],
) -> Predictions:
    """Combines what a detector run and a classifier run said of the same photos.

    Args:
        rules: Taxonomy and geofence.
        photos: What to report, in this order; images are not looked at.
        classifications: Of a classifier run.
        detections: Of a detector run.
        location: Where they were taken; an Instance has a place of its own.
        **choices: See CombineChoices: max_classifications_per_detection, model_version, explain,
            coordinates_from_exif, country_from_coordinates, places_as_given.

    Raises:
        InvalidArgument: If the two runs do not belong to each other or to the photos.
    """
    instances = InstanceStructs(photos, location)
    options = combine_options(**choices)
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
