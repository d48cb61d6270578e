# SPDX-License-Identifier: Apache-2.0
"""One engine of the comparison: the reference, kept loaded, in its default mode of running. Input and output as for versus_worker.

usage: reference_worker.py PACKAGE COUNTRY THREADS
"""

import json
import os
import sys

answers = os.dup(1)
os.dup2(2, 1)  # The reference and its packages write to standard output too.

import torch  # noqa: E402

package, country, threads = sys.argv[1:4]
torch.set_num_threads(int(threads))

from speciesnet import SpeciesNet  # noqa: E402

ensemble = SpeciesNet(package, components="all")
for line in sys.stdin:
    photos = line.rstrip("\n").split("\t")
    predictions = ensemble.predict(filepaths=photos, country=country, run_mode="multi_thread", progress_bars=False)
    os.write(answers, (json.dumps(predictions) + "\n").encode())
