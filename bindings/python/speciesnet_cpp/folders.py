# SPDX-License-Identifier: Apache-2.0
"""Photos of folders, one after the other: for collections whose results do not fit in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from . import _abi
from .ensemble import Ensemble
from .prediction import Prediction

# Source: utils.py of the reference, IMG_EXTENSIONS, without regard to case.
EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"})
# What only some builds read, by the library's number of the format.
_OPTIONAL_EXTENSIONS = {7: (".heic", ".heif", ".hif"), 8: (".avif",)}


def _extensions() -> frozenset[str]:
    can_decode = _abi.plain["media_can_decode"]
    return EXTENSIONS.union(
        *(extensions for media, extensions in _OPTIONAL_EXTENSIONS.items() if can_decode(media))
    )


def find_photos(folders: Iterable[str | os.PathLike[str]]) -> list[str]:
    """All photos in folders and the folders in these, sorted, each once."""
    extensions = _extensions()
    found = {
        path.as_posix()
        for folder in folders
        for path in Path(folder).rglob("*")
        if path.suffix.lower() in extensions
    }
    return sorted(found)


def _with_bar(total: int, enabled: bool) -> Any:
    if not enabled:
        return None
    from tqdm import tqdm

    return tqdm(total=total, unit="photo")


def predict_folders(
    ensemble: Ensemble,
    folders: Iterable[str | os.PathLike[str]],
    *,
    bar: bool = False,
    **options: Any,
) -> Iterator[Prediction]:
    """Predicts the photos of folders, one result after the other, in the order of find_photos().

    Args:
        ensemble: The model.
        folders: Where to look.
        bar: Show a progress bar; needs tqdm.
        **options: As for Ensemble.iterate().
    """
    photos = find_photos(folders)
    progress_bar = _with_bar(len(photos), bar)
    results = ensemble.iterate(photos, **options)
    try:
        for prediction in results:
            yield prediction
            if progress_bar is not None:
                progress_bar.update()
    finally:
        results.close()
        if progress_bar is not None:
            progress_bar.close()
