# SPDX-License-Identifier: Apache-2.0
"""Reads dependencies of DLLs and programs for Windows."""

from __future__ import annotations

import struct
from pathlib import Path

# Platform tags, by the machine in the header.
_PLATFORMS = {0x8664: "win_amd64"}
_SIGNATURE = b"PE\0\0"
_COFF_SIZE = 20
_SECTION_SIZE = 40
_PE32_PLUS = b"\x0b\x02"  # how the optional header of a 64-bit file begins
_DIRECTORIES = 112  # where that header has addresses and sizes of tables
# The number of a table of needed DLLs, the size of its entries, and where an entry has the name. Those of
# the second table are loaded when they are first used.
_TABLES_OF_DLLS = ((1, 20, 12), (13, 32, 4))


def _read(path: Path) -> tuple[bytes, int]:
    """Returns a file with the position of its COFF header."""
    data = path.read_bytes()
    header = int.from_bytes(data[0x3C:0x40], "little") + len(_SIGNATURE)
    begins_so = data.startswith(_SIGNATURE, header - len(_SIGNATURE))
    if not begins_so or not data.startswith(_PE32_PLUS, header + _COFF_SIZE):
        raise ValueError(f"{path} is not a 64-bit DLL or program for Windows")
    return data, header


def is_dll(path: Path) -> bool:
    """Returns whether a path is a DLL or a program for Windows."""
    if not path.is_file():
        return False
    with open(path, "rb") as file:
        return file.read(2) == b"MZ"


def platform(path: Path) -> str:
    """Returns the platform tag of the systems on which a DLL or program runs.

    Raises:
        ValueError: If wheels are not built for them.
    """
    data, header = _read(path)
    (number,) = struct.unpack_from("<H", data, header)
    if number not in _PLATFORMS:
        raise ValueError(f"{path} is for a machine (number {number:#x}) that wheels are not built for")
    return _PLATFORMS[number]


def _position(data: bytes, header: int, address: int) -> int:
    """Returns where in the file is what will be at an address, relative to the loaded file."""
    sections, optional_size = struct.unpack_from("<2xH12xH", data, header)
    table = header + _COFF_SIZE + optional_size
    for entry in range(table, table + sections * _SECTION_SIZE, _SECTION_SIZE):
        start, size, position = struct.unpack_from("<III", data, entry + 12)
        if start <= address < start + size:
            return int(position + address - start)
    raise ValueError(f"no section has the address {address:#x}")


def needed_dlls(path: Path) -> list[str]:
    """Returns the direct dependencies of a DLL or program."""
    data, header = _read(path)
    names = []
    for number, size, name_offset in _TABLES_OF_DLLS:
        (table,) = struct.unpack_from("<I", data, header + _COFF_SIZE + _DIRECTORIES + number * 8)
        entry = _position(data, header, table) if table else len(data)
        for name in range(entry + name_offset, len(data), size):
            (address,) = struct.unpack_from("<I", data, name)
            if not address:
                break
            start = _position(data, header, address)
            names.append(data[start : data.index(0, start)].decode("ascii"))
    return names
