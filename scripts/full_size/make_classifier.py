"""Step 1, with TensorFlow: a classifier of the published architecture with random weights, as ONNX.

    make_classifier.py --photos FOLDER --labels LABELS --output classifier.onnx

Keras' EfficientNetV2-M for 480 × 480 pixels, one logit per label, goes through tf2onnx, as the
published one did. Statistics of the normalisations are those of the photos, and the logits are
scaled: a network left as drawn gives numbers so large that nothing can be compared.
"""

import argparse
from pathlib import Path

import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from PIL import Image, ImageFile

ImageFile.LOAD_TRUNCATED_IMAGES = True
SIDE = 480
LOGIT_SPREAD = 3.0
"""Standard deviation of a photo's logits: top scores from a few per cent to above one half."""


def read_photos(folder: Path, count: int = 6) -> np.ndarray:
    files = sorted(folder.glob("*.jpg"))[:count]
    photos = [Image.open(file).convert("RGB").resize((SIDE, SIDE)) for file in files]
    return np.stack([np.asarray(photo) for photo in photos]).astype(np.float32) / 255


def make_network(labels: int, photos: np.ndarray) -> keras.Model:
    network = keras.applications.EfficientNetV2M(
        weights=None,
        input_shape=(SIDE, SIDE, 3),
        classes=labels,
        classifier_activation=None,
        include_preprocessing=False,
    )
    random = np.random.default_rng(7)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0  # The statistics of the next run replace the old ones.
            layer.gamma.assign(random.uniform(0.8, 1.2, layer.gamma.shape))
            layer.beta.assign(random.normal(0, 0.1, layer.beta.shape))
    network(photos, training=True)
    kernel, bias = network.layers[-1].weights
    kernel.assign(kernel * (LOGIT_SPREAD / float(np.std(network(photos, training=False)))))
    # Zero biases would be folded away.
    bias.assign(random.normal(0, 0.1, bias.shape))
    return network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True, help="one label per line")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()

    keras.utils.set_random_seed(1234)
    labels = len(arguments.labels.read_text(encoding="utf-8").splitlines())
    network = make_network(labels, read_photos(arguments.photos))
    signature = [tf.TensorSpec((None, SIDE, SIDE, 3), tf.float32, name="input")]
    function = tf.function(lambda x: network(x, training=False), input_signature=signature)
    model, _ = tf2onnx.convert.from_function(function, input_signature=signature, opset=13)
    onnx.save(model, arguments.output)
    print(f"{arguments.output}: {network.count_params()} parameters, {labels} labels")


if __name__ == "__main__":
    main()
