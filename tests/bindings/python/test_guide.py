# SPDX-License-Identifier: Apache-2.0
"""Runs the programs in docs/guide/python.md and README.md unchanged, next to a sample photo."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import tempfile
import unittest
from pathlib import Path

from photos import FOLDER

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "guide" / "python.md"
README = ROOT / "README.md"


def programs_of(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def output_of(program: str, folder: Path) -> str:
    """Returns the output of a program that runs in a folder."""
    output = io.StringIO()
    before = os.getcwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(output):
            exec(compile(program, "program", "exec"), {})
    finally:
        os.chdir(before)
    return output.getvalue()


class GuideTest(unittest.TestCase):
    def test_every_program_of_the_guide_names_the_zebra(self) -> None:
        programs = programs_of(GUIDE)
        self.assertEqual(len(programs), 2)
        for program in programs:
            self.assertRegex(output_of(program, FOLDER), "equus_quagga|;equus;quagga;")

    def test_the_program_of_the_readme_takes_a_photo_with_an_animal_and_one_without(self) -> None:
        (program,) = programs_of(README)
        for photo, printed in (("zebra.jpg", "equus_quagga\n"), ("blank.jpg", "blank\n")):
            with tempfile.TemporaryDirectory() as folder:
                shutil.copy(FOLDER / photo, Path(folder) / "photo.jpg")
                self.assertEqual(output_of(program, Path(folder)), printed)


if __name__ == "__main__":
    unittest.main()
