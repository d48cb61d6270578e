"""A loaded model: detect, classify, predict, now or in the background."""

from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Union, cast

from . import _abi
from .errors import Cancelled, JobError
from .image import Image
from .prediction import FORMATS, Detection, Format, Prediction, Predictions
from .rules import Location, Rules, location_struct, text

Components = Literal["all", "detector", "classifier", "rules"]
Progress = Callable[[int, int], object]
Log = Callable[[str, str], object]

_COMPONENTS = {"all": 1, "detector": 2, "classifier": 3, "rules": 4}
_LEVELS = {1: "information", 2: "warning"}
_MODEL_TYPES = {1: "always_crop", 2: "full_image"}


@dataclass(frozen=True)
class Instance:
    """A photo to work on: a file, or an image with a name."""

    filepath: str | os.PathLike[str] = ""
    image: Image | None = None
    location: Location | None = None


Photo = Union[str, "os.PathLike[str]", Image, Instance, Any]
"""A path, an Image, an Instance, or an array as Image.from_array() takes it."""


def _instance(photo: Photo, location: Location | None) -> Instance:
    if isinstance(photo, Instance):
        return photo
    if isinstance(photo, Image):
        return Instance(image=photo, location=location)
    if hasattr(photo, "__array_interface__"):
        return Instance(image=Image.from_array(photo), location=location)
    return Instance(filepath=photo, location=location)


def _is_single(photos: object) -> bool:
    return isinstance(photos, (str, os.PathLike, Image, Instance)) or hasattr(
        photos, "__array_interface__"
    )


class _Request:
    """Photos and options as C structs, and all that these point to."""

    def __init__(
        self,
        photos: Iterable[Photo],
        location: Location | None,
        progress: Progress | None,
        options: dict[str, Any],
    ) -> None:
        self._instances = [_instance(photo, location) for photo in photos]
        self._places = [location_struct(instance.location) for instance in self._instances]
        self.count = len(self._instances)
        self.instances = (_abi.Instance * self.count)()
        for struct, instance, place in zip(self.instances, self._instances, self._places):
            _abi.plain["instance_init"](ctypes.byref(struct), ctypes.sizeof(struct))
            struct.filepath = os.fsencode(instance.filepath)
            struct.image = None if instance.image is None else instance.image._as_parameter_
            struct.location = ctypes.pointer(place)
        self.options = _abi.initialised(_abi.PredictOptions, "predict_options")
        for name, value in options.items():
            setattr(self.options, name, value)
        self.error: BaseException | None = None
        if progress is not None:
            self.options.progress = _abi.ProgressCallback(self._guarded(progress))

    def _guarded(self, progress: Progress) -> Callable[[int | None, int, int], int]:
        """An exception in the caller's function stops the work and is raised when it has stopped."""

        def report(_: int | None, done: int, total: int) -> int:
            try:
                progress(done, total)
            except BaseException as error:  # noqa: BLE001 raised again by the caller of C
                self.error = error
                return 1
            return 0

        return report


def _options(
    format: Format,
    detection_threshold: float | None,
    max_classifications_per_image: int | None,
    max_classifications_per_detection: int | None,
) -> dict[str, Any]:
    def maximum(number: int | None) -> int:
        return _abi.ALL if number is None else number

    options: dict[str, Any] = {
        "format": FORMATS[format],
        "max_classifications_per_image": maximum(max_classifications_per_image),
        "max_classifications_per_detection": maximum(max_classifications_per_detection),
    }
    if detection_threshold is not None:
        options["detection_threshold"] = detection_threshold
    return options


class Job(_abi.Handle):
    """A prediction in the background. Its functions may be called from any thread."""

    def __init__(
        self, pointer: int | None, request: _Request, callback: Any, owner: object
    ) -> None:
        self._request = request
        self._callback = callback
        self._owner = owner
        super().__init__(pointer, "job_free")

    def done(self) -> bool:
        """Whether it is over, well or not."""
        return self._wait(0.0)

    def cancel(self) -> None:
        """Asks it to stop; result() then raises Cancelled, unless it was over already."""
        _abi.plain["job_cancel"](self)

    def result(self, timeout: float | None = None) -> Predictions:
        """Waits for the predictions and takes them; they can be taken once.

        Raises:
            TimeoutError: If it is not over after so many seconds.
            Error: What it failed with.
        """
        if not self._wait(math.inf if timeout is None else timeout):
            raise TimeoutError(f"the job is not over after {timeout} seconds")
        try:
            return Predictions(_abi.make("job_take", self))
        except Cancelled:
            if self._request.error is not None:
                raise self._request.error from None
            raise

    def _wait(self, seconds: float) -> bool:
        try:
            _abi.call("job_wait", self, seconds)
        except JobError as error:
            if error.status == _abi.NOT_FINISHED:
                return False
            raise
        return True


class Ensemble(_abi.Handle):
    """A loaded model package. May be used by many threads at once; the GIL is free meanwhile."""

    def __init__(
        self,
        model: str | os.PathLike[str],
        *,
        components: Components = "all",
        threads: int | None = None,
        geofence: bool = True,
        target_species: Sequence[str] | None = None,
        max_jobs: int | None = None,
        log: Log | None = None,
    ) -> None:
        """Loads a package.

        Args:
            model: A folder, or "demo" for the demonstration model inside the library.
            components: Which parts to load.
            threads: Threads of the networks; None for one per core.
            geofence: False switches the geofence off.
            target_species: Labels whose logits are reported with each classification.
            max_jobs: Jobs that may wait at a time.
            log: Called with a level ("information", "warning") and a line, possibly from another
                thread.

        Raises:
            ModelError, IoError: If the package cannot be used.
        """
        options = _abi.initialised(_abi.LoadOptions, "load_options")
        options.components = _COMPONENTS[components]
        options.threads = _abi.ALL_CORES if threads is None else threads
        options.geofencing = 1 if geofence else 0
        if max_jobs is not None:
            options.max_jobs = max_jobs
        if target_species is not None:
            labels = (ctypes.c_char_p * len(target_species))(*(s.encode() for s in target_species))
            options.target_species = labels
            options.target_species_count = len(target_species)
        if log is not None:
            options.log = _abi.LogCallback(
                lambda _, level, message: log(_LEVELS.get(level, "warning"), text(message) or "")
            )
        # The callback must live as long as the library may call it.
        self._log = options.log
        super().__init__(
            _abi.make("ensemble_load", os.fsencode(model), ctypes.byref(options)), "ensemble_free"
        )

    @property
    def model_version(self) -> str:
        """Version of the model package."""
        return text(_abi.plain["ensemble_model_version"](self)) or ""

    @property
    def model_type(self) -> str:
        """ "always_crop" or "full_image"."""
        return _MODEL_TYPES[_abi.plain["ensemble_model_type"](self)]

    @property
    def is_demo(self) -> bool:
        """Whether this is the demonstration model, whose answers are not SpeciesNet's."""
        return bool(_abi.plain["ensemble_is_demo"](self))

    @property
    def description(self) -> str:
        """What the package says of itself."""
        return text(_abi.plain["ensemble_description"](self)) or ""

    @property
    def threads(self) -> int:
        """Threads that the networks use."""
        return int(_abi.plain["ensemble_threads"](self))

    @property
    def labels(self) -> list[str]:
        """Labels of the classifier, in the order of its logits."""
        count = _abi.plain["ensemble_label_count"](self)
        return [text(_abi.plain["ensemble_label"](self, i)) or "" for i in range(count)]

    @property
    def rules(self) -> Rules | None:
        """The package's rules; None if they were not loaded."""
        pointer = _abi.plain["ensemble_rules"](self)
        return None if pointer is None else Rules._borrow(pointer, self)

    def detect(self, image: Image | Any) -> Prediction:
        """Finds animals, humans and vehicles."""
        picture = image if isinstance(image, Image) else Image.from_array(image)
        return Predictions(_abi.make("ensemble_detect", self, picture))[0]

    def classify(
        self, image: Image | Any, detections: Sequence[Detection], top: int | None = 5
    ) -> Prediction:
        """Classifies crops of an image; `top` is how many classes to report, None for all."""
        picture = image if isinstance(image, Image) else Image.from_array(image)
        boxes = (_abi.Detection * len(detections))(
            *(_abi.Detection(d.category, 0, d.conf, d.bbox) for d in detections)
        )
        count = _abi.ALL if top is None else top
        return Predictions(
            _abi.make("ensemble_classify", self, picture, boxes, len(detections), count)
        )[0]

    def predict(
        self,
        photos: Photo | Iterable[Photo],
        *,
        location: Location | None = None,
        format: Format = "per_detection",
        detection_threshold: float | None = None,
        max_classifications_per_image: int | None = None,
        max_classifications_per_detection: int | None = 2,
        progress: Progress | None = None,
    ) -> Predictions:
        """Detects, classifies and decides, for one photo or many.

        Args:
            photos: One photo or several; see Photo. One that cannot be read or decoded is reported
                in its prediction's failures and does not stop the others.
            location: Where they were taken; an Instance has a place of its own.
            format: "per_detection" as speciesnet 5.0.6, "per_image" as 5.0.5.
            detection_threshold: Lowest confidence to be classified; None for the reference's.
            max_classifications_per_image: Most detections to classify; None for all.
            max_classifications_per_detection: Classes reported; None for all.
            progress: Called with done and total after each photo; an exception stops the work.

        Raises:
            InvalidArgument: For a malformed place, before any work.
            ModelError: If a network fails.
        """
        request = _Request(
            [photos] if _is_single(photos) else cast("Iterable[Photo]", photos),
            location,
            progress,
            _options(
                format,
                detection_threshold,
                max_classifications_per_image,
                max_classifications_per_detection,
            ),
        )
        try:
            return Predictions(
                _abi.make(
                    "ensemble_predict",
                    self,
                    request.instances,
                    request.count,
                    ctypes.byref(request.options),
                )
            )
        except Cancelled:
            if request.error is not None:
                raise request.error from None
            raise

    def submit(
        self,
        photos: Iterable[Photo],
        *,
        location: Location | None = None,
        format: Format = "per_detection",
        detection_threshold: float | None = None,
        max_classifications_per_image: int | None = None,
        max_classifications_per_detection: int | None = 2,
        progress: Progress | None = None,
        done: Callable[[], object] | None = None,
    ) -> Job:
        """Starts predict() in the background. Jobs run one after the other, in their order.

        Args:
            done: Called on the ensemble's own thread when the job is over.

        Raises:
            QueueFull: If max_jobs are waiting already.
        """
        request = _Request(
            photos,
            location,
            progress,
            _options(
                format,
                detection_threshold,
                max_classifications_per_image,
                max_classifications_per_detection,
            ),
        )
        callback = _abi.JobCallback() if done is None else _abi.JobCallback(lambda *_: done())
        pointer = _abi.make(
            "ensemble_submit",
            self,
            request.instances,
            request.count,
            ctypes.byref(request.options),
            callback,
            None,
        )
        return Job(pointer, request, callback, self)
