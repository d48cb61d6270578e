# SPDX-License-Identifier: Apache-2.0
"""The contents of a wheel, and the systems that it supports."""

from __future__ import annotations

import os
import subprocess
import sys
import unittest
from pathlib import Path

PACKAGING = Path(__file__).resolve().parents[3] / "bindings" / "python" / "packaging"
sys.path.insert(0, str(PACKAGING))
from check_wheel import Unfit, check_objects, licence_of, platform_tag  # noqa: E402
from own_libraries import needed_libraries, needed_versions  # noqa: E402

LIBRARY = Path(os.environ["SPECIESNET_LIBRARY"]).resolve()


class PackagingTest(unittest.TestCase):
    def test_libraries_under_the_gpl_and_those_that_need_files_are_refused(self) -> None:
        for name, reason in (
            ("libjbig.so.0", "GPL.*SPECIESNET_WITH_TIFF=OFF"),
            ("libx265.so.199", "GPL.*SPECIESNET_WITH_HEIF=OFF"),
            ("libavcodec.so.59", "GPL.*SPECIESNET_WITH_VIDEO=OFF"),
            ("libmagic.so.1", "database.*SPECIESNET_WITH_MAGIC=OFF"),
            ("libnobodyknows.so.1", "find out its licence"),
        ):
            with self.assertRaisesRegex(Unfit, reason):
                licence_of(name)
        self.assertEqual(licence_of("libcurl.so.4"), "curl")
        self.assertEqual(licence_of("libldap-2.5.so.0"), "OLDAP-2.8")

    def test_what_is_needed_and_missing_is_named(self) -> None:
        with self.assertRaisesRegex(Unfit, r"needs libjpeg\.so\.\d+, which is not in the wheel"):
            check_objects([LIBRARY])

    def test_the_tag_is_that_of_the_newest_symbol(self) -> None:
        self.assertIn("libc.so.6", needed_libraries(LIBRARY))
        versions = needed_versions(LIBRARY)
        printed = subprocess.run(
            ["readelf", "--version-info", "--wide", str(LIBRARY)], capture_output=True, text=True, check=True
        ).stdout
        for version in versions:
            self.assertIn(f"Name: {version} ", printed)
        newest = max(int(v.split(".")[1]) for v in versions if v.startswith("GLIBC_2."))
        minor = int(platform_tag([LIBRARY]).split("_")[2])
        self.assertGreaterEqual(minor, newest)

    def test_outside_a_wheel_the_command_says_where_it_is(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "speciesnet_cpp"], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("only wheels have the command line", done.stderr)


if __name__ == "__main__":
    unittest.main()
