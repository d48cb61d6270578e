# SPDX-License-Identifier: Apache-2.0
"""Writes a full-size package and the answers of PyTorch's own loading, for tests/import/full_size_test.cpp.

    python make_full_size_answers.py PUBLISHED OUTPUT

PUBLISHED is a folder with the published formats, OUTPUT the folder to write. Runs the pickles: use only files that you
trust. Requires torch and the packages that the pickles name (speciesnet brings yolov5; onnx2torch).

Networks with random weights are chaotic: the answers of a random classifier of full size differed by 86 % between one thread and
two, and by 144 % between float32 and float64. Therefore layers are first scaled to answer about 1, and the package is saved again.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures/import"))
from make_networks import input  # noqa: E402

DETECTOR_SHAPE = (1, 3, 256, 320)
CLASSIFIER_SHAPE = (1, 480, 480, 3)


def register_published_names() -> None:
    """Makes checkpoints loadable that were pickled in a checkout of yolov5, where it is not a package."""
    import speciesnet.detector  # noqa: F401
    import yolov5.models
    import yolov5.utils

    sys.modules.setdefault("models", yolov5.models)
    sys.modules.setdefault("utils", yolov5.utils)


def load(file: Path) -> tuple[object, nn.Module]:
    """Returns the content of the file, and its network."""
    loaded = torch.load(file, map_location="cpu", weights_only=False)
    model = loaded["model"] if isinstance(loaded, dict) else loaded
    return loaded, model.float().eval()


def normalise_input(norm: nn.BatchNorm2d, inputs: tuple[torch.Tensor]) -> None:
    norm.running_var, norm.running_mean = torch.var_mean(inputs[0], dim=(0, 2, 3))


def normalise_output(layer: nn.Conv2d, _: object, output: torch.Tensor) -> torch.Tensor:
    scale = output.std().clamp_min(1e-6)
    for parameter in layer.parameters():
        parameter.data /= scale
    return output / scale


def calibrate(model: nn.Module, shape: tuple[int, ...]) -> None:
    hooks = []
    has_norms = any(isinstance(module, nn.BatchNorm2d) for module in model.modules())
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            hooks.append(module.register_forward_pre_hook(normalise_input))
        elif isinstance(module, nn.Conv2d) and (module.bias is not None or not has_norms):
            hooks.append(module.register_forward_hook(normalise_output))
    model(input(*shape))
    for hook in hooks:
        hook.remove()


def run(model: nn.Module, shape: tuple[int, ...], type: torch.dtype = torch.float32) -> torch.Tensor:
    output = model.to(type)(input(*shape).to(type))
    return output[0] if isinstance(output, tuple) else output


def largest_difference(a: torch.Tensor, b: torch.Tensor) -> float:
    """As difference() in published_networks.hpp."""
    return float(((a.double() - b).abs() / b.abs().clamp_min(1)).max())


def answer(file: Path, shape: tuple[int, ...], expected: Path) -> None:
    """Returns PyTorch's float32 and float64 answers, and PyTorch's own differences from both."""
    model = load(file)[1]
    output = run(model, shape)
    print(f"{file.name}: answers {tuple(output.shape)}, largest {float(output.abs().max()):.4g}")
    torch.set_num_threads(2)
    threads = largest_difference(run(model, shape), output)
    torch.set_num_threads(1)
    with torch.backends.mkldnn.flags(enabled=False):
        without_onednn = largest_difference(run(model, shape), output)
    exact = run(model, shape, torch.float64)
    print(
        f"{file.name}: PyTorch on two threads differs from one by {threads:.2g}, without oneDNN by "
        f"{without_onednn:.2g}; from float64 it differs by {largest_difference(output, exact):.2g}"
    )
    output.contiguous().numpy().astype("<f4").tofile(expected.with_suffix(".float32"))
    exact.contiguous().numpy().astype("<f8").tofile(expected.with_suffix(".float64"))


def main() -> None:
    published, output = Path(sys.argv[1]), Path(sys.argv[2])
    package = output / "package"
    register_published_names()
    torch.set_num_threads(1)
    shutil.copytree(published, package)
    info = json.loads((published / "info.json").read_text())
    for network, shape in (("detector", DETECTOR_SHAPE), ("classifier", CLASSIFIER_SHAPE)):
        # A detector that is given as a URL has a local name.
        file = package / info[network].split("?")[0].replace(":", "_").replace("/", "_")
        loaded, model = load(file)
        calibrate(model, shape)
        if network == "detector":
            model.half()  # as published
        torch.save(loaded, file)
        del loaded, model
        answer(file, shape, output / network)


if __name__ == "__main__":
    with torch.no_grad():
        main()
