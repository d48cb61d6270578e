# SPDX-License-Identifier: Apache-2.0
"""Makes copies of shared libraries a package's own: they find each other, and share nothing."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_SHT_DYNAMIC = 6
_SHT_DYNSYM = 11
_STB_GLOBAL = 1
_STB_GNU_UNIQUE = 10
_SYMBOL_SIZE = 24  # Elf64_Sym
_DYNAMIC_SIZE = 16  # Elf64_Dyn
_DT_NULL, _DT_RPATH, _DT_RUNPATH = 0, 15, 29
_OWN_FOLDER = b"$ORIGIN\0"


def _read(path: Path) -> bytearray:
    data = bytearray(path.read_bytes())
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{path} is no 64-bit little-endian ELF file")
    return data


def _section(data: bytearray, index: int) -> tuple[int, int, int, int]:
    """Kind, offset, size and link of a section."""
    (table,) = struct.unpack_from("<Q", data, 0x28)
    (entry_size,) = struct.unpack_from("<H", data, 0x3A)
    header = table + index * entry_size
    (kind,) = struct.unpack_from("<I", data, header + 4)
    offset, size, link = struct.unpack_from("<QQI", data, header + 0x18)
    return kind, offset, size, link


def _sections(data: bytearray, kind: int) -> Iterator[tuple[int, int, int]]:
    """Offset, size and link of each section of a kind."""
    (count,) = struct.unpack_from("<H", data, 0x3C)
    for index in range(count):
        found, offset, size, link = _section(data, index)
        if found == kind:
            yield offset, size, link


def unshare(path: Path) -> int:
    """Keeps a library's symbols to itself when it is loaded with RTLD_LOCAL.

    C++ gives the static variables of inline functions and templates the binding STB_GNU_UNIQUE. The
    dynamic linker keeps one of each per process, whatever the library was loaded with, so two
    LibTorch of different versions would share, for instance, one dispatcher, and crash. Here their
    binding becomes STB_GLOBAL, for which RTLD_LOCAL holds.

    Returns:
        How many symbols it changed.

    Raises:
        ValueError: If the file is no 64-bit little-endian ELF file.
    """
    data = _read(path)
    changed = 0
    for offset, size, _ in _sections(data, _SHT_DYNSYM):
        for symbol in range(offset, offset + size, _SYMBOL_SIZE):
            info = data[symbol + 4]
            if info >> 4 == _STB_GNU_UNIQUE:
                data[symbol + 4] = _STB_GLOBAL << 4 | info & 0xF
                changed += 1
    path.write_bytes(data)
    return changed


def search_own_folder(path: Path) -> None:
    """Lets a library, and all that it needs, be looked for in its own folder first.

    A DT_RUNPATH holds only for what a library itself needs; a DT_RPATH also for what that needs.

    Raises:
        ValueError: If the library has no search path to overwrite.
    """
    data = _read(path)
    for offset, size, link in _sections(data, _SHT_DYNAMIC):
        _, strings, _, _ = _section(data, link)
        for entry in range(offset, offset + size, _DYNAMIC_SIZE):
            tag, value = struct.unpack_from("<QQ", data, entry)
            if tag in (_DT_RPATH, _DT_RUNPATH):
                start = strings + value
                room = data.index(0, start) + 1 - start
                if room < len(_OWN_FOLDER):
                    break
                struct.pack_into("<Q", data, entry, _DT_RPATH)
                data[start : start + room] = _OWN_FOLDER.ljust(room, b"\0")
                path.write_bytes(data)
                return
    raise ValueError(f"{path} has no search path that could hold $ORIGIN; take an installed one")
