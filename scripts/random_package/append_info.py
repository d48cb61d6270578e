# SPDX-License-Identifier: Apache-2.0
"""Copies a detector and appends a deflated `megadetector_info.json` by Python's zipfile, as in md_v5a.0.1.pt.

usage: append_info.py DETECTOR.pt OUTPUT.pt
"""

import json
import shutil
import sys
import zipfile


def main():
    detector, output = sys.argv[1:3]
    shutil.copyfile(detector, output)
    information = {"model_version_string": "v5a.0.1-random", "image_size": 1280, "model_type": "yolov5"}
    with zipfile.ZipFile(output, "a", compression=zipfile.ZIP_DEFLATED) as archive:
        folder = archive.namelist()[0].split("/")[0]
        entry = zipfile.ZipInfo(folder + "/megadetector_info.json", (2025, 2, 3, 10, 11, 12))
        archive.writestr(entry, json.dumps(information, indent=1), zipfile.ZIP_DEFLATED, 9)


main()
