# SPDX-License-Identifier: Apache-2.0
"""Runs programs for Windows, on Windows or with Wine."""

import os
import subprocess
from pathlib import Path

PHOTOS = Path(__file__).resolve().parents[2] / "examples/demo/photos"
# Wine takes arguments and names of files in the locale's encoding.
ENVIRONMENT = {**os.environ, "WINEDEBUG": "-all", "LC_ALL": "C.UTF-8"}


def command(program: str, *arguments: str | Path) -> list[str]:
    """The command that runs a program, which an environment variable names."""
    return [*os.environ["SPECIESNET_EMULATOR"].split(), os.environ[program], *map(str, arguments)]


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(program, *arguments), env=ENVIRONMENT, capture_output=True, encoding="utf-8", timeout=300)


def windows_path(path: Path) -> str:
    """Wine shows the root folder as drive Z."""
    return str(path) if os.name == "nt" else "Z:" + str(path).replace("/", "\\")
