# SPDX-License-Identifier: Apache-2.0
"""Images: decoded by the library, or created from arrays."""

from __future__ import annotations

import ctypes
import itertools
import os
from dataclasses import dataclass
from typing import Any

from . import _abi
from .options import decode_limits

_FIRST_BYTES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*")


@dataclass(frozen=True)
class DecodeLimits:
    """Limits on the cost of decoding an image; None means the library's default.

    Attributes:
        max_bytes: Maximum encoded size.
        max_pixels: Maximum width times height.
        max_work: Maximum work, in units of about a nanosecond.
        max_memory: Maximum memory in bytes besides the encoded image.
        max_milliseconds: Time after which decoding stops with the error Cancelled.
    """

    max_bytes: int | None = None
    max_pixels: int | None = None
    max_work: int | None = None
    max_memory: int | None = None
    max_milliseconds: int | None = None


@dataclass(frozen=True)
class MediaInfo:
    """Properties of an encoded image, from its header; sizes before EXIF orientation."""

    media_type: str
    width: int
    height: int


def _limits(limits: DecodeLimits | None) -> Any:
    if limits is None:
        return None
    given = {name: value for name, value in vars(limits).items() if value is not None}
    return ctypes.byref(decode_limits(**given))


def validate(
    data: bytes, declared_type: str | None = None, limits: DecodeLimits | None = None
) -> MediaInfo:
    """Checks that an image can be decoded, without decoding its pixels.

    Raises:
        InvalidImage: If it cannot.
    """
    info = _abi.MediaInfo()
    declared = None if declared_type is None else declared_type.encode()
    _abi.call("media_validate", data, len(data), declared, _limits(limits), ctypes.byref(info))
    name = _abi.plain["media_type_name"](info.type).decode("ascii")
    return MediaInfo(name, info.width, info.height)


def _no_picture(value: object) -> str:
    """Returns an error message for a value that is not an image."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "bytes are not an image: decode them first with Image.decode(data)"
    if isinstance(value, (str, os.PathLike)):
        return f"{os.fspath(value)!r} is a path: open it first with Image.open(path)"
    return f"expected an Image or an array of pixels, got {type(value).__name__}"


def to_image(value: Image | Any) -> Image:
    """Converts an image or an array to an Image.

    Raises:
        TypeError: For anything else, such as a path or encoded bytes.
    """
    return value if isinstance(value, Image) else Image.from_array(value)


def is_encoded(value: object) -> bool:
    """Returns whether bytes begin with the signature of an image, and thus are not a path."""
    return isinstance(value, (bytes, bytearray)) and bytes(value[:4]).startswith(_FIRST_BYTES)


# Arrays whose pixels the library uses in place. Each stays here until it is released.
_lent: dict[int, Any] = {}
_lent_keys = itertools.count(1)


_give_back = _abi.ReleaseCallback(lambda key: _lent.pop(key, None) and None)


class _Pixels:
    """Pixels as an array, for NumPy."""

    def __init__(self, pixels: bytes, width: int, height: int) -> None:
        self.__array_interface__ = {"shape": (height, width, 3), "typestr": "|u1", "data": pixels}


class Image(_abi.Handle):
    """An image: 8-bit RGB, upright, immutable.

    `numpy.asarray(image)` is a read-only view of shape (height, width, 3), without a copy.
    """

    def __init__(self, pointer: int | None) -> None:
        super().__init__(pointer, "image_free")

    @classmethod
    def decode(
        cls, data: bytes, limits: DecodeLimits | None = None, declared_type: str | None = None
    ) -> Image:
        """Decodes JPEG, PNG, GIF, BMP, WebP or TIFF; HEIC or AVIF in builds that read them.

        Args:
            data: The encoded image, validated first as by validate().
            limits: Limits on the cost of decoding.
            declared_type: The declared media type, such as "image/png".

        Raises:
            InvalidImage: If the format is not supported or the image is damaged.
        """
        declared = None if declared_type is None else declared_type.encode()
        return cls(_abi.make("image_decode", data, len(data), declared, _limits(limits)))

    @classmethod
    def open(cls, path: str | os.PathLike[str], limits: DecodeLimits | None = None) -> Image:
        """Reads and decodes a file.

        Raises:
            IoError: If it cannot be read.
            InvalidImage: If it cannot be decoded.
        """
        return cls(_abi.make("image_decode_file", os.fsencode(path), _limits(limits)))

    @classmethod
    def from_array(cls, array: Any) -> Image:
        """Creates an image from a NumPy array, a PIL image, or an object with `__array_interface__`.

        Contiguous rows are used in place and must not change; other arrays are copied once.

        Args:
            array: Shape (height, width, 3), type uint8, channels R, G, B. A view with another
                order of its channels or columns, such as `bgr[..., ::-1]`, is copied.

        Raises:
            TypeError: If the value is not an array.
            ValueError: For another shape, type or layout.
        """
        interface = getattr(array, "__array_interface__", None)
        if interface is None:
            raise TypeError(_no_picture(array))
        shape = tuple(interface["shape"])
        if len(shape) != 3 or shape[2] != 3 or interface["typestr"] != "|u1":
            raise ValueError(
                "expected an array of shape (height, width, 3) and type uint8, got "
                f"{shape} of {interface['typestr']}"
            )
        height, width = shape[:2]
        strides = interface.get("strides") or (width * 3, 3, 1)
        if strides[1:] != (3, 1) or strides[0] < width * 3:
            if not hasattr(array, "copy"):
                raise ValueError(
                    "the pixels of a row do not follow each other; copy the array first"
                )
            array = array.copy(order="C")
            interface, strides = array.__array_interface__, (width * 3, 3, 1)
        data = interface.get("data")
        # PIL provides its pixels as bytes, NumPy as an address.
        address = (
            ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value
            if isinstance(data, bytes)
            else data[0]
        )
        key = next(_lent_keys)
        _lent[key] = (array, data)
        pointer = _abi.make("image_from_rgb", address, width, height, strides[0], _give_back, key)
        return cls(pointer)

    @classmethod
    def _from_bytes(cls, pixels: bytes, width: int, height: int) -> Image:
        """Restores a pickled image."""
        return cls.from_array(_Pixels(pixels, width, height))

    def __reduce_ex__(self, protocol: object) -> Any:
        """Pickles and copies by value."""
        return Image._from_bytes, (self.tobytes(), self.width, self.height)

    def tobytes(self) -> bytes:
        """Returns the pixels, row by row, three bytes each."""
        self.check()
        size = self.width * self.height * 3
        return ctypes.string_at(_abi.plain["image_pixels"](self), size)

    @property
    def width(self) -> int:
        """Width in pixels, after EXIF orientation."""
        return int(_abi.plain["image_width"](self))

    @property
    def height(self) -> int:
        """Height in pixels, after EXIF orientation."""
        return int(_abi.plain["image_height"](self))

    @property
    def truncated(self) -> bool:
        """Whether the file or its data ended before the last pixel."""
        return bool(_abi.plain["image_truncated"](self))

    @property
    def __array_interface__(self) -> dict[str, Any]:
        return {
            "version": 3,
            "shape": (self.height, self.width, 3),
            "typestr": "|u1",
            "data": (_abi.plain["image_pixels"](self), True),
        }

    def __repr__(self) -> str:
        return f"<Image {self.width}x{self.height}>" if self._pointer else "<Image closed>"
