# SPDX-License-Identifier: Apache-2.0
"""The two birds of the demo: an ostrich and a turkey. Units are the height of the back."""

import numpy as np

from painter import Layer, arc, ellipse, limb, spline
from textures import barred, cloth, fur


def draw_ostrich(layer: Layer, rng: np.random.Generator, glow: float) -> None:
    """A black (or, for a hen, brown) ball of feathers on bare legs, with a long bare neck."""
    seed = int(rng.integers(1, 1000))
    male = rng.random() < 0.65
    body = (0.09, 0.08, 0.08) if male else (0.4, 0.34, 0.28)
    skin = (0.76, 0.62, 0.53) if male else (0.6, 0.53, 0.46)
    pale = (0.93, 0.92, 0.9) if male else (0.66, 0.61, 0.54)
    phase = rng.uniform(0, 2 * np.pi)
    for shift, dim in ((np.pi, 0.65), (0.0, 1.0)):
        stride = 0.2 * np.sin(phase + shift)
        lift = 0.14 * max(0.0, float(np.cos(phase + shift)))
        knee = (0.02 + stride * 0.2, 0.62)
        ankle = (-0.06 + stride * 0.6, 0.36 + lift * 0.5)
        foot = (stride, 0.04 + lift)
        layer.fill(limb([knee, ankle, foot], [0.15, 0.075, 0.05]), skin, dim)
        layer.fill([ellipse((foot[0] + 0.05, foot[1] - 0.01), 0.09, 0.03)], skin, dim)
    tail = spline([(-0.4, 0.9), (-0.62, 1.0), (-0.66, 0.84), (-0.58, 0.72), (-0.38, 0.72)])
    layer.fill([tail], cloth(pale, seed, 0.3))
    neck = arc((0.33, 0.9), rng.uniform(0.95, 1.4), rng.uniform(-0.1, 0.35), 0.85)
    layer.fill(limb(neck, np.linspace(0.16, 0.065, len(neck)).tolist()), cloth(skin, seed, 0.3))
    torso = spline(
        [(-0.5, 0.92), (-0.2, 1.06), (0.2, 1.04), (0.42, 0.9), (0.34, 0.68), (0.0, 0.56), (-0.4, 0.66)]
    )
    layer.fill([torso], fur(body, body, seed, 0.7))
    wing = spline([(-0.46, 0.82), (-0.3, 0.74), (-0.1, 0.68), (-0.22, 0.62), (-0.44, 0.66)])
    layer.fill([wing], cloth(pale, seed + 1, 0.3))
    head = neck[-1]
    layer.fill([ellipse(head, 0.085, 0.06)], skin)
    layer.fill(limb([head, (head[0] + 0.15, head[1] - 0.03)], [0.06, 0.025]), (0.6, 0.46, 0.34))
    layer.fill([ellipse((head[0] + 0.02, head[1] + 0.015), 0.02, 0.02)], (glow or 0.03,) * 3)


def draw_turkey(layer: Layer, rng: np.random.Generator, glow: float) -> None:
    """A dark barred body, a fan of a tail (spread or folded), a bare blue and red head."""
    seed = int(rng.integers(1, 1000))
    feathers = barred((0.2, 0.14, 0.1), (0.36, 0.25, 0.16), seed, 14)
    phase = rng.uniform(0, 2 * np.pi)
    for shift, dim in ((np.pi, 0.65), (0.0, 1.0)):
        foot = (0.05 + 0.12 * np.sin(phase + shift), 0.02)
        layer.fill(limb([(0.0, 0.4), (0.0, 0.2), foot], [0.1, 0.05, 0.04]), (0.6, 0.4, 0.33), dim)
        layer.fill([ellipse((foot[0] + 0.05, 0.02), 0.09, 0.02)], (0.6, 0.4, 0.33), dim)
    if rng.random() < 0.6:
        _fan(layer, rng, seed)
    else:
        tail = limb([(-0.35, 0.66), (-0.9, rng.uniform(0.45, 0.62))], [0.3, 0.2])
        layer.fill(tail, barred((0.16, 0.1, 0.07), (0.5, 0.34, 0.2), seed, 9))
        layer.fill([ellipse((-0.93, 0.54), 0.06, 0.1)], (0.82, 0.7, 0.52))
    torso = spline(
        [(-0.5, 0.7), (-0.2, 0.95), (0.2, 0.98), (0.46, 0.8), (0.42, 0.5), (0.1, 0.28), (-0.3, 0.36)]
    )
    layer.fill([torso], feathers)
    wing = spline([(-0.5, 0.52), (-0.2, 0.7), (0.15, 0.72), (0.16, 0.5), (-0.1, 0.38), (-0.4, 0.38)])
    layer.fill([wing], barred((0.14, 0.1, 0.08), (0.8, 0.76, 0.7), seed + 1, 11))
    neck = arc((0.36, 0.82), rng.uniform(0.5, 1.3), 0.3, 0.4, steps=4)
    layer.fill(limb(neck, [0.22, 0.15, 0.11, 0.1, 0.09]), (0.62, 0.28, 0.27))
    head = neck[-1]
    layer.fill([ellipse(head, 0.085, 0.07)], (0.5, 0.58, 0.72))
    layer.fill(limb([head, (head[0] + 0.14, head[1] - 0.04)], [0.06, 0.02]), (0.78, 0.66, 0.5))
    wattle = [(head[0] + 0.04, head[1] - 0.04), (head[0] + 0.02, head[1] - 0.2)]
    layer.fill(limb(wattle, [0.07, 0.04]), (0.78, 0.1, 0.1))
    layer.fill([ellipse((head[0] + 0.02, head[1] + 0.02), 0.02, 0.02)], (glow or 0.03,) * 3)


def _fan(layer: Layer, rng: np.random.Generator, seed: int) -> None:
    centre = np.array([-0.3, 0.55], np.float32)
    spread = rng.uniform(0.9, 1.25)
    angles = np.linspace(np.pi * 0.62 - spread, np.pi * 0.62 + spread, 24)
    edge = 0.85 + 0.025 * np.cos(np.arange(24) * np.pi)
    rim = np.column_stack([np.cos(angles) * edge, np.sin(angles) * edge]).astype(np.float32)
    layer.fill([np.vstack([centre, centre + rim])], (0.84, 0.72, 0.54))
    layer.fill([np.vstack([centre, centre + rim * 0.92])], (0.1, 0.07, 0.06))
    quills = barred((0.25, 0.16, 0.1), (0.56, 0.38, 0.22), seed, 12)
    layer.fill([np.vstack([centre, centre + rim * 0.82])], quills)
