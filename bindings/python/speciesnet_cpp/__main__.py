# SPDX-License-Identifier: Apache-2.0
"""The command line of a wheel: `speciesnet`, or `python -m speciesnet_cpp`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PROGRAM = Path(__file__).resolve().parent / "bin" / "speciesnet"


def main() -> None:
    """Replaces this process by the program."""
    if not _PROGRAM.exists():
        sys.exit(
            "speciesnet_cpp: only wheels have the command line; "
            "here, run the program speciesnet that was built with the library"
        )
    os.execv(_PROGRAM, [_PROGRAM.name, *sys.argv[1:]])


if __name__ == "__main__":
    main()
