# SPDX-License-Identifier: Apache-2.0
"""Taxonomy, geofence and decision rules, without any network."""

from __future__ import annotations

import ctypes
import json
import math
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import _abi
from .choices import check_choice

LEVELS = {"species": 1, "genus": 2, "family": 3, "order": 4, "class": 5, "kingdom": 6}
BLOCKED_BY = (
    None,
    "country_not_allowed",
    "region_not_allowed",
    "country_blocked",
    "region_blocked",
    "overlay_blocked",
    "not_in_species_list",
)
CATEGORIES = ("whole_image_classification", "animal", "human", "vehicle")


@dataclass(frozen=True)
class Location:
    """Location of a photo; each part may be unknown."""

    country: str | None = None
    admin1_region: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    station: str | None = None
    """The camera's station, for entries of a geofence overlay that name one."""


@dataclass(frozen=True)
class RollupSum:
    """Sum of scores of one ancestor in a rollup."""

    label: str
    score: float
    blocked_by: str | None = None
    """Why it is not the answer, although its sum was the largest so far."""
    blocked_by_entry: str = ""
    """The entry that blocks it."""


@dataclass(frozen=True)
class RollupStep:
    """One level of a rollup."""

    level: str
    reached: bool
    """Whether the answer is of this level."""
    threshold: float
    """The sum must be greater."""
    sums: tuple[RollupSum, ...]


@dataclass(frozen=True)
class Explanation:
    """Explanation of an answer."""

    rule: str
    """Number of the rule that applied, as in the reference's comments."""
    reason: str
    """The rule in one sentence, with the values that it compared."""
    category: str
    """Category of the detection: "animal", "human", "vehicle"."""
    conf: float
    """Confidence of the detection."""
    classes: tuple[tuple[str, float], ...]
    """Classes that the rules used, best first."""
    blocked_by: str | None = None
    """Why the top class is blocked at this place."""
    blocked_by_entry: str = ""
    """The entry of geofence or overlay that blocks it."""
    allowed_by_entry: str = ""
    """The entry of an overlay that allows the top class where the geofence blocks it."""
    rollup: tuple[RollupStep, ...] = ()
    """Levels tried, in order."""


@dataclass(frozen=True)
class Answer:
    """A label of seven parts with its score and source."""

    label: str
    score: float
    source: str
    explanation: Explanation | None = None
    """Why it is the answer; None unless requested."""

    @property
    def rule(self) -> str | None:
        """Number of the rule that applied; None unless an explanation was requested."""
        return self.explanation.rule if self.explanation else None

    @property
    def reason(self) -> str | None:
        """The rule in one sentence; None unless an explanation was requested."""
        return self.explanation.reason if self.explanation else None

    @property
    def blocked_by(self) -> str | None:
        """Why the top class is blocked at this location; None unless an explanation was requested."""
        return self.explanation.blocked_by if self.explanation else None

    @property
    def short_name(self) -> str:
        """A short readable name, such as "equus_quagga"."""
        return short_name(self.label)


def text(value: bytes | None) -> str | None:
    """Converts a string of the C ABI."""
    return None if value is None else value.decode("utf-8", "surrogateescape")


def location_struct(location: Location | None) -> _abi.Location:
    """Converts a location to the C struct.

    Raises:
        TypeError: If the value is not a Location.
    """
    if location is not None and not isinstance(location, Location):
        raise TypeError(
            "a location must be a Location, for instance Location(country='KEN'), not "
            f"{type(location).__name__}"
        )
    struct = _abi.initialised(_abi.Location, "location")
    if location is not None:
        struct.country = None if location.country is None else location.country.encode()
        region = location.admin1_region
        struct.admin1_region = None if region is None else region.encode()
        struct.latitude = math.nan if location.latitude is None else location.latitude
        struct.longitude = math.nan if location.longitude is None else location.longitude
        struct.station = None if location.station is None else location.station.encode()
    return struct


def read_answer(pointer: int | None) -> Answer | None:
    """Copies an answer from the library."""
    if pointer is None:
        return None
    plain = _abi.plain
    label = text(plain["answer_label"](pointer))
    source = text(plain["answer_source"](pointer))
    assert label is not None and source is not None
    found = plain["answer_explanation"](pointer)
    explanation = _read_explanation(found.contents) if found else None
    return Answer(label, plain["answer_score"](pointer), source, explanation)


def _read_explanation(struct: _abi.Explanation) -> Explanation:
    return Explanation(
        text(struct.rule) or "",
        text(struct.reason) or "",
        CATEGORIES[struct.detection_category],
        struct.detection_conf,
        tuple(
            (text(struct.classes[i].label) or "", struct.classes[i].score)
            for i in range(struct.class_count)
        ),
        BLOCKED_BY[struct.blocked_by],
        text(struct.blocked_by_entry) or "",
        text(struct.allowed_by_entry) or "",
        tuple(_read_step(struct.rollup[i]) for i in range(struct.rollup_count)),
    )


def _read_step(struct: _abi.RollupStep) -> RollupStep:
    sums = (struct.sums[i] for i in range(struct.sum_count))
    return RollupStep(
        next(name for name, number in LEVELS.items() if number == struct.level),
        bool(struct.reached),
        struct.threshold,
        tuple(
            RollupSum(
                text(one.label) or "",
                one.score,
                BLOCKED_BY[one.blocked_by],
                text(one.blocked_by_entry) or "",
            )
            for one in sums
        ),
    )


def _take_answer(pointer: int | None) -> Answer | None:
    try:
        return read_answer(pointer)
    finally:
        _abi.plain["answer_free"](pointer)


def _classification(classes: Sequence[str], scores: Sequence[float]) -> tuple[Any, int]:
    if len(classes) != len(scores):
        raise ValueError(f"{len(classes)} classes but {len(scores)} scores")
    structs = (_abi.ScoredLabel(name.encode(), score) for name, score in zip(classes, scores))
    return (_abi.ScoredLabel * len(classes))(*structs), len(classes)


def _level(name: str) -> int:
    check_choice("a taxonomy level", name, LEVELS)
    return LEVELS[name]


def short_name(label: str) -> str:
    """Returns `genus_species`, else the last known rank of a label, else its common name."""
    return _abi.take_text(_abi.make("label_short_name", label.encode())) or ""


def full_class(label: str) -> str:
    """Returns parts 2 to 6 of a label: the key of taxonomies and geofences."""
    return _abi.take_text(_abi.make("label_full_class", label.encode())) or ""


class Rules(_abi.Handle):
    """Taxonomy, geofence and the reference's decision rules. Immutable and thread-safe."""

    def __init__(self, taxonomy: str, geofence: str, *, geofencing: bool = True) -> None:
        """Creates rules from the files of a model package: labels line by line, and JSON."""
        lines, places = taxonomy.encode(), geofence.encode()
        pointer = _abi.make(
            "rules_new", lines, len(lines), places, len(places), 1 if geofencing else 0
        )
        super().__init__(pointer, "rules_free")
        self._owner: object = None

    @classmethod
    def _borrow(cls, pointer: int, owner: object) -> Rules:
        """Wraps borrowed rules, which live as long as their owner."""
        rules = cls.__new__(cls)
        rules._pointer = pointer
        rules._process = os.getpid()
        rules._users = 0
        rules._users_changed = threading.Lock()
        rules._release = lambda: None  # type: ignore[assignment]
        rules._owner = owner
        return rules

    @classmethod
    def from_maps(
        cls, taxonomy: Mapping[str, str], geofence: Mapping[str, Any], *, geofencing: bool = True
    ) -> Rules:
        """Creates rules from the reference's `taxonomy_map` and `geofence_map`."""
        return cls("\n".join(taxonomy.values()), json.dumps(geofence), geofencing=geofencing)

    @classmethod
    def _own(cls, pointer: int | None) -> Rules:
        """Wraps owned rules."""
        rules = cls.__new__(cls)
        _abi.Handle.__init__(rules, pointer, "rules_free")
        rules._owner = None
        return rules

    def with_species_list(
        self, taxa: str | Iterable[str], *, skip_unknown_taxa: bool = False
    ) -> Rules:
        """Returns rules that restrict answers to these taxa, their descendants and their ancestors.

        Args:
            taxa: Names, or a text with one name per line: scientific or common, of any rank, or a
                UUID. Humans, vehicles, blank and "animal" stay possible.
            skip_unknown_taxa: Whether to skip unknown names; see skipped_taxa.

        Raises:
            InvalidArgument: If names are unknown; the message lists them.
        """
        lines = taxa if isinstance(taxa, str) else "\n".join(taxa)
        return self._with("rules_with_species_list", lines, skip_unknown_taxa)

    def with_geofence_overlay(self, csv: str, *, skip_unknown_taxa: bool = False) -> Rules:
        """Returns rules with entries that allow or block taxa at places and override the geofence.

        Args:
            csv: A table with the columns taxon and action (allow, block, only), and any of country,
                region and station.
            skip_unknown_taxa: As for with_species_list.

        Raises:
            InvalidArgument: Naming the invalid line.
        """
        return self._with("rules_with_geofence_overlay", csv, skip_unknown_taxa)

    def _with(self, function: str, lines: str, skip_unknown_taxa: bool) -> Rules:
        encoded = lines.encode()
        return self._own(
            _abi.make(function, self, encoded, len(encoded), 1 if skip_unknown_taxa else 0)
        )

    @property
    def skipped_taxa(self) -> list[str]:
        """The names that were skipped, each with its line."""
        return (_abi.take_text(_abi.make("rules_skipped_taxa", self)) or "").splitlines()

    def combine(
        self,
        classes: Sequence[str],
        scores: Sequence[float],
        *,
        category: int = 1,
        conf: float = 0.0,
        location: Location | None = None,
        explain: bool = False,
    ) -> Answer:
        """Determines the answer.

        Args:
            classes: Labels, best first; only the first five count.
            scores: Their softmax probabilities.
            category: 1 animal, 2 human, 3 vehicle.
            conf: Confidence of the detection, 0 if there is none.
                location: Location of the photo.
            explain: Whether to add an explanation.

        Raises:
                InvalidArgument: For labels without seven parts or a malformed location.
        """
        detection = _abi.Detection(category, 0, conf, (0, 0, 1, 1))
        answer = _take_answer(
            _abi.make(
                "rules_combine",
                self,
                *_classification(classes, scores),
                ctypes.byref(detection),
                ctypes.byref(location_struct(location)),
                1 if explain else 0,
            )
        )
        assert answer is not None
        return answer

    def apply_geofence(
        self, classes: Sequence[str], scores: Sequence[float], location: Location | None = None
    ) -> Answer:
        """Returns the top class, rolled up to the first allowed ancestor if it is blocked."""
        answer = _take_answer(
            _abi.make(
                "rules_apply_geofence",
                self,
                *_classification(classes, scores),
                ctypes.byref(location_struct(location)),
            )
        )
        assert answer is not None
        return answer

    def roll_up(
        self,
        classes: Sequence[str],
        scores: Sequence[float],
        levels: Sequence[str],
        threshold: float,
        location: Location | None = None,
    ) -> Answer | None:
        """Rolls up to the first level whose best allowed ancestor's sum exceeds the threshold."""
        numbers = (ctypes.c_int32 * len(levels))(*(_level(level) for level in levels))
        return _take_answer(
            _abi.make(
                "rules_roll_up",
                self,
                *_classification(classes, scores),
                ctypes.byref(location_struct(location)),
                numbers,
                len(levels),
                threshold,
            )
        )

    def blocked_by(self, label: str, location: Location) -> str | None:
        """Returns the reason why a label is blocked at a location, or None."""
        number = ctypes.c_int32()
        _abi.call(
            "rules_check_geofence",
            self,
            label.encode(),
            ctypes.byref(location_struct(location)),
            ctypes.byref(number),
        )
        return BLOCKED_BY[number.value]

    def ancestor(self, label: str, level: str) -> str | None:
        """Returns the label of an ancestor, or the label itself at its own level."""
        return _abi.take_text(_abi.make("rules_ancestor", self, label.encode(), _level(level)))
