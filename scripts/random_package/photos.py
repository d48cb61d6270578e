# SPDX-License-Identifier: Apache-2.0
"""Photos for scaling random networks."""

import glob
import os

from PIL import Image


def photos_in(folder, count):
    """Returns at most this many of a folder's JPEG photos, evenly chosen; unreadable ones are skipped."""
    photos = []
    for file in sorted(glob.glob(os.path.join(folder, "*.jpg"))):
        try:
            photos.append(Image.open(file).convert("RGB"))
        except OSError:  # truncated
            continue
    step = max(1, len(photos) // count)
    return photos[::step][:count]
