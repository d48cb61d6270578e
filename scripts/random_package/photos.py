# SPDX-License-Identifier: Apache-2.0
"""Photos that random networks are scaled on."""

import glob
import os

from PIL import Image


def photos_in(folder, count):
    """At most so many of a folder's JPEG photos, evenly chosen; those that cannot be read are skipped."""
    photos = []
    for file in sorted(glob.glob(os.path.join(folder, "*.jpg"))):
        try:
            photos.append(Image.open(file).convert("RGB"))
        except OSError:  # truncated
            continue
    step = max(1, len(photos) // count)
    return photos[::step][:count]
