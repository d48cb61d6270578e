# SPDX-License-Identifier: Apache-2.0
"""Models: by name, downloaded on first use."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import _abi
from .callbacks import Guard, let_python_run
from .choices import check_choice
from .options import PRECISION, FetchChoices, Precision, fetch_options
from .rules import text

if TYPE_CHECKING:
    from typing_extensions import Unpack

DownloadProgress = Callable[[str, int, "int | None"], object]

DEFAULT_MODEL: str = _abi.plain["model_default_name"]().decode("ascii")
"""The published model that the reference used first."""


@dataclass(frozen=True)
class CachedModel:
    """A package in the cache."""

    name: str
    """As resolve_model() takes it, with its version."""
    folder: str
    """The package as it was published."""
    bytes: int
    """Size of all its files."""


def _path(path: str | os.PathLike[str] | None) -> bytes | None:
    return None if path is None else os.fsencode(path)


def resolve_model(
    name: str | os.PathLike[str],
    *,
    progress: DownloadProgress | None = None,
    **choices: Unpack[FetchChoices],
) -> str:
    """The folder of a model, or "demo". Downloaded first if the cache does not have it.

    Args:
        name: kaggle:OWNER/MODEL/FRAMEWORK/VARIATION[/VERSION], hf:OWNER/REPOSITORY, the https
            address or path of a package's archive, a package's folder, or "demo".
        progress: Called with a file's name, the bytes on disk and its size if the server tells; an
            exception ends the download, and what has come is kept for the next time. While another
            process gets the same model, the name is "waiting for another process: " and the model's.
        **choices: See FetchChoices: cache, offline, newest, force, networks, retries,
            stall_seconds, max_bytes.

    Raises:
        InvalidArgument: For a name of no known form.
        IoError: If there is no such model, or network or disk fail.
        ModelError: If what came is not a package.
    """
    options = fetch_options(**choices)
    download = Guard()
    report = progress or let_python_run
    options.progress = _abi.DownloadCallback(
        download.guarded(lambda file, done, total: report(text(file) or "", done, total or None))
    )
    with download:
        resolved = _abi.make("model_resolve", os.fsencode(name), ctypes.byref(options))
    return _abi.take_text(resolved) or ""


def export_model(
    published: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    progress: Callable[[str], object] | None = None,
) -> None:
    """Writes a package with TorchScript networks, for programs that run on PyTorch. An Ensemble loads
    published networks as they are.

    Args:
        published: A folder with info.json. Nothing in it is executed.
        output: A folder that does not exist, or is empty; appears complete or not at all.
        progress: Called with each network's file name; an exception ends the export.

    Raises:
        ModelError, IoError: If the package cannot be exported, or LibTorch is not there.
    """
    work = Guard()
    callback = _abi.FileCallback()
    if progress is not None:
        callback = _abi.FileCallback(work.guarded(lambda file: progress(text(file) or "")))
    with work:
        _abi.call("model_export", os.fsencode(published), os.fsencode(output), callback, None)


def compile_model(
    folder: str | os.PathLike[str],
    *,
    target: str | None = None,
    precision: Precision = "fp32",
    threads: int = 0,
    progress: Callable[[str], object] | None = None,
) -> None:
    """Makes a package's networks ready for a CPU, in files beside their own: an Ensemble then
    takes less time and memory to load, with the same answers. A package may be shipped with these
    files in the place of its networks.

    Args:
        folder: A package, as resolve_model() gives it, not "demo"; is written to.
        target: Instructions: "portable" (any CPU), "avx2", "avx512", "amx" or "neon", whether
            this CPU has them or not; None for the best that it has.
        precision: The numbers that ensembles will multiply; see Ensemble.
        threads: Threads that work; 0 for one per core.
        progress: Called with each network's file name; an exception ends the work, and leaves no
            file behind.

    Raises:
        ModelError, IoError: If a network cannot be compiled, or the target has not the precision.
    """
    check_choice("precision", precision, PRECISION)
    work = Guard()
    report = progress or let_python_run
    callback = _abi.FileCallback(work.guarded(lambda file: report(text(file) or "")))
    with work:
        _abi.call(
            "model_compile",
            os.fsencode(folder),
            None if target is None else target.encode(),
            PRECISION[precision],
            threads,
            callback,
            None,
        )


def verify_model(folder: str | os.PathLike[str]) -> None:
    """Compares every file of a downloaded package with its recorded SHA-256.

    Raises:
        ModelError: Naming the first file that is not intact.
        IoError: If nothing was recorded.
    """
    _abi.call("model_verify", os.fsencode(folder))


def remove_model(name: str, *, cache: str | os.PathLike[str] | None = None) -> None:
    """Removes a model from the cache.

    Raises:
        IoError: If it was not there.
    """
    _abi.call("model_remove", os.fsencode(name), _path(cache))


def cached_models(cache: str | os.PathLike[str] | None = None) -> list[CachedModel]:
    """The models of a cache, sorted by name."""
    plain = _abi.plain
    with _abi.Handle(_abi.make("model_list_new", _path(cache)), "model_list_free") as models:
        return [
            CachedModel(
                text(plain["model_list_name"](models, index)) or "",
                os.fsdecode(plain["model_list_folder"](models, index)),
                plain["model_list_bytes"](models, index),
            )
            for index in range(plain["model_list_count"](models))
        ]
