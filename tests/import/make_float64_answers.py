# SPDX-License-Identifier: Apache-2.0
"""Writes PyTorch's float64 and float32 answers of a published detector, for tests/import/float64_test.cpp.

    python make_float64_answers.py DETECTOR.pt OUTPUT.json PHOTO…

For each photo, letterboxed by the reference: the rows of the detector's output whose float64 confidence exceeds 0.01, at
most LARGEST_COUNT, evenly chosen. Runs the pickle: use only files that you trust. Requires speciesnet 5.0.6.
"""

import copy
import json
import sys
from pathlib import Path

import torch
from make_full_size_answers import load, register_published_names
from speciesnet.detector import SpeciesNetDetector
from speciesnet.utils import load_rgb_image

LARGEST_COUNT = 60
LOWEST_CONFIDENCE = 0.01


def main() -> None:
    detector, output, *photos = map(Path, sys.argv[1:])
    register_published_names()
    torch.set_num_threads(1)
    model = load(detector)[1]
    exact_model = copy.deepcopy(model).double()
    preprocess = SpeciesNetDetector.__new__(SpeciesNetDetector).preprocess  # without a network
    answers = []
    for photo in photos:
        pixels = torch.from_numpy(preprocess(load_rgb_image(str(photo))).arr).permute(2, 0, 1)[None] / 255
        single, exact = model(pixels)[0][0], exact_model(pixels.double())[0][0]
        confidence = exact[:, 4] * exact[:, 5:].amax(1)
        rows = (confidence > LOWEST_CONFIDENCE).nonzero()[:, 0]
        rows = rows[:: -(-len(rows) // LARGEST_COUNT) or 1]
        print(f"{photo.name}: {len(rows)} rows")
        answers.append(
            {
                "photo": photo.name,
                "rows": rows.tolist(),
                "float64": exact[rows].tolist(),
                "float32": single[rows].tolist(),
            }
        )
    lines = ",\n".join(json.dumps(answer) for answer in answers)
    output.write_text("[\n" + lines + "\n]\n")


if __name__ == "__main__":
    with torch.no_grad():
        main()
