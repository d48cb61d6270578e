# SPDX-License-Identifier: Apache-2.0
"""The reference's ensemble, implemented by the library's rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..models import resolve_model
from ..rules import full_class
from .constants import (
    DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION,
    NUM_CLASSIFICATIONS_FOR_ENSEMBLE,
    Classification,
    Failure,
)
from .ensemble_prediction_combiner import combine_predictions
from .geofence_utils import geofence_animal_classification, roll_up_labels_to_first_matching_level
from .utils import PLACE, ModelInfo, Result

_WHOLE_IMAGE_CATEGORY = "0"
# Boxes of two runs are equal if they differ only by rounding to four decimals.
_BOX_TOLERANCE = 1e-4


def _top_classes(classification: Result, number: int | None) -> Result:
    top = dict(classification)
    for key in ("classes", "scores"):
        top[key] = classification[key][:number]
    return top


def _same_detection(one: Result, other: Result) -> bool:
    return (
        one["category"] == other["category"]
        and len(one["bbox"]) == len(other["bbox"])
        and all(abs(a - b) <= _BOX_TOLERANCE for a, b in zip(one["bbox"], other["bbox"]))
    )


def _check_same_detections(filepath: str, classified: list[Result], found: list[Result]) -> None:
    if len(classified) != len(found) or not all(map(_same_detection, classified, found)):
        raise ValueError(f"the classifications of `{filepath}` are of other detections")


def _pair(
    filepath: str, classified: list[Result] | None, found: list[Result] | None
) -> tuple[list[Result] | None, list[tuple[int, Result]]]:
    """Determines what to report for an image, and which entry is decided with which detection."""
    if classified and classified[0]["category"] == _WHOLE_IMAGE_CATEGORY:
        output = [dict(classified[0])]
        if found is None:
            return output, []
        deciding = found[0] if found else {"label": "animal", "conf": 0.0}
        return output + [dict(detection) for detection in found], [(0, deciding)]
    if found is None:
        return None, []
    if classified is None:
        return [dict(detection) for detection in found], []
    _check_same_detections(filepath, classified, found)
    output = [dict(detection) for detection in classified]
    return output, [(i, d) for i, d in enumerate(output) if "raw_classifications" in d]


def _content(results: Mapping[str, Result], filepath: str) -> list[Result] | None:
    """Returns the detections of a result; None if there is none or its component failed."""
    result = results.get(filepath)
    return None if result is None or "failures" in result else result["detections"]


class SpeciesNetEnsemble:
    """Taxonomy, geofence and rules of a model package, like the reference's class of this name."""

    def __init__(
        self,
        model_name: str,
        geofence: bool = True,
        prediction_combiner: Callable[..., list[Result]] = combine_predictions,
        force_model_download: bool = False,
    ) -> None:
        """Loads the small files of a package, and downloads only these."""
        self.model_info = ModelInfo(
            resolve_model(model_name, force=force_model_download, networks=False)
        )
        self.enable_geofence = geofence
        self.taxonomy_map = self.load_taxonomy()
        self.geofence_map = self.load_geofence()
        self.prediction_combiner = prediction_combiner

    def load_taxonomy(self) -> dict[str, str]:
        """Returns the taxonomy as the reference's map from `class;…;species` to labels."""
        lines = Path(self.model_info.taxonomy).read_text(encoding="utf-8").splitlines()
        taxonomy = {";".join(line.split(";")[1:6]): line for line in map(str.strip, lines)}
        for label in (Classification.BLANK, Classification.VEHICLE, Classification.UNKNOWN):
            taxonomy.pop(full_class(label.value), None)
        for label in (Classification.HUMAN, Classification.ANIMAL):
            taxonomy[full_class(label.value)] = label.value
        return taxonomy

    def load_geofence(self) -> dict[str, Any]:
        """Returns the geofence as the reference's map."""
        geofence: dict[str, Any] = json.loads(
            Path(self.model_info.geofence).read_text(encoding="utf-8")
        )
        return geofence

    def combine(
        self,
        filepaths: list[str],
        classifier_results: Mapping[str, Result],
        detector_results: Mapping[str, Result],
        geolocation_results: Mapping[str, Result],
        partial_predictions: Mapping[str, Result] | None = None,
        max_classifications_per_detection: int | None = (
            DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION
        ),
    ) -> list[Result]:
        """Combines results of the components, like the reference's function of this name.

        Raises:
                ValueError: If classifications are for other detections than the given ones.
        """
        done = partial_predictions or {}
        return [
            (
                done[filepath]
                if filepath in done
                else self._combine_one(
                    filepath,
                    _content(classifier_results, filepath),
                    _content(detector_results, filepath),
                    geolocation_results.get(filepath),
                    max_classifications_per_detection,
                )
            )
            for filepath in filepaths
        ]

    def _combine_one(
        self,
        filepath: str,
        classified: list[Result] | None,
        found: list[Result] | None,
        place: Result | None,
        reported_classes: int | None,
    ) -> Result:
        output, pairs = _pair(filepath, classified, found)
        place_or_none = place or {}
        if output is not None and pairs:
            answers = self.prediction_combiner(
                classifications_list=[
                    _top_classes(output[i]["raw_classifications"], NUM_CLASSIFICATIONS_FOR_ENSEMBLE)
                    for i, _ in pairs
                ],
                detections=[detection for _, detection in pairs],
                country=place_or_none.get("country"),
                admin1_region=place_or_none.get("admin1_region"),
                taxonomy_map=self.taxonomy_map,
                geofence_map=self.geofence_map,
                enable_geofence=self.enable_geofence,
                geofence_fn=geofence_animal_classification,
                roll_up_fn=roll_up_labels_to_first_matching_level,
            )
            for (index, _), answer in zip(pairs, answers):
                output[index]["processed_classification"] = answer
        for entry in output or []:
            if "raw_classifications" in entry:
                entry["raw_classifications"] = _top_classes(
                    entry["raw_classifications"], reported_classes
                )
        failures = [
            name
            for name, result in (
                (Failure.CLASSIFIER, classified),
                (Failure.DETECTOR, found),
                (Failure.GEOLOCATION, place),
            )
            if result is None
        ]
        result = {
            "filepath": filepath,
            "failures": [failure.name for failure in failures] or None,
            **{key: place_or_none.get(key) for key in PLACE},
            "detections": output,
        }
        known = {key: value for key, value in result.items() if value is not None}
        return {**known, "model_version": self.model_info.version}
