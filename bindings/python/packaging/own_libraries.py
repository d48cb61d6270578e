# SPDX-License-Identifier: Apache-2.0
"""Reads dependencies of Linux's shared libraries, and makes private copies that find each other and share no symbols with others."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

# The last parts of platform tags, by the header's e_machine.
_MACHINES = {62: "x86_64", 183: "aarch64"}
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


def _beginning(path: Path) -> bytes:
    """Returns a file's first bytes, up to the header's e_machine; none if it is not a file."""
    if not path.is_file():
        return b""
    with open(path, "rb") as file:
        return file.read(0x14)


def is_library(path: Path) -> bool:
    """Returns whether a path is a shared library or a program for Linux."""
    return _beginning(path).startswith(b"\x7fELF")


def _machine(path: Path) -> str:
    (number,) = struct.unpack_from("<H", _read(path), 0x12)
    if number not in _MACHINES:
        raise ValueError(f"{path} is for a machine (ELF's number {number}) that wheels are not built for")
    return _MACHINES[number]


def _fit(path: Path, other: Path) -> bool:
    """Returns whether the linker of a system would load one into a process of the other."""
    first, second = _beginning(path), _beginning(other)
    return first[:6] == second[:6] and first[0x12:] == second[0x12:]


def platform(path: Path) -> str:
    """Returns the platform tag of any Linux on the machine of a library or program, such as linux_x86_64.

    Raises:
        ValueError: If wheels are not built for it.
    """
    return f"linux_{_machine(path)}"


def _dynamic_texts(path: Path, *tags: int) -> list[str]:
    data = _read(path)
    strings = _dynamic_strings(data)
    return [_text(data, strings + value) for tag, value, _ in _dynamic_entries(data) if tag in tags]


def needed_libraries(path: Path) -> list[str]:
    """Returns the direct dependencies of a library or program."""
    return _dynamic_texts(path, _DT_NEEDED)


def _below(root: Path, folder: str) -> Path:
    return root / folder.lstrip("/")


def _own_folders(path: Path, root: Path) -> Iterator[Path]:
    """Returns the folders in which a library asks the linker to search for its dependencies."""
    for folder in ":".join(_dynamic_texts(path, _DT_RPATH, _DT_RUNPATH)).split(":"):
        if folder.startswith("$ORIGIN"):
            yield Path(folder.replace("$ORIGIN", str(path.parent)))
        elif folder:
            yield _below(root, folder)


def _system_folders(root: Path, machine: str) -> Iterator[Path]:
    """Returns the folders in which a system's linker searches for dependencies of all libraries."""
    for file in (root / "etc/ld.so.conf", *sorted((root / "etc/ld.so.conf.d").glob("*.conf"))):
        if file.exists():
            lines = file.read_text(encoding="utf-8").splitlines()
            yield from (_below(root, line.strip()) for line in lines if line.startswith("/"))
    for subfolder in (f"lib/{machine}-linux-gnu", "lib64", "lib"):
        yield from (root / subfolder, root / "usr" / subfolder)


def dependencies(path: Path, root: Path) -> dict[str, Path]:
    """Returns all dependencies of a library or program by name, as a system's linker finds them.

    Nothing is run, so the system may be one for another machine. Dependencies that it lacks are left
    out.

    Args:
        path: The library or program, which need not be in the system.
        root: The folder of the system: "/", or a sysroot.
    """
    system = list(_system_folders(root, _machine(path)))
    found: dict[str, Path] = {}
    users = [path]
    for user in users:
        folders = [*_own_folders(user, root), *system]
        for name in needed_libraries(user):
            candidates = (folder / name for folder in folders)
            library = next((candidate for candidate in candidates if _fit(candidate, path)), None)
            if library is not None and name not in found:
                found[name] = library
                users.append(library)
    return found


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
