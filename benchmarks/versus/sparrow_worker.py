# SPDX-License-Identifier: Apache-2.0
"""One engine of the comparison: sparrow-engine's pipeline of detector and classifier. Input and output as for versus_worker,
but the answers differ: sparrow-engine has no geofence and no taxonomy, and always pads to 1280 × 1280.

usage: sparrow_worker.py PACKAGE COUNTRY THREADS ONNX

sparrow-engine reads its models from folders with a manifest, which are created next to the ONNX files.
"""

import json
import os
import sys

answers = os.dup(1)
os.dup2(2, 1)

package, _country, threads, onnx = sys.argv[1:5]
os.environ["OMP_NUM_THREADS"] = threads

MANIFEST = """[model]
id = "{name}"
format = "onnx"
file = "model.onnx"

[preprocessing]
method = "{preprocessing}"
input_size = [{side}, {side}]
layout = "nchw"
normalization = "unit"
{padding}
[inference]
strategy = "single"

[postprocessing]
{postprocessing}

[labels]
file = "labels.txt"
format = "one_per_line"
"""


def write_model(name, network, labels, **fields):
    folder = os.path.join(onnx, "sparrow", name)
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, "model.onnx")
    if not os.path.exists(target):
        os.link(os.path.join(onnx, network), target)
    with open(os.path.join(folder, "labels.txt"), "w", encoding="utf-8") as file:
        file.write(labels)
    with open(os.path.join(folder, "manifest.toml"), "w", encoding="utf-8") as file:
        file.write(MANIFEST.format(name=name, **fields))


with open(os.path.join(package, "info.json"), encoding="utf-8") as file:
    labels_file = json.load(file)["classifier_labels"]
with open(os.path.join(package, labels_file), encoding="utf-8") as file:
    classifier_labels = file.read()
write_model(
    "detector",
    "detector.onnx",
    "animal\nperson\nvehicle\n",
    preprocessing="letterbox",
    side=1280,
    padding="pad_value = 0.447\n",
    postprocessing='method = "megadet_v5a"\nconfidence_threshold = 0.1\niou_threshold = 0.45',
)
write_model(
    "classifier",
    "classifier_planar.onnx",
    classifier_labels,
    preprocessing="resize",
    side=480,
    padding="",
    postprocessing='method = "softmax"',
)

import sparrow_engine  # noqa: E402

sparrow_engine.init(device="cpu", model_dir=os.path.join(onnx, "sparrow"))
for line in sys.stdin:
    photos = line.rstrip("\n").split("\t")
    results = sparrow_engine.pipeline(photos, detector="detector", classifier="classifier", top_k=2)
    predictions = [
        {
            "filepath": photo,
            "detections": [
                {
                    "category": str(found.detection.label_id + 1),
                    "conf": found.detection.confidence,
                    "bbox": [
                        found.detection.bbox.x_min,
                        found.detection.bbox.y_min,
                        found.detection.bbox.x_max - found.detection.bbox.x_min,
                        found.detection.bbox.y_max - found.detection.bbox.y_min,
                    ],
                    "label": found.classification.label if found.classification else None,
                }
                for found in result.detections
            ],
        }
        for photo, result in zip(photos, results)
    ]
    os.write(answers, (json.dumps({"predictions": predictions}) + "\n").encode())
