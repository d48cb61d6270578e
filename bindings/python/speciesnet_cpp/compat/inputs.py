# SPDX-License-Identifier: Apache-2.0
"""What goes in and out of the reference's functions: instances, model folders, prediction files."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Union

from ..folders import find_photos

StrPath = Union[str, Path]
Result = dict[str, Any]

PLACE = ("country", "admin1_region", "latitude", "longitude")

# Source: utils.py, save_predictions.
_SAVED_DECIMALS = 4
# Source: utils.py: fields of documents before 5.0.6.
_LEGACY_FIELDS = ("classifications", "prediction", "prediction_score", "prediction_source")


class ModelInfo:
    """The content of a model folder's info.json, with paths instead of file names."""

    def __init__(self, model_name: StrPath) -> None:
        folder = Path(model_name)
        info = json.loads((folder / "info.json").read_text(encoding="utf-8"))
        self.version: str = info["version"]
        self.type_: str = info["type"]
        self.classifier = folder / info["classifier"]
        self.classifier_labels = folder / info["classifier_labels"]
        self.detector = folder / info["detector"]
        self.taxonomy = folder / info["taxonomy"]
        self.geofence = folder / info["geofence"]


def _lines(path: StrPath) -> list[str]:
    return [line.strip() for line in Path(path).read_text(encoding="utf-8").splitlines()]


def prepare_instances_dict(
    instances_dict: Result | None = None,
    instances_json: StrPath | None = None,
    filepaths: Iterable[StrPath] | None = None,
    filepaths_txt: StrPath | None = None,
    folders: Iterable[StrPath] | None = None,
    folders_txt: StrPath | None = None,
    country: str | None = None,
    admin1_region: str | None = None,
) -> Result:
    """One dict of instances from whichever input is given.

    Raises:
        ValueError: If not exactly one of the first six is given.
    """
    given = (instances_dict, instances_json, filepaths, filepaths_txt, folders, folders_txt)
    if sum(bool(value) for value in given) != 1:
        raise ValueError(
            "Expected exactly one of [instances_dict, instances_json, filepaths, filepaths_txt, "
            "folders, folders_txt] to be provided."
        )
    if instances_json:
        instances_dict = json.loads(Path(instances_json).read_text(encoding="utf-8"))
    if instances_dict is None:
        if folders_txt:
            folders = _lines(folders_txt)
        paths = _lines(filepaths_txt) if filepaths_txt else filepaths
        if paths is None:
            paths = find_photos(folders or [])
        instances_dict = {"instances": [{"filepath": os.fspath(path)} for path in paths]}
    forced = {"country": country, "admin1_region": admin1_region}
    forced = {key: value for key, value in forced.items() if value}
    return {"instances": [{**instance, **forced} for instance in instances_dict["instances"]]}


def load_partial_predictions(
    predictions_json: StrPath | None, instances: list[Result]
) -> tuple[dict[str, Result], list[Result]]:
    """Entries without failures of an existing file, and the instances still to work on.

    Raises:
        RuntimeError: If the file has an entry that is not among the instances, or an older format.
    """
    if not predictions_json or not Path(predictions_json).is_file():
        return {}, instances
    wanted = {instance["filepath"] for instance in instances}
    done: dict[str, Result] = {}
    document = json.loads(Path(predictions_json).read_text(encoding="utf-8"))
    for prediction in document["predictions"]:
        filepath = prediction["filepath"]
        if filepath not in wanted:
            raise RuntimeError(
                f"`{predictions_json}` has `{filepath}`, which is not to be processed"
            )
        legacy = [field for field in _LEGACY_FIELDS if field in prediction]
        if legacy:
            raise RuntimeError(f"`{predictions_json}` has an older format (field `{legacy[0]}`)")
        if "failures" not in prediction:
            done[filepath] = prediction
    return done, [instance for instance in instances if instance["filepath"] not in done]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _SAVED_DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_rounded(entry) for entry in value]
    return value


def save_predictions(document: Result, path: StrPath) -> None:
    """Writes a document under a temporary name and renames it."""
    target = Path(path)
    temporary = target.with_name(f"{target.stem}.tmp.{uuid.uuid4()}{target.suffix}")
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(_rounded(document), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def whole_image_detection() -> Result:
    """The pseudo-detection that carries the classification of a whole picture."""
    return {
        "category": "0",
        "label": "whole_image_classification",
        "conf": 1.0,
        "bbox": [0.0, 0.0, 1.0, 1.0],
    }
