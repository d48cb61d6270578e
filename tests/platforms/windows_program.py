# SPDX-License-Identifier: Apache-2.0
"""Runs programs for Windows, on Windows or with Wine."""

import os
import subprocess
from pathlib import Path
from typing import Any

PHOTOS = Path(__file__).resolve().parents[2] / "examples/demo/photos"
# Wine takes arguments and names of files in the locale's encoding.
ENVIRONMENT = {**os.environ, "WINEDEBUG": "-all", "LC_ALL": "C.UTF-8"}


def command(program: str | Path, *arguments: str | Path) -> list[str]:
    """The command that runs a program: its path, or the name of an environment variable that holds it."""
    path = os.environ.get(str(program), str(program))
    return [*os.environ["SPECIESNET_EMULATOR"].split(), path, *map(str, arguments)]


def run(program: str | Path, *arguments: str | Path, env: dict[str, str] = ENVIRONMENT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(program, *arguments), env=env, capture_output=True, encoding="utf-8", timeout=300)


def windows_path(path: Path) -> str:
    """Wine shows the root folder as drive Z."""
    return str(path) if os.name == "nt" else "Z:" + str(path).replace("/", "\\")


def species_in(prediction: dict[str, Any]) -> str:
    """The common name of the surest detection."""
    return prediction["detections"][0]["processed_classification"]["class"].split(";")[-1]
