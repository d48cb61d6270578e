# SPDX-License-Identifier: Apache-2.0
"""docs/reference/flags.md is what --help of each command prints. After a change of flags:

    SPECIESNET_BUILD_FOLDER=build/dev python3 tests/docs/flags_test.py --update
"""

import os
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["SPECIESNET_BUILD_FOLDER"]).resolve()
PAGE = ROOT / "docs/reference/flags.md"
COMMANDS = [
    "run", "predict", "visualize", "convert", "summary", "compare", "repeats", "review", "sort", "tag", "doctor",
    *(f"model {name}" for name in ("list", "download", "compile", "export", "verify", "info", "remove")),
    "completion", "manual",
]  # fmt: skip
HEAD = """# All flags

What each command prints with `--help`. Made by `tests/docs/flags_test.py --update`; a test compares it with the programs.
"""


def help_of(program: Path, *words: str) -> str:
    environment = {**os.environ, "COLUMNS": "100"}
    done = subprocess.run([program, *words, "--help"], env=environment, capture_output=True, text=True, check=True)
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


def page() -> str:
    speciesnet = BUILD / "examples/cli/speciesnet"
    parts = [(f"speciesnet {command}", help_of(speciesnet, *command.split())) for command in COMMANDS]
    parts.append(("speciesnet-server", help_of(BUILD / "examples/server/speciesnet-server")))
    return HEAD + "".join(f"\n## {name}\n\n```text\n{text}\n```\n" for name, text in parts)


class FlagsPageTest(unittest.TestCase):
    def test_the_page_is_what_the_programs_print(self) -> None:
        self.maxDiff = None
        self.assertEqual(PAGE.read_text(encoding="utf-8"), page(), __doc__)

    def test_every_command_is_on_the_page(self) -> None:
        overview = help_of(BUILD / "examples/cli/speciesnet")
        listed = [line.split()[0] for line in overview.splitlines() if line.startswith("  ") and line[2:3].isalpha()]
        for command in listed:
            if command not in ("speciesnet", "model"):
                self.assertIn(command, COMMANDS)


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        unittest.main()
