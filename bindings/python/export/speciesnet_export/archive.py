# SPDX-License-Identifier: Apache-2.0
"""Writes TorchScript archives without information about the machine that wrote them."""

import zipfile
from pathlib import Path
from typing import Dict

import torch

# Appended to a network's file by releases of MegaDetector; contains, among others, the size of its
# images.
_MEGADETECTOR_INFO = "megadetector_info.json"

# LibTorch's own alignment of stored data; some readers map weights from there.
_ALIGNMENT = 64
_LOCAL_HEADER = 30
_PADDING_TAG = b"FB"


def save_trace(trace: torch.jit.ScriptModule, output: Path, extra_files: Dict[str, bytes]) -> None:
    """Saves a trace without its debug records, which contain the paths of the Python files that it was traced from."""
    trace.save(str(output), _extra_files=extra_files)
    drop_debug_records(output)


def appended_files(network: Path) -> Dict[str, bytes]:
    """Returns the appended data that an export keeps."""
    if not zipfile.is_zipfile(network):
        return {}
    with zipfile.ZipFile(network) as archive:
        return {
            _MEGADETECTOR_INFO: archive.read(name)
            for name in archive.namelist()
            if name.endswith("/" + _MEGADETECTOR_INFO)
        }


def drop_debug_records(path: Path) -> None:
    """Rewrites an archive without the records that only name Python files."""
    rest = path.with_name(path.name + ".part")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(rest, "w", zipfile.ZIP_STORED) as output:
        for record in archive.infolist():
            if not record.filename.endswith(".debug_pkl"):
                copy = zipfile.ZipInfo(record.filename, (1980, 1, 1, 0, 0, 0))
                copy.extra = _padding(output.fp.tell() + _LOCAL_HEADER + len(copy.filename.encode()))
                output.writestr(copy, archive.read(record))
    rest.replace(path)


def _padding(position: int) -> bytes:
    """Returns an extra field after which the next byte is aligned."""
    length = -(position + 4) % _ALIGNMENT
    return _PADDING_TAG + length.to_bytes(2, "little") + b"Z" * length
