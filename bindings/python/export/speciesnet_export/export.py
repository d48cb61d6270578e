# SPDX-License-Identifier: Apache-2.0
"""Converts a package to a model folder, completely or not at all."""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Callable

from .errors import ExportError
from .package import NETWORK_KEYS, TEXT_KEYS, Package

EXPORTED_NAMES = {key: f"{key}.torchscript.pt" for key in NETWORK_KEYS}


def export_package(
    source: Path,
    target: Path,
    *,
    force: bool = False,
    verify: bool = True,
    report: Callable[[str], None] = print,
) -> None:
    """Converts the published package `source` into the model folder `target`.

    Unpickles files of `source`, which runs their code. `target` is written atomically; with `force`
    it replaces an existing model folder. Raises ExportError.
    """
    package = Package.open(source)
    _check_target(source, target, force)
    partial = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        _write(package, partial, verify, report)
        partial.chmod(0o755)
        _move_into_place(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _check_target(source: Path, target: Path, force: bool) -> None:
    if not target.parent.is_dir():
        raise ExportError(f"{target.parent}: no such folder")
    if not os.path.lexists(target):
        return
    if not force:
        raise ExportError(f"{target}: already exists; --force replaces it")
    if not (target / "info.json").is_file():
        raise ExportError(f"{target}: is not a model folder, so --force does not replace it")
    resolved = source.resolve()
    if target.resolve() in (resolved, *resolved.parents):
        raise ExportError(f"{target}: holds the package to convert, so --force does not replace it")


def _write(package: Package, folder: Path, verify: bool, report: Callable[[str], None]) -> None:
    for key in TEXT_KEYS:
        destination = folder / package.files[key].name
        if destination.name in (*EXPORTED_NAMES.values(), "info.json"):
            raise ExportError(
                f'"{key}" in info.json has the name of a file to write: {destination.name}'
            )
        shutil.copyfile(package.files[key], destination)

    # Importing PyTorch takes seconds, so a wrong path is reported first.
    try:
        from . import networks
    except ImportError as missing:
        raise ExportError(f"{missing}; needed: pip install torch yolov5 onnx2torch") from missing
    detector = folder / EXPORTED_NAMES["detector"]
    classifier = folder / EXPORTED_NAMES["classifier"]
    for line in networks.export_detector(package.files["detector"], detector, verify):
        report(line)
    labels = package.label_count()
    for line in networks.export_classifier(package.files["classifier"], classifier, labels, verify):
        report(line)

    info = {**package.info, **EXPORTED_NAMES}
    (folder / "info.json").write_text(
        json.dumps(info, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    for path in (*folder.iterdir(), folder):
        _flush_to_disk(path)


def _move_into_place(partial: Path, target: Path) -> None:
    """Renames `partial` to `target`. An existing folder is moved away, and restored on failure."""
    if not os.path.lexists(target):
        partial.rename(target)
        return
    previous = Path(tempfile.mkdtemp(prefix=f".{target.name}.previous.", dir=target.parent))
    try:
        target.rename(previous / target.name)
        try:
            partial.rename(target)
        except OSError:
            (previous / target.name).rename(target)
            raise
    finally:
        shutil.rmtree(previous, ignore_errors=True)


def _flush_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
