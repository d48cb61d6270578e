# SPDX-License-Identifier: Apache-2.0
"""The reference's module of this name: photos, instances, model folders, files of predictions."""

from __future__ import annotations

import json
import logging
import os
import urllib.request
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Union

from ..folders import find_photos
from ..image import Image
from ..models import resolve_model
from ..prediction import Prediction
from .constants import FORMAT_VERSION, Detection

if TYPE_CHECKING:
    import PIL.Image

StrPath = Union[str, Path]
Result = dict[str, Any]

PLACE = ("country", "admin1_region", "latitude", "longitude")

# Source: utils.py, save_predictions.
_SAVED_DECIMALS = 4
# Source: utils.py, _LEGACY_PREDICTION_FIELDS.
_LEGACY_FIELDS = (
    "classifications",
    "classifications_list",
    "prediction",
    "processed_classifications",
)
_WEB = ("http://", "https://")
_CLOUDS = ("az://", "gs://", "s3://")
_TIMEOUT_SECONDS = 60
# A larger file is not a photo: the library's own limit (DecodeLimits.max_bytes).
_MOST_BYTES = 512 << 20

_log = logging.getLogger("speciesnet_cpp.compat")


@dataclass(frozen=True)
class BBox:
    """A box, relative to the upright photo."""

    xmin: float
    ymin: float
    width: float
    height: float


@dataclass(frozen=True)
class PreprocessedImage:
    """Pixels for a network, which scales them when it runs."""

    arr: Any
    """NumPy array of shape (height, width, 3), or an Image."""
    orig_width: int
    """Of the photo."""
    orig_height: int


def _local_name(file_or_url: str) -> str:
    """Returns the file name of a detector, which some packages give as a URL."""
    if not file_or_url.startswith(_WEB):
        return file_or_url
    return file_or_url.split("?")[0].replace(":", "_").replace("/", "_")


class ModelInfo:
    """The content of a package's info.json, with paths instead of file names."""

    def __init__(self, model_name: StrPath, force_model_download: bool = False) -> None:
        """Reads it from a folder, or for a model's name, which is downloaded if necessary.

        Raises:
                ValueError: For "demo", which is inside the library and has no files.
        """
        name = resolve_model(model_name, force=force_model_download)
        if name == "demo":
            raise ValueError(
                "the model 'demo' is inside the library and has no files; "
                "name its folder, examples/demo/model of the sources"
            )
        folder = Path(name)
        info = load_json(folder / "info.json")
        self.version: str = info["version"]
        self.type_: str = info["type"]
        self.classifier = folder / info["classifier"]
        self.classifier_labels = folder / info["classifier_labels"]
        self.detector = folder / _local_name(info["detector"])
        self.taxonomy = folder / info["taxonomy"]
        self.geofence = folder / info["geofence"]


def only_one_true(*args: object) -> bool:
    """Returns whether exactly one of the values is true."""
    return sum(map(bool, args)) == 1


def load_json(filepath: StrPath) -> Any:
    """Returns the content of a JSON file."""
    return json.loads(Path(filepath).read_text(encoding="utf-8"))


def limit_float_precision(obj: Any, num_decimals: int) -> Any:
    """Returns a value with all its floating-point numbers rounded."""
    if isinstance(obj, dict):
        return {key: limit_float_precision(entry, num_decimals) for key, entry in obj.items()}
    if isinstance(obj, (list, tuple)):
        return type(obj)(limit_float_precision(entry, num_decimals) for entry in obj)
    # Converts NumPy's numbers to Python's, which JSON requires.
    if hasattr(obj, "dtype") and obj.dtype.kind == "f":
        obj = float(obj)
    return round(obj, num_decimals) if isinstance(obj, float) else obj


def write_json(data: Any, filepath: StrPath, num_decimals: int | None = None) -> None:
    """Writes a JSON file atomically, with rounded numbers if requested."""
    if num_decimals is not None:
        data = limit_float_precision(data, num_decimals)
    target = Path(filepath)
    temporary = target.with_name(f"{target.stem}.tmp.{uuid.uuid4()}{target.suffix}")
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _open_url(url: str) -> Any:
    request = urllib.request.Request(url, headers={"User-Agent": "speciesnet-cpp"})
    return urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS)


def _cloud_path(location: str) -> Any:
    from cloudpathlib import CloudPath

    return CloudPath(location)


def file_exists(filepath_or_url: str) -> bool:
    """Returns whether a file exists: a path, an http(s) URL, or a cloud path (requires cloudpathlib)."""
    try:
        if filepath_or_url.startswith(_WEB):
            with _open_url(filepath_or_url):
                return True
        if filepath_or_url.startswith(_CLOUDS):
            return bool(_cloud_path(filepath_or_url).exists())
        return Path(filepath_or_url).exists()
    except Exception as error:  # noqa: BLE001 as in the reference, any error means no file
        _log.error("cannot reach %s: %s", filepath_or_url, error)
        return False


def load_rgb_image(filepath_or_url: str) -> PIL.Image.Image | None:
    """Returns a photo as an upright PIL image, decoded by the library; None if there is none.

    Args:
        filepath_or_url: As for file_exists().
    """
    import PIL.Image

    try:
        if filepath_or_url.startswith(_WEB):
            with _open_url(filepath_or_url) as response:
                image = Image.decode(response.read(_MOST_BYTES + 1))
        elif filepath_or_url.startswith(_CLOUDS):
            image = Image.decode(_cloud_path(filepath_or_url).read_bytes())
        else:
            image = Image.open(filepath_or_url)
    except Exception as error:  # noqa: BLE001 as in the reference, any error means no photo
        _log.error("cannot load %s: %s", filepath_or_url, error)
        return None
    with image:
        return PIL.Image.frombytes("RGB", (image.width, image.height), image.tobytes())


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
    """Returns one dict of instances from the given input. A region is ignored without a country.

    Raises:
        ValueError: If not exactly one of the first six is given.
    """
    given = (instances_dict, instances_json, filepaths, filepaths_txt, folders, folders_txt)
    if not only_one_true(*given):
        raise ValueError(
            "Expected exactly one of [instances_dict, instances_json, filepaths, filepaths_txt, "
            "folders, folders_txt] to be provided."
        )
    if instances_json:
        instances_dict = load_json(instances_json)
    if instances_dict is None:
        if folders_txt:
            folders = _lines(folders_txt)
        paths = _lines(filepaths_txt) if filepaths_txt else filepaths
        if paths is None:
            paths = find_photos(folders or [])
        instances_dict = {"instances": [{"filepath": os.fspath(path)} for path in paths]}
    if not country:
        return instances_dict
    forced = {"country": country}
    if admin1_region:
        forced["admin1_region"] = admin1_region
    return {"instances": [{**instance, **forced} for instance in instances_dict["instances"]]}


def load_partial_predictions(
    predictions_json: StrPath | None, instances: list[Result]
) -> tuple[dict[str, Result], list[Result]]:
    """Returns the entries without failures of an existing file, and the remaining instances.

    Raises:
        RuntimeError: If the file has an entry that is not among the instances, or an older format.
    """
    if not predictions_json or not Path(predictions_json).is_file():
        return {}, instances
    wanted = {instance["filepath"] for instance in instances}
    done: dict[str, Result] = {}
    for prediction in load_json(predictions_json)["predictions"]:
        filepath = prediction["filepath"]
        if filepath not in wanted:
            raise RuntimeError(
                f"`{predictions_json}` has `{filepath}`, which is not to be processed"
            )
        legacy = [field for field in _LEGACY_FIELDS if field in prediction]
        if legacy:
            raise RuntimeError(
                f"`{predictions_json}` has an older output format (field `{legacy[0]}`)"
            )
        if "failures" not in prediction:
            done[filepath] = prediction
    return done, [instance for instance in instances if instance["filepath"] not in done]


def save_predictions(predictions_dict: Result, output_json: StrPath) -> None:
    """Writes a document of predictions as the reference does, with four decimals."""
    write_json(predictions_dict, output_json, _SAVED_DECIMALS)


def make_predictions_dict(predictions: list[Result]) -> Result:
    """Reads a document of predictions."""
    return {"info": {"format_version": FORMAT_VERSION}, "predictions": predictions}


def whole_image_detection() -> Result:
    """Returns the pseudo-detection that carries the classification of a whole image."""
    return {
        "category": "0",
        "label": Detection.WHOLE_IMAGE.value,
        "conf": 1.0,
        "bbox": [0.0, 0.0, 1.0, 1.0],
    }


def select_detections_for_classification(
    detections: list[Result], detection_threshold: float, max_classifications: int | None = None
) -> list[int]:
    """Returns the positions of the detections to classify: the most confident ones, in list order.

    Args:
        detections: Each with its "conf".
            detection_threshold: Minimum "conf".
            max_classifications: Maximum number; None or a negative number for all.
    """
    confident = [i for i, entry in enumerate(detections) if entry["conf"] >= detection_threshold]
    if max_classifications is None or max_classifications < 0:
        return confident
    confident.sort(key=lambda i: -detections[i]["conf"])
    return sorted(confident[:max_classifications])


def fields_of(prediction: Prediction, stage: Literal["detector", "classifier"]) -> Result:
    """Returns the fields of a result without its name, as in the document of a component."""
    entry: Result = prediction._owner.to_dict(stage=stage)["predictions"][0]
    entry.pop("filepath", None)
    return entry
