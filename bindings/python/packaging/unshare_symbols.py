"""Makes the symbols of copied shared libraries their own: unshare_symbols.py LIBRARY…

C++ gives the static variables of inline functions and templates the binding STB_GNU_UNIQUE. The
dynamic linker keeps one of each per process, even for libraries loaded with RTLD_LOCAL, so two
LibTorch of different versions would share, for instance, one dispatcher, and crash. Here their
binding is changed to STB_GLOBAL, for which RTLD_LOCAL holds. Only for copies that a package owns.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

_SHT_DYNSYM = 11
_STB_GLOBAL = 1
_STB_GNU_UNIQUE = 10
_SYMBOL_SIZE = 24  # Elf64_Sym


def unshare(path: Path) -> int:
    """Rewrites a 64-bit little-endian ELF library in place; returns how many symbols it changed.

    Raises:
        ValueError: If it is no such file.
    """
    data = bytearray(path.read_bytes())
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{path} is no 64-bit little-endian ELF file")
    (section_table,) = struct.unpack_from("<Q", data, 0x28)
    entry_size, count = struct.unpack_from("<HH", data, 0x3A)
    changed = 0
    for index in range(count):
        header = section_table + index * entry_size
        (kind,) = struct.unpack_from("<I", data, header + 4)
        if kind != _SHT_DYNSYM:
            continue
        offset, size = struct.unpack_from("<QQ", data, header + 0x18)
        for symbol in range(offset, offset + size, _SYMBOL_SIZE):
            info = data[symbol + 4]
            if info >> 4 == _STB_GNU_UNIQUE:
                data[symbol + 4] = _STB_GLOBAL << 4 | info & 0xF
                changed += 1
    path.write_bytes(data)
    return changed


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(f"{name}: {unshare(Path(name))} symbols")
