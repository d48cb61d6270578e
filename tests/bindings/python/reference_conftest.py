# SPDX-License-Identifier: Apache-2.0
"""Lets the reference's tests find the compat layer under the reference's own module names."""

from __future__ import annotations

import importlib
import os
import sys
import types
from pathlib import Path

import pytest

_MODULES = (
    "constants",
    "ensemble",
    "ensemble_prediction_combiner",
    "geofence_utils",
    "geolocation",
    "taxonomy_utils",
    "utils",
)

package = types.ModuleType("speciesnet")
package.__path__ = []  # type: ignore[attr-defined]
sys.modules["speciesnet"] = package
for name in _MODULES:
    sys.modules[f"speciesnet.{name}"] = importlib.import_module(f"speciesnet_cpp.compat.{name}")


@pytest.fixture(scope="session")
def model_name() -> str:
    """The small package in the published format; its taxonomy and geofence are real ones."""
    shared = os.environ.get("SPECIESNET_SHARED")
    tiny = Path(shared or Path(os.environ["PYTHONPATH"]).parents[2] / "shared") / "fixtures/tiny"
    if not tiny.is_dir():
        pytest.skip(f"{tiny} is not there")
    return str(tiny)
