# SPDX-License-Identifier: Apache-2.0
"""The files of a published package, as named in info.json."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict

from .errors import ExportError

MODEL_TYPES = ("always_crop", "full_image")
NETWORK_KEYS = ("classifier", "detector")
TEXT_KEYS = ("classifier_labels", "taxonomy", "geofence")


def local_file_name(name_or_url: str) -> str:
    """Returns the name under which the reference saves a detector that info.json gives as a URL."""
    if not name_or_url.startswith(("http://", "https://")):
        return name_or_url
    return name_or_url.split("?")[0].replace(":", "_").replace("/", "_")


@dataclass(frozen=True)
class Package:
    """A package whose info.json is complete and whose files all exist."""

    info: Dict[str, Any]
    files: Dict[str, Path]

    @staticmethod
    def open(folder: Path) -> "Package":
        """Reads info.json. A missing key, an unsafe name or a missing file raises ExportError."""
        info = _read_info(folder / "info.json")
        files = {key: _file_of(folder, info, key) for key in NETWORK_KEYS + TEXT_KEYS}
        return Package(info, files)

    def label_count(self) -> int:
        """Returns the number of labels of the classifier: one on each line, as in the reference."""
        with open(self.files["classifier_labels"], encoding="utf-8") as labels:
            return sum(1 for _ in labels)


def _read_info(path: Path) -> Dict[str, Any]:
    if not path.is_file():
        raise ExportError(f"{path}: not found; a model package is a folder with an info.json")
    try:
        info = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ExportError(f"{path}: not valid JSON: {error}") from error
    if not isinstance(info, dict):
        raise ExportError(f"{path}: must hold a JSON object")
    for key in ("version", "type") + NETWORK_KEYS + TEXT_KEYS:
        if not isinstance(info.get(key), str) or not info[key]:
            raise ExportError(f'{path}: "{key}" is missing or not a non-empty string')
    if info["type"] not in MODEL_TYPES:
        raise ExportError(
            f'{path}: "type" is "{info["type"]}", not one of {", ".join(MODEL_TYPES)}'
        )
    return info


def _file_of(folder: Path, info: Dict[str, Any], key: str) -> Path:
    name = local_file_name(info[key]) if key == "detector" else info[key]
    if name in (".", "..") or "/" in name or "\\" in name:
        raise ExportError(
            f'{folder / "info.json"}: "{key}" must be the name of a file in the folder'
        )
    path = folder / name
    if not path.is_file():
        hint = f"; download it from {info[key]}" if name != info[key] else ""
        raise ExportError(f'{path}: not found, though "{key}" in info.json names it{hint}')
    return path
