# SPDX-License-Identifier: Apache-2.0
"""Four-legged animals, drawn from a table of proportions: one row per species.

Lengths are in units of the shoulder height. Every drawing takes its pose (gait, head raised or
grazing, tail) from the random generator, so no two animals look the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from painter import Layer, arc, ellipse, limb, spline
from textures import Colour, Paint, cloth, fur, patches, rosettes, stripes

Coat = Callable[[np.random.Generator, int], Paint]


@dataclass(frozen=True)
class Build:
    """Proportions of a four-legged animal."""

    coat: Coat
    size: float  # relative to the other species, compressed: a fox is not ten times too small
    length: float
    depth: float
    leg: float  # width of the upper leg
    neck: float
    neck_width: float
    neck_angle: tuple[float, float]  # radians above the horizontal, grazing to alert
    head: float
    muzzle: float
    skull: float
    ear: tuple[float, float]  # length, width
    ear_angle: float
    tail: float
    tail_width: float
    tail_angle: float
    rump: float = 0.97
    hump: float = 1.0
    extra_below: Callable[[Layer, np.random.Generator, "Marks"], None] | None = None
    extra_above: Callable[[Layer, np.random.Generator, "Marks"], None] | None = None
    legs_dark: Colour | None = None
    snout: Colour = (0.08, 0.07, 0.07)
    tail_tip: Colour | None = None


@dataclass(frozen=True)
class Marks:
    """Where the parts of one drawn animal ended up, for manes, antlers and tusks."""

    build: Build
    paint: Paint
    neck_joints: list[tuple[float, float]]
    head: tuple[float, float]
    nose: tuple[float, float]
    gaze: float


def _jitter(rng: np.random.Generator, colour: Colour, spread: float = 0.1) -> Colour:
    shades = np.asarray(colour) * rng.uniform(1 - spread, 1 + spread) + rng.normal(0, 0.015, 3)
    return tuple(np.clip(shades, 0.01, 1).tolist())


def _fur(colour: Colour, belly: Colour, roughness: float = 0.25) -> Coat:
    return lambda rng, seed: fur(_jitter(rng, colour), _jitter(rng, belly), seed, roughness)


def _leg(
    layer: Layer, build: Build, paint: Paint, hip: tuple[float, float], phase: float, hind: bool
) -> list[np.ndarray]:
    stride = 0.16 * np.sin(phase)
    lift = 0.1 * max(0.0, np.cos(phase))
    hip_x, hip_y = hip
    bend = -0.07 if hind else 0.03
    knee = (hip_x + stride * 0.5 + bend, hip_y * 0.52 + lift * 0.5)
    ankle = (hip_x + stride + bend * 0.4, 0.05 + lift)
    width = build.leg
    shapes = limb([hip, knee, ankle], [width * 1.7, width, width * 0.72])
    foot = (ankle[0] + width * 0.25, ankle[1] - 0.02)
    return shapes + [ellipse(foot, width * 0.6, 0.035)]


def draw_quadruped(layer: Layer, rng: np.random.Generator, build: Build, glow: float) -> None:
    """Paints one animal; `glow` is the brightness of its eye in the camera's flash."""
    seed = int(rng.integers(1, 1_000))
    paint = build.coat(rng, seed)
    leg_paint: Paint | Colour = build.legs_dark or paint
    half = build.length / 2
    phases = rng.uniform(0, 2 * np.pi) + np.array([0, np.pi, np.pi * 0.9, np.pi * 1.9])
    hips = [(half - 0.1, 1 - build.depth * 0.55), (-half + 0.1, 1 - build.depth * 0.5)]
    for hip, phase, hind in ((hips[0], phases[1], False), (hips[1], phases[2], True)):
        far = (hip[0] - 0.04, hip[1])
        layer.fill(_leg(layer, build, paint, far, phase, hind), leg_paint, dim=0.6)

    droop = build.tail_angle + rng.uniform(-0.3, 0.3)
    tail = arc((-half, build.rump - 0.06), droop, rng.uniform(-0.6, 0.4), build.tail)
    widths = np.linspace(build.tail_width, build.tail_width * 0.5, len(tail))
    bushy = build.tail_width * np.sin(np.linspace(0.5, 2.7, len(tail)))
    shape = limb(tail, (bushy if build.tail_width > 0.12 else widths).tolist())
    layer.fill(shape, paint, dim=0.9)
    if build.tail_tip is not None:
        layer.fill([ellipse(tail[-1], build.tail_width * 0.55, 0.06)], build.tail_tip)

    angle = rng.uniform(*build.neck_angle)
    start = (half - 0.1, 1 - build.depth * 0.28)
    neck = arc(start, angle, 0.15, build.neck + 0.1, steps=4)
    head = neck[-1]
    gaze = min(angle, 0.2) - rng.uniform(0.25, 0.7)
    nose = (head[0] + np.cos(gaze) * build.head, head[1] + np.sin(gaze) * build.head)
    marks = Marks(build, paint, neck, head, nose, gaze)
    if build.extra_below is not None:
        build.extra_below(layer, rng, marks)

    depth = build.depth
    torso = spline(
        [
            (-half - 0.03, build.rump - 0.12),
            (-half + 0.1, build.rump),
            (-0.1 * half, build.hump * 0.95),
            (half * 0.65, build.hump),
            (half + 0.03, 0.92),
            (half + 0.08, 1 - depth * 0.55),
            (half * 0.75, 1 - depth),
            (0.0, 1 - depth * 0.98),
            (-half * 0.6, 1 - depth * 0.82),
            (-half, 1 - depth * 0.75),
        ]
    )
    widths = np.linspace(build.neck_width * 1.5, build.neck_width, len(neck)).tolist()
    layer.fill([torso, *limb(neck, widths)], paint)
    for hip, phase, hind in ((hips[0], phases[0], False), (hips[1], phases[3], True)):
        layer.fill(_leg(layer, build, paint, hip, phase, hind), leg_paint, dim=0.95)
    layer.fill([spline([(x, y) for x, y in torso[::6]])], paint)

    _head(layer, marks, glow)
    if build.extra_above is not None:
        build.extra_above(layer, rng, marks)


def _head(layer: Layer, marks: Marks, glow: float) -> None:
    build, head, nose, gaze = marks.build, marks.head, marks.nose, marks.gaze
    up = (-np.sin(gaze), np.cos(gaze))
    length, width = build.ear
    for back, dim in ((0.04, 0.7), (0.0, 1.0)):
        root = (head[0] - back + up[0] * build.skull * 0.7, head[1] + up[1] * build.skull * 0.7)
        turn = gaze + build.ear_angle
        tip = (root[0] + np.cos(turn) * length / 2, root[1] + np.sin(turn) * length / 2)
        layer.fill([ellipse(tip, length / 2 + 0.01, width / 2, turn)], marks.paint, dim=dim * 0.85)
    skull = ellipse(head, build.skull * 1.15, build.skull, gaze)
    layer.fill([skull, *limb([head, nose], [build.skull * 1.7, build.muzzle])], marks.paint)
    layer.fill([ellipse(nose, build.muzzle * 0.4, build.muzzle * 0.42, gaze)], build.snout)
    eye = (
        head[0] + np.cos(gaze) * build.skull * 0.5 + up[0] * build.skull * 0.3,
        head[1] + np.sin(gaze) * build.skull * 0.5 + up[1] * build.skull * 0.3,
    )
    size = max(0.02, build.skull * 0.17)
    layer.fill([ellipse(eye, size, size)], (glow, glow, glow * 0.95) if glow else (0.03,) * 3)


def _mane(colour: Colour, reach: float) -> Callable[[Layer, np.random.Generator, Marks], None]:
    def draw(layer: Layer, rng: np.random.Generator, marks: Marks) -> None:
        x, y = marks.neck_joints[2]
        angles = np.linspace(0, 2 * np.pi, 22, endpoint=False)
        radii = reach * rng.uniform(0.8, 1.15, len(angles))
        tufts = [
            (x + r * np.cos(a), y - 0.05 + r * 1.15 * np.sin(a)) for r, a in zip(radii, angles)
        ]
        seed = int(rng.integers(1, 1000))
        layer.fill([spline(tufts)], fur(_jitter(rng, colour), colour, seed, 0.8))

    return draw


def _crest(colour: Colour) -> Callable[[Layer, np.random.Generator, Marks], None]:
    def draw(layer: Layer, rng: np.random.Generator, marks: Marks) -> None:
        width = marks.build.neck_width
        spine = [(x - width * 0.4, y + width * 0.42) for x, y in marks.neck_joints]
        layer.fill(limb(spine, [0.1] * len(spine)), cloth(colour, int(rng.integers(1, 99)), 0.5))

    return draw


def _antlers(layer: Layer, rng: np.random.Generator, marks: Marks) -> None:
    if rng.random() < 0.35:
        return
    for shift, dim in ((-0.04, 0.7), (0.02, 1.0)):
        root = (marks.head[0] + shift - 0.02, marks.head[1] + 0.1)
        beam = arc(root, 2.2 + marks.gaze * 0.5, -1.4, 0.55)
        layer.fill(limb(beam, np.linspace(0.045, 0.02, len(beam)).tolist()), (0.75, 0.66, 0.5), dim)
        for joint in beam[2:7:2]:
            tine = [joint, (joint[0] + 0.05, joint[1] + 0.16)]
            layer.fill(limb(tine, [0.03, 0.012]), (0.78, 0.7, 0.55), dim)


def _white_flag(layer: Layer, rng: np.random.Generator, marks: Marks) -> None:
    half = marks.build.length / 2
    layer.fill([ellipse((-half - 0.02, 0.8), 0.06, 0.12)], (0.93, 0.92, 0.9))


def _horns(layer: Layer, rng: np.random.Generator, marks: Marks) -> None:
    for shift in (-0.05, 0.01):
        root = (marks.head[0] + shift, marks.head[1] + 0.05)
        layer.fill(limb([root, (root[0] - 0.02, root[1] + 0.14)], [0.03, 0.045]), (0.2, 0.14, 0.1))


def _elephant_head(layer: Layer, rng: np.random.Generator, marks: Marks) -> None:
    x, y = marks.head
    trunk = arc((x + 0.12, y - 0.05), -1.3, rng.uniform(-0.5, 1.0), 0.72)
    layer.fill(limb(trunk, np.linspace(0.2, 0.07, len(trunk)).tolist()), marks.paint)
    tusk = arc((x + 0.14, y - 0.14), -0.9, 0.9, 0.32)
    layer.fill(limb(tusk, np.linspace(0.055, 0.015, len(tusk)).tolist()), (0.92, 0.9, 0.82))
    flap = spline(
        [
            (x - 0.02, y + 0.16),
            (x - 0.2, y + 0.22),
            (x - 0.38, y + 0.08),
            (x - 0.33, y - 0.15),
            (x - 0.18, y - 0.32),
            (x - 0.05, y - 0.12),
        ]
    )
    layer.fill([flap], marks.paint, dim=rng.uniform(0.72, 0.84))


def _tusks(layer: Layer, rng: np.random.Generator, marks: Marks) -> None:
    half = marks.build.length / 2
    bristle = [(x, 0.99 + 0.05 * rng.random()) for x in np.linspace(-half * 0.3, half, 9)]
    layer.fill(limb(bristle, [0.06] * 9), (0.1, 0.08, 0.07))
    x, y = marks.nose
    layer.fill(limb([(x - 0.07, y - 0.02), (x - 0.03, y + 0.08)], [0.035, 0.012]), (0.92, 0.9, 0.8))


def _fox_bib(layer: Layer, rng: np.random.Generator, marks: Marks) -> None:
    x, y = marks.nose
    hx, hy = marks.head
    jaw = limb([(hx, hy - 0.05), (x, y - 0.02)], [0.08, 0.05])
    layer.fill(jaw, (0.93, 0.9, 0.86))
    chest = marks.build.length / 2
    bib = [(chest + 0.06, 0.82), (chest + 0.1, 0.68), (chest - 0.02, 0.56), (chest - 0.1, 0.6)]
    layer.fill([spline(bib)], (0.86, 0.82, 0.76))
    layer.fill([ellipse((x, y), 0.03, 0.03)], (0.05, 0.05, 0.05))


def _pale_muzzle(layer: Layer, rng: np.random.Generator, marks: Marks) -> None:
    x, y = marks.nose
    hx, hy = marks.head
    layer.fill(limb([((hx + x) / 2, (hy + y) / 2), (x, y)], [0.14, 0.11]), (0.62, 0.46, 0.3))
    layer.fill([ellipse((x + 0.01, y), 0.035, 0.035)], (0.04, 0.04, 0.04))


_GRAZER = (-0.7, 0.95)
QUADRUPEDS: dict[str, Build] = {
    "lion": Build(
        coat=_fur((0.74, 0.56, 0.33), (0.85, 0.74, 0.55), 0.12),
        size=1.05, length=1.35, depth=0.52, leg=0.15, neck=0.22, neck_width=0.3,
        neck_angle=(-0.1, 0.7), head=0.24, muzzle=0.17, skull=0.17, ear=(0.1, 0.1), ear_angle=1.9,
        tail=0.95, tail_width=0.06, tail_angle=-2.2, tail_tip=(0.2, 0.13, 0.08),
        extra_below=_mane((0.36, 0.21, 0.1), 0.4),
    ),
    "leopard": Build(
        coat=lambda rng, seed: rosettes(
            _jitter(rng, (0.83, 0.62, 0.32)), (0.09, 0.06, 0.04), seed, rng.uniform(7, 9)
        ),
        size=0.92, length=1.5, depth=0.46, leg=0.15, neck=0.24, neck_width=0.26,
        neck_angle=(-0.4, 0.5), head=0.2, muzzle=0.14, skull=0.14, ear=(0.09, 0.09), ear_angle=1.9,
        tail=1.15, tail_width=0.09, tail_angle=-2.6,
    ),
    "red fox": Build(
        coat=_fur((0.8, 0.38, 0.12), (0.88, 0.8, 0.72)),
        size=0.68, length=1.35, depth=0.44, leg=0.1, neck=0.28, neck_width=0.24,
        neck_angle=(-0.4, 0.7), head=0.36, muzzle=0.07, skull=0.15, ear=(0.27, 0.14), ear_angle=1.7,
        tail=1.15, tail_width=0.3, tail_angle=-2.9, legs_dark=(0.1, 0.08, 0.07),
        tail_tip=(0.95, 0.94, 0.92), extra_above=_fox_bib,
    ),
    "american black bear": Build(
        coat=_fur((0.09, 0.08, 0.08), (0.08, 0.07, 0.07), 0.4),
        size=1.0, length=1.4, depth=0.66, leg=0.24, neck=0.24, neck_width=0.38,
        neck_angle=(-0.5, 0.4), head=0.32, muzzle=0.13, skull=0.2, ear=(0.13, 0.13), ear_angle=1.9,
        tail=0.06, tail_width=0.06, tail_angle=-2.4, rump=1.02, extra_above=_pale_muzzle,
    ),
    "plains zebra": Build(
        coat=lambda rng, seed: stripes(
            (0.06, 0.06, 0.06), _jitter(rng, (0.9, 0.88, 0.84), 0.06), seed, rng.uniform(5.5, 7.5)
        ),
        size=1.1, length=1.2, depth=0.5, leg=0.12, neck=0.5, neck_width=0.26,
        neck_angle=_GRAZER, head=0.42, muzzle=0.16, skull=0.15, ear=(0.17, 0.08), ear_angle=1.8,
        tail=0.5, tail_width=0.07, tail_angle=-1.8, tail_tip=(0.05, 0.05, 0.05),
        extra_above=_crest((0.12, 0.11, 0.1)),
    ),
    "domestic horse": Build(
        coat=lambda rng, seed: fur(
            *([_jitter(rng, ((0.42, 0.2, 0.09), (0.33, 0.17, 0.09))[seed % 2])] * 2), seed, 0.1
        ),
        size=1.15, length=1.15, depth=0.47, leg=0.12, neck=0.56, neck_width=0.26,
        neck_angle=_GRAZER, head=0.44, muzzle=0.17, skull=0.15, ear=(0.14, 0.06), ear_angle=1.6,
        tail=0.75, tail_width=0.17, tail_angle=-1.8, extra_above=_crest((0.07, 0.05, 0.04)),
    ),
    "giraffe": Build(
        coat=lambda rng, seed: patches(
            _jitter(rng, (0.9, 0.8, 0.58)), _jitter(rng, (0.52, 0.27, 0.1)), seed, rng.uniform(5, 7)
        ),
        size=1.55, length=0.72, depth=0.4, leg=0.1, neck=0.85, neck_width=0.17,
        neck_angle=(0.75, 1.3), head=0.27, muzzle=0.1, skull=0.09, ear=(0.14, 0.06), ear_angle=2.6,
        tail=0.5, tail_width=0.04, tail_angle=-1.7, rump=0.86, tail_tip=(0.1, 0.07, 0.05),
        extra_above=_horns,
    ),
    "white-tailed deer": Build(
        coat=_fur((0.56, 0.38, 0.22), (0.88, 0.84, 0.78), 0.12),
        size=0.95, length=1.1, depth=0.43, leg=0.09, neck=0.46, neck_width=0.18,
        neck_angle=_GRAZER, head=0.34, muzzle=0.09, skull=0.12, ear=(0.24, 0.11), ear_angle=2.3,
        tail=0.25, tail_width=0.1, tail_angle=-2.2, tail_tip=(0.95, 0.95, 0.93),
        extra_below=_white_flag, extra_above=_antlers,
    ),
    "wild boar": Build(
        coat=_fur((0.27, 0.2, 0.15), (0.22, 0.17, 0.13), 0.6),
        size=0.82, length=1.4, depth=0.68, leg=0.12, neck=0.2, neck_width=0.44,
        neck_angle=(-0.7, -0.1), head=0.55, muzzle=0.13, skull=0.2, ear=(0.2, 0.13), ear_angle=2.0,
        tail=0.35, tail_width=0.035, tail_angle=-1.9, rump=0.88, hump=1.06, extra_above=_tusks,
        snout=(0.45, 0.33, 0.3),
    ),
    "african elephant": Build(
        coat=lambda rng, seed: cloth(_jitter(rng, (0.47, 0.44, 0.42)), seed, 0.25),
        size=1.45, length=1.2, depth=0.62, leg=0.21, neck=0.08, neck_width=0.42,
        neck_angle=(0.0, 0.4), head=0.2, muzzle=0.2, skull=0.25, ear=(0.1, 0.1), ear_angle=2.5,
        tail=0.45, tail_width=0.035, tail_angle=-1.7, rump=0.94, snout=(0.4, 0.38, 0.36),
        extra_above=_elephant_head,
    ),
    # A small mammal that no label names: what the label "animal" is for.
    "animal": Build(
        coat=_fur((0.5, 0.45, 0.4), (0.75, 0.72, 0.68), 0.5),
        size=0.5, length=1.15, depth=0.72, leg=0.16, neck=0.14, neck_width=0.34,
        neck_angle=(0.1, 0.9), head=0.2, muzzle=0.12, skull=0.22, ear=(0.6, 0.17), ear_angle=2.0,
        tail=0.1, tail_width=0.2, tail_angle=2.6, rump=0.95, tail_tip=(0.93, 0.92, 0.9),
    ),
}
