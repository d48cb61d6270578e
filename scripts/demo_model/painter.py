# SPDX-License-Identifier: Apache-2.0
"""The painter: draws the parts of one object, in its own coordinates, onto a frame-size layer.

Local coordinates have x forward, y up and the ground at y = 0; `Pose` maps them to the frame.
A layer records the object's coverage, from which its exact bounding box follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from textures import Array, Colour, Paint

Point = tuple[float, float]
_SHIFT = 4  # fractional bits of OpenCV's fixed-point polygon coordinates


@dataclass(frozen=True)
class Pose:
    """The pose of an object: foot point in pixels, pixels per unit, facing, yaw and roll."""

    foot_x: float
    foot_y: float
    scale: float
    facing: int = 1
    squash: float = 1.0
    roll: float = 0.0

    def matrix(self) -> Array:
        cos, sin = np.cos(self.roll), np.sin(self.roll)
        turn = np.array([[cos, -sin], [sin, cos]]) @ np.diag([self.facing * self.squash, -1.0])
        return np.column_stack([turn * self.scale, [self.foot_x, self.foot_y]]).astype(np.float32)


@dataclass
class Layer:
    """Colour and coverage of one object over the whole frame, and the extent of its parts."""

    height: int
    width: int
    pose: Pose
    colour: Array = field(init=False)
    coverage: Array = field(init=False)
    reach: list[Array] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.colour = np.zeros((self.height, self.width, 3), np.float32)
        self.coverage = np.zeros((self.height, self.width), np.float32)
        self._matrix = self.pose.matrix()
        self._inverse = cv2.invertAffineTransform(self._matrix)

    def to_pixels(self, points: Sequence[Point] | Array) -> Array:
        points = np.asarray(points, np.float32)
        return points @ self._matrix[:, :2].T + self._matrix[:, 2]

    def fill(
        self, shapes: Sequence[Sequence[Point] | Array], paint: Paint | Colour, dim: float = 1.0
    ) -> None:
        """Paints the union of polygons; `dim` darkens parts on the far side."""
        outlines = [self.to_pixels(shape) for shape in shapes]
        self.reach.extend(outlines)
        every = np.concatenate(outlines)
        left, top = np.maximum(np.floor(every.min(0)).astype(int) - 1, 0)
        right = min(int(every[:, 0].max()) + 3, self.width)
        bottom = min(int(every[:, 1].max()) + 3, self.height)
        if left >= right or top >= bottom:
            return
        mask = np.zeros((bottom - top, right - left), np.uint8)
        for outline in outlines:
            fixed = np.round((outline - (left, top)) * (1 << _SHIFT)).astype(np.int32)
            cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, _SHIFT)
        cover = mask.astype(np.float32) / 255
        if callable(paint):
            columns, rows = np.meshgrid(
                np.arange(left, right, dtype=np.float32), np.arange(top, bottom, dtype=np.float32)
            )
            inverse = self._inverse.astype(np.float32)
            local_x = columns * inverse[0, 0] + rows * inverse[0, 1] + inverse[0, 2]
            local_y = columns * inverse[1, 0] + rows * inverse[1, 1] + inverse[1, 2]
            colours = paint(local_x, local_y)
        else:
            colours = np.asarray(paint, np.float32)
        area = np.s_[top:bottom, left:right]
        share = cover[..., None]
        self.colour[area] = self.colour[area] * (1 - share) + colours * dim * share
        self.coverage[area] = np.maximum(self.coverage[area], cover)

    def box(self, limit_x: int, limit_y: int) -> tuple[int, int, int, int] | None:
        """Returns the bounding box (xmin, ymin, xmax, ymax) of the part inside the frame, or None."""
        solid = self.coverage[:limit_y, :limit_x] > 0.4
        columns, rows = np.flatnonzero(solid.any(0)), np.flatnonzero(solid.any(1))
        if not len(columns):
            return None
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1

    def shade(self, light: float, strength: float) -> None:
        """Rounds the flat shape: edges towards the light (angle, radians) brighten."""
        box = self.box(self.width, self.height)
        if box is None:
            return
        left, top, right, bottom = box
        area = np.s_[top:bottom, left:right]
        sigma = max(1.0, 0.05 * max(right - left, bottom - top))
        relief = cv2.GaussianBlur(self.coverage[area], (0, 0), sigma)
        slope_x = cv2.Sobel(relief, cv2.CV_32F, 1, 0) * sigma
        slope_y = cv2.Sobel(relief, cv2.CV_32F, 0, 1) * sigma
        facing = -(slope_x * np.cos(light) + slope_y * np.sin(light))
        self.colour[area] *= np.clip(1 + strength * facing, 0.35, 1.5)[..., None]


def spline(points: Sequence[Point], steps: int = 6) -> Array:
    """A closed Catmull-Rom curve through the points."""
    knots = np.asarray(points, np.float32)
    before, after = np.roll(knots, 1, 0), np.roll(knots, -1, 0)
    beyond = np.roll(knots, -2, 0)
    curve = []
    for step in range(steps):
        t = step / steps
        curve.append(
            0.5
            * (
                2 * knots
                + (after - before) * t
                + (2 * before - 5 * knots + 4 * after - beyond) * t**2
                + (3 * knots - before - 3 * after + beyond) * t**3
            )
        )
    return np.stack(curve, 1).reshape(-1, 2)


def ellipse(centre: Point, radius_x: float, radius_y: float, turn: float = 0.0) -> Array:
    angles = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    x, y = radius_x * np.cos(angles), radius_y * np.sin(angles)
    cos, sin = np.cos(turn), np.sin(turn)
    return np.column_stack([centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos]).astype(
        np.float32
    )


def limb(joints: Sequence[Point], widths: Sequence[float]) -> list[Array]:
    """A tapered tube along joints with round ends: legs, necks, tails, trunks."""
    shapes = [ellipse(joint, width / 2, width / 2) for joint, width in zip(joints, widths)]
    for start, end, first, last in zip(joints, joints[1:], widths, widths[1:]):
        axis = np.subtract(end, start).astype(np.float32)
        side = np.array([-axis[1], axis[0]]) / max(float(np.hypot(*axis)), 1e-6)
        shapes.append(
            np.array(
                [
                    np.add(start, side * first / 2),
                    np.add(end, side * last / 2),
                    np.subtract(end, side * last / 2),
                    np.subtract(start, side * first / 2),
                ],
                np.float32,
            )
        )
    return shapes


def arc(start: Point, angle: float, bend: float, length: float, steps: int = 7) -> list[Point]:
    """Joints along a curve that leaves `start` at `angle` and turns by `bend` on the way."""
    joints = [start]
    for step in range(steps):
        heading = angle + bend * step / (steps - 1)
        x, y = joints[-1]
        joints.append((x + np.cos(heading) * length / steps, y + np.sin(heading) * length / steps))
    return joints
