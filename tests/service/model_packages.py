# SPDX-License-Identifier: Apache-2.0
"""Small packages and archives for the tests of `speciesnet model`."""

import io
import json
import random
import tarfile
import zipfile

MODEL = "google/speciesnet/pyTorch/v4.0.1a"
LABEL = "990ae9dd-7a59-4344-afcb-1b7b21368000;mammalia;primates;hominidae;homo;sapiens;human\n"


def package(detector: str = "detector.pt", weights: int = 300_000) -> dict[str, bytes]:
    """Returns files of a package. The networks are noise, because nothing here runs them."""
    noise = random.Random(5)
    info = {
        "version": "4.0.1a",
        "type": "always_crop",
        "classifier": "classifier.pt",
        "classifier_labels": "labels.txt",
        "detector": detector,
        "taxonomy": "taxonomy.txt",
        "geofence": "geofence.json",
    }
    files = {
        "info.json": json.dumps(info).encode(),
        "classifier.pt": noise.randbytes(weights),
        "labels.txt": LABEL.encode(),
        "taxonomy.txt": LABEL.encode(),
        "geofence.json": b"{}",
    }
    if detector == "detector.pt":
        files[detector] = noise.randbytes(20_000)
    return files


def tar_gz(files: dict[str, bytes], folder: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(folder + name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def zip_file(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()
