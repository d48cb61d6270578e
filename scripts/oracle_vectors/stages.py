# SPDX-License-Identifier: Apache-2.0
"""Writes tests/fixtures/{preprocess,detector}_vectors.jsonl: the answers of the reference's stages.

    stages.py --package PACKAGE --full-image-package PACKAGE

Requires `pip install speciesnet==5.0.6` and two packages in the published formats, one of each type; their
networks are not run. Images and rows of the detector are noise derived from a seed
(`noise`; tests/unit/stage_vectors_test.cpp has the same), so that only answers need to be stored.
"""

import argparse
import hashlib
import json
import random
from pathlib import Path
from typing import Any, Iterator, Optional

import numpy as np
import PIL.Image
import torch
from speciesnet.classifier import SpeciesNetClassifier
from speciesnet.detector import SpeciesNetDetector
from speciesnet.utils import BBox, PreprocessedImage

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures"

# Single pixels and lines, the letterbox's own size, and sizes whose scaled sides end in one half.
SIZES = [(1, 1), (2, 1), (1, 2), (1, 300), (300, 1), (480, 480), (1280, 960), (960, 1280), (64, 64)]
SIZES += [(2560, 5), (2560, 3), (7, 2560), (2560, 131), (1281, 720), (1279, 721)]
RANDOM_SIZES = 60
COLUMNS = 8
"""Columns of the output of a detector of three classes."""


def noise(seed: int, count: int) -> np.ndarray:
    """Returns pseudo-random 32-bit integers."""
    value = np.arange(count, dtype=np.uint32) + np.uint32(seed * 7919)
    value *= np.uint32(2654435761)
    value ^= value >> np.uint32(15)
    value *= np.uint32(2246822519)
    return value ^ (value >> np.uint32(13))


def picture(seed: int, width: int, height: int) -> PIL.Image.Image:
    values = (noise(seed, width * height * 3) & 0xFF).astype(np.uint8)
    return PIL.Image.fromarray(values.reshape(height, width, 3))


def digest(array: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


class Stages:
    """The reference's code before and after the networks."""

    def __init__(self, package: str, full_image_package: str) -> None:
        self.detector = SpeciesNetDetector(package)
        self.classifier = SpeciesNetClassifier(package, device="cpu")
        self.full_image = SpeciesNetClassifier(full_image_package, device="cpu")

    def crop(self, image: PIL.Image.Image, bbox: Optional[list[float]]) -> Optional[str]:
        """Returns a crop; nothing if the reference cannot crop."""
        try:
            if bbox is None:
                return digest(self.full_image.preprocess(image)[0].arr)
            return digest(self.classifier.preprocess(image, [BBox(*bbox)])[0].arr)
        except (RuntimeError, ValueError):
            return None

    def preprocess(self, seed: int, width: int, height: int, bbox: list[float]) -> dict[str, Any]:
        image = picture(seed, width, height)
        boxed = self.detector.preprocess(image).arr
        return {
            "seed": seed,
            "size": [width, height],
            "letterbox_size": [boxed.shape[1], boxed.shape[0]],
            "letterbox": digest(boxed),
            "full_image": self.crop(image, None),
            "bbox": bbox,
            "crop": self.crop(image, bbox),
        }

    def detect(self, rows: np.ndarray, size: tuple[int, int]) -> list[list[Any]]:
        width, height = size
        boxed = self.detector.preprocess(PIL.Image.new("RGB", size)).arr
        output = torch.from_numpy(rows.copy())[None]
        self.detector.model = lambda _, augment: [output]
        result = self.detector.predict("", PreprocessedImage(boxed, width, height))
        return [[int(d["category"]), d["conf"], *d["bbox"]] for d in result["detections"]]


def random_rows(seed: int, count: int) -> np.ndarray:
    """Returns boxes anywhere on 1280 × 960 pixels.

    Confidences differ, because the order of equal ones depends on torch's sorting,
    which is unstable and depends on the processor.
    """
    values = noise(seed, count * COLUMNS).reshape(count, COLUMNS)
    rows = np.empty((count, COLUMNS), np.float32)
    rows[:, 0] = (values[:, 0] % 20480).astype(np.float32) / np.float32(16)
    rows[:, 1] = (values[:, 1] % 15360).astype(np.float32) / np.float32(16)
    rows[:, 2:4] = (values[:, 2:4] % 9600).astype(np.float32) / np.float32(32)
    rows[:, 4] = (values[:, 4] % 1048576).astype(np.float32) / np.float32(1048576)
    rows[:, 5:] = (values[:, 5:] % 65).astype(np.float32) / np.float32(64)
    return rows


def threshold_rows(seed: int, pairs: int) -> np.ndarray:
    """Returns pairs of boxes whose overlap is the threshold up to rounding; different pairs do not overlap."""
    values = noise(seed, pairs * COLUMNS).reshape(pairs, COLUMNS)
    number = np.arange(pairs)
    side = (values[:, 0] % 20000).astype(np.float32) / np.float32(1000) + np.float32(20)
    first = np.zeros((pairs, COLUMNS), np.float32)
    first[:, 0] = (number % 14 * 90 + 25).astype(np.float32) + side / np.float32(64)
    first[:, 1] = (number // 14 * 90 + 45).astype(np.float32)
    first[:, 2] = side
    first[:, 3] = side
    first[:, 4] = 1
    first[number, 5 + values[:, 1] % 3] = (number + 512).astype(np.float32) / np.float32(1024)
    second = first.copy()
    second[:, 0] += side * np.float32(0.55) / np.float32(1.45)
    second[:, 4] = 0.75
    return np.concatenate([first, second])


def half_pixel_rows(boxed: tuple[int, int], size: tuple[int, int]) -> np.ndarray:
    """Returns boxes whose upper left corners lie on half pixels of the photo, and are rounded the other way if
    gain or padding is applied in double instead of single precision; at most 20 for each on an axis."""
    gain = min(boxed[0] / size[0], boxed[1] / size[1])
    pads = [(boxed[axis] - size[axis] * gain) / 2 for axis in (0, 1)]
    single, corners = np.float32, []
    for axis, other in ((0, 1), (1, 0)):
        pad, found = pads[axis], {"gain": [], "pad": []}
        for pixel in range(size[axis] - 40):
            edge = single((pixel + 0.5) * gain + pad)
            moved = edge - single(pad)
            place = np.rint(moved / single(gain))
            if np.rint(single(float(moved) / gain)) != place:
                found["gain"].append(edge)
            if np.rint(single(float(edge) - pad) / single(gain)) != place:
                found["pad"].append(edge)
        for edges in found.values():
            for edge in edges[:: max(1, len(edges) // 20)][:20]:
                corner = [edge, edge]
                corner[other] = single(pads[other] + 32 + 8 * (len(corners) % 64))
                corners.append(corner)
    rows = np.zeros((len(corners), COLUMNS), np.float32)
    # Boxes of 4 pixels have corners that can be represented exactly.
    rows[:, 2:4] = 4
    rows[:, 4] = 1
    for number, corner in enumerate(corners):
        rows[number, :2] = np.array(corner, np.float32) + 2
        rows[number, 5 + number % 3] = (number + 512) / 1024
    return rows


def preprocess_vectors(stages: Stages) -> Iterator[dict[str, Any]]:
    rng = random.Random(11)
    sizes = SIZES + [
        (rng.randint(1, high), rng.randint(1, high))
        for high in (40, 400, 1500)
        for _ in range(RANDOM_SIZES // 3)
    ]
    for seed, (width, height) in enumerate(sizes):
        # Up to a tenth beyond the border.
        xmin, ymin = (round(rng.uniform(0, 0.8), 4) for _ in range(2))
        bbox = [xmin, ymin, *(round(rng.uniform(0, 1.1 - low), 4) for low in (xmin, ymin))]
        yield stages.preprocess(seed, width, height, bbox)


def detector_vectors(stages: Stages) -> Iterator[dict[str, Any]]:
    sizes = [(1280, 960), (640, 480), (2048, 1536), (1999, 1499), (333, 250), (4032, 3024)]
    for seed, size in enumerate(sizes):
        for kind, rows in (("random", random_rows(seed, 400)), ("pairs", threshold_rows(seed, 140))):
            yield {
                "kind": kind,
                "seed": seed,
                "count": len(rows) if kind == "random" else len(rows) // 2,
                "size": list(size),
                "detections": stages.detect(rows, size),
            }
    # Sizes whose gain cannot be represented in single precision.
    for size in [(1999, 1499), (333, 250), (3264, 2448)]:
        boxed = stages.detector.preprocess(PIL.Image.new("RGB", size)).arr
        rows = half_pixel_rows((boxed.shape[1], boxed.shape[0]), size)
        yield {
            "kind": "half pixels",
            "rows": rows.flatten().tolist(),
            "size": list(size),
            "detections": stages.detect(rows, size),
        }


def write(name: str, vectors: Iterator[dict[str, Any]]) -> None:
    lines = [json.dumps(vector, separators=(",", ":")) + "\n" for vector in vectors]
    (FIXTURES / name).write_text("".join(lines), encoding="ascii")
    print(f"{name}: {len(lines)} cases")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", required=True, help="of the type always_crop")
    parser.add_argument("--full-image-package", required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    stages = Stages(arguments.package, arguments.full_image_package)
    write("preprocess_vectors.jsonl", preprocess_vectors(stages))
    write("detector_vectors.jsonl", detector_vectors(stages))


if __name__ == "__main__":
    main()
