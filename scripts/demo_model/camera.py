# SPDX-License-Identifier: Apache-2.0
"""The camera: infra-red flash or daylight, vignette, noise, info strip and JPEG."""

import cv2
import numpy as np

from textures import Array


def flash_reach(foot: Array | float, horizon: int, height: int) -> Array:
    """Returns how much of the infra-red flash reaches an object standing at image row `foot`."""
    near = np.clip((np.asarray(foot, np.float32) - horizon) / max(1, height - horizon), 0, 1)
    return 0.16 + 0.95 * near**0.6


def to_infrared(image: Array, leaves: float = 1.0) -> Array:
    """Converts colours as an infra-red camera does: grey, with bright skin, cloth and leaves."""
    grey = image @ np.array([0.42, 0.42, 0.16], np.float32)
    grey = np.clip(grey, 0, 1) ** 0.85 * leaves
    return np.repeat(grey[..., None], 3, axis=2)


def expose(rng: np.random.Generator, image: Array, infrared: bool) -> Array:
    """Lens and sensor: vignette, exposure, white balance, blur, noise. Values stay in 0..1."""
    height, width = image.shape[:2]
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    corner = np.sqrt(0.5 * (x * x + y * y)).astype(np.float32)[..., None]
    strength = rng.uniform(0.3, 0.75) if infrared else rng.uniform(0.0, 0.35)
    image = image * (1 - strength * corner**2) * rng.uniform(0.82, 1.18)
    if not infrared:
        image = image * rng.normal(1, 0.03, 3).astype(np.float32)
    contrast = rng.uniform(0.85, 1.15)
    image = (image - 0.45) * contrast + 0.45
    blur = rng.uniform(0, 0.9)
    if blur > 0.35:
        image = cv2.GaussianBlur(image, (0, 0), blur * max(height, width) / 640)
    grain = rng.uniform(0.015, 0.06) if infrared else rng.uniform(0.004, 0.03)
    noise = rng.standard_normal((height, width, 1), np.float32)
    if not infrared:
        noise = noise + 0.5 * rng.standard_normal((height, width, 3), np.float32)
    return np.clip(image + grain * noise, 0, 1)


def stamp_strip(rng: np.random.Generator, image: np.ndarray, infrared: bool) -> None:
    """Writes the strip that many camera traps add: date, time, temperature, camera number."""
    height, width = image.shape[:2]
    style = rng.random()
    if style < 0.3:
        return
    bar = round(height * rng.uniform(0.035, 0.06))
    if style < 0.75:
        image[height - bar :] = 0 if rng.random() < 0.8 else 235
    ink = (255,) * 3 if image[height - bar // 2, width // 2].mean() < 140 else (0,) * 3
    date = f"20{rng.integers(18, 27)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}"
    hour = (rng.integers(20, 29) if infrared else rng.integers(7, 19)) % 24
    time = f"{hour:02}:{rng.integers(0, 60):02}:{rng.integers(0, 60):02}"
    text = f"{date}  {time}   {rng.integers(-5, 33)}C   DEMO{rng.integers(1, 100):03}"
    size = min(bar / 38, width / 640)
    cv2.putText(
        image,
        text,
        (round(width * 0.02), height - round(bar * 0.28)),
        cv2.FONT_HERSHEY_SIMPLEX,
        size,
        ink,
        max(1, round(size * 1.6)),
        cv2.LINE_AA,
    )


def to_jpeg(image: np.ndarray, quality: int) -> bytes:
    """RGB uint8 to a JPEG file."""
    done, data = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise RuntimeError("JPEG encoding failed")
    return data.tobytes()
