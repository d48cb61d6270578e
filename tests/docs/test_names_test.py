# SPDX-License-Identifier: Apache-2.0
"""Names and labels of the tests follow one scheme: FOLDER.SUBJECT with the label FOLDER, and tests/README.md lists the folders."""

import json
import os
import subprocess
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


class TestNamesTest(unittest.TestCase):
    def test_every_test_is_labelled_and_named_after_its_folder(self) -> None:
        listed = subprocess.run(["ctest", "--test-dir", os.environ["SPECIESNET_BUILD_FOLDER"], "--show-only=json-v1"],
                                capture_output=True, text=True, check=True).stdout
        table = (TESTS / "README.md").read_text(encoding="utf-8")
        tests = json.loads(listed)["tests"]
        self.assertTrue(tests)
        for test in tests:
            with self.subTest(test=test["name"]):
                folder = test["name"].split(".")[0]
                labels = [value for entry in test["properties"] if entry["name"] == "LABELS" for value in entry["value"]]
                self.assertEqual(labels, [folder])
                self.assertTrue((TESTS / folder).is_dir())
                self.assertIn(f"| `{folder}` |", table)


if __name__ == "__main__":
    unittest.main()
