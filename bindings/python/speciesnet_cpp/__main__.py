# SPDX-License-Identifier: Apache-2.0
"""The command line of a wheel: `speciesnet`, or `python -m speciesnet_cpp`."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

_PROGRAM = Path(__file__).resolve().parent / "bin" / ("speciesnet.exe" if os.name == "nt" else "speciesnet")


def _run(command: list[str]) -> int:
    """Runs the program as a child, which gets Ctrl-C too and decides what it does. Returns its status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Python refuses statuses above the largest signed number, such as 0xC000013A after Ctrl-C.
    return ctypes.c_int32(subprocess.call(command)).value


def main() -> None:
    """Replaces this process by the program."""
    if not _PROGRAM.exists():
        sys.exit(
            "speciesnet_cpp: only wheels have the command line; "
            "here, run the program speciesnet that was built with the library"
        )
    if os.name == "nt":
        # os.execv() would end this process at once there, and the console would not wait for the program.
        sys.exit(_run([str(_PROGRAM), *sys.argv[1:]]))
    os.execv(_PROGRAM, [_PROGRAM.name, *sys.argv[1:]])


if __name__ == "__main__":
    main()
