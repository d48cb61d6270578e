# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of the documentation unchanged, with the built programs and the demonstration model.

A page marks a block for this test in the info string of its fence:

    ```sh run               runs in bash; must succeed
    ```sh run fails=2       must end with this status
    ```python run           runs in Python with the binding
    ```c run                is compiled against the C ABI, and run
        ```text shown           the output of the preceding block must contain this; "…" stands for any text

Each page has its own folder, in which its blocks run in order. `speciesnet` and `speciesnet-server` are on the PATH; scripts/,
examples/ and build/release/ are as in a built repository, and the demonstration photos are in the folder. A free port replaces
8000.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["SPECIESNET_BUILD_FOLDER"])
COMPILER = os.environ["SPECIESNET_C_COMPILER"]
FENCE = re.compile(r"^```(?P<info>[^\n`]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LIMIT_SECONDS = 300
LANGUAGES = {"sh", "python", "c"}


@dataclass
class Block:
    page: Path
    line: int
    language: str
    text: str
    status: int
    shown: list[str]

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    """Returns the marked blocks of a page, each with the outputs that the page shows for it."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    for match in FENCE.finditer(text):
        language, *words = match["info"].split()
        line = text.count("\n", 0, match.start()) + 1
        if words == ["shown"]:
            if not found:
                raise ValueError(f"{page}:{line}: no block runs before this output")
            found[-1].shown.append(match["text"])
        elif words[:1] == ["run"]:
            if language not in LANGUAGES:
                raise ValueError(f"{page}:{line}: blocks of '{language}' cannot be run")
            status = 0
            for word in words[1:]:
                if not (option := re.fullmatch(r"fails=(\d+)", word)):
                    raise ValueError(f"{page}:{line}: '{word}' is not known here")
                status = int(option[1])
            found.append(Block(page, line, language, match["text"], status, []))
    return found


def documentation() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def prepare(folder: Path) -> dict[str, str]:
    """Creates the folder of a page; returns the environment of its commands."""
    for name in ("scripts", "examples", "tests", "bindings"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "build").mkdir()
    for preset in ("release", "dev"):
        (folder / "build" / preset).symlink_to(BUILD)
    for photo in (ROOT / "examples/demo/photos").glob("*.jpg"):
        shutil.copy(photo, folder)
    programs = [BUILD / "examples/cli", BUILD / "examples/server"]
    return {
        **os.environ,
        "PATH": os.pathsep.join([*map(str, programs), os.environ["PATH"]]),
        "HOME": str(folder),
        "PORT": str(free_port()),
        "SPECIESNET_CACHE": str(folder / "cache"),
        "SPECIESNET_OFFLINE": "1",
        "SPECIESNET_LIBRARY": str(BUILD / "capi/libspeciesnet_c.so"),
        "PYTHONPATH": str(ROOT / "bindings/python"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def command_of(block: Block, folder: Path, environment: dict[str, str]) -> list[str]:
    text = re.sub(r"\b8000\b", environment["PORT"], block.text)
    if block.language == "sh":
        return ["bash", "-e", "-o", "pipefail", "-c", text]
    if block.language == "python":
        return [sys.executable, "-c", text]
    source = folder / "program.c"
    source.write_text(text, encoding="utf-8")
    library = BUILD / "capi"
    build = [COMPILER, "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'capi'}", str(source), f"-L{library}", f"-Wl,-rpath,{library}",
             "-lspeciesnet_c", "-o", "program"]
    return ["bash", "-e", "-c", '"$@"; ./program zebra.jpg', "bash", *build]


def pattern_of(shown: str) -> str:
    return ".*?".join(re.escape(part) for part in shown.strip("\n").split("…"))


class CommandsTest(unittest.TestCase):
    def run_page(self, page: Path, blocks: list[Block]) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            environment = prepare(folder)
            for block in blocks:
                with self.subTest(block=str(block)):
                    done = subprocess.run(command_of(block, folder, environment), cwd=folder, env=environment, text=True,
                                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                          timeout=LIMIT_SECONDS, check=False)
                    self.assertEqual(done.returncode, block.status, f"{block}\n{block.text}\n{done.stdout}")
                    for shown in block.shown:
                        if not re.search(pattern_of(shown), done.stdout, re.DOTALL):
                            self.fail(f"{block}: the page shows\n{shown}\nbut the output is\n{done.stdout}")

    def test_marked_commands_work_and_print_what_the_pages_show(self) -> None:
        marked = {page: blocks for page in documentation() if (blocks := blocks_of(page))}
        self.assertGreater(len(marked), 3, "pages with marked commands")
        for page, blocks in marked.items():
            self.run_page(page, blocks)


class FlagsTest(unittest.TestCase):
    """Flags in the documentation exist, also in blocks that are not run."""

    def test_every_flag_of_a_speciesnet_command_in_the_documentation_exists(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        environment = prepare(Path(folder.name))
        commands = {"predict", "visualize", "convert", "summary", "doctor", *(f"model {name}" for name in
                    ("list", "download", "export", "compile", "verify", "info", "remove"))}
        known: dict[str, set[str]] = {}
        for page in documentation():
            text = page.read_text(encoding="utf-8").replace("\\\n", " ")
            for line in text.splitlines():
                for match in re.finditer(r"\bspeciesnet ((?:model )?[a-z]+)((?: [^|&;`]*)?)", line):
                    command = match[1]
                    if command not in commands:
                        continue
                    if command not in known:
                        help_text = subprocess.run(["speciesnet", *command.split(), "--help"], env=environment, text=True,
                                                   capture_output=True, check=True).stdout
                        known[command] = set(re.findall(r"--[a-z][a-z0-9_]*", help_text))
                    for flag in re.findall(r"(?<=\s)--[a-z][a-z0-9_-]*", match[2]):
                        self.assertIn(flag, known[command], f"{page.relative_to(ROOT)}: speciesnet {command}")


if __name__ == "__main__":
    unittest.main()
