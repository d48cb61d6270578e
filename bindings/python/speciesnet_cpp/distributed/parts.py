# SPDX-License-Identifier: Apache-2.0
"""The output folder: parts, written atomically, and the settings of the run."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as arrow
import pyarrow.parquet as parquet

from .inputs import PhotoRow
from .schema import SCHEMA

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error

    def _sync_names(folder: Path) -> None:
        """Does nothing, because Python cannot open folders there."""

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _sync_names(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# Readers of Parquet folders skip files whose names begin with "_" or ".".
_SETTINGS = "_settings.json"
_LOCK = ".lock"


def part_name(photos: Sequence[PhotoRow]) -> str:
    """Returns the name of the part for these photos, which depends only on them."""
    content = json.dumps(photos, ensure_ascii=True).encode()
    return f"part-{hashlib.sha256(content).hexdigest()[:24]}.parquet"


def _replace(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Writes a file atomically: to a temporary name, synced, and renamed."""
    descriptor, name = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    _sync_names(path.parent)


def write_part(path: Path, rows: list[dict[str, Any]]) -> None:
    """Writes a part atomically; one of the same name is replaced."""
    table = arrow.Table.from_pylist(rows, schema=SCHEMA)
    _replace(path, lambda file: parquet.write_table(table, file, compression="zstd"))


@dataclass(frozen=True)
class Part:
    """Summary of a part."""

    name: str
    countries: dict[str, str | None]
    """Of each photo, by path, in the part's order."""
    failed: int
    """Photos of which a component failed."""


def read_parts(output: Path) -> list[Part]:
    """Returns the parts of a folder, sorted by name."""
    parts = []
    for path in sorted(output.glob("part-*.parquet")):
        table = parquet.read_table(path, columns=["filepath", "country", "failures"])
        failures = table["failures"]
        parts.append(
            Part(
                path.name,
                dict(zip(table["filepath"].to_pylist(), table["country"].to_pylist())),
                len(failures) - failures.null_count,
            )
        )
    return parts


def check_settings(output: Path, settings: dict[str, Any]) -> None:
    """Records the settings of a folder's parts.

    Raises:
        ValueError: If the folder contains results with other settings.
    """
    path = output / _SETTINGS
    if not path.exists():
        text = json.dumps(settings, indent=1, sort_keys=True) + "\n"
        _replace(path, lambda file: file.write(text.encode()))
        return
    before = json.loads(path.read_text(encoding="utf-8"))
    if before != settings:
        different = sorted(k for k in {*before, *settings} if before.get(k) != settings.get(k))
        raise ValueError(
            f"{output} holds results made with another {', '.join(different)}; "
            "use another folder, or the same settings"
        )


@contextlib.contextmanager
def alone_in(output: Path) -> Iterator[None]:
    """Locks a folder against other runs, and deletes partial files of killed ones.

    Raises:
        RuntimeError: If another run uses the folder.
    """
    output.mkdir(parents=True, exist_ok=True)
    with open(output / _LOCK, "a", encoding="ascii") as lock:
        try:
            _lock(lock)
        except BlockingIOError:
            raise RuntimeError(f"another run is writing to {output}") from None
        for path in output.glob(".writing-*"):
            path.unlink(missing_ok=True)
        yield
