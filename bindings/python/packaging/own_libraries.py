# SPDX-License-Identifier: Apache-2.0
"""Reads dependencies of shared libraries, and makes private copies that find each other and share no symbols with others."""

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
_DT_NEEDED, _DT_RPATH, _DT_RUNPATH = 1, 15, 29
_SHT_GNU_VERNEED = 0x6FFFFFFE


def _read(path: Path) -> bytearray:
    data = bytearray(path.read_bytes())
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{path} is not a 64-bit little-endian ELF file")
    return data


def _section(data: bytearray, index: int) -> tuple[int, int, int, int]:
    """Returns type, offset, size and link of a section."""
    (table,) = struct.unpack_from("<Q", data, 0x28)
    (entry_size,) = struct.unpack_from("<H", data, 0x3A)
    header = table + index * entry_size
    (kind,) = struct.unpack_from("<I", data, header + 4)
    offset, size, link = struct.unpack_from("<QQI", data, header + 0x18)
    return kind, offset, size, link


def _sections(data: bytearray, kind: int) -> Iterator[tuple[int, int, int]]:
    """Returns offset, size and link of each section of a type."""
    (count,) = struct.unpack_from("<H", data, 0x3C)
    for index in range(count):
        found, offset, size, link = _section(data, index)
        if found == kind:
            yield offset, size, link


def _text(data: bytearray, start: int) -> str:
    return data[start : data.index(0, start)].decode("ascii")


def _dynamic_entries(data: bytearray) -> Iterator[tuple[int, int, int]]:
    """Returns tag, value and position of each entry of the dynamic section."""
    for offset, size, _ in _sections(data, _SHT_DYNAMIC):
        for entry in range(offset, offset + size, _DYNAMIC_SIZE):
            yield (*struct.unpack_from("<QQ", data, entry), entry)


def _dynamic_strings(data: bytearray) -> int:
    for _, _, link in _sections(data, _SHT_DYNAMIC):
        return _section(data, link)[1]
    return 0


def is_library(path: Path) -> bool:
    """Returns whether a file is a shared library or a program."""
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def needed_libraries(path: Path) -> list[str]:
    """Returns the direct dependencies of a library or program."""
    data = _read(path)
    strings = _dynamic_strings(data)
    return [_text(data, strings + value) for tag, value, _ in _dynamic_entries(data) if tag == _DT_NEEDED]


def needed_versions(path: Path) -> set[str]:
    """Returns the versions of symbols that it requires, such as GLIBC_2.34."""
    data = _read(path)
    versions = set()
    for offset, _, link in _sections(data, _SHT_GNU_VERNEED):
        _, strings, _, _ = _section(data, link)
        library = offset
        while True:
            _, count, _, first, following = struct.unpack_from("<HHIII", data, library)
            version = library + first
            for _ in range(count):
                _, _, _, name, step = struct.unpack_from("<IHHII", data, version)
                versions.add(_text(data, strings + name))
                version += step
            if not following:
                break
            library += following
    return versions


def unshare(path: Path) -> int:
    """Hides a library's symbols from others when it is loaded with RTLD_LOCAL.

    C++ gives the static variables of inline functions and templates the binding STB_GNU_UNIQUE. The
    dynamic linker keeps one of each per process, however the library was loaded, so that two
    LibTorch of different versions would share, for instance, one dispatcher, and crash. This function
    changes their binding to STB_GLOBAL, which RTLD_LOCAL hides.

    Returns:
            The number of changed symbols.

    Raises:
            ValueError: If the file is not a 64-bit little-endian ELF file.
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


def search_own_folder(path: Path, folder: str = "$ORIGIN") -> None:
    """Makes the linker search a library or program's dependencies in its package's folder first.

    DT_RUNPATH applies only to direct dependencies; DT_RPATH also to indirect ones.

    Raises:
        ValueError: If the library has no search path to overwrite.
    """
    data = _read(path)
    strings = _dynamic_strings(data)
    written = folder.encode("ascii") + b"\0"
    for tag, value, entry in _dynamic_entries(data):
        if tag in (_DT_RPATH, _DT_RUNPATH):
            start = strings + value
            room = data.index(0, start) + 1 - start
            if room < len(written):
                break
            struct.pack_into("<Q", data, entry, _DT_RPATH)
            data[start : start + room] = written.ljust(room, b"\0")
            path.write_bytes(data)
            return
    raise ValueError(f"{path} has no search path that could hold {folder}; take an installed one")
