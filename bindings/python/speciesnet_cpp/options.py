# SPDX-License-Identifier: Apache-2.0
# Written by scripts/generate_options from options/options.toml: change the table.
"""Choices as Python has them, and as the C ABI takes them."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from typing import Literal, TypedDict

from . import _abi
from .choices import check_choice, check_range

Components = Literal["all", "detector", "classifier", "rules"]
COMPONENTS: dict[str, int] = {"all": 1, "detector": 2, "classifier": 3, "rules": 4}
Precision = Literal["fp32", "bf16", "int8", "auto"]
PRECISION: dict[str, int] = {"fp32": 0, "bf16": 1, "int8": 2, "auto": 3}
Format = Literal["per_detection", "per_image"]
FORMAT: dict[str, int] = {"per_detection": 1, "per_image": 2}
Stage = Literal["ensemble", "detector", "classifier"]
STAGE: dict[str, int] = {"ensemble": 1, "detector": 2, "classifier": 3}


class LoadChoices(TypedDict, total=False):
    """Options for loading a model package."""

    components: Components
    """Parts of the package to load; 'all' by default."""
    threads: int
    """Number of threads for the networks; 0 for one per core; 0 to 1024, 0 by default."""
    precision: Precision
    """Precision of the networks: fp32 (the reference's answers), bf16 or int8 (faster, different
    answers; requires CPU support), or auto (bf16 if the CPU supports it, else fp32); 'fp32'
    by default."""
    geofence: bool
    """Whether to exclude species that do not live at the photo's location; True by default."""
    offline: bool
    """Whether to fail instead of downloading a model that is not on this machine; False by
    default. Environment variable SPECIESNET_OFFLINE=1 does the same."""
    max_jobs: int
    """Maximum number of queued background jobs; 1 to 65535, 1024 by default."""
    device: str
    """Device that runs the networks: cpu, cuda or cuda:N; CUDA requires a LibTorch built for it;
    'cpu' by default."""
    target_species: Sequence[str] | None
    """Labels whose logits are reported with each classification; None for none. Labels that the
    classifier does not have are ignored, as in the reference."""
    detector: str | os.PathLike[str] | None
    """Detector file that replaces the model's own, such as a release of MegaDetector; None for
    the model's own."""


def load_options(
    *,
    components: Components = "all",
    threads: int = 0,
    precision: Precision = "fp32",
    geofence: bool = True,
    offline: bool = False,
    max_jobs: int = 1024,
    device: str = "cpu",
    target_species: Sequence[str] | None = None,
    detector: str | os.PathLike[str] | None = None,
) -> _abi.LoadOptions:
    """The C struct for LoadChoices."""
    options = _abi.initialised(_abi.LoadOptions, "load_options")
    check_choice("components", components, COMPONENTS)
    options.components = COMPONENTS[components]
    options.threads = threads
    check_choice("precision", precision, PRECISION)
    options.precision = PRECISION[precision]
    options.geofence = 1 if geofence else 0
    options.offline = 1 if offline else 0
    options.max_jobs = max_jobs
    options.device = device.encode()
    if target_species is not None:
        labels = (ctypes.c_char_p * len(target_species))(*(label.encode() for label in target_species))
        options.target_species, options.target_species_count = labels, len(target_species)
    options.detector = None if detector is None else os.fsencode(detector)
    return options


class PredictChoices(TypedDict, total=False):
    """Options for prediction. The defaults are those of the reference."""

    format: Format
    """Unit of an answer: each detection of sufficient confidence (speciesnet 5.0.6), or the
    image (5.0.5); 'per_detection' by default."""
    explain: bool
    """Whether to add an explanation to each answer; False by default."""
    detection_threshold: float
    """Minimum confidence of reported detections; 0.01 to 1, 0.01 by default. Detections passed
    in with an instance are reported at any confidence."""
    classification_threshold: float
    """Minimum confidence of detections that are classified separately; 0 to 1, 0.1 by default."""
    max_classifications_per_image: int | None
    """Maximum number of detections to classify per image, in order of confidence; None for all."""
    max_classifications_per_detection: int | None
    """Number of classes to report for each detection; None for all, 2 by default. The rules
    always use five."""
    batch_size: int
    """Number of photos whose crops are classified in one batch; 1 to 1024, 1 by default. Larger
    batches may be faster; they change scores by rounding."""
    decoding_threads: int
    """Number of photos to read and decode in parallel, ahead of the networks; 1 to 1024, 2 by
    default. Twice as many decoded photos, but at least 4, are buffered in memory."""
    coordinates_from_exif: bool
    """Whether to read missing coordinates from the photo's GPS fields; False by default."""
    country_from_coordinates: bool
    """Whether to derive a missing country from the coordinates: that of the nearest place of
    1,000 inhabitants; False by default."""
    places_as_given: bool
    """Whether to use country and region literally, as the reference does; False by default. A
    country that no geofence names, such as "ken", then excludes every animal that has a list
    of countries. Otherwise alpha-2 and alpha-3 codes and English names are accepted in any
    case, and unknown countries are errors."""


def predict_options(
    *,
    format: Format = "per_detection",
    explain: bool = False,
    detection_threshold: float = 0.01,
    classification_threshold: float = 0.1,
    max_classifications_per_image: int | None = None,
    max_classifications_per_detection: int | None = 2,
    batch_size: int = 1,
    decoding_threads: int = 2,
    coordinates_from_exif: bool = False,
    country_from_coordinates: bool = False,
    places_as_given: bool = False,
) -> _abi.PredictOptions:
    """The C struct for PredictChoices."""
    options = _abi.initialised(_abi.PredictOptions, "predict_options")
    check_choice("format", format, FORMAT)
    options.format = FORMAT[format]
    options.explain = 1 if explain else 0
    check_range("detection_threshold", detection_threshold, 0.01, 1)
    options.detection_threshold = detection_threshold
    check_range("classification_threshold", classification_threshold, 0, 1)
    options.classification_threshold = classification_threshold
    options.max_classifications_per_image = _abi.ALL if max_classifications_per_image is None else max_classifications_per_image
    options.max_classifications_per_detection = _abi.ALL if max_classifications_per_detection is None else max_classifications_per_detection
    options.batch_size = batch_size
    options.decoding_threads = decoding_threads
    options.coordinates_from_exif = 1 if coordinates_from_exif else 0
    options.country_from_coordinates = 1 if country_from_coordinates else 0
    options.places_as_given = 1 if places_as_given else 0
    return options


class CombineChoices(TypedDict, total=False):
    """Options for combining the results of earlier runs into predictions."""

    max_classifications_per_detection: int | None
    """Number of classes to report for each detection; None for all, 2 by default. The rules
    always use five."""
    explain: bool
    """Whether to add an explanation to each answer; False by default."""
    coordinates_from_exif: bool
    """Whether to read missing coordinates from the photo's GPS fields; False by default."""
    country_from_coordinates: bool
    """Whether to derive a missing country from the coordinates; False by default."""
    places_as_given: bool
    """Whether to use country and region literally, as the reference does; False by default."""
    model_version: str
    """Model version to store in the predictions."""


def combine_options(
    *,
    max_classifications_per_detection: int | None = 2,
    explain: bool = False,
    coordinates_from_exif: bool = False,
    country_from_coordinates: bool = False,
    places_as_given: bool = False,
    model_version: str = "",
) -> _abi.CombineOptions:
    """The C struct for CombineChoices."""
    options = _abi.initialised(_abi.CombineOptions, "combine_options")
    options.max_classifications_per_detection = _abi.ALL if max_classifications_per_detection is None else max_classifications_per_detection
    options.explain = 1 if explain else 0
    options.coordinates_from_exif = 1 if coordinates_from_exif else 0
    options.country_from_coordinates = 1 if country_from_coordinates else 0
    options.places_as_given = 1 if places_as_given else 0
    options.model_version = model_version.encode()
    return options


class JsonChoices(TypedDict, total=False):
    """Options for writing predictions as JSON."""

    format: Format
    """Format of the document: that of speciesnet 5.0.6, or of 5.0.5 and earlier; 'per_detection'
    by default."""
    stage: Stage
    """Stage that produced the document; determines its fields; 'ensemble' by default."""
    decimals: int | None
    """Number of decimals of all numbers; the reference saves files with 4; None for as many as
    it takes to read the same number back."""
    indent: int
    """Spaces per level; 0 for one line; 0 to 16, 1 by default."""
    failure_reasons: bool
    """Whether to write the reason of a failure, as "failure_reason"; False by default."""


def json_options(
    *,
    format: Format = "per_detection",
    stage: Stage = "ensemble",
    decimals: int | None = None,
    indent: int = 1,
    failure_reasons: bool = False,
) -> _abi.JsonOptions:
    """The C struct for JsonChoices."""
    options = _abi.initialised(_abi.JsonOptions, "json_options")
    check_choice("format", format, FORMAT)
    options.format = FORMAT[format]
    check_choice("stage", stage, STAGE)
    options.stage = STAGE[stage]
    options.decimals = _abi.SHORTEST if decimals is None else decimals
    options.indent = indent
    options.failure_reasons = 1 if failure_reasons else 0
    return options


class FetchChoices(TypedDict, total=False):
    """Options for downloading a model."""

    cache: str | os.PathLike[str] | None
    """Folder of downloaded models; None for the user's. Default: $SPECIESNET_CACHE, else
    $XDG_CACHE_HOME/speciesnet, else ~/.cache/speciesnet."""
    offline: bool
    """Whether to fail instead of using the network: models that are not in the cache are errors;
    False by default. Environment variable SPECIESNET_OFFLINE=1 does the same."""
    newest: bool
    """Whether to query the hub for the newest version if the name has none; False by default.
    Otherwise the hub is queried only if no version is in the cache."""
    force: bool
    """Whether to download the model even if it is in the cache, and replace it when the new
    package is complete; False by default. Has no effect on folders."""
    networks: bool
    """Whether the networks are required; True by default. If not, their files may be absent from
    a folder; rules and past runs need none. Downloads are always complete."""
    retries: int
    """Maximum number of consecutive retries without receiving a byte, with increasing pauses; 0
    to 1000, 4 by default. A download that makes progress is retried without limit."""
    stall_seconds: int
    """Time after which a connection slower than 1 KiB per second is closed; 1 to 3600, 30 by
    default."""
    max_bytes: int
    """Maximum size in bytes of a download, and of a package; 8_589_934_592 by default."""


def fetch_options(
    *,
    cache: str | os.PathLike[str] | None = None,
    offline: bool = False,
    newest: bool = False,
    force: bool = False,
    networks: bool = True,
    retries: int = 4,
    stall_seconds: int = 30,
    max_bytes: int = 8_589_934_592,
) -> _abi.FetchOptions:
    """The C struct for FetchChoices."""
    options = _abi.initialised(_abi.FetchOptions, "fetch_options")
    options.cache = None if cache is None else os.fsencode(cache)
    options.offline = 1 if offline else 0
    options.newest = 1 if newest else 0
    options.force = 1 if force else 0
    options.networks = 1 if networks else 0
    options.retries = retries
    options.stall_seconds = stall_seconds
    options.max_bytes = max_bytes
    return options


class DecodeChoices(TypedDict, total=False):
    """Limits on the cost of decoding an image, checked before decoding: from the header, and by counting scans, strips and tiles."""

    max_bytes: int
    """Maximum encoded size in bytes; 536_870_912 by default."""
    max_pixels: int
    """Maximum width × height; 178_956_970 by default. The default is the limit at which Pillow,
    the reference's decoder, raises DecompressionBombError: twice its MAX_IMAGE_PIXELS of
    89,478,485."""
    max_work: int
    """Maximum work, in units of about a nanosecond of one core; 60_000_000_000 by default. A
    pixel takes about 10 units, and 3 more for each scan of a progressive JPEG. See
    docs/reference/images.md."""
    max_memory: int
    """Maximum memory in bytes besides the encoded image: pixels (twice if they are rotated) and
    the decoder's buffers; 2_147_483_648 by default."""
    max_milliseconds: int | None
    """Time after which decoding stops with the error Cancelled; None for any."""


def decode_limits(
    *,
    max_bytes: int = 536_870_912,
    max_pixels: int = 178_956_970,
    max_work: int = 60_000_000_000,
    max_memory: int = 2_147_483_648,
    max_milliseconds: int | None = None,
) -> _abi.DecodeLimits:
    """The C struct for DecodeChoices."""
    options = _abi.initialised(_abi.DecodeLimits, "decode_limits")
    options.max_bytes = max_bytes
    options.max_pixels = max_pixels
    options.max_work = max_work
    options.max_memory = max_memory
    options.max_milliseconds = _abi.ANY_TIME if max_milliseconds is None else max_milliseconds
    return options
