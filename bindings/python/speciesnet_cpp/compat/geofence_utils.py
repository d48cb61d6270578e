# SPDX-License-Identifier: Apache-2.0
"""The reference's geofence functions, implemented by the library's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..rules import Answer, Location, Rules

Triple = tuple[str, float, str]


def as_triple(answer: Answer) -> Triple:
    """Converts an answer to the reference's form."""
    return answer.label, answer.score, answer.source


def _place(country: str | None, admin1_region: str | None) -> Location:
    return Location(country or None, admin1_region or None)


def should_geofence_animal_classification(
    label: str,
    country: str | None,
    admin1_region: str | None,
    geofence_map: Mapping[str, Any],
    enable_geofence: bool,
) -> bool:
    """Returns whether a label is blocked at a location."""
    with Rules.from_maps({}, geofence_map, geofencing=enable_geofence) as rules:
        return rules.blocked_by(label, _place(country, admin1_region)) is not None


def roll_up_labels_to_first_matching_level(
    labels: Sequence[str],
    scores: Sequence[float],
    country: str | None,
    admin1_region: str | None,
    target_taxonomy_levels: Sequence[str],
    non_blank_threshold: float,
    taxonomy_map: Mapping[str, str],
    geofence_map: Mapping[str, Any],
    enable_geofence: bool,
) -> Triple | None:
    """Rolls up to the first level whose best allowed ancestor has a sum above the threshold."""
    with Rules.from_maps(taxonomy_map, geofence_map, geofencing=enable_geofence) as rules:
        answer = rules.roll_up(
            labels,
            scores,
            target_taxonomy_levels,
            non_blank_threshold,
            _place(country, admin1_region),
        )
    return None if answer is None else as_triple(answer)


def geofence_animal_classification(
    *,
    labels: Sequence[str],
    scores: Sequence[float],
    country: str | None,
    admin1_region: str | None,
    taxonomy_map: Mapping[str, str],
    geofence_map: Mapping[str, Any],
    enable_geofence: bool,
) -> Triple:
    """Keeps the top label, or rolls it up to an ancestor that is allowed at the location."""
    with Rules.from_maps(taxonomy_map, geofence_map, geofencing=enable_geofence) as rules:
        return as_triple(rules.apply_geofence(labels, scores, _place(country, admin1_region)))
