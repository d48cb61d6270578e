# SPDX-License-Identifier: Apache-2.0
"""Draws detections as the reference does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import Detection
from .utils import BBox, Result

if TYPE_CHECKING:
    import PIL.Image

# The reference's values, which its users know.
_COLOURS = {
    Detection.ANIMAL.value: (255, 0, 0),
    Detection.HUMAN.value: (0, 0, 255),
    Detection.VEHICLE.value: (255, 0, 255),
}
_OTHER_COLOUR = (128, 128, 128)
_LINE = 3
_LETTERS = 12


def draw_bboxes(img: PIL.Image.Image, detections: list[Result]) -> PIL.Image.Image:
    """Returns a copy of a photo with labelled boxes; more confident ones are more opaque and on top.

    Args:
        img: The photo.
            detections: In descending order of confidence, as in documents.
    """
    import PIL.Image
    import PIL.ImageDraw
    import PIL.ImageFont

    font = PIL.ImageFont.load_default(_LETTERS)
    layer = PIL.Image.new("RGBA", img.size)
    draw = PIL.ImageDraw.Draw(layer)
    for detection in reversed(detections):
        bbox = BBox(*detection["bbox"])
        opacity = round(255 * detection["conf"])
        colour = (*_COLOURS.get(detection["label"], _OTHER_COLOUR), opacity)
        left, top = bbox.xmin * img.width, bbox.ymin * img.height
        right, bottom = left + bbox.width * img.width, top + bbox.height * img.height
        draw.rectangle((left, top, right, bottom), outline=colour, width=_LINE)
        name = f"{detection['label']}: {detection['conf']:.2f}"
        width = draw.textlength(name, font)
        plate = (left, top - _LETTERS - 2 * _LINE, left + width + 2 * _LINE, top)
        draw.rectangle(plate, fill=colour)
        white = (255, 255, 255, opacity)
        draw.text((left + _LINE, top - _LINE), name, white, font, anchor="lb")
    return PIL.Image.alpha_composite(img.convert("RGBA"), layer)
