# SPDX-License-Identifier: Apache-2.0
"""Selects few of many answered cases so that each situation distinguished by the rules remains."""

import heapq
import json
import math
import re
from typing import Any, Iterable, Optional

from worlds import (
    BLANK,
    CONF_THRESHOLDS,
    HUMAN,
    LEVELS,
    SCORE_THRESHOLDS,
    VEHICLE,
    dump,
    taxon,
)

# Later worlds add little that is new, but their taxonomies cost space.
WORLDS = 3


def position(number: Optional[float], thresholds: list[float], ranges: bool = False) -> str:
    """Returns where a number lies: at a threshold, next to it, or between two; or only between which."""
    if number is None:
        return "nan"
    for index, threshold in enumerate(thresholds if not ranges else []):
        if math.nextafter(threshold, -1) <= number <= math.nextafter(threshold, 2):
            return f"{'=' if number == threshold else '<' if number < threshold else '>'}{index}"
    return str(sum(number > threshold for threshold in thresholds))


def kind_of(label: str) -> str:
    special = {BLANK: "blank", HUMAN: "human", VEHICLE: "vehicle"}
    return special.get(label, "animal" if label.count(";") == 6 else "malformed")


def sums(world: dict[str, Any], classes: list[int], scores: list[float], level: str) -> list[float]:
    """Returns sums of labels with equal ranks down to a level, in order."""
    depth = 5 - LEVELS.index(level)
    by_ranks: dict[tuple[str, ...], float] = {}
    for index, score in zip(classes, scores):
        ranks = tuple(taxon(world["labels"][index]).split(";")[:depth])
        by_ranks[ranks] = by_ranks.get(ranks, 0.0) + (score or 0.0)
    return list(by_ranks.values())


def rollup_situation(
    world: dict[str, Any], classes: list[int], scores: list[float]
) -> Iterable[str]:
    """Returns levels at which sums tie or lie at a threshold."""
    for level in LEVELS:
        values = sums(world, classes, scores, level)
        best = max(values)
        if values.count(best) > 1:
            yield f"tie at {level}"
        yield f"{level} best {position(best, [0.65])}"
        first = scores[0] or 0.0
        yield f"{level} best {position(best, [first - 1e-10])} top"


def geofence_situation(
    world: dict[str, Any], label: str, country: Optional[str], region: Optional[str]
) -> str:
    entry = world["geofence"].get(taxon(label), None)
    if entry is None:
        return "no entry"
    parts = []
    for name in ("allow", "block"):
        countries = entry.get(name)
        if countries is None:
            parts.append("-")
        elif not countries:
            parts.append("empty")
        elif country not in countries:
            parts.append("elsewhere")
        elif not countries[country]:
            parts.append("country")
        else:
            parts.append("region" if region in countries[country] else "other region")
    form = [f"{len(code or '')}{code is None}" for code in (country, region)]
    return " ".join(parts + form)


def kinds(result: Optional[dict[str, Any]]) -> str:
    """Classifies a network's result: missing, failed, empty or full."""
    if not result:
        return "missing"
    name, content = next(iter(result.items()))
    return name if content else f"no {name}"


def situations(world: dict[str, Any], case: list[Any]) -> Iterable[str]:
    kind, *arguments, answer = case
    labels = world["labels"]
    source = answer[2] if isinstance(answer, list) else str(answer)
    if kind == "ancestor":
        label, level = arguments
        ranks = labels[label].split(";")[1:6]
        yield f"{level} {[bool(rank) for rank in ranks]} {answer is None} {kind_of(labels[label])}"
    elif kind == "full_class":
        yield kind_of(labels[arguments[0]])
    elif kind == "check":
        label, country, region, geofencing = arguments
        yield f"{geofence_situation(world, labels[label], country, region)} {geofencing} {answer}"
    elif kind.startswith("run"):
        classified, detected, country, _, geofencing, maximum = arguments
        whole = "whole_image" in dump(classified)
        sources = sorted(set(re.findall('"source":"[^"]*"', answer)))
        yield f"{len((detected or {}).get('detections', []))} {whole} {sources[:1]}"
        yield f"{kinds(classified)} {kinds(detected)} {whole} {answer == 'error'}"
        yield f"{maximum} {'target' in answer} {country is None} {geofencing}"
    elif kind == "combine":
        category, conf, classes, scores, country, region, geofencing = arguments
        top = kind_of(labels[classes[0]])
        conf_at = position(conf, CONF_THRESHOLDS)
        score_at = position(scores[0], SCORE_THRESHOLDS)
        conf_range = position(conf, CONF_THRESHOLDS, ranges=True)
        score_range = position(scores[0], SCORE_THRESHOLDS, ranges=True)
        if category:
            yield f"{category} {top} conf {conf_at} score {score_range}"
            yield f"{category} {top} conf {conf_range} score {score_at}"
        yield f"{category} {top} {source}"
        place = geofence_situation(world, labels[classes[0]], country, region)
        yield f"{source} {geofencing} {place}"
        if "rollup" in source:
            for situation in rollup_situation(world, classes, scores):
                yield f"{source} {situation}"
    else:
        classes, scores, country, region, geofencing, *rest = arguments
        place = geofence_situation(world, labels[classes[0]], country, region)
        yield f"{source} {geofencing} {place}"
        yield f"{source} {position(rest[1], SCORE_THRESHOLDS)}" if rest else source
        for situation in rollup_situation(world, classes, scores):
            yield f"{source} {situation}"


def condense(lines: list[str]) -> list[str]:
    """Greedy set cover: selects the case with most situations not yet covered, until all are covered."""
    names: dict[int, set[str]] = {}
    headers: list[int] = []
    for number, line in enumerate(lines):
        case = json.loads(line)
        if isinstance(case, dict):
            if len(headers) == WORLDS:
                break
            world = case
            headers.append(number)
        else:
            names[number] = {f"{case[0]}: {situation}" for situation in situations(world, case)}

    shown: set[str] = set()
    kept = list(headers)
    heap = [(-len(situations), number) for number, situations in names.items()]
    heapq.heapify(heap)
    while heap:
        _, number = heapq.heappop(heap)
        fresh = len(names[number] - shown)
        if not fresh:
            continue
        if heap and fresh < -heap[0][0]:
            heapq.heappush(heap, (-fresh, number))
            continue
        shown |= names[number]
        kept.append(number)
    return [lines[number] for number in sorted(kept)]
