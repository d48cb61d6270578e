# SPDX-License-Identifier: Apache-2.0
"""One rendered camera-trap scene with its true boxes and names.

`render(rng)` draws everything at random; a `Wish` fixes what a sample photo should show.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from backdrop import Backdrop, draw_grass, draw_trunk, render_backdrop
from birds import draw_ostrich, draw_turkey
from camera import expose, flash_reach, stamp_strip, to_infrared, to_jpeg
from people import draw_person
from painter import Layer, Pose
from quadrupeds import QUADRUPEDS, draw_quadruped
from vehicles import draw_vehicle

ANIMAL, HUMAN, VEHICLE = range(3)
BLANK = "blank"
SPECIES = (*QUADRUPEDS, "common ostrich", "wild turkey")
_BIRD_SIZES = {"common ostrich": 0.95, "wild turkey": 0.72}
_ASPECTS = ((4, 3), (4, 3), (16, 9), (3, 2), (3, 4), (1, 1))
_LONG_SIDES = (480, 560, 640, 720, 960)
_MIN_SIDE = 0.045  # of the frame's long side; smaller objects are not worth asking for
_MIN_VISIBLE = 0.45


@dataclass(frozen=True)
class Subject:
    """One object: detector category, common name, box (xmin, ymin, xmax, ymax) in pixels."""

    category: int
    name: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Scene:
    """A photo as the camera's JPEG file, with its true objects."""

    jpeg: bytes
    subjects: tuple[Subject, ...]
    infrared: bool


@dataclass(frozen=True)
class Wish:
    """The contents of a scene; None leaves them to chance."""

    names: tuple[str, ...] | None = None
    infrared: bool | None = None
    size: tuple[int, int] | None = None  # width, height


def render(rng: np.random.Generator, wish: Wish = Wish()) -> Scene:
    width, height = wish.size or _random_size(rng)
    infrared = bool(rng.random() < 0.42) if wish.infrared is None else wish.infrared
    names = _random_names(rng) if wish.names is None else wish.names
    backdrop = render_backdrop(rng, height, width)
    image = backdrop.image
    if infrared:
        rows = np.arange(height, dtype=np.float32)[:, None, None]
        image = to_infrared(image, 0.9) * flash_reach(rows, backdrop.horizon, height)
        image[: backdrop.horizon] *= rng.uniform(0.15, 0.6)
    light = rng.uniform(0, 2 * np.pi)

    placed: list[tuple[float, Layer, str]] = []
    for name in names:
        layer = _place(rng, name, backdrop, infrared, [box for _, box, _ in _boxes(placed)])
        if layer is not None:
            placed.append((layer.pose.foot_y, layer, name))
    placed.sort(key=lambda item: item[0])
    for foot, layer, _ in placed:
        layer.shade(light if not infrared else -np.pi / 2, rng.uniform(0.2, 0.42))
        _blend(rng, image, layer, infrared, float(flash_reach(foot, backdrop.horizon, height)))
        _cover(rng, image, backdrop, layer, infrared)

    photo = (expose(rng, image, infrared) * 255).astype(np.uint8)
    stamp_strip(rng, photo, infrared)
    subjects = tuple(
        Subject(_category(name), name, box) for _, box, name in _boxes(placed) if box is not None
    )
    return Scene(to_jpeg(photo, int(rng.integers(45, 93))), subjects, infrared)


def _random_size(rng: np.random.Generator) -> tuple[int, int]:
    long = int(rng.choice(_LONG_SIDES))
    across, down = _ASPECTS[rng.integers(len(_ASPECTS))]
    return round(long * across / max(across, down)), round(long * down / max(across, down))


def _random_names(rng: np.random.Generator) -> tuple[str, ...]:
    if rng.random() < 0.12:
        return ()
    names: list[str] = []
    count = int(rng.choice([1, 2, 3], p=[0.66, 0.22, 0.12]))
    while len(names) < count:
        kind = rng.random()
        if names and kind < 0.5:
            names.append(names[-1])  # animals and people like company
        elif kind < 0.8:
            names.append(str(rng.choice(SPECIES)))
        else:
            names.append("human" if kind < 0.9 else "vehicle")
    return tuple(names)


def _category(name: str) -> int:
    return {"human": HUMAN, "vehicle": VEHICLE}.get(name, ANIMAL)


def _boxes(placed: list[tuple[float, Layer, str]]) -> list:
    return [(foot, layer.box(layer.width, layer.height), name) for foot, layer, name in placed]


def _place(
    rng: np.random.Generator, name: str, backdrop: Backdrop, infrared: bool, taken: list
) -> Layer | None:
    """Draws one figure where it is big enough, mostly inside the frame and not in a crowd."""
    height, width = backdrop.image.shape[:2]
    long = max(height, width)
    for _ in range(6):
        near = rng.uniform(0.08, 1) ** 1.2
        foot_y = backdrop.horizon + (height - backdrop.horizon) * (0.08 + near * 0.9)
        unit = long * (0.1 + 0.42 * near) * rng.uniform(0.75, 1.3)
        if name == "human":
            unit *= 1.15
        elif name == "vehicle":
            unit *= 0.85
        else:
            unit *= 0.62 * (QUADRUPEDS[name].size if name in QUADRUPEDS else _BIRD_SIZES[name])
        pose = Pose(
            foot_x=rng.uniform(0.08, 0.92) * width,
            foot_y=foot_y,
            scale=unit,
            facing=int(rng.choice([-1, 1])),
            squash=rng.uniform(0.72, 1.0) if rng.random() < 0.5 else 1.0,
            roll=rng.normal(0, 0.04),
        )
        layer = Layer(height, width, pose)
        glow = rng.uniform(0.8, 1.0) if infrared and rng.random() < 0.8 else 0.0
        _draw(layer, rng, name, glow)
        box = layer.box(width, height)
        if box is None:
            continue
        reach = np.concatenate(layer.reach)
        whole = np.prod(np.ptp(reach, axis=0))
        area = (box[2] - box[0]) * (box[3] - box[1])
        big_enough = min(box[2] - box[0], box[3] - box[1]) >= _MIN_SIDE * long
        if big_enough and area >= _MIN_VISIBLE * whole and not _crowded(box, taken):
            return layer
    return None


def _draw(layer: Layer, rng: np.random.Generator, name: str, glow: float) -> None:
    if name == "human":
        draw_person(layer, rng, glow)
    elif name == "vehicle":
        draw_vehicle(layer, rng, glow)
    elif name == "common ostrich":
        draw_ostrich(layer, rng, glow)
    elif name == "wild turkey":
        draw_turkey(layer, rng, glow)
    else:
        draw_quadruped(layer, rng, QUADRUPEDS[name], glow)


def _crowded(box: tuple[int, int, int, int], taken: list) -> bool:
    """Whether more than a fifth of either box would be hidden behind the other."""
    for other in taken:
        if other is None:
            continue
        across = min(box[2], other[2]) - max(box[0], other[0])
        down = min(box[3], other[3]) - max(box[1], other[1])
        if across > 0 and down > 0:
            smaller = min(
                (b[2] - b[0]) * (b[3] - b[1]) for b in (box, other)
            )
            if across * down > 0.2 * smaller:
                return True
    return False


def _blend(
    rng: np.random.Generator, image: np.ndarray, layer: Layer, infrared: bool, reach: float
) -> None:
    """Puts the figure into the scene with its shadow, and the motion blur of its speed."""
    box = layer.box(layer.width, layer.height)
    assert box is not None
    left, _, right, bottom = box
    colour, cover = layer.colour, layer.coverage
    if infrared:
        colour = to_infrared(colour) * min(1.15, reach * rng.uniform(1.0, 1.35))
    foot = (round((left + right) / 2), min(bottom, layer.height - 1))
    shadow = np.zeros(image.shape[:2], np.float32)
    axes = (max(2, round((right - left) * 0.5)), max(1, round((right - left) * 0.07)))
    cv2.ellipse(shadow, foot, axes, 0, 0, 360, 1.0, -1)
    shadow = cv2.GaussianBlur(shadow, (0, 0), max(1.0, (right - left) * 0.03))
    image *= 1 - (0.3 if infrared else 0.5) * shadow[..., None]
    premultiplied = colour * cover[..., None]
    if rng.random() < 0.35:
        length = 1 + round(rng.uniform(0, 0.035 if infrared else 0.02) * max(image.shape[:2]))
        kernel = np.full((1, length), 1 / length, np.float32)
        premultiplied = cv2.filter2D(premultiplied, -1, kernel)
        cover = cv2.filter2D(cover, -1, kernel)
    image *= 1 - cover[..., None]
    image += premultiplied


def _cover(
    rng: np.random.Generator, image: np.ndarray, backdrop: Backdrop, layer: Layer, infrared: bool
) -> None:
    """Grows grass over the feet and, now and then, a trunk across the figure."""
    box = layer.box(layer.width, layer.height)
    assert box is not None
    left, top, right, bottom = box
    front = image.copy()
    if backdrop.lushness > 0.15:
        reach = (right - left) * 0.04
        tufts = np.full(int(rng.uniform(4, 22) * backdrop.lushness), bottom + reach * 0.3)
        width = image.shape[1]
        start, stop = max(0, left - 5), min(width, right + 5)
        strip = np.ascontiguousarray(front[:, start:stop])
        draw_grass(rng, strip, backdrop, tufts + rng.uniform(0, reach, len(tufts)))
        front[:, start:stop] = strip
    if rng.random() < 0.08:
        x = rng.uniform(left, right)
        draw_trunk(rng, front, x, bottom + 0.05 * (bottom - top), (right - left) * rng.uniform(0.06, 0.13))
    if infrared:
        changed = np.abs(front - image).max(2) > 1e-4
        lit = float(flash_reach(bottom, backdrop.horizon, image.shape[0]))
        image[changed] = to_infrared(front[changed][None])[0] * lit
    else:
        image[:] = front
