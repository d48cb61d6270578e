# SPDX-License-Identifier: Apache-2.0
"""Photos with time, location and camera in EXIF."""

import struct
from pathlib import Path

ASCII, LONG, RATIONAL = 2, 4, 5


def _directory(entries: list[tuple[int, int, int, bytes]], offset: int) -> bytes:
    """Returns a TIFF directory at an offset, followed by its values. Entries: tag, type, count, value."""
    fixed = struct.pack(">H", len(entries))
    values = b""
    behind = offset + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in sorted(entries):
        if len(value) <= 4:
            place = value.ljust(4, b"\0")
        else:
            place = struct.pack(">I", behind + len(values))
            values += value + b"\0" * (len(value) % 2)
        fixed += struct.pack(">HHI", tag, kind, count) + place
    return fixed + b"\0\0\0\0" + values


def _text(tag: int, text: str) -> tuple[int, int, int, bytes]:
    value = text.encode() + b"\0"
    return tag, ASCII, len(value), value


def _degrees(tag: int, degrees: float) -> tuple[int, int, int, bytes]:
    return tag, RATIONAL, 3, struct.pack(">6I", round(abs(degrees) * 1_000_000), 1_000_000, 0, 1, 0, 1)


def exif_block(time: str, place: tuple[float, float] | None, camera: tuple[str, str]) -> bytes:
    """Returns the content of an APP1 segment. `time` as "2026:11:25 06:12:09"."""
    exif = [_text(0x9003, time)]
    gps = []
    if place:
        latitude, longitude = place
        gps = [
            _text(1, "N" if latitude >= 0 else "S"),
            _degrees(2, latitude),
            _text(3, "E" if longitude >= 0 else "W"),
            _degrees(4, longitude),
        ]
    make, model = camera

    def first(exif_offset: int, gps_offset: int) -> bytes:
        entries = [_text(0x010F, make), _text(0x0110, model)]
        entries.append((0x8769, LONG, 1, struct.pack(">I", exif_offset)))
        if gps:
            entries.append((0x8825, LONG, 1, struct.pack(">I", gps_offset)))
        return _directory(entries, 8)

    exif_offset = 8 + len(first(0, 0))
    exif_directory = _directory(exif, exif_offset)
    gps_offset = exif_offset + len(exif_directory)
    directories = first(exif_offset, gps_offset) + exif_directory
    if gps:
        directories += _directory(gps, gps_offset)
    return b"Exif\0\0" + b"MM\0*" + struct.pack(">I", 8) + directories


def copy_with_exif(
    source: Path,
    target: Path,
    time: str,
    place: tuple[float, float] | None = None,
    camera: tuple[str, str] = ("RECONYX", "HF2"),
) -> None:
    """Copies a JPEG file and adds time, location and camera."""
    photo = source.read_bytes()
    block = exif_block(time, place, camera)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(photo[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + photo[2:])
