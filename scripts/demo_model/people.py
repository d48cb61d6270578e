# SPDX-License-Identifier: Apache-2.0
"""People on foot. Units are the height of the person."""

import numpy as np

from painter import Layer, ellipse, limb, spline
from textures import cloth

_SKIN = ((0.9, 0.74, 0.62), (0.78, 0.58, 0.44), (0.55, 0.37, 0.26), (0.34, 0.22, 0.16))


def draw_person(layer: Layer, rng: np.random.Generator, glow: float) -> None:
    """A walking or standing person, with or without hat and backpack."""
    seed = int(rng.integers(1, 1000))
    skin = _SKIN[rng.integers(len(_SKIN))]
    shirt = tuple(rng.uniform(0.08, 0.9, 3).tolist())
    trousers = tuple((rng.uniform(0.06, 0.5) * np.array([1, 1, rng.uniform(0.9, 1.4)])).tolist())
    swing = rng.uniform(-1, 1) * 0.12
    broad = rng.uniform(0.85, 1.15)
    for side, dim in ((-1, 0.7), (1, 1.0)):
        stride = swing * side
        hip = (0.03 * side, 0.5)
        knee = (0.03 * side + stride * 0.6, 0.27)
        ankle = (0.03 * side + stride * (1.2 if stride < 0 else 0.8), 0.04)
        layer.fill(limb([hip, knee, ankle], [0.13 * broad, 0.09, 0.065]), trousers, dim)
        layer.fill([ellipse((ankle[0] + 0.03, 0.02), 0.06, 0.024)], (0.1, 0.08, 0.07), dim)
        if side < 0:
            _arm(layer, -stride, shirt, skin, 0.7, -0.1 * broad)
    if rng.random() < 0.35:
        pack = tuple(rng.uniform(0.05, 0.6, 3).tolist())
        layer.fill([spline([(-0.2, 0.8), (-0.08, 0.84), (-0.06, 0.55), (-0.2, 0.55)])], pack)
    torso = spline(
        [
            (-0.12 * broad, 0.8),
            (0.0, 0.845),
            (0.12 * broad, 0.8),
            (0.1 * broad, 0.62),
            (0.1 * broad, 0.46),
            (-0.1 * broad, 0.46),
            (-0.1 * broad, 0.62),
        ]
    )
    layer.fill([torso], cloth(shirt, seed, 0.35))
    layer.fill(limb([(0.0, 0.82), (0.01, 0.88)], [0.07, 0.065]), skin, 0.9)
    head = (0.012, 0.925)
    layer.fill([ellipse(head, 0.058, 0.075)], skin)
    hair = tuple((rng.uniform(0.04, 0.5) * np.array([1.0, 0.8, 0.6])).tolist())
    if rng.random() < 0.4:
        hat = tuple(rng.uniform(0.1, 0.8, 3).tolist())
        layer.fill([ellipse((0.01, 0.965), 0.064, 0.042), ellipse((0.05, 0.955), 0.075, 0.014)], hat)
    else:
        layer.fill([ellipse((-0.005, 0.965), 0.062, 0.045)], hair)
        layer.fill([ellipse((-0.04, 0.93), 0.026, 0.05)], hair)
    layer.fill([ellipse((0.035, 0.932), 0.009, 0.008)], (glow or 0.05,) * 3)
    _arm(layer, swing, shirt, skin, 1.0, 0.09 * broad)


def _arm(
    layer: Layer,
    swing: float,
    shirt: tuple[float, ...],
    skin: tuple[float, ...],
    dim: float,
    shoulder: float,
) -> None:
    elbow = (shoulder * 1.25 + swing * 0.5, 0.64)
    hand = (shoulder * 1.2 + swing * 1.3 + 0.03, 0.48)
    layer.fill(limb([(shoulder, 0.78), elbow, hand], [0.08, 0.065, 0.05]), shirt, dim * 0.9)
    layer.fill([ellipse(hand, 0.028, 0.032)], skin, dim)
