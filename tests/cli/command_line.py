# SPDX-License-Identifier: Apache-2.0
"""Runs the program `speciesnet`; shared by the tests in this folder."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

PROGRAM = os.environ["SPECIESNET_CLI"]
PHOTOS = Path(__file__).resolve().parents[2] / "examples" / "demo" / "photos"
HAS_TORCH = os.environ.get("SPECIESNET_HAS_TORCH") == "1"
HAS_HEIF = os.environ.get("SPECIESNET_HAS_HEIF") == "1"
HAS_VIDEO = os.environ.get("SPECIESNET_HAS_VIDEO") == "1"
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"

ALL_FINE, SOME_FAILED, WRONG_USAGE, COULD_NOT_RUN = range(4)


def run(
    *arguments: str | Path, timeout: float = 300, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Runs the program to its end."""
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
        **options,
    )


class CommandLineTest(unittest.TestCase):
    """A test with its own folder."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def predict(self, *arguments: str | Path, status: int, **options: Any) -> tuple[Any, str]:
        """Runs `predict` on the demo model; returns the document on stdout, if any, and stderr."""
        done = run("predict", "--model", "demo", *arguments, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        return json.loads(done.stdout) if done.stdout else None, done.stderr

    def assert_refused(self, done: subprocess.CompletedProcess[str], status: int, *words: str):
        """Checks the status, and that stderr, and only it, contains all words."""
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        for word in words:
            self.assertIn(word, done.stderr)
