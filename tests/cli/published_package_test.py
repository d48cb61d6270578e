# SPDX-License-Identifier: Apache-2.0
"""The known answers of the published weights. SPECIESNET_PUBLISHED_PACKAGE names the package, like `--model`.

Exits with 77, which ctest counts as skipped, if it is not set. Compares all photos with known answers if the reference's
test photos are available (../shared/fixtures/images, SPECIESNET_SHARED), otherwise the two in the program.
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
