# SPDX-License-Identifier: Apache-2.0
"""Noise and coats: everything that gives a flat shape a surface.

A *paint* is a function from two arrays of local coordinates (x forward, y up, in units of the
shoulder height of the animal) to colours, RGB in 0..1. The painter calls it only for the
pixels that a shape covers.
"""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Colour = tuple[float, float, float]
Paint = Callable[[Array, Array], Array]

TILE = 512


@cache
def noise_tile(octaves: int) -> Array:
    """A fixed, wrapping TILE x TILE square of fractal noise in 0..1 with mean 0.5."""
    rng = np.random.default_rng(octaves)
    total = np.zeros((TILE, TILE), np.float32)
    for octave in range(octaves):
        cells = 4 << octave
        if cells > TILE:
            break
        coarse = np.pad(rng.standard_normal((cells, cells)), 2, mode="wrap").astype(np.float32)
        step = TILE // cells
        fine = cv2.resize(coarse, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
        total += fine[2 * step : -2 * step, 2 * step : -2 * step] / (1.6**octave)
    total = total / (total.std() * 5) + 0.5
    return np.clip(total, 0, 1).astype(np.float32)


def sample_noise(x: Array, y: Array, frequency: float, seed: int, octaves: int = 5) -> Array:
    """Noise at local coordinates; `frequency` counts the coarsest cells per unit."""
    scale = frequency * TILE / 4
    columns = ((x * scale).astype(np.int64) + 7919 * seed) % TILE
    rows = ((y * scale).astype(np.int64) + 104729 * seed) % TILE
    return noise_tile(octaves)[rows, columns]


def _cells(x: Array, y: Array, seed: int) -> tuple[Array, Array]:
    """Distances to the nearest and second nearest of points scattered one per unit square."""
    column, row = np.floor(x), np.floor(y)
    nearest = np.full(x.shape, 9.0, np.float32)
    second = nearest.copy()
    for shift_x in (-1, 0, 1):
        for shift_y in (-1, 0, 1):
            cx, cy = column + shift_x, row + shift_y
            jitter = np.sin(cx * 127.1 + cy * 311.7 + seed) * 43758.5453
            px = cx + 0.5 + 0.7 * (jitter - np.floor(jitter) - 0.5)
            jitter = np.sin(cx * 269.5 + cy * 183.3 + seed) * 43758.5453
            py = cy + 0.5 + 0.7 * (jitter - np.floor(jitter) - 0.5)
            distance = np.hypot(px - x, py - y).astype(np.float32)
            second = np.minimum(second, np.maximum(nearest, distance))
            nearest = np.minimum(nearest, distance)
    return nearest, second


def _mix(first: Colour, second: Colour, share: Array) -> Array:
    share = np.clip(share, 0, 1)[..., None]
    return np.asarray(first, np.float32) * (1 - share) + np.asarray(second, np.float32) * share


def fur(colour: Colour, belly: Colour, seed: int, roughness: float = 0.25) -> Paint:
    """Short fur with a paler (or other) underside."""

    def paint(x: Array, y: Array) -> Array:
        edge = sample_noise(x, y, 1.5, seed) * 0.3
        colours = _mix(belly, colour, (y - 0.48 + edge) / 0.12)
        streaks = sample_noise(x, y * 0.4, 5.0, seed + 1)
        return colours * (1 + roughness * 2 * (streaks - 0.5))[..., None]

    return paint


def stripes(dark: Colour, light: Colour, seed: int, frequency: float) -> Paint:
    """A zebra's coat: upright bands that bend over the haunch and fork here and there."""

    def paint(x: Array, y: Array) -> Array:
        bend = 0.5 * np.square(np.clip(-x - 0.25, 0, 1)) * (y - 0.6) * 4
        # Legs carry level rings; the body, upright bands.
        level = np.clip((0.52 - y) / 0.1, 0, 1)
        along = (x + bend) * (1 - level) + y * 1.3 * level
        wave = np.sin(2 * np.pi * (along * frequency + sample_noise(x, y, 0.8, seed, 3) * 1.1))
        return _mix(dark, light, wave * 2.2 + 0.4)

    return paint


def rosettes(ground: Colour, dark: Colour, seed: int, frequency: float) -> Paint:
    """A leopard's coat: broken dark rings around a deeper centre, solid dots on the legs."""

    def paint(x: Array, y: Array) -> Array:
        nearest, _ = _cells(x * frequency, y * frequency, seed)
        colours = _mix((0.93, 0.89, 0.8), ground, (y - 0.36) / 0.2)
        colours *= (1 - 0.3 * np.clip(1 - nearest / 0.3, 0, 1))[..., None]
        breaks = sample_noise(x, y, 4.0, seed, 3)
        ring = np.clip(1 - np.abs(nearest - 0.3) / 0.14, 0, 1) * (breaks > 0.36)
        return _mix_arrays(colours, dark, ring * 2)

    return paint


def patches(ground: Colour, dark: Colour, seed: int, frequency: float) -> Paint:
    """A giraffe's coat: brown plates parted by pale lines, fading down the legs."""

    def paint(x: Array, y: Array) -> Array:
        nearest, second = _cells(x * frequency, y * frequency, seed)
        plate = np.clip((second - nearest - 0.1) / 0.08, 0, 1) * np.clip((y - 0.2) / 0.2, 0, 1)
        mottled = sample_noise(x, y, 3.0, seed)[..., None] * 0.3 + 0.85
        return _mix(ground, dark, plate) * mottled

    return paint


def barred(first: Colour, second: Colour, seed: int, frequency: float) -> Paint:
    """Feathers in rows, as on a turkey's body and fan."""

    def paint(x: Array, y: Array) -> Array:
        radius = np.hypot(x - 0.6, y - 1.1)
        wave = np.sin(2 * np.pi * (radius * frequency + sample_noise(x, y, 1.0, seed, 3) * 0.4))
        return _mix(first, second, wave * 1.5 + 0.5)

    return paint


def cloth(colour: Colour, seed: int, roughness: float = 0.2) -> Paint:
    """A plain surface with soft folds: clothing, hide, paintwork."""

    def paint(x: Array, y: Array) -> Array:
        folds = sample_noise(x, y, 1.2, seed)
        return np.asarray(colour, np.float32) * (1 + roughness * 2 * (folds - 0.5))[..., None]

    return paint


def _mix_arrays(base: Array, colour: Colour, share: Array) -> Array:
    share = np.clip(share, 0, 1)[..., None]
    return base * (1 - share) + np.asarray(colour, np.float32) * share
