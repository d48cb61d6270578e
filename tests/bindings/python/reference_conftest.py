# SPDX-License-Identifier: Apache-2.0
"""Lets the reference's tests find the compat layer under the reference's own module names."""

from __future__ import annotations

import importlib
import os
import sys
import types
from pathlib import Path

import pytest

_OURS = {
    "constants": "speciesnet_cpp.compat.constants",
    "ensemble": "speciesnet_cpp.compat.ensemble",
    "ensemble_prediction_combiner": "speciesnet_cpp.compat.ensemble",
    "geofence_utils": "speciesnet_cpp.compat.geofence_utils",
    "geolocation": "speciesnet_cpp.compat.geolocation",
    "taxonomy_utils": "speciesnet_cpp.compat.taxonomy_utils",
    "utils": "speciesnet_cpp.compat.inputs",
}

package = types.ModuleType("speciesnet")
package.__path__ = []  # type: ignore[attr-defined]
sys.modules["speciesnet"] = package
for name, module in _OURS.items():
    sys.modules[f"speciesnet.{name}"] = importlib.import_module(module)


@pytest.fixture(scope="session")
def model_name() -> str:
    """The small package in the published format; its taxonomy and geofence are real ones."""
    shared = os.environ.get("SPECIESNET_SHARED")
    tiny = Path(shared or Path(os.environ["PYTHONPATH"]).parents[2] / "shared") / "fixtures/tiny"
    if not tiny.is_dir():
        pytest.skip(f"{tiny} is not there")
    return str(tiny)
