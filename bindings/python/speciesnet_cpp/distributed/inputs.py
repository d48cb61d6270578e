# SPDX-License-Identifier: Apache-2.0
"""Reads inputs: photos in folders, or rows of Parquet files with locations."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as parquet

from ..folders import find_photos
from ..rules import Location

_PLACE = ("country", "admin1_region", "latitude", "longitude")


class PhotoRow(NamedTuple):
    """A photo and its location."""

    filepath: str
    country: str | None = None
    admin1_region: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def location(self) -> Location:
        """Returns the location as a Location."""
        return Location(*self[1:])


def _rows_of_parquet(path: Path) -> Iterable[dict[str, Any]]:
    table = parquet.ParquetFile(path)
    if "filepath" not in table.schema_arrow.names:
        raise ValueError(f"{path} has no column filepath")
    columns = [name for name in ("filepath", *_PLACE) if name in table.schema_arrow.names]
    for batch in table.iter_batches(columns=columns):
        yield from batch.to_pylist()


def _rows(path: str | os.PathLike[str]) -> Iterable[dict[str, Any]]:
    if Path(path).suffix == ".parquet":
        return _rows_of_parquet(Path(path))
    if not Path(path).is_dir():
        raise FileNotFoundError(f"{path} is neither a folder nor a .parquet file")
    return ({"filepath": photo} for photo in find_photos([path]))


def read_photos(
    inputs: Iterable[str | os.PathLike[str]],
    country: str | None = None,
    admin1_region: str | None = None,
) -> list[PhotoRow]:
    """Returns all photos of folders and .parquet files, each once, sorted by path.

    Args:
        inputs: Folders, searched with all folders in them, and files with a column `filepath` and,
            if known, `country`, `admin1_region`, `latitude`, `longitude`.
        country: For photos without one.
            admin1_region: For photos without their own country.

    Raises:
            FileNotFoundError, ValueError: If an input is neither, or a photo has two locations.
    """
    photos: dict[str, PhotoRow] = {}
    for path in inputs:
        for row in _rows(path):
            if not row.get("country"):
                row = {**row, "country": country, "admin1_region": admin1_region}
            photo = PhotoRow(**{key: value for key, value in row.items() if value is not None})
            if photos.setdefault(photo.filepath, photo) != photo:
                raise ValueError(f"{photo.filepath} is given with two places")
    return [photos[filepath] for filepath in sorted(photos)]
