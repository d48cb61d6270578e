# SPDX-License-Identifier: Apache-2.0
"""Cars, pickups and lorries from the side. Units are the height of the vehicle."""

import numpy as np

from painter import Layer, ellipse
from textures import cloth

_OUTLINES = {
    # Body outline, window outlines and wheel positions; nose towards +x.
    "car": (
        [(-1.5, 0.22), (-1.52, 0.6), (-1.05, 0.66), (-0.7, 1.0), (0.35, 1.0), (0.8, 0.64), (1.45, 0.55), (1.52, 0.22)],
        [[(-0.92, 0.66), (-0.64, 0.93), (-0.18, 0.93), (-0.18, 0.66)], [(-0.08, 0.66), (-0.08, 0.93), (0.3, 0.93), (0.62, 0.66)]],
        (-0.95, 0.95, 0.25),
    ),
    "pickup": (
        [(-1.5, 0.26), (-1.5, 0.66), (-0.35, 0.66), (-0.3, 1.0), (0.4, 1.0), (0.72, 0.68), (1.35, 0.62), (1.42, 0.26)],
        [[(-0.2, 0.68), (-0.17, 0.93), (0.32, 0.93), (0.52, 0.68)]],
        (-0.92, 0.9, 0.25),
    ),
    "off-roader": (
        [(-1.15, 0.24), (-1.18, 0.98), (0.4, 1.0), (0.62, 0.66), (1.12, 0.6), (1.15, 0.24)],
        [[(-1.05, 0.66), (-1.05, 0.9), (-0.55, 0.9), (-0.55, 0.66)], [(-0.45, 0.66), (-0.45, 0.9), (0.32, 0.9), (0.5, 0.66)]],
        (-0.7, 0.72, 0.25),
    ),
    "lorry": (
        [(-1.6, 0.2), (-1.6, 1.0), (0.55, 1.0), (0.55, 0.82), (1.0, 0.82), (1.16, 0.5), (1.18, 0.2)],
        [[(0.68, 0.54), (0.68, 0.76), (0.94, 0.76), (1.06, 0.54)]],
        (-1.05, 0.78, 0.2),
    ),
}  # fmt: skip


def draw_vehicle(layer: Layer, rng: np.random.Generator, glow: float) -> None:
    """One vehicle in a random colour; `glow` lights its headlamp."""
    seed = int(rng.integers(1, 1000))
    body, windows, (rear, front, radius) = _OUTLINES[str(rng.choice(list(_OUTLINES)))]
    colour = rng.uniform(0.06, 0.9, 3)
    if rng.random() < 0.5:  # white, silver, grey and black are what most drive
        colour = np.full(3, rng.uniform(0.08, 0.92)) + rng.normal(0, 0.02, 3)
    paint = cloth(tuple(np.clip(colour, 0.03, 1).tolist()), seed, 0.08)
    layer.fill([np.array([(rear, 0.1), (front, 0.1), (front, 0.34), (rear, 0.34)])], (0.04,) * 3)
    layer.fill([np.array(body, np.float32)], paint)
    sill = [(body[0][0], 0.22), (body[0][0], 0.34), (body[-1][0], 0.34), (body[-1][0], 0.22)]
    layer.fill([np.array(sill, np.float32)], paint, dim=0.7)
    glass = tuple((rng.uniform(0.1, 0.45) * np.array([0.85, 1.0, 1.1])).tolist())
    for window in windows:
        layer.fill([np.array(window, np.float32)], glass)
        low, high = np.array(window[0]), np.array(window[1])
        glare = np.array([low + (0.12, 0.0), high + (0.1, 0), high + (0.2, 0), low + (0.22, 0)])
        layer.fill([glare.astype(np.float32)], tuple(min(1.0, c + 0.2) for c in glass))
    for wheel in (rear, front):
        layer.fill([ellipse((wheel, radius), radius * 1.18, radius * 1.12)], (0.05,) * 3)
        layer.fill([ellipse((wheel, radius), radius, radius)], (0.09,) * 3)
        layer.fill([ellipse((wheel, radius), radius * 0.55, radius * 0.55)], (0.6, 0.61, 0.62))
        layer.fill([ellipse((wheel, radius), radius * 0.16, radius * 0.16)], (0.2,) * 3)
    lamp = (body[-1][0] - 0.09, 0.5)
    layer.fill([ellipse(lamp, 0.09, 0.06)], (max(glow, 0.85),) * 3)
    layer.fill([ellipse((body[0][0] + 0.06, 0.5), 0.04, 0.08)], (0.6, 0.06, 0.05))
