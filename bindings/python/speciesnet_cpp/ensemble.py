# SPDX-License-Identifier: Apache-2.0
"""Loaded models: detection, classification, prediction, also in the background."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import math
import os
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from . import _abi
from .callbacks import POLL_SECONDS, Guard, interruptible
from .errors import JobError
from .image import Image, to_image
from .models import resolve_model
from .options import PRECISION, LoadChoices, Precision, PredictChoices, load_options, predict_options
from .prediction import Detection, Prediction, Predictions
from .request import (
    Photo,
    Progress,
    Request,
    detection_structs,
    is_single,
)
from .rules import Location, Rules, text
from .stream import stream

if TYPE_CHECKING:
    from typing_extensions import Unpack

Log = Callable[[str, str], object]

_LEVELS = {1: "information", 2: "warning"}
_MODEL_TYPES = {1: "always_crop", 2: "full_image"}


def _several(photos: Photo | Iterable[Photo]) -> Iterable[Photo]:
    return [photos] if is_single(photos) else cast("Iterable[Photo]", photos)


class Job(_abi.Handle):
    """A prediction in the background. Its functions may be called from any thread."""

    def __init__(
        self, pointer: int | None, request: Request, callback: Any, owner: object
    ) -> None:
        self._request = request
        self._callback = callback
        self._owner = owner
        super().__init__(pointer, "job_free")

    def done(self) -> bool:
        """Whether the job has finished, failed or been cancelled."""
        return self._wait(0.0)

    def cancel(self) -> None:
        """Requests the job to stop; result() then raises Cancelled, unless the job had finished."""
        _abi.plain["job_cancel"](self)

    def result(self, timeout: float | None = None) -> Predictions:
        """Waits for the predictions and takes them; they can be taken once.

        Raises:
            TimeoutError: If it has not finished after this number of seconds.
            Error: The error of a failed job.
        """
        if not self._wait_interruptibly(math.inf if timeout is None else timeout):
            raise TimeoutError(f"the job has not finished after {timeout} seconds")
        with self._request:
            return Predictions(_abi.make("job_take", self))

    def _wait_interruptibly(self, seconds: float) -> bool:
        """Waits in short steps, between which Python delivers Ctrl-C."""
        end = time.monotonic() + seconds
        while not self._wait(max(0.0, min(POLL_SECONDS, end - time.monotonic()))):
            if time.monotonic() >= end:
                return False
        return True

    def _wait(self, seconds: float) -> bool:
        try:
            _abi.call("job_wait", self, seconds)
        except JobError as error:
            if error.status == _abi.NOT_FINISHED:
                return False
            raise
        return True


class Ensemble(_abi.Handle):
    """A loaded model package. Thread-safe; releases the GIL during calls."""

    def __init__(
        self,
        model: str | os.PathLike[str],
        *,
        log: Log | None = None,
        progress: Progress | None = None,
        **choices: Unpack[LoadChoices],
    ) -> None:
        """Loads a package.

        Args:
            model: "demo" for the demonstration model inside the library, a folder, or a model's
                name, which is downloaded if necessary; see resolve_model().
            log: Called with a level ("information", "warning") and a line, possibly from another
                thread.
            progress: Called with done and total after each component; an exception stops loading.
            **choices: See LoadChoices: components, threads, precision, geofence, offline, max_jobs,
                device, target_species.

        Raises:
            ModelError, IoError: If the package cannot be used.
        """
        options = load_options(**choices)
        if log is not None:
            options.log = _abi.LogCallback(
                lambda _, level, message: log(_LEVELS.get(level, "warning"), text(message) or "")
            )
        # The library may call the callback as long as the ensemble lives.
        self._log = options.log
        loading = Guard()
        if progress is not None:
            options.progress = _abi.ProgressCallback(loading.guarded(progress))
        # On a separate thread, so that Ctrl-C ends a download.
        networks = choices.get("components") != "rules"
        name = os.fsencode(
            resolve_model(model, offline=choices.get("offline", False), networks=networks)
        )
        with loading:
            pointer = _abi.make("ensemble_load", name, ctypes.byref(options))
        super().__init__(pointer, "ensemble_free")

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
        """Description in the package."""
        return text(_abi.plain["ensemble_description"](self)) or ""

    @property
    def precision(self) -> Precision:
        """Precision of the networks; never "auto"."""
        number = _abi.plain["ensemble_precision"](self)
        return cast("Precision", next(name for name, value in PRECISION.items() if value == number))

    @property
    def threads(self) -> int:
        """Number of threads of the networks."""
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

    def with_rules(self, rules: Rules) -> Ensemble:
        """Returns an ensemble that shares the networks of this one but applies other rules.

        For instance `ensemble.with_rules(ensemble.rules.with_species_list(["lion", "zebra"]))`.
        """
        other = type(self).__new__(type(self))
        other._log = self._log
        _abi.Handle.__init__(
            other, _abi.make("ensemble_with_rules", self, rules), "ensemble_free"
        )
        return other

    def detect(self, image: Image | Any) -> Prediction:
        """Detects animals, humans and vehicles."""
        return Predictions(_abi.make("ensemble_detect", self, to_image(image)))[0]

    def classify(
        self, image: Image | Any, detections: Sequence[Detection], top: int | None = 5
    ) -> Prediction:
        """Classifies crops of an image; `top` is the number of classes to report, None for all."""
        picture = to_image(image)
        boxes = detection_structs(detections)
        count = _abi.ALL if top is None else top
        return Predictions(
            _abi.make("ensemble_classify", self, picture, boxes, len(detections), count)
        )[0]

    def predict(
        self,
        photos: Photo | Iterable[Photo],
        *,
        location: Location | None = None,
        progress: Progress | None = None,
        **choices: Unpack[PredictChoices],
    ) -> Predictions:
        """Runs detector, classifier and rules on one or more photos.

        Args:
            photos: One photo or several; see Photo. One that cannot be read or decoded is reported
                in its prediction's failures and does not stop the others.
                location: Location of the photos; an Instance has its own.
            progress: Called with done and total after each photo; an exception stops the operation.
                If predict() is called on the main thread, progress is called on another one.
            **choices: See PredictChoices.

        Raises:
                InvalidArgument: For a malformed location, before any work.
            ModelError: If a network fails.
            KeyboardInterrupt: After Ctrl-C, at once; the photo in progress is completed in the
                background.
        """
        several = _several(photos)
        pointer = self.check()

        def run(check: Callable[[], None]) -> Predictions:
            def report(done: int, total: int) -> None:
                check()
                if progress is not None:
                    progress(done, total)

            request = Request(several, location, report, predict_options(**choices))
            with request:
                return Predictions(_abi.make("ensemble_predict", pointer, *request.arguments))

        return interruptible(run, self.in_use())

    async def predict_async(
        self,
        photos: Photo | Iterable[Photo],
        *,
        location: Location | None = None,
        progress: Progress | None = None,
        **choices: Unpack[PredictChoices],
    ) -> Predictions:
        """Predicts as predict(), for asyncio. Cancelling the task cancels the job.

        Args:
            photos: As for predict(), like all other arguments.

        Raises:
            QueueFull: If max_jobs are already queued.
        """
        loop = asyncio.get_running_loop()
        over = asyncio.Event()

        def wake() -> None:
            # The loop may already be closed when a cancelled job ends.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(over.set)

        job = self.submit(
            _several(photos), location=location, progress=progress, done=wake, **choices
        )
        try:
            await over.wait()
        except BaseException:
            job.cancel()
            # Releasing a job waits for it, which must not block the loop.
            threading.Thread(target=job.close, name="speciesnet", daemon=True).start()
            raise
        return job.result()

    def iterate(
        self,
        photos: Iterable[Photo],
        *,
        location: Location | None = None,
        waiting: int = 16,
        **choices: Unpack[PredictChoices],
    ) -> Generator[Prediction, None, None]:
        """Yields predictions as soon as they are computed, in the order of the photos, and keeps
        none. Leaving the loop stops the operation.

        Args:
            photos: As for predict().
            location: As for predict().
            waiting: Maximum number of predictions buffered for the loop.
            **choices: As for predict().
        """
        request = Request(photos, location, None, predict_options(**choices))

        def run(receive: Callable[[Prediction], None]) -> None:
            def deliver(pointer: int | None) -> None:
                receive(Predictions(pointer)[0])

            callback = _abi.PredictionCallback(request.guarded(deliver))
            with request:
                _abi.call("ensemble_predict_each", self, *request.arguments, callback, None)

        return stream(run, waiting)

    def submit(
        self,
        photos: Iterable[Photo],
        *,
        location: Location | None = None,
        progress: Progress | None = None,
        done: Callable[[], object] | None = None,
        **choices: Unpack[PredictChoices],
    ) -> Job:
        """Starts predict() in the background. Jobs run one at a time, in the order of submission.

        Args:
            photos: As for predict(), like all arguments that are not listed here.
            done: Called on the ensemble's thread when the job has finished.

        Raises:
            QueueFull: If max_jobs are already queued.
        """
        request = Request(
            photos,
            location,
            progress,
            predict_options(**choices),
        )
        callback = _abi.JobCallback() if done is None else _abi.JobCallback(lambda *_: done())
        pointer = _abi.make(
            "ensemble_submit",
            self,
            *request.arguments,
            callback,
            None,
        )
        return Job(pointer, request, callback, self)
