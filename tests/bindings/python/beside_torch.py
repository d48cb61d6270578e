# SPDX-License-Identifier: Apache-2.0
"""Uses PyTorch and the library, each with its own LibTorch, in one process, without interference."""

from __future__ import annotations

import torch
from photos import ZEBRA


def torch_result() -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    image = torch.rand(1, 3, 64, 64, generator=generator)
    weight = torch.rand(8, 3, 3, 3, generator=generator)
    scripted = torch.jit.script(torch.nn.ReLU())
    return scripted(torch.nn.functional.conv2d(image, weight, padding=1))


before = torch_result()
threads = torch.get_num_threads()

import speciesnet_cpp as speciesnet  # noqa: E402 after torch on purpose

with speciesnet.Ensemble("demo") as ensemble:
    prediction = ensemble.predict(ZEBRA)[0]
assert prediction.answer is not None
assert prediction.answer.short_name == "equus_quagga", prediction
assert torch.equal(torch_result(), before)
assert torch.get_num_threads() == threads
print(f"torch {torch.__version__} beside {speciesnet.build_information}: {prediction}")
