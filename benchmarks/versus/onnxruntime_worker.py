# SPDX-License-Identifier: Apache-2.0
"""One engine of the comparison: the reference with its two networks run by ONNX Runtime. Input and output as for versus_worker.

usage: onnxruntime_worker.py PACKAGE COUNTRY THREADS ONNX
"""

import json
import os
import sys

answers = os.dup(1)
os.dup2(2, 1)

import onnxruntime  # noqa: E402
import torch  # noqa: E402

package, country, threads, onnx = sys.argv[1:5]
torch.set_num_threads(int(threads))


class Network:
    """Replaces a module that the reference expects."""

    def __init__(self, file):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(threads)
        self.session = onnxruntime.InferenceSession(
            os.path.join(onnx, file), options, providers=["CPUExecutionProvider"]
        )
        self.is_detector = file.startswith("detector")

    def __call__(self, pixels, **_):
        name = self.session.get_inputs()[0].name
        output = torch.from_numpy(self.session.run(None, {name: pixels.numpy()})[0])
        return (output,) if self.is_detector else output

    def float(self):
        return self

    def eval(self):
        return self

    def parameters(self):
        return []

    modules = parameters


def load(path, **_):
    return {"model": Network("detector.onnx")} if "md_v5a" in os.path.basename(path) else Network("classifier.onnx")


torch.load = load  # The weights are in the ONNX files; loading the package's would waste time and memory.

from speciesnet import SpeciesNet  # noqa: E402

ensemble = SpeciesNet(package, components="all")
for line in sys.stdin:
    photos = line.rstrip("\n").split("\t")
    predictions = ensemble.predict(filepaths=photos, country=country, run_mode="multi_thread", progress_bars=False)
    os.write(answers, (json.dumps(predictions) + "\n").encode())
