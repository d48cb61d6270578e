# SPDX-License-Identifier: Apache-2.0
"""Runs the Spark recipe of docs/guide/distributed.md unchanged, if pyspark and Java are installed."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import unittest
from pathlib import Path

from photos import FOLDER

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "distributed.md"

try:
    import pandas  # noqa: F401 the recipe needs it
    import pyarrow  # noqa: F401 Spark needs it for pandas
    import pyspark  # noqa: F401
except ImportError as missing:
    raise unittest.SkipTest(f"{missing}: skipped") from None


@unittest.skipIf(shutil.which("java") is None, "Java is not installed: skipped")
class SparkTest(unittest.TestCase):
    def test_the_recipe_names_the_zebra(self) -> None:
        guide = GUIDE.read_text(encoding="utf-8")
        (recipe,) = re.findall(r"```python\n(.*?pyspark.*?)```", guide.split("## Spark")[1], re.DOTALL)
        # Spark's workers start in Spark's own folder.
        recipe = recipe.replace('"zebra.jpg"', repr(str(FOLDER / "zebra.jpg")))
        output = io.StringIO()
        names: dict[str, object] = {"__name__": "recipe"}
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        with contextlib.redirect_stdout(output):
            exec(compile(recipe, str(GUIDE), "exec"), names)
        names["spark"].stop()  # type: ignore[attr-defined]
        self.assertIn("equus_quagga", output.getvalue())


if __name__ == "__main__":
    unittest.main()
