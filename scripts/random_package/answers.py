# SPDX-License-Identifier: Apache-2.0
"""Writes the reference's answers for the packages and photos of a folder, unrounded, one photo per line.

usage: answers.py FOLDER    (speciesnet 5.0.6 or 5.0.5; FOLDER/always_crop, full_image and photos become FOLDER/goldens/sn506 or sn505)
"""

import glob
import json
import os
import sys
from importlib.metadata import version

import torch
from speciesnet import SpeciesNet

PLACES = {"none": {}, "USA_CA": {"country": "USA", "admin1_region": "CA"}}


def write(file, document):
    *before, (last, predictions) = document.items()
    assert last == "predictions"
    with open(file, "w", encoding="utf-8") as output:
        head = "".join(f"{json.dumps(key)}: {json.dumps(value)},\n" for key, value in before)
        lines = ",\n".join(json.dumps(prediction, ensure_ascii=False) for prediction in predictions)
        output.write("{" + head + '"predictions": [\n' + lines + "\n]}\n")


def main():
    os.chdir(sys.argv[1])
    torch.set_num_threads(1)
    goldens = "goldens/sn" + version("speciesnet").replace(".", "")
    os.makedirs(goldens, exist_ok=True)
    instances = {"instances": [{"filepath": photo} for photo in sorted(glob.glob("photos/*.jpg"))]}
    for kind in ("always_crop", "full_image"):
        model = SpeciesNet(os.path.abspath(kind), components="all")
        for name, place in PLACES.items():
            answers = model.predict(
                instances_dict=instances, run_mode="single_thread", progress_bars=False, **place
            )
            write(f"{goldens}/{kind}_ensemble_{name}.json", answers)


main()
