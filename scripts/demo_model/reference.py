# SPDX-License-Identifier: Apache-2.0
"""The reference's processing of a photo before and after the networks.

Letterbox and non-maximum suppression follow yolov5, the crop follows torchvision's crop and
resize without antialias, as speciesnet calls them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as F

LONG_SIDE = 1280
STRIDE = 64
PADDING = 114
CROP_SIDE = 480
CONFIDENCE = 0.01
IOU = 0.45
MAX_DETECTIONS = 300

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Letterbox:
    """The network's input (uint8 RGB), and its relation to the photo."""

    image: np.ndarray
    ratio: float
    pad_x: float
    pad_y: float


@dataclass(frozen=True)
class Detection:
    """A box (xmin, ymin, xmax, ymax) in whole pixels of the photo."""

    category: int
    confidence: float
    box: Box


def decode(jpeg: bytes) -> np.ndarray:
    """JPEG file to RGB uint8."""
    return np.ascontiguousarray(
        cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    )


def letterbox(image: np.ndarray) -> Letterbox:
    height, width = image.shape[:2]
    ratio = min(LONG_SIDE / height, LONG_SIDE / width)
    new_width, new_height = round(width * ratio), round(height * ratio)
    pad_x = (LONG_SIDE - new_width) % STRIDE / 2
    pad_y = (LONG_SIDE - new_height) % STRIDE / 2
    if (new_width, new_height) != (width, height):
        image = cv2.resize(image, (new_width, new_height), interpolation=cv2.INTER_LINEAR)
    image = cv2.copyMakeBorder(
        image,
        round(pad_y - 0.1),
        round(pad_y + 0.1),
        round(pad_x - 0.1),
        round(pad_x + 0.1),
        cv2.BORDER_CONSTANT,
        value=(PADDING,) * 3,
    )
    return Letterbox(image, ratio, pad_x, pad_y)


def intersection_over_union(boxes: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """Pairwise IoU of boxes [N, 4] and [M, 4] given by their corners."""
    low = torch.maximum(boxes[:, None, :2], others[None, :, :2])
    high = torch.minimum(boxes[:, None, 2:], others[None, :, 2:])
    shared = (high - low).clamp(min=0).prod(2)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    other_area = (others[:, 2:] - others[:, :2]).prod(1)
    return shared / (area[:, None] + other_area[None] - shared)


def detections_from(rows: torch.Tensor, frame: Letterbox, width: int, height: int) -> list[Detection]:
    """Non-maximum suppression of the rows [N, 8] of one photo; best detection first."""
    rows = rows[rows[:, 4] > CONFIDENCE]
    confidence, category = (rows[:, 5:] * rows[:, 4:5]).max(1)
    kept = confidence > CONFIDENCE
    rows, confidence, category = rows[kept], confidence[kept], category[kept]
    order = confidence.argsort(descending=True, stable=True)
    rows, confidence, category = rows[order], confidence[order], category[order]
    boxes = torch.cat([rows[:, :2] - rows[:, 2:4] / 2, rows[:, :2] + rows[:, 2:4] / 2], 1)
    apart = category[:, None] * 7680.0
    overlap = intersection_over_union(boxes + apart, boxes + apart) > IOU
    alive = torch.ones(len(boxes), dtype=torch.bool)
    for index in range(len(boxes)):
        if alive[index]:
            alive[index + 1 :] &= ~overlap[index, index + 1 :]
    kept = alive.nonzero()[:MAX_DETECTIONS, 0]
    boxes = (boxes[kept] - torch.tensor([frame.pad_x, frame.pad_y] * 2)) / frame.ratio
    boxes[:, 0::2] = boxes[:, 0::2].clamp(0, width)
    boxes[:, 1::2] = boxes[:, 1::2].clamp(0, height)
    return [
        Detection(int(c), float(s), tuple(b))
        for c, s, b in zip(category[kept], confidence[kept], boxes.round().tolist())
    ]


def crop(image: np.ndarray, box: Box) -> torch.Tensor:
    """The classifier's input for one box: float32 [480, 480, 3] of whole 1/255 steps."""
    height, width = image.shape[:2]
    x, y = box[0] / width, box[1] / height
    w, h = (box[2] - box[0]) / width, (box[3] - box[1]) / height
    left, top = int(x * width), int(y * height)
    right, bottom = left + max(1, int(w * width)), top + max(1, int(h * height))
    part = torch.from_numpy(image[top:bottom, left:right].copy()).permute(2, 0, 1)[None] / 255
    part = F.interpolate(part, (CROP_SIDE, CROP_SIDE), mode="bilinear", align_corners=False)
    return (part[0] * 255.999).to(torch.uint8).permute(1, 2, 0) / 255
