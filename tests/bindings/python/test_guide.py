# SPDX-License-Identifier: Apache-2.0
"""Runs the programs of docs/guide/python.md, as they stand there, beside a sample photo."""

from __future__ import annotations

import contextlib
import io
import os
import re
import unittest
from pathlib import Path

from photos import FOLDER

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "python.md"


class GuideTest(unittest.TestCase):
    def test_every_program_of_the_guide_names_the_zebra(self) -> None:
        programs = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
        self.assertEqual(len(programs), 2)
        before = os.getcwd()
        os.chdir(FOLDER)
        try:
            for program in programs:
                output = io.StringIO()
                with contextlib.redirect_stdout(output):
                    exec(compile(program, str(GUIDE), "exec"), {})
                self.assertRegex(output.getvalue(), "equus_quagga|;equus;quagga;")
        finally:
            os.chdir(before)


if __name__ == "__main__":
    unittest.main()
