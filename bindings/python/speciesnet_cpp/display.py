# SPDX-License-Identifier: Apache-2.0
"""Results as HTML, for notebooks."""

from __future__ import annotations

import base64
import html
import os
from collections.abc import Sequence

_MOST_BYTES = 20 << 20  # a larger photo would make the notebook unwieldy
_MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
}  # the types that browsers show


def _data_url(path: str) -> str | None:
    media_type = _MEDIA_TYPES.get(os.path.splitext(path)[1].lower())
    try:
        if media_type is None or not os.path.isfile(path) or os.path.getsize(path) > _MOST_BYTES:
            return None
        with open(path, "rb") as file:
            return f"data:{media_type};base64,{base64.b64encode(file.read()).decode('ascii')}"
    except OSError:
        return None


def picture_with_boxes(
    path: str, boxes: Sequence[tuple[tuple[float, float, float, float], str]], caption: str
) -> str:
    """Returns a photo with named boxes, or only its caption if the photo cannot be shown.

    Args:
        path: The photo's file.
        boxes: xmin, ymin, width and height relative to the upright photo, and a name.
        caption: The line below.
    """
    line = f"<div>{html.escape(caption)}</div>"
    source = _data_url(path)
    if source is None:
        return line
    parts = [
        f'<div style="position:absolute;left:{100 * x:.3f}%;top:{100 * y:.3f}%;'
        f"width:{100 * width:.3f}%;height:{100 * height:.3f}%;"
        'border:2px solid #ff7f0e;box-sizing:border-box">'
        '<span style="background:#ff7f0e;color:#000;font-size:12px;padding:0 3px">'
        f"{html.escape(name)}</span></div>"
        for (x, y, width, height), name in boxes
    ]
    return (
        '<div style="position:relative;display:inline-block">'
        f'<img src="{source}" style="max-width:800px;display:block">{"".join(parts)}</div>{line}'
    )


def table(rows: Sequence[tuple[str, str]], total: int) -> str:
    """Returns a table of photos and answers.

    Args:
        rows: The rows to show.
        total: The number of all rows.
    """
    lines = "".join(
        f"<tr><td>{html.escape(photo)}</td><td>{html.escape(answer)}</td></tr>"
        for photo, answer in rows
    )
    more = f"<div>and {total - len(rows)} more</div>" if total > len(rows) else ""
    return f"<table><tr><th>photo</th><th>answer</th></tr>{lines}</table>{more}"
