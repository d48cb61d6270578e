# SPDX-License-Identifier: Apache-2.0
"""Country and region from coordinates, offline."""

from __future__ import annotations

import ctypes

from . import _abi
from .rules import Location, location_struct


class Geolocator(_abi.Handle):
    """Looks up the nearest place in a table inside the library. Thread-safe."""

    def __init__(self) -> None:
        super().__init__(_abi.make("geolocator_new"), "geolocator_free")

    def admin1_region(self, location: Location) -> str | None:
        """Returns the region for the geofence, as the reference does: the given one if the country is
        given, or, in the USA, the state of the nearest place."""
        place = location_struct(location)
        return _abi.take_text(_abi.make("geolocator_admin1_region", self, ctypes.byref(place)))

    def country(self, latitude: float, longitude: float) -> str:
        """Returns the country of the nearest place, ISO 3166-1 alpha-3, also for the open sea.

        Raises:
            InvalidArgument: For coordinates out of range.
        """
        country = _abi.make("geolocator_country", self, latitude, longitude)
        return _abi.take_text(country) or ""
