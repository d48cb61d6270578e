# SPDX-License-Identifier: Apache-2.0
"""Combines the results of earlier runs, without any network."""

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
    """Combines the results of a detector run and a classifier run on the same photos.

    Args:
        rules: Taxonomy and geofence.
        photos: Photos to report, in this order; images are not read.
        classifications: Of a classifier run.
        detections: Of a detector run.
            location: Location of the photos; an Instance has its own.
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
