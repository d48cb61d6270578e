# SPDX-License-Identifier: Apache-2.0
"""The known answers of the published weights, where they are: SPECIESNET_PUBLISHED_PACKAGE names the package, as `--model` does.

Exits with 77, which ctest counts as skipped, where it is not set. All photos of known answers are compared where the reference's
test photos are at hand (../shared/fixtures/images, SPECIESNET_SHARED), else the two that are in the program.
"""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

SKIPPED = 77
PROGRAM = os.environ["SPECIESNET_CLI"]
PACKAGE = os.environ.get("SPECIESNET_PUBLISHED_PACKAGE")
SHARED = Path(os.environ.get("SPECIESNET_SHARED", Path(__file__).resolve().parents[3] / "shared"))
PHOTOS = SHARED / "fixtures/images"


class PublishedPackage(unittest.TestCase):
    def test_known_answers(self) -> None:
        photos = [f"--photos={PHOTOS}"] if PHOTOS.is_dir() else []
        done = subprocess.run(
            [PROGRAM, "doctor", "--json", f"--model={PACKAGE}", *photos],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
        found = checks["model"]
        self.assertEqual(found["verdict"], "fine", json.dumps(found, indent=1))
        self.assertGreaterEqual(int(found["facts"]["photos"]), 2)


if __name__ == "__main__":
    if not PACKAGE:
        print("skipped: SPECIESNET_PUBLISHED_PACKAGE names no package")
        sys.exit(SKIPPED)
    unittest.main()
