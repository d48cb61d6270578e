"""Makes the files of a full-size random package with the reference's own packages.

usage: package.py classifier OUTPUT DATA PHOTOS CLASSIFIER.onnx
       package.py detector OUTPUT DATA PHOTOS

The classifier comes first: the reference needs both to load, the detector's scaling only photos.
"""

import glob
import json
import os
import shutil
import sys

import numpy as np
import torch

LABELS = "always_crop_99710272_22x8_v12_epoch_00148.labels.txt"
DATA_FILES = (LABELS, "taxonomy_release.txt", "geofence_release.json")


def write_description(output, data):
    os.makedirs(output, exist_ok=True)
    for name in DATA_FILES:
        shutil.copyfile(os.path.join(data, name), os.path.join(output, name))
    info = {
        "version": "4.0.1a-random",
        "type": "always_crop",
        "classifier": "classifier.pt",
        "classifier_labels": LABELS,
        "detector": "detector.pt",
        "taxonomy": "taxonomy_release.txt",
        "geofence": "geofence_release.json",
    }
    with open(os.path.join(output, "info.json"), "w", encoding="utf-8") as file:
        json.dump(info, file, indent=2)


def photos_in(folder, count):
    from speciesnet.utils import load_rgb_image

    loaded = (load_rgb_image(file) for file in sorted(glob.glob(os.path.join(folder, "*.jpg"))))
    return [photo for photo in loaded if photo is not None][:count]


def save(value, path):
    torch.save(value, path + ".part")
    os.replace(path + ".part", path)


# --- classifier


def crops_of(photos):
    """Windows of photos as the classifier reads them: (crops, 480, 480, 3) in [0, 1]."""
    random = np.random.default_rng(4)
    crops = []
    for photo in photos:
        left, top = random.integers(photo.width // 2), random.integers(photo.height // 2)
        window = photo.crop((left, top, left + photo.width // 2, top + photo.height // 2)).resize((480, 480))
        crops.append(np.asarray(window, dtype=np.float32) / 255)
    return torch.from_numpy(np.stack(crops))


def is_common(label):
    names = {"human", "vehicle", "blank", "animal", "american black bear", "african elephant", "ocelot", "puma"}
    names |= {"domestic cattle", "domestic dog", "grey wolf", "lion", "northern raccoon", "plains zebra", "impala"}
    names |= {"white-tailed deer", "bird", "mammal", "felidae family", "cervidae family", "canidae family"}
    return label.split(";")[-1] in names


def scale_classifier(network, labels, photos):
    """Sets the last layer so that the scores of different crops differ and some are confident."""
    weight, bias = [buffer for buffer in network.buffers() if buffer.is_floating_point()][-2:]
    assert weight.shape == (1280, len(labels)) and bias.shape == (len(labels),), (weight.shape, bias.shape)
    last = next(node.target for node in reversed(network.graph.nodes) if "MatMul" in str(node.target))
    features = []
    hook = network.get_submodule(last).register_forward_hook(lambda _module, given, _out: features.append(given[0]))
    with torch.no_grad():
        for crop in crops_of(photos).split(2):
            network(crop)
    hook.remove()

    observed = torch.cat(features).double()
    centre = observed.mean(0)
    _, strengths, directions = torch.linalg.svd(observed - centre, full_matrices=False)
    kept = min(6, len(observed) - 1)
    whiten = directions[:kept].T / (strengths[:kept] / len(observed) ** 0.5)
    generator = torch.Generator().manual_seed(9)
    common = torch.tensor([is_common(label) for label in labels])
    spread = torch.where(common, 1.6, 0.25).double()
    mixing = torch.randn(kept, len(labels), generator=generator, dtype=torch.double) * spread
    level = torch.where(common, 1.5, -6.0).double()
    level += torch.randn(len(labels), generator=generator, dtype=torch.double) * torch.where(common, 1.2, 0.3)
    weight.copy_((whiten @ mixing).float())
    bias.copy_((level - centre @ whiten @ mixing).float())
    print("classifier: strengths", [round(s, 3) for s in strengths[:kept].tolist()])


def make_classifier(output, data, photos, onnx):
    import onnx2torch

    network = onnx2torch.convert(onnx).eval()
    with open(os.path.join(data, LABELS), encoding="utf-8") as file:
        labels = [line.strip() for line in file]
    scale_classifier(network, labels, photos_in(photos, 8))
    save(network, os.path.join(output, "classifier.pt"))


# --- detector


def normalise_activations(network, inputs):
    """BatchNorm statistics of the photos; weights small enough that rounding errors do not grow from layer to layer."""
    generator = torch.Generator().manual_seed(11)
    layers = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for layer in layers:
        layer.momentum = None  # the mean over all inputs
        layer.reset_running_stats()
        layer.weight.data.uniform_(0.15, 0.35, generator=generator)
        layer.bias.data.normal_(0, 0.3, generator=generator)
    network.train()
    with torch.no_grad():
        for pixels in inputs:
            network(pixels)
    for layer in layers:
        layer.momentum = 0.03
    network.eval()


def scale_output(convolution, cells, scale):
    """Sets a head so that few cells per photo are confident: cells is (count, channels), scale the level of the pyramid."""
    generator = torch.Generator().manual_seed(12 + scale)
    weight = torch.empty_like(convolution.weight).normal_(0, 1, generator=generator)[:, :, 0, 0]
    raw = (cells @ weight.T).double()
    mean, deviation = raw.mean(0), raw.std(0).clamp_min(1e-6)
    factor, offset = torch.ones_like(mean), torch.zeros_like(mean)
    for output in range(raw.shape[1]):
        relative = (raw[:, output] - mean[output]) / deviation[output]
        largest = relative.abs().max()
        part = output % 8  # x, y, width, height, objectness, animal, person, vehicle
        if part < 2:
            factor[output] = min(0.8, 1 / largest)
        elif part < 4:
            factor[output] = min(0.5, 1 / largest)
        elif part == 4:
            sample = relative[:: max(1, len(relative) // 200_000)]
            candidates = torch.quantile(sample, 1 - (0.0002, 0.0006, 0.0015, 0.005)[scale])
            lowest, highest = -5.5, (0.6, 0.8, 1.2, 1.5)[scale]
            factor[output] = (highest - lowest) / (relative.max() - candidates).clamp_min(1e-3)
            offset[output] = lowest - factor[output] * candidates
        else:
            factor[output] = min(2.2, 5 / largest)
            offset[output] = (2.4, 0.2, 0.2)[part - 5]
    factor /= deviation
    convolution.weight.data = (weight.double() * factor[:, None]).float()[:, :, None, None]
    convolution.bias.data = (offset - mean * factor).float()


def as_published(checkpoint_model):
    """MegaDetector v5a was saved from a checkout of YOLOv5, whose modules are `models.yolo` and `models.common`."""
    import yolov5.models.common
    import yolov5.models.yolo

    sys.modules["models"] = yolov5.models
    for name, module in (("models.yolo", yolov5.models.yolo), ("models.common", yolov5.models.common)):
        sys.modules[name] = module
        for value in list(vars(module).values()):
            if isinstance(value, type) and value.__module__ == "yolov5." + name:
                value.__module__ = name
    yolov5.models.yolo.DetectionModel.__name__ = yolov5.models.yolo.DetectionModel.__qualname__ = "Model"
    head = checkpoint_model.model[-1]
    head.grid = [torch.empty(0) for _ in range(head.nl)]
    head.anchor_grid = [torch.empty(0) for _ in range(head.nl)]
    keys = ("best_fitness", "ema", "updates", "optimizer", "wandb_id", "date")
    return {"epoch": -1, "model": checkpoint_model.half(), **dict.fromkeys(keys)}


def make_detector(output, photos):
    import yaml
    import yolov5
    from yolov5.models.yolo import DetectionModel
    from yolov5.utils.augmentations import letterbox

    torch.manual_seed(3)
    np.random.seed(3)
    with open(os.path.join(os.path.dirname(yolov5.__file__), "models/hub/yolov5x6.yaml"), encoding="utf-8") as file:
        layout = yaml.safe_load(file)
    network = DetectionModel({**layout, "nc": 3}, ch=3, nc=3)

    def letterboxed(photo, side):
        pixels = letterbox(np.asarray(photo), new_shape=side, stride=64, auto=True)[0]
        return torch.from_numpy(pixels / 255).permute(2, 0, 1)[None].float()

    scenes = photos_in(photos, 16)
    normalise_activations(network, [letterboxed(scene, 640) for scene in scenes])

    head = network.model[-1]
    seen = [[] for _ in head.m]
    for scale, convolution in enumerate(head.m):
        convolution.register_forward_hook(lambda _module, given, _out, scale=scale: seen[scale].append(given[0]))
    with torch.no_grad():
        for scene in scenes:
            network(letterboxed(scene, 1280))
    for scale, convolution in enumerate(head.m):
        convolution._forward_hooks.clear()
        scale_output(convolution, torch.cat([cells.flatten(2)[0].T for cells in seen[scale]]), scale)
    for parameter in network.parameters():
        parameter.requires_grad = False
    network.names = ["animal", "person", "vehicle"]
    save(as_published(network.float().eval()), os.path.join(output, "detector.pt"))


def main():
    part, output, data, photos = sys.argv[1:5]
    write_description(output, data)
    if part == "classifier":
        make_classifier(output, data, photos, sys.argv[5])
    else:
        make_detector(output, photos)


main()
