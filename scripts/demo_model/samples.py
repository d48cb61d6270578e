#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Renders the sample photos of examples/demo/photos.

They come from a separate random stream, which neither training nor evaluation uses;
the table below determines what each shows, and the rest is random.
"""

import argparse
from pathlib import Path

from bundle import REPOSITORY
from dataset import SAMPLES, scene_generator
from scene import Wish, render

_SEED = 20240517
_PHOTOS: dict[str, tuple[int, Wish]] = {
    "zebra": (2, Wish(("plains zebra", "plains zebra"), False, (1280, 960))),
    "leopard_night": (0, Wish(("leopard",), True, (1280, 960))),
    "elephant": (2, Wish(("african elephant",), False, (1280, 720))),
    "person": (15, Wish(("human",), False, (960, 1280))),
    "vehicle_night": (14, Wish(("vehicle",), True, (1280, 960))),
    "blank": (15, Wish((), False, (1280, 960))),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=REPOSITORY / "examples/demo/photos")
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    for name, (index, wish) in _PHOTOS.items():
        scene = render(scene_generator(_SEED, SAMPLES, index), wish)
        (folder / f"{name}.jpg").write_bytes(scene.jpeg)
        shown = ", ".join(f"{subject.name} {subject.box}" for subject in scene.subjects)
        print(f"{name}.jpg: {shown or 'nothing'}, {len(scene.jpeg)} bytes")


if __name__ == "__main__":
    main()
