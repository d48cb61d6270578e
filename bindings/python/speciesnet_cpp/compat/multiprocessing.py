# SPDX-License-Identifier: Apache-2.0
"""The reference's main class, implemented by the engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from ..choices import check_choice
from ..ensemble import Ensemble
from ..errors import InvalidImage, IoError
from ..image import Image
from ..models import resolve_model
from ..prediction import Detection
from ..request import Instance
from ..rules import Location
from .classifier import SpeciesNetClassifier, read_target_species
from .constants import (
    DEFAULT_DETECTION_THRESHOLD_FOR_CLASSIFICATION,
    DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION,
    Failure,
)
from .detector import SpeciesNetDetector
from .ensemble import SpeciesNetEnsemble
from .ensemble_prediction_combiner import combine_predictions
from .geolocation import find_admin1_region
from .utils import (
    PLACE,
    PreprocessedImage,
    Result,
    StrPath,
    fields_of,
    load_partial_predictions,
    make_predictions_dict,
    prepare_instances_dict,
    save_predictions,
    select_detections_for_classification,
    whole_image_detection,
)

_RUN_MODES = ("single_thread", "multi_thread", "multi_process")

RunMode = Literal["single_thread", "multi_thread", "multi_process"]


def _location(instance: Result) -> Location:
    return Location(**{key: instance.get(key) for key in PLACE})


def _place(instance: Result) -> Result:
    """Returns the location of a photo, with the region derived from its coordinates."""
    place = {key: instance.get(key) for key in PLACE}
    return {**place, "admin1_region": find_admin1_region(**place)}


def _by_filepath(results: Result | None) -> dict[str, Result]:
    """Returns results of an earlier run by file, in a form that the reference accepts."""
    entries = (results or {}).get("predictions")
    if isinstance(entries, list):
        return {entry["filepath"]: entry for entry in entries}
    return results or {}


def _detection(entry: Result) -> Detection:
    return Detection(int(entry["category"]), entry["conf"], tuple(entry["bbox"]))


class SpeciesNet:
    """Detection, classification and ensemble with the reference's arguments and results."""

    def __init__(
        self,
        model_name: str,
        *,
        components: Literal["all", "classifier", "detector", "ensemble"] = "all",
        geofence: bool = True,
        target_species_txt: str | None = None,
        combine_predictions_fn: Callable[..., list[Result]] = combine_predictions,
        multiprocessing: bool = False,
        force_model_download: bool = False,
    ) -> None:
        """Loads a model: its name, a folder, or "demo". `multiprocessing` is accepted and
        ignored.

        As in the reference, `classifier`, `detector` and `ensemble` exist if they are among the
        components; "demo" has no `ensemble`, which needs files.
        """
        del multiprocessing
        check_choice("components", components, ("all", "classifier", "detector", "ensemble"))
        model_name = resolve_model(
            model_name, force=force_model_download, networks=components != "ensemble"
        )
        self.engine = Ensemble(
            model_name,
            components="rules" if components == "ensemble" else components,
            geofence=geofence,
            target_species=read_target_species(target_species_txt),
        )
        self._model_name = model_name
        self._combine = combine_predictions_fn
        self.whole_image_classifier = self.engine.model_type == "full_image"
        if components in ("all", "classifier"):
            self.classifier = SpeciesNetClassifier(
                model_name, target_species_txt, engine=self.engine
            )
        if components in ("all", "detector"):
            self.detector = SpeciesNetDetector(model_name, engine=self.engine)
        if components in ("all", "ensemble") and model_name != "demo":
            self.ensemble = SpeciesNetEnsemble(model_name, geofence, combine_predictions_fn)

    def predict(
        self,
        *,
        instances_dict: Result | None = None,
        instances_json: StrPath | None = None,
        filepaths: Iterable[StrPath] | None = None,
        filepaths_txt: StrPath | None = None,
        folders: Iterable[StrPath] | None = None,
        folders_txt: StrPath | None = None,
        country: str | None = None,
        admin1_region: str | None = None,
        run_mode: RunMode = "multi_thread",
        batch_size: int = 8,
        progress_bars: bool = False,
        predictions_json: StrPath | None = None,
        detection_threshold_for_classification: float = (
            DEFAULT_DETECTION_THRESHOLD_FOR_CLASSIFICATION
        ),
        max_classifications_per_image: int | None = None,
        max_classifications_per_detection: int | None = (
            DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION
        ),
    ) -> Result | None:
        """Detects, classifies and decides. Returns the result, or None if it is written to predictions_json."""
        del batch_size
        _check_run_mode(run_mode)
        instances = prepare_instances_dict(
            instances_dict, instances_json, filepaths, filepaths_txt, folders, folders_txt,
            country, admin1_region,
        )["instances"]  # fmt: skip

        def work(todo: list[Result]) -> Iterator[Result]:
            photos = [Instance(entry["filepath"], location=_location(entry)) for entry in todo]
            predictions = self.engine.iterate(
                photos,
                classification_threshold=detection_threshold_for_classification,
                max_classifications_per_image=max_classifications_per_image,
                max_classifications_per_detection=max_classifications_per_detection,
            )
            for prediction in predictions:
                yield prediction._owner.to_dict()["predictions"][0]

        def work_with_own_rules(todo: list[Result]) -> Iterator[Result]:
            for instance in todo:
                one = {"instances": [instance]}
                found = self.detect(instances_dict=one)
                classified = self.classify(
                    instances_dict=one,
                    detections_dict=found,
                    detection_threshold_for_classification=detection_threshold_for_classification,
                    max_classifications_per_image=max_classifications_per_image,
                    max_classifications_per_detection=None,
                )
                decided = self.ensemble_from_past_runs(
                    instances_dict=one,
                    detections_dict=found,
                    classifications_dict=classified,
                    max_classifications_per_detection=max_classifications_per_detection,
                )
                assert decided is not None
                yield decided["predictions"][0]

        own_rules = self._combine is not combine_predictions
        return _resumed(
            instances, predictions_json, work_with_own_rules if own_rules else work, progress_bars
        )

    def detect(
        self,
        *,
        instances_dict: Result | None = None,
        instances_json: StrPath | None = None,
        filepaths: Iterable[StrPath] | None = None,
        filepaths_txt: StrPath | None = None,
        folders: Iterable[StrPath] | None = None,
        folders_txt: StrPath | None = None,
        country: str | None = None,
        admin1_region: str | None = None,
        run_mode: RunMode = "multi_thread",
        progress_bars: bool = False,
        predictions_json: StrPath | None = None,
    ) -> Result | None:
        """Only detects. Returns the result, or None if it is written to predictions_json."""
        _check_run_mode(run_mode)
        instances = prepare_instances_dict(
            instances_dict, instances_json, filepaths, filepaths_txt, folders, folders_txt,
            country, admin1_region,
        )["instances"]  # fmt: skip

        def one(instance: Result) -> Result:
            filepath = instance["filepath"]
            image = _open(filepath)
            if image is None:
                return self.detector.predict(filepath, None)
            with image:
                photo = PreprocessedImage(image, image.width, image.height)
                return self.detector.predict(filepath, photo)

        return _resumed(instances, predictions_json, _each(one), progress_bars)

    def classify(
        self,
        *,
        instances_dict: Result | None = None,
        instances_json: StrPath | None = None,
        filepaths: Iterable[StrPath] | None = None,
        filepaths_txt: StrPath | None = None,
        folders: Iterable[StrPath] | None = None,
        folders_txt: StrPath | None = None,
        country: str | None = None,
        admin1_region: str | None = None,
        detections_dict: Result | None = None,
        run_mode: RunMode = "multi_thread",
        batch_size: int = 8,
        progress_bars: bool = False,
        predictions_json: StrPath | None = None,
        detection_threshold_for_classification: float = (
            DEFAULT_DETECTION_THRESHOLD_FOR_CLASSIFICATION
        ),
        max_classifications_per_image: int | None = None,
        max_classifications_per_detection: int | None = (
            DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION
        ),
    ) -> Result | None:
        """Classifies given detections. Returns the result, or None if it is written to predictions_json."""
        del batch_size
        _check_run_mode(run_mode)
        instances = prepare_instances_dict(
            instances_dict, instances_json, filepaths, filepaths_txt, folders, folders_txt,
            country, admin1_region,
        )["instances"]  # fmt: skip
        known = _by_filepath(detections_dict)

        def one(instance: Result) -> Result:
            filepath = instance["filepath"]
            failed = {"filepath": filepath, "failures": [Failure.CLASSIFIER.name]}
            found: list[Result] | None = known.get(filepath, {}).get("detections")
            image = _open(filepath) if found is not None or self.whole_image_classifier else None
            if image is None:
                return failed
            with image:
                if self.whole_image_classifier:
                    entries, selected = [whole_image_detection()], [0]
                else:
                    entries = [dict(entry) for entry in found or []]
                    selected = select_detections_for_classification(
                        entries,
                        detection_threshold_for_classification,
                        max_classifications_per_image,
                    )
                classified = self.engine.classify(
                    image,
                    [_detection(entries[i]) for i in selected],
                    max_classifications_per_detection,
                )
            for i, entry in zip(selected, fields_of(classified, "classifier")["detections"]):
                if "raw_classifications" in entry:
                    entries[i]["raw_classifications"] = entry["raw_classifications"]
            return {"filepath": filepath, "detections": entries}

        return _resumed(instances, predictions_json, _each(one), progress_bars)

    def ensemble_from_past_runs(
        self,
        *,
        instances_dict: Result | None = None,
        instances_json: StrPath | None = None,
        filepaths: Iterable[StrPath] | None = None,
        filepaths_txt: StrPath | None = None,
        folders: Iterable[StrPath] | None = None,
        folders_txt: StrPath | None = None,
        country: str | None = None,
        admin1_region: str | None = None,
        classifications_dict: Result | None = None,
        detections_dict: Result | None = None,
        progress_bars: bool = False,
        predictions_json: StrPath | None = None,
        max_classifications_per_detection: int | None = (
            DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION
        ),
    ) -> Result | None:
        """Decides from results of earlier runs. Returns the result, or None if it is written to a file."""
        instances = prepare_instances_dict(
            instances_dict, instances_json, filepaths, filepaths_txt, folders, folders_txt,
            country, admin1_region,
        )["instances"]  # fmt: skip
        if not hasattr(self, "ensemble"):
            raise ValueError(
                f"there are no decisions from past runs with the model {self._model_name!r}: load its "
                'folder, with components "all" or "ensemble"'
            )
        classified, found = _by_filepath(classifications_dict), _by_filepath(detections_dict)

        def one(instance: Result) -> Result:
            filepath = instance["filepath"]
            return self.ensemble.combine(
                [filepath],
                classified,
                found,
                {filepath: _place(instance)},
                None,
                max_classifications_per_detection,
            )[0]

        return _resumed(instances, predictions_json, _each(one), progress_bars)


def _check_run_mode(run_mode: str) -> None:
    if run_mode not in _RUN_MODES:
        raise ValueError(f"Unknown run mode: `{run_mode}`")


def _open(filepath: str) -> Image | None:
    try:
        return Image.open(filepath)
    except (IoError, InvalidImage):
        return None


def _each(one: Callable[[Result], Result]) -> Callable[[list[Result]], Iterator[Result]]:
    return lambda todo: map(one, todo)


def _with_bar(results: Iterator[Result], total: int, enabled: bool) -> Iterator[Result]:
    if not enabled:
        return results
    from tqdm import tqdm

    bar: Iterator[Result] = iter(tqdm(results, total=total, unit="photo"))
    return bar


# Seconds between two saves. A killed run loses only the work since the last one.
_SAVE_SECONDS = 60.0


def _resumed(
    instances: list[Result],
    predictions_json: StrPath | None,
    work: Callable[[list[Result]], Iterator[Result]],
    progress_bars: bool,
) -> Result | None:
    """Processes what an existing file lacks; writes the file, or returns the result.

    The file is also written at intervals, and when an exception ends the work.
    """
    done, todo = load_partial_predictions(predictions_json, instances)

    def document() -> Result:
        known = (done.get(instance["filepath"]) for instance in instances)
        return make_predictions_dict([entry for entry in known if entry is not None])

    def save() -> None:
        if predictions_json is not None:
            save_predictions(document(), predictions_json)

    saved = time.monotonic()
    try:
        for result in _with_bar(work(todo), len(todo), progress_bars):
            done[result["filepath"]] = result
            if time.monotonic() - saved >= _SAVE_SECONDS:
                save()
                saved = time.monotonic()
    finally:
        save()
    return document() if predictions_json is None else None
