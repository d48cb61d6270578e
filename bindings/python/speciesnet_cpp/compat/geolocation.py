# SPDX-License-Identifier: Apache-2.0
"""The reference's geolocation function, implemented by the library's table of places."""

from __future__ import annotations

from functools import lru_cache

from ..geolocation import Geolocator
from ..rules import Location


@lru_cache(maxsize=1)
def _geolocator() -> Geolocator:
    return Geolocator()


def find_admin1_region(
    country: str | None = None,
    admin1_region: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> str | None:
    """Returns the region given with its country or, in the USA, that of the coordinates.

    Raises:
        ValueError: For coordinates out of range.
    """
    place = Location(country or None, admin1_region or None, latitude, longitude)
    return _geolocator().admin1_region(place)
