# SPDX-License-Identifier: Apache-2.0
"""The reference's decision rules, implemented by the library's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..rules import Answer, Location, Rules
from .constants import CATEGORY_OF_LABEL
from .geofence_utils import (
    Triple,
    as_triple,
    geofence_animal_classification,
    roll_up_labels_to_first_matching_level,
)

Result = dict[str, Any]

# Numbers of the reference's rules: those that call geofence_fn, and those that follow if roll_up_fn
# finds nothing.
_GEOFENCE_RULES = {"4a", "4b"}
_RULES_BEHIND_ROLL_UP = {"5b", "otherwise"}
# Source: ensemble_prediction_combiner.py, threshold 5a.
_ROLL_UP = {
    "target_taxonomy_levels": ["genus", "family", "order", "class", "kingdom"],
    "non_blank_threshold": 0.65,
}


def _decide_all(
    rules: Rules, pairs: Iterable[tuple[Result, Result]], place: Location, *, explain: bool
) -> list[Answer]:
    return [
        rules.combine(
            classification["classes"],
            classification["scores"],
            category=CATEGORY_OF_LABEL.get(str(getattr(d["label"], "value", d["label"])), 1),
            conf=d["conf"],
            location=place,
            explain=explain,
        )
        for classification, d in pairs
    ]


def _decide_with_functions(
    pairs: list[tuple[Result, Result]],
    geofence_fn: Callable[..., Triple],
    roll_up_fn: Callable[..., Triple | None],
    arguments: Mapping[str, Any],
) -> list[Triple]:
    """Determines the applicable rule with the library's rules; the caller's functions then do its work."""
    # If animal, the only entry that is always in the taxonomy, is blocked, no roll-up succeeds, and
    # the rules after it are reached.
    nowhere = Location("ATA")
    with Rules.from_maps({}, {";;;;": {"block": {"ATA": []}}}) as rules:
        answers = _decide_all(rules, pairs, nowhere, explain=True)
    triples = []
    for (classification, _), answer in zip(pairs, answers):
        given = {"labels": classification["classes"], "scores": classification["scores"]}
        triple: Triple | None = None
        if answer.rule in _GEOFENCE_RULES:
            triple = geofence_fn(**given, **arguments)
        elif answer.rule in _RULES_BEHIND_ROLL_UP:
            triple = roll_up_fn(**given, **arguments, **_ROLL_UP)
        triples.append(triple or as_triple(answer))
    return triples


def combine_predictions(
    *,
    classifications_list: list[Result],
    detections: list[Result],
    country: str | None,
    admin1_region: str | None,
    taxonomy_map: Mapping[str, str],
    geofence_map: Mapping[str, Any],
    enable_geofence: bool,
    geofence_fn: Callable[..., Triple] = geofence_animal_classification,
    roll_up_fn: Callable[..., Triple | None] = roll_up_labels_to_first_matching_level,
) -> list[Result]:
    """Returns one answer for each pair of a classification and its detection.

    geofence_fn and roll_up_fn, unless they are the library's own, are called where the
    reference calls them.

    Raises:
            ValueError: If the numbers of classifications and detections differ.
    """
    if len(classifications_list) != len(detections):
        raise ValueError(
            f"{len(classifications_list)} classifications of {len(detections)} detections"
        )
    pairs = list(zip(classifications_list, detections))
    if (
        geofence_fn is geofence_animal_classification
        and roll_up_fn is roll_up_labels_to_first_matching_level
    ):
        place = Location(country or None, admin1_region or None)
        with Rules.from_maps(taxonomy_map, geofence_map, geofencing=enable_geofence) as rules:
            triples = [as_triple(a) for a in _decide_all(rules, pairs, place, explain=False)]
    else:
        arguments = {
            "country": country,
            "admin1_region": admin1_region,
            "taxonomy_map": taxonomy_map,
            "geofence_map": geofence_map,
            "enable_geofence": enable_geofence,
        }
        triples = _decide_with_functions(pairs, geofence_fn, roll_up_fn, arguments)
    return [dict(zip(("class", "score", "source"), triple)) for triple in triples]
