# SPDX-License-Identifier: Apache-2.0
"""Converts a published SpeciesNet model package into TorchScript for SpeciesNet C++."""

from .errors import ExportError
from .export import export_package

__all__ = ["ExportError", "export_package"]
