# SPDX-License-Identifier: Apache-2.0
"""Runs predictions: photos in portions, an engine for each Ray actor, a part for each portion."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypedDict

import ray
import ray.data

from ..ensemble import Ensemble
from ..options import Format
from ..request import Instance
from .inputs import PhotoRow
from .parts import Part, alone_in, check_settings, part_name, read_parts, write_part
from .schema import row

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Settings:
    """Settings that affect the results; the same for all parts of an output folder."""

    model: str = "demo"
    format: Format = "per_detection"
    geofence: bool = True
    detection_threshold: float = 0.01
    classification_threshold: float = 0.1
    max_classifications_per_image: int | None = None
    max_classifications_per_detection: int | None = 2


@dataclass(frozen=True)
class Summary:
    """Summary of a run."""

    photos: int
    """In the output folder now."""
    done_before: int
    """Of these, by earlier runs."""
    failed: int
    """Photos of this run that could not be read, or of which a component failed."""


class _Portion(TypedDict):
    """A task: the photos of one part."""

    part: str
    photos: list[PhotoRow]


class Worker:
    """An actor with its own engine, which receives portions from Ray Data."""

    def __init__(self, settings: Settings, threads: int, output: str) -> None:
        self._settings = settings
        self._output = Path(output)
        self._ensemble = Ensemble(
            settings.model, threads=threads, geofence=settings.geofence
        )

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        portions = list(batch["portion"])
        failed = [self._predict(portion) for portion in portions]
        return {"photos": [len(p["photos"]) for p in portions], "failed": failed}

    def _predict(self, portion: _Portion) -> int:
        """Writes a part. A repeated task has the same name and replaces the first part."""
        photos = [PhotoRow(*photo) for photo in portion["photos"]]
        settings = self._settings
        predictions = self._ensemble.predict(
            [Instance(photo.filepath, location=photo.location) for photo in photos],
            format=settings.format,
            detection_threshold=settings.detection_threshold,
            classification_threshold=settings.classification_threshold,
            max_classifications_per_image=settings.max_classifications_per_image,
            max_classifications_per_detection=settings.max_classifications_per_detection,
        )
        rows = [row(photo.filepath, found) for photo, found in zip(photos, predictions)]
        write_part(self._output / portion["part"], rows)
        return sum(bool(prediction.failures) for prediction in predictions)


def _portions(photos: Sequence[PhotoRow], size: int) -> Iterator[_Portion]:
    rest = iter(photos)
    while some := list(islice(rest, size)):
        yield {"part": part_name(some), "photos": some}


def _left(
    photos: Sequence[PhotoRow], parts: Sequence[Part], size: int, retry_failed: bool
) -> tuple[int, list[_Portion]]:
    """Returns the number of finished photos, and the remaining portions.

    A part that is repeated keeps its name, so the new one replaces it.
    """
    rest = {photo.filepath: photo for photo in photos}
    done, again = 0, []
    for part in parts:
        found = [rest.pop(path) for path in part.countries if path in rest]
        other = [p.filepath for p in found if p.country != part.countries[p.filepath]]
        if other:
            raise ValueError(f"the output has {other[0]} with another country")
        if not (retry_failed and part.failed):
            done += len(found)
        elif len(found) == len(part.countries):
            again.append(_Portion(part=part.name, photos=found))
        else:
            raise ValueError(f"{part.name} has failures, and photos that are not in the input")
    return done, again + list(_portions(list(rest.values()), size))


def predict_distributed(
    photos: Sequence[PhotoRow],
    output: str | os.PathLike[str],
    settings: Settings,
    *,
    actors: int | None = None,
    threads: int = 4,
    portion_size: int = 64,
    retry_failed: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Predicts on the Ray cluster to which this process is connected, or a local one.

    Args:
            photos: Without duplicates; see read_photos(). All machines must have them under the same paths.
            output: A folder that all machines can access. Photos that are already in it are skipped.
        settings: Settings that affect the results.
        actors: Number of engines; None for as many as fit on the cluster.
        threads: Cores for each engine.
        portion_size: Photos per part. A worker that dies loses at most the work on these.
        retry_failed: Whether to repeat parts that have photos with failures.
        progress: Called with the number of finished photos and of all photos after each part.

    Raises:
        ValueError: If the output contains results with other settings.
        RuntimeError: If another run uses the output.
    """
    folder = Path(output).resolve()
    with alone_in(folder):
        check_settings(folder, asdict(settings))
        before, portions = _left(photos, read_parts(folder), portion_size, retry_failed)
        done, failed = before, 0
        for result in _results(portions, settings, threads, actors, folder):
            done += result["photos"]
            failed += result["failed"]
            if progress is not None:
                progress(done, len(photos))
        return Summary(photos=done, done_before=before, failed=failed)


def _results(
    portions: list[_Portion], settings: Settings, threads: int, actors: int | None, folder: Path
) -> Iterator[dict[str, int]]:
    """Yields one small row per part as soon as it is finished."""
    if not portions:
        return
    if not ray.is_initialized():
        ray.init(ignore_reinit_error=True)
    room = max(1, int(ray.cluster_resources().get("CPU", 1)) // threads)
    engines = min(len(portions), actors or room)
    # One block for each portion, so that a dying worker loses only one portion.
    dataset = ray.data.from_items(
        [{"portion": portion} for portion in portions], override_num_blocks=len(portions)
    )
    yield from dataset.map_batches(
        Worker,
        fn_constructor_args=(settings, threads, str(folder)),
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(size=engines),
        num_cpus=threads,
        # Workers and machines may disappear; a portion is repeated until it is done.
        max_restarts=-1,
        max_task_retries=-1,
    ).iter_rows()
