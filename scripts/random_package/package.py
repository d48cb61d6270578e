# SPDX-License-Identifier: Apache-2.0
"""Writes info.json and the data files of a random package.

usage: package.py OUTPUT DATA always_crop|full_image
"""

import json
import os
import shutil
import sys

CLASSIFIERS = {
    "always_crop": "always_crop_99710272_22x8_v12_epoch_00148",
    "full_image": "full_image_88545560_22x8_v12_epoch_00153",
}
VERSIONS = {"always_crop": "4.0.1a", "full_image": "4.0.1b"}
DETECTORS = {"always_crop": "md_v5a.0.0.pt", "full_image": "md_v5a.0.1.pt"}
RELEASES = "https://github.com/agentmorris/MegaDetector/releases/download/v5.0/"
DATA_FILES = ("taxonomy_release.txt", "geofence_release.json")


def main():
    output, data, kind = sys.argv[1:4]
    os.makedirs(output, exist_ok=True)
    labels = next(name for name in sorted(os.listdir(data)) if name.endswith(".labels.txt"))
    shutil.copyfile(os.path.join(data, labels), os.path.join(output, CLASSIFIERS[kind] + ".labels.txt"))
    for name in DATA_FILES:
        shutil.copyfile(os.path.join(data, name), os.path.join(output, name))
    info = {
        "version": VERSIONS[kind] + "-random",
        "type": kind,
        "classifier": CLASSIFIERS[kind] + ".pt",
        "classifier_labels": CLASSIFIERS[kind] + ".labels.txt",
        "detector": RELEASES + DETECTORS[kind],
        "taxonomy": "taxonomy_release.txt",
        "geofence": "geofence_release.json",
    }
    with open(os.path.join(output, "info.json"), "w", encoding="utf-8") as file:
        json.dump(info, file, indent=2)


main()
