# SPDX-License-Identifier: Apache-2.0
"""Thousands of scenes, and the arrays on which the two networks train."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from networks import CLASSIFIER_POOL, DETECTOR_POOL
from reference import Box, Detection, crop, decode, intersection_over_union, letterbox
from scene import BLANK, Scene, Subject, render

TRAINING, HELD_OUT, SAMPLES = range(3)  # separate random streams under one seed


def scene_generator(seed: int, stream: int, index: int) -> np.random.Generator:
    return np.random.default_rng([seed, stream, index])


def _start_worker() -> None:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def _in_parallel(task: Callable, items: Iterable, processes: int) -> list:
    with get_context("spawn").Pool(processes, _start_worker) as pool:
        return pool.map(task, items, chunksize=16)


def _render_one(seed: int, stream: int, index: int) -> Scene:
    return render(scene_generator(seed, stream, index))


def render_scenes(seed: int, stream: int, count: int, processes: int) -> list[Scene]:
    """Returns scene `index`, which depends only on the seed, the stream and the index."""
    return _in_parallel(partial(_render_one, seed, stream), range(count), processes)


@dataclass(frozen=True)
class DetectorExample:
    """A letterboxed photo pooled to the detector's working size; boxes in input pixels."""

    pooled: np.ndarray  # uint8 [3, H / 8, W / 8]
    boxes: np.ndarray  # float32 [N, 4], corners
    categories: np.ndarray  # int64 [N]


def detector_example(scene: Scene) -> DetectorExample:
    frame = letterbox(decode(scene.jpeg))
    pixels = torch.from_numpy(frame.image).permute(2, 0, 1)[None].float()
    pooled = F.avg_pool2d(pixels, DETECTOR_POOL)[0].round().to(torch.uint8).numpy()
    boxes = np.array([s.box for s in scene.subjects], np.float32).reshape(-1, 4)
    boxes = boxes * frame.ratio + np.array([frame.pad_x, frame.pad_y] * 2, np.float32)
    return DetectorExample(pooled, boxes, np.array([s.category for s in scene.subjects], np.int64))


def detector_examples(scenes: list[Scene], processes: int) -> list[DetectorExample]:
    return _in_parallel(detector_example, scenes, processes)


def pooled_crop(image: np.ndarray, box: Box) -> torch.Tensor:
    """Returns a crop after the classifier's first layer, as uint8 [3, 96, 96]."""
    pixels = crop(image, box).permute(2, 0, 1)[None] * 255
    return F.avg_pool2d(pixels, CLASSIFIER_POOL)[0].round().to(torch.uint8)


def _perturbed(rng: np.random.Generator, box: Box, width: int, height: int) -> Box:
    """Returns a box as a detector might find it: moved and scaled by some per cent."""
    side = np.array([box[2] - box[0], box[3] - box[1]] * 2)
    moved = np.asarray(box) + rng.normal(0, 0.05, 4) * side
    left, right = np.clip(np.round(moved[0::2]), 0, width)
    top, bottom = np.clip(np.round(moved[1::2]), 0, height)
    return (left, top, right, bottom) if right - left > 4 and bottom - top > 4 else box


def _random_box(rng: np.random.Generator, width: int, height: int) -> Box:
    w, h = rng.uniform(0.08, 0.6, 2) * (width, height)
    x, y = rng.uniform(0, width - w), rng.uniform(0, height - h)
    return tuple(np.round([x, y, x + w, y + h]).tolist())


def name_of(detection: Detection, subjects: Iterable[Subject]) -> str | None:
    """Returns the label of a detected box: a name, blank, or None if it is neither."""
    boxes = [s.box for s in subjects]
    names = [s.name for s in subjects]
    if not boxes:
        return BLANK
    overlap = intersection_over_union(
        torch.tensor([detection.box]), torch.tensor(boxes, dtype=torch.float32)
    )[0]
    best = int(overlap.argmax())
    if overlap[best] >= 0.5:
        return names[best]
    return BLANK if overlap[best] < 0.05 else None


def classifier_examples(
    rng: np.random.Generator, scene: Scene, found: list[Detection]
) -> list[tuple[torch.Tensor, str]]:
    """Crops of one scene: true boxes, shifted ones, what the detector found, and nothing."""
    image = decode(scene.jpeg)
    height, width = image.shape[:2]
    boxes: list[tuple[Box, str]] = []
    for subject in scene.subjects:
        boxes.append((subject.box, subject.name))
        boxes.append((_perturbed(rng, subject.box, width, height), subject.name))
    strays = 0
    for detection in found:
        name = name_of(detection, scene.subjects)
        area = (detection.box[2] - detection.box[0]) * (detection.box[3] - detection.box[1])
        if name is None or area < 16:
            continue
        if name == BLANK:
            strays += 1
            if strays > 2:
                continue
        boxes.append((detection.box, name))
    if not scene.subjects:
        boxes += [((0, 0, width, height), BLANK), (_random_box(rng, width, height), BLANK)]
    return [(pooled_crop(image, box), name) for box, name in boxes]
