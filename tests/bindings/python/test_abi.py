# SPDX-License-Identifier: Apache-2.0
"""The declarations match the ABI's baseline in capi/abi, symbol by symbol."""

from __future__ import annotations

import ctypes
import re
import unittest
from pathlib import Path

from speciesnet_cpp import _abi

BASELINE = Path(__file__).resolve().parents[3] / "capi" / "abi"
# By their C names; the others have the same name in CamelCase.
RENAMED = {"error": "ErrorStruct"}


def struct_of(name: str) -> type[ctypes.Structure]:
    camel = RENAMED.get(name) or "".join(part.capitalize() for part in name.split("_"))
    struct: type[ctypes.Structure] = getattr(_abi, camel)
    return struct


class BaselineTest(unittest.TestCase):
    def test_structs_have_the_layout_of_c(self) -> None:
        lines = (BASELINE / "layouts.txt").read_text(encoding="ascii").splitlines()
        self.assertTrue(lines)
        for line in lines:
            name, _, member = line.split()[0].removeprefix("speciesnet_").partition(".")
            numbers = [int(number) for number in re.findall(r"(?:offset|size) (\d+)", line)]
            if member:
                field = getattr(struct_of(name), member)
                self.assertEqual([field.offset, field.size], numbers, line)
            else:
                self.assertEqual([ctypes.sizeof(struct_of(name))], numbers, line)

    def test_every_function_is_declared_and_no_other(self) -> None:
        symbols = (BASELINE / "symbols.txt").read_text(encoding="ascii")
        wanted = set(re.findall(r"speciesnet_(\w+)@@", symbols))
        self.assertEqual(set(_abi.plain), wanted)


if __name__ == "__main__":
    unittest.main()
