# SPDX-License-Identifier: Apache-2.0
"""The tool has the version of the project, as stated in CMakeLists.txt."""

import re
from pathlib import Path

EXPORT = Path(__file__).resolve().parents[1]


def test_the_version_is_that_of_the_project() -> None:
    cmake = (EXPORT.parents[2] / "CMakeLists.txt").read_text(encoding="utf-8")
    pyproject = (EXPORT / "pyproject.toml").read_text(encoding="utf-8")
    project = re.search(r"project\(speciesnet VERSION (\S+)", cmake)
    tool = re.search(r'^version = "(\S+)"$', pyproject, re.MULTILINE)
    assert project and tool and tool[1] == project[1]
