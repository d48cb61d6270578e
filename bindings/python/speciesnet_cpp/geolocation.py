# SPDX-License-Identifier: Apache-2.0
"""Country and region from coordinates, offline."""

from __future__ import annotations

import ctypes

from . import _abi
from .rules import Location, location_struct


class Geolocator(_abi.Handle):
    """A table of places inside the library: answers are those of the nearest place. For many
    threads at once."""

    def __init__(self) -> None:
        super().__init__(_abi.make("geolocator_new"), "geolocator_free")

    def admin1_region(self, location: Location) -> str | None:
        """The region that the geofence should use, as the reference finds it: the one given with
        its country, or, in the USA, the state of the nearest place."""
        place = location_struct(location)
        return _abi.take_text(_abi.make("geolocator_admin1_region", self, ctypes.byref(place)))

    def country(self, latitude: float, longitude: float) -> str:
        """The country of the nearest place, ISO 3166-1 alpha-3; the open sea has an answer too.

        Raises:
            InvalidArgument: For coordinates out of range.
        """
        country = _abi.make("geolocator_country", self, latitude, longitude)
        return _abi.take_text(country) or ""
