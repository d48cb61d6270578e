# SPDX-License-Identifier: Apache-2.0
"""Prediction of folders, for collections whose results do not fit in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from . import _abi
from .ensemble import Ensemble
from .prediction import Prediction

# Source: utils.py of the reference, IMG_EXTENSIONS; case does not matter.
EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"})
# Only some builds read these; values are the library's numbers of formats.
_OPTIONAL_EXTENSIONS = {7: (".heic", ".heif", ".hif"), 8: (".avif",)}

# As in examples/cli/photos/folder_scan.cpp.
_SYSTEM_FOLDERS = frozenset(
    {"@eaDir", "@Recycle", "#recycle", ".@__thumb", "$RECYCLE.BIN", "RECYCLER", "System Volume Information",
     ".Trashes", ".Spotlight-V100", ".fseventsd", ".TemporaryItems", "__MACOSX", "lost+found"}
)  # fmt: skip
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
# As in examples/cli/drawing/jpeg_writer.hpp.
_ANNOTATED = b"Drawn by SpeciesNet C++ (speciesnet visualize)"
_MARKED_BYTES = 256


def _extensions() -> frozenset[str]:
    can_decode = _abi.plain["media_can_decode"]
    return EXTENSIONS.union(
        *(extensions for media, extensions in _OPTIONAL_EXTENSIONS.items() if can_decode(media))
    )


def _beginning(path: Path, size: int) -> bytes | None:
    """Returns the first bytes of a file, or None if it is not a regular file or cannot be read."""
    try:
        if not path.is_file():
            return None
        with open(path, "rb") as file:
            return file.read(size)
    except OSError:
        return None


def _is_of_a_system(path: Path, folder: Path) -> bool:
    """Returns whether a file was written by an operating system, not by a camera."""
    return any(
        part in _SYSTEM_FOLDERS or part.startswith(".Trash-")
        for part in path.relative_to(folder).parts[:-1]
    ) or (
        path.name.startswith("._") and _beginning(path, len(_APPLE_DOUBLE)) in (b"", _APPLE_DOUBLE)
    )


def _is_annotated_copy(path: Path) -> bool:
    """Returns whether an image was drawn by `speciesnet visualize`."""
    return _ANNOTATED in (_beginning(path, _MARKED_BYTES) or b"")


def find_photos(folders: Iterable[str | os.PathLike[str]]) -> list[str]:
    """Returns all photos in folders and their subfolders, sorted, each once.

    As the command line, it skips files of operating systems (AppleDouble files, folders of
    thumbnails and deleted files) and annotated copies of `speciesnet visualize`.
    """
    extensions = _extensions()
    found = {
        path.as_posix()
        for folder in map(Path, folders)
        for path in folder.rglob("*")
        if path.suffix.lower() in extensions
        and not _is_of_a_system(path, folder)
        and not _is_annotated_copy(path)
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
    """Yields the predictions of the photos in folders, in the order of find_photos().

    Args:
        ensemble: The model.
        folders: Folders to search.
        bar: Whether to show a progress bar; requires tqdm.
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
