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
from .options import CompileChoices, FetchChoices, compile_options, fetch_options
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
    """Returns the folder of a model, or "demo". Downloads the model if it is not in the cache.

    Args:
        name: kaggle:OWNER/MODEL/FRAMEWORK/VARIATION[/VERSION], hf:OWNER/REPOSITORY, the https
            URL or path of a package's archive, a package's folder, or "demo".
        progress: Called with a file's name, the bytes on disk and its size if known; an
            exception stops the download and keeps the part downloaded so far. While another process
            downloads the same model, the name is "waiting for another process: " and the model's.
        **choices: See FetchChoices: cache, offline, newest, force, networks, retries,
            stall_seconds, max_bytes.

    Raises:
        InvalidArgument: If the name is malformed.
        IoError: If the model does not exist, or network or disk fail.
        ModelError: If the download is not a package.
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
    """Writes a package with TorchScript networks, for programs that use PyTorch. An Ensemble loads
    published networks directly.

    Args:
        published: A folder with info.json. Nothing in it is executed.
        output: A nonexistent or empty folder; written atomically.
        progress: Called with each network's file name; an exception stops the export.

    Raises:
        ModelError, IoError: If the package cannot be exported, or LibTorch is missing.
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
    progress: Callable[[str], object] | None = None,
    **choices: Unpack[CompileChoices],
) -> None:
    """Compiles a package's networks for a CPU, into files beside them. An Ensemble then
    takes less time and memory to load, with the same answers. A package may be shipped with these
    files instead of its networks.

    Args:
        folder: A package, as from resolve_model(), not "demo"; must be writable.
        progress: Called with the path of each calibration photo and each network's file name; an
            exception stops compiling and leaves no files.
        **choices: See CompileChoices: precision, threads, target, calibration_photos.

    Raises:
        ModelError, IoError: If a network cannot be compiled, or the target lacks the precision.
        InvalidImage: If a calibration photo cannot be read.
    """
    options = compile_options(**choices)
    work = Guard()
    report = progress or let_python_run
    callback = _abi.FileCallback(work.guarded(lambda file: report(text(file) or "")))
    with work:
        _abi.call(
            "model_compile",
            os.fsencode(folder),
            ctypes.byref(options),
            callback,
            None,
        )


def verify_model(folder: str | os.PathLike[str]) -> None:
    """Compares every file of a downloaded package with its recorded SHA-256.

    Raises:
        ModelError: Naming the first file that is not intact.
        IoError: If no checksums were recorded.
    """
    _abi.call("model_verify", os.fsencode(folder))


def remove_model(name: str, *, cache: str | os.PathLike[str] | None = None) -> None:
    """Removes a model from the cache.

    Raises:
        IoError: If the cache does not contain it.
    """
    _abi.call("model_remove", os.fsencode(name), _path(cache))


def cached_models(cache: str | os.PathLike[str] | None = None) -> list[CachedModel]:
    """Returns the models in a cache, sorted by name."""
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
