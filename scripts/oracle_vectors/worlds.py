# SPDX-License-Identifier: Apache-2.0
"""Small random taxonomies and geofences ("worlds") and random questions about them."""

import json
import math
import random
import struct
from dataclasses import dataclass, field
from typing import Any, Iterable, Optional

BLANK = "f1856211-cfb7-4a5b-9158-c0f72fd09ee6;;;;;;blank"
ANIMAL = "1f689929-883d-4dae-958c-3d57ab5b6c16;;;;;;animal"
HUMAN = "990ae9dd-7a59-4344-afcb-1b7b21368000;mammalia;primates;hominidae;homo;sapiens;human"
VEHICLE = "e2895ed5-780b-48f6-8a11-9e27cb594511;;;;;;vehicle"
UNKNOWN = ";".join(["f2efdae9-efb8-48fb-8a91-eccf79ab4ffb"] + ["no cv result"] * 6)

WHOLE_IMAGE = {
    "category": "0",
    "label": "whole_image_classification",
    "conf": 1.0,
    "bbox": [0.0, 0.0, 1.0, 1.0],
}
# The image of cases that combine whole results.
FILE = "a.jpg"
# Releases that answer cases given in another form.
OTHER_RELEASE = "other release"

LEVELS = ["species", "genus", "family", "order", "class", "kingdom"]
COUNTRIES = ["USA", "KEN", "AUS", "FRA"]
REGIONS = ["CA", "TX", "NV"]
# Every threshold of the rules.
CONF_THRESHOLDS = [0.2, 0.5, 0.7]
SCORE_THRESHOLDS = [0.4, 0.5, 0.65, 0.8, 0.99]
GEOFENCE_TOLERANCE = 1e-10


@dataclass
class World:
    """A taxonomy file, a geofence file, and the possible labels of a classifier."""

    taxonomy: str
    geofence: dict[str, dict[str, dict[str, list[str]]]]
    labels: list[str] = field(default_factory=list)


def shortened(rng: random.Random, number: float) -> float:
    """Returns single-precision values, as from networks, or, to save space, few digits."""
    if rng.random() < 0.1:
        return struct.unpack("f", struct.pack("f", number))[0]
    return round(number, 3)


def around(rng: random.Random, thresholds: list[float]) -> float:
    """Returns a number at a threshold, next to it, or anywhere."""
    threshold = rng.choice(thresholds)
    return rng.choice(
        [
            0.0,
            1.0,
            threshold,
            threshold,
            math.nextafter(threshold, 0.0),
            math.nextafter(threshold, 2.0),
            threshold - GEOFENCE_TOLERANCE,
            threshold + GEOFENCE_TOLERANCE,
            shortened(rng, rng.random()),
            shortened(rng, rng.uniform(threshold - 0.1, threshold + 0.1)),
        ]
    )


def taxon(label: str) -> str:
    """Returns parts 2 to 6 of a label."""
    return ";".join(label.split(";")[1:6])


def random_ranks(rng: random.Random) -> list[str]:
    """Returns class to species from few names, so that ancestors are shared, with occasional gaps."""
    ranks = [
        rng.choice(["mammalia", "aves"]),
        rng.choice(["carnivora", "primates"]),
        rng.choice(["felidae", "canidae", "hominidae"]),
        rng.choice(["panthera", "canis"]),
        rng.choice(["leo", "lupus", "onca"]),
    ]
    depth = rng.choice([1, 2, 3, 4, 5, 5, 5, 5])
    ranks[depth:] = [""] * (5 - depth)
    if rng.random() < 0.1:
        ranks[rng.randrange(5)] = ""
    return ranks


def label_of(rng: random.Random, ranks: list[str]) -> str:
    return ";".join([f"{rng.getrandbits(20):05x}", *ranks, "é" if rng.random() < 0.1 else "name"])


def random_countries(rng: random.Random) -> dict[str, list[str]]:
    countries = rng.sample(COUNTRIES, rng.randrange(4))
    return {country: rng.sample(REGIONS, rng.choice([0, 0, 1, 2])) for country in countries}


def random_world(rng: random.Random) -> World:
    labels = [label_of(rng, random_ranks(rng)) for _ in range(14)]
    entries = []
    for label in labels:
        ranks = label.split(";")[1:6]
        for depth in range(1, 6):
            # Some ancestors are missing, some occur twice with different names.
            for _ in range(rng.choice([0, 1, 1, 1, 2])):
                entries.append(label_of(rng, ranks[:depth] + [""] * (5 - depth)))
    entries += [rng.choice([ANIMAL, BLANK, VEHICLE, UNKNOWN, HUMAN]) for _ in range(4)]
    rng.shuffle(entries)
    line_end = rng.choice(["\n", "\r\n", "\n\n", " \n"])
    taxonomy = line_end.join(entries) + rng.choice(["", "\n", "\n\n"])

    keys = {taxon(entry) for entry in entries if entry}
    geofence: dict[str, dict[str, dict[str, list[str]]]] = {}
    for key in sorted(keys):
        if rng.random() < 0.6:
            geofence[key] = {
                part: random_countries(rng) for part in ("allow", "block") if rng.random() < 0.6
            }
    special = [ANIMAL, BLANK, HUMAN, VEHICLE, UNKNOWN]
    malformed = ["", "a;b", ";;;;;;;", "a;b;c;d;e;f;g;h"]
    return World(taxonomy, geofence, labels + special + malformed)


def random_classes(rng: random.Random, world: World) -> list[int]:
    """Returns indices of labels; malformed ones are rare."""
    regular = len(world.labels) - 4
    count = rng.choice([1, 2, 3, 4, 5, 5, 5, 6, 8])
    animals = regular - 5
    pool = range(regular) if rng.random() < 0.5 else range(animals)
    classes = [rng.choice(pool) for _ in range(count)]
    if rng.random() < 0.4:
        classes[0] = world.labels.index(rng.choice([BLANK, HUMAN, VEHICLE]))
    if rng.random() < 0.02:
        classes[rng.randrange(count)] = rng.randrange(regular, len(world.labels))
    return classes


def random_scores(rng: random.Random, count: int) -> list[Optional[float]]:
    """Returns scores around thresholds, whose sums are also around them; ties; occasional nonsense."""
    style = rng.randrange(7)
    if style == 0:
        return [around(rng, SCORE_THRESHOLDS) for _ in range(count)]
    if style == 1:  # ties
        value = rng.choice([0.1, 0.13, 0.2, 0.325, 1 / 3, 0.65])
        return [value] * count
    if style == 2:  # two parts make a threshold
        threshold = rng.choice([0.65, 0.8, 0.5])
        scores = [shortened(rng, rng.uniform(0, threshold)) for _ in range(count)]
        if count > 1:
            rest = threshold - scores[0]
            scores[1] = rng.choice([rest, math.nextafter(rest, 0), math.nextafter(rest, 1)])
        return scores
    if style == 3:  # what a sum must not be below: the top score less a tolerance
        top = rng.choice([0.81, 0.9, around(rng, [0.65, 0.8])])
        edge = top - GEOFENCE_TOLERANCE
        others = [edge, math.nextafter(edge, 0), math.nextafter(edge, 1), top, top / 2, 0.1]
        return [top] + [rng.choice(others) for _ in range(count - 1)]
    if style == 4 and rng.random() < 0.1:
        return [rng.choice([None, -0.0, -0.1, 1e-300, 5.0]) for _ in range(count)]
    # Like a softmax.
    weights = sorted((rng.random() ** rng.choice([1, 4]) for _ in range(count + 1)), reverse=True)
    total = sum(weights)
    return [shortened(rng, weight / total) for weight in weights[:count]]


def well_formed_place(rng: random.Random) -> list[Optional[str]]:
    country = rng.choice([None, "", *COUNTRIES, *COUNTRIES, *COUNTRIES])
    region = rng.choice([None, None, "", *REGIONS])
    return [country, region]


def random_place(rng: random.Random) -> list[Optional[str]]:
    country, region = well_formed_place(rng)
    if rng.random() < 0.02:
        country = rng.choice(["US", "Kenya", "ÄÖÜ", "ké"])
    if rng.random() < 0.02:
        region = rng.choice(["C", "CAL", "éé"])
    return [country, region]


def random_detections(rng: random.Random) -> list[dict[str, Any]]:
    names = {"1": "animal", "2": "human", "3": "vehicle"}
    detections = []
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        category = rng.choice(list(names))
        box = [round(rng.random(), 3) for _ in range(4)]
        conf = around(rng, CONF_THRESHOLDS)
        detections.append(
            {"category": category, "label": names[category], "conf": conf, "bbox": box}
        )
    return sorted(detections, key=lambda detection: detection["conf"], reverse=True)


def random_classification(rng: random.Random, world: World) -> dict[str, Any]:
    classes = random_classes(rng, world)
    scores = [0.1 if score is None else score for score in random_scores(rng, len(classes))]
    result: dict[str, Any] = {
        "classes": [world.labels[index] for index in classes],
        "scores": scores,
    }
    if rng.random() < 0.2:
        result |= {"target_classes": [world.labels[0]], "target_logits": [-1.5]}
    return result


def moved(rng: random.Random, detection: dict[str, Any]) -> dict[str, Any]:
    """Returns the same detection in another run: slightly different, or another one."""
    if rng.random() < 0.7:
        return detection
    box = list(detection["bbox"])
    box[rng.randrange(4)] += rng.choice([0.9e-4, -0.9e-4, 1e-4, 1.1e-4, -1.1e-4])
    return {**detection, "bbox": box}


def random_run(rng: random.Random, world: World, per_image: bool) -> list[Any]:
    """Returns results of detector and classifier for an image; either may have failed or be missing."""
    detections = random_detections(rng)
    detected = rng.choice([None, {"failures": ["DETECTOR"]}, *[{"detections": detections}] * 6])
    if per_image:
        classified: Any = {"classifications": random_classification(rng, world)}
        # The classifier of this release returns at most five, and its rules use all of them.
        for name in ("classes", "scores"):
            del classified["classifications"][name][5:]
    elif rng.random() < 0.3:
        whole = {**WHOLE_IMAGE, "raw_classifications": random_classification(rng, world)}
        classified = {"detections": [whole]}
    else:
        entries = [moved(rng, detection) for detection in detections]
        for index, entry in enumerate(entries):
            if rng.random() < 0.8:
                raw = random_classification(rng, world)
                entries[index] = {**entry, "raw_classifications": raw}
        if entries and rng.random() < 0.05:
            entries.pop()
        classified = {"detections": entries}
    classified = rng.choice([None, {"failures": ["CLASSIFIER"]}, *[classified] * 8])
    maximum = None if per_image else rng.choice([None, 0, 1, 2, 2, 5])
    # This library refuses malformed locations before it reads results, the reference only if it
    # needs them.
    return [classified, detected, *well_formed_place(rng), rng.random() < 0.9, maximum]


def random_case(rng: random.Random, world: World) -> list[Any]:
    """Returns a case: its kind, then its arguments. See README.md."""
    kind = rng.choices(
        [
            "combine",
            "apply_geofence",
            "roll_up",
            "check",
            "ancestor",
            "full_class",
            "run_per_detection",
            "run_per_image",
        ],
        [70, 8, 10, 8, 3, 1, 4, 2],
    )[0]
    if kind.startswith("run"):
        return [kind, *random_run(rng, world, kind == "run_per_image")]
    if kind == "ancestor":
        return [kind, rng.randrange(len(world.labels)), rng.choice(LEVELS)]
    if kind == "full_class":
        return [kind, rng.randrange(len(world.labels))]
    geofencing = rng.random() < 0.9
    place = random_place(rng)
    if kind == "check":
        return [kind, rng.randrange(len(world.labels)), *place, geofencing]
    classes = random_classes(rng, world)
    scores = random_scores(rng, len(classes))
    if kind == "combine":
        if rng.random() < 0.5:
            scores[0] = around(rng, SCORE_THRESHOLDS)
        category = rng.choice([0, 1, 1, 2, 3])
        return [kind, category, around(rng, CONF_THRESHOLDS), classes, scores, *place, geofencing]
    if kind == "apply_geofence":
        return [kind, classes, scores, *place, geofencing]
    levels = rng.sample(LEVELS, rng.randrange(1, 7))
    threshold = rng.choice([0.65, 0.0, -1.0, around(rng, SCORE_THRESHOLDS)])
    return [kind, classes, scores, *place, geofencing, levels, threshold]


def header(world: World) -> dict[str, Any]:
    return {"taxonomy": world.taxonomy, "geofence": world.geofence, "labels": world.labels}


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def lines(path: str) -> Iterable[Any]:
    with open(path, encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
