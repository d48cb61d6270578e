# SPDX-License-Identifier: Apache-2.0
"""The empty scene: sky, far hills and trees, ground, trunks, bushes and grass."""

from dataclasses import dataclass

import cv2
import numpy as np

from textures import TILE, Array, Colour, noise_tile

_GROUNDS: dict[str, tuple[Colour, Colour]] = {
    "meadow": ((0.27, 0.36, 0.14), (0.42, 0.47, 0.22)),
    "savanna": ((0.56, 0.47, 0.26), (0.7, 0.6, 0.36)),
    "forest": ((0.24, 0.19, 0.12), (0.38, 0.3, 0.18)),
    "desert": ((0.68, 0.53, 0.37), (0.8, 0.68, 0.5)),
    "snow": ((0.76, 0.78, 0.82), (0.92, 0.93, 0.95)),
}


@dataclass(frozen=True)
class Backdrop:
    """An empty scene, and its properties that figures need."""

    image: Array
    horizon: int
    grass: tuple[Colour, Colour]
    lushness: float


def _noise(rng: np.random.Generator, height: int, width: int, stretch: float, octaves: int) -> Array:
    """Noise over the frame at a random offset; `stretch` > 1 flattens it."""
    zoom = rng.uniform(0.6, 1.6)
    tile = np.roll(noise_tile(octaves), tuple(rng.integers(0, TILE, 2)), (0, 1))
    rows = (np.arange(height) * stretch * zoom).astype(int) % TILE
    columns = (np.arange(width) * zoom).astype(int) % TILE
    return tile[np.ix_(rows, columns)]


def _shift(rng: np.random.Generator, colour: Colour, spread: float = 0.05) -> Array:
    shifted = np.asarray(colour) * rng.uniform(0.8, 1.15) + rng.normal(0, spread / 2, 3)
    return np.clip(shifted, 0.02, 0.98).astype(np.float32)


def render_backdrop(rng: np.random.Generator, height: int, width: int) -> Backdrop:
    kind = str(rng.choice(list(_GROUNDS), p=[0.3, 0.22, 0.28, 0.1, 0.1]))
    dark, light = (_shift(rng, colour) for colour in _GROUNDS[kind])
    horizon = int(height * rng.uniform(0.2, 0.48))
    image = np.empty((height, width, 3), np.float32)
    _sky(rng, image, horizon, wooded=kind == "forest")

    depth = np.linspace(0, 1, height - horizon, dtype=np.float32)[:, None]
    coarse = _noise(rng, height - horizon, width, 2.5, 6)
    fine = _noise(rng, height - horizon, width, 1.4, 8)
    share = np.clip(coarse * 1.2 + fine - 0.6, 0, 1)[..., None]
    ground = dark * (1 - share) + light * share
    haze = 0.25 * np.exp(-depth * 5)[..., None] * image[max(0, horizon - 2)].mean(0)
    image[horizon:] = ground * (0.8 + 0.3 * depth[..., None]) + haze

    _treeline(rng, image, horizon, dense=kind in ("forest", "meadow"))
    lushness = {"meadow": 1.0, "savanna": 0.9, "forest": 0.5, "desert": 0.12, "snow": 0.1}[kind]
    grass = (tuple((dark * 0.75).tolist()), tuple(np.clip(light * 1.1, 0, 1).tolist()))
    _standing_things(rng, image, horizon, trunks=kind == "forest")
    backdrop = Backdrop(image, horizon, grass, lushness)
    tufts = int(260 * lushness * rng.uniform(0.3, 1.3))
    feet = horizon + (height - horizon) * rng.uniform(0.05, 0.95, tufts) ** 1.3
    draw_grass(rng, image, backdrop, np.sort(feet))
    return backdrop


def _sky(rng: np.random.Generator, image: Array, horizon: int, wooded: bool) -> None:
    height, width = image.shape[:2]
    top, low = ((0.42, 0.58, 0.82), (0.82, 0.87, 0.93)) if rng.random() < 0.6 else ((0.7, 0.73, 0.76), (0.86, 0.87, 0.88))
    if wooded:
        top, low = (0.2, 0.27, 0.13), (0.36, 0.42, 0.22)
    ramp = np.linspace(0, 1, horizon, dtype=np.float32)[:, None, None]
    sky = _shift(rng, top) * (1 - ramp) + _shift(rng, low) * ramp
    cloud = _noise(rng, horizon, width, 2.0 if not wooded else 1.0, 7)[..., None]
    strength = 1.1 if wooded else 0.35
    image[:horizon] = np.clip(sky * (1 + strength * (cloud - 0.5)), 0, 1)


def _treeline(rng: np.random.Generator, image: Array, horizon: int, dense: bool) -> None:
    """Rows of far hills and tree crowns, nearer rows darker and lower."""
    width = image.shape[1]
    rows = int(rng.integers(1, 4))
    for row in range(rows):
        reach = horizon * rng.uniform(0.1, 0.75 if dense else 0.3) * (1 - row / (rows + 1))
        profile = _noise(rng, 1, width, 1.0, 7 if dense else 3)[0]
        crown = np.clip(horizon - reach * (0.35 + profile), 0, horizon).astype(int)
        tone = _shift(rng, (0.2, 0.28, 0.14) if dense else (0.36, 0.37, 0.28)) * (1.25 - 0.2 * row)
        leaves = _noise(rng, horizon, width, 1.0, 8)[..., None] * 1.2 + 0.4
        mask = np.arange(horizon)[:, None] >= crown[None]
        image[:horizon][mask] = np.clip(tone * leaves, 0, 1)[mask]


def _standing_things(rng: np.random.Generator, image: Array, horizon: int, trunks: bool) -> None:
    height, width = image.shape[:2]
    for _ in range(int(rng.integers(3, 9)) if trunks else int(rng.random() < 0.3)):
        foot = horizon + (height - horizon) * rng.uniform(0, 0.35) ** 1.5
        draw_trunk(rng, image, rng.uniform(0, width), foot, rng.uniform(0.012, 0.045) * width)
    for _ in range(int(rng.integers(0, 6))):
        foot = horizon + (height - horizon) * rng.uniform(0.0, 0.5)
        draw_bush(rng, image, rng.uniform(0, width), foot, rng.uniform(0.03, 0.1) * width)


def draw_trunk(
    rng: np.random.Generator, image: Array, x: float, foot: float, thickness: float
) -> None:
    """A bare tree trunk from the ground out of the top of the frame."""
    height, width = image.shape[:2]
    lean = rng.normal(0, 0.03) * width
    left, right = x - thickness / 2, x + thickness / 2
    outline = np.array(
        [
            (left + lean, 0),
            (right + lean, 0),
            (right, foot * 0.85),
            (right + thickness * 0.3, foot),
            (left - thickness * 0.3, foot),
            (left, foot * 0.85),
        ]
    )
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], 255, cv2.LINE_AA)
    span = np.s_[: int(foot) + 2, max(0, int(outline[:, 0].min())) : int(outline[:, 0].max()) + 2]
    cover = mask[span].astype(np.float32)[..., None] / 255
    if not cover.size:
        return
    bark = _noise(rng, *cover.shape[:2], 0.25, 8)[..., None] * 1.1 + 0.4
    across = np.linspace(-1, 1, cover.shape[1], dtype=np.float32)[None, :, None]
    tone = _shift(rng, (0.3, 0.24, 0.18)) * bark * (1.05 - 0.35 * across)
    image[span] = image[span] * (1 - cover) + np.clip(tone, 0, 1) * cover


def draw_bush(rng: np.random.Generator, image: Array, x: float, foot: float, size: float) -> None:
    """A heap of leaf blobs, dark inside and lit on top."""
    tone = _shift(rng, (0.24, 0.32, 0.13))
    for level in np.linspace(0, 1, 40):
        spot_x = x + rng.normal(0, size * 0.45 * (1 - level * 0.5))
        spot_y = foot - size * (0.1 + level * rng.uniform(0.5, 0.9))
        shade = tone * (0.55 + 0.7 * level * rng.uniform(0.7, 1.2))
        radius = max(1.0, size * rng.uniform(0.06, 0.2))
        cv2.ellipse(
            image,
            (round(spot_x), round(spot_y)),
            (round(radius), round(radius * 0.6) + 1),
            float(rng.uniform(0, 180)),
            0,
            360,
            np.clip(shade, 0, 1).tolist(),
            -1,
            cv2.LINE_AA,
        )


def draw_grass(rng: np.random.Generator, image: Array, backdrop: Backdrop, feet: Array) -> None:
    """One tuft of blades at each foot line, taller towards the camera."""
    height, width = image.shape[:2]
    dark, light = (np.asarray(colour) for colour in backdrop.grass)
    for foot in feet:
        near = (foot - backdrop.horizon) / max(1, height - backdrop.horizon)
        reach = height * (0.012 + 0.075 * near) * rng.uniform(0.6, 1.3)
        x = rng.uniform(0, width)
        for _ in range(int(rng.integers(4, 9))):
            root = x + rng.normal(0, reach * 0.35)
            tip = root + rng.normal(0, reach * 0.35)
            thick = max(0.6, reach * 0.05)
            blade = np.array([(root - thick, foot), (tip, foot - reach * rng.uniform(0.5, 1)), (root + thick, foot)])
            tone = dark + (light - dark) * rng.random()
            fixed = np.round(blade * 16).astype(np.int32)
            cv2.fillPoly(image, [fixed], np.clip(tone, 0, 1).tolist(), cv2.LINE_AA, 4)
