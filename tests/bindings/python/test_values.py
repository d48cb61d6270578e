# SPDX-License-Identifier: Apache-2.0
"""Results as values: pickled, copied, shown. Other values give clear errors."""

from __future__ import annotations

import asyncio
import copy
import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
import threading
import time
import unittest
from pathlib import Path

from photos import FOLDER, ZEBRA
from speciesnet_cpp import (
    Cancelled,
    Ensemble,
    Image,
    Instance,
    Location,
    Prediction,
    Predictions,
)

try:
    import numpy
except ImportError:
    numpy = None  # type: ignore[assignment]


def content(prediction: Prediction) -> tuple[object, ...]:
    return (
        prediction.filepath,
        prediction.model_version,
        prediction.failures,
        prediction.failure_reason,
        prediction.location,
        prediction.detections,
        prediction.answer,
    )


def label_of(prediction: Prediction) -> str:
    return prediction.answer.label if prediction.answer else ""


class ValuesTest(unittest.TestCase):
    ensemble: Ensemble
    predictions: Predictions

    @classmethod
    def setUpClass(cls) -> None:
        cls.ensemble = Ensemble("demo")
        photos = [ZEBRA, FOLDER / "blank.jpg", "/nowhere/a.jpg"]
        cls.predictions = cls.ensemble.predict(photos, location=Location("USA"), explain=True)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.ensemble.close()

    def test_predictions_are_pickled_and_copied_by_value(self) -> None:
        per_image = self.ensemble.predict([ZEBRA], format="per_image")
        with Image.open(ZEBRA) as image:
            detected = self.ensemble.detect(image)
            classified = self.ensemble.classify(image, detected.detections or (), top=None)
        for original in [*self.predictions, per_image[0], detected, classified]:
            for again in (pickle.loads(pickle.dumps(original)), copy.copy(original), copy.deepcopy(original)):
                self.assertEqual(content(again), content(original))
        for many in (pickle.loads(pickle.dumps(self.predictions)), copy.copy(self.predictions)):
            self.assertEqual([content(p) for p in many], [content(p) for p in self.predictions])

    def test_a_copy_outlives_what_it_was_copied_from(self) -> None:
        predictions = self.ensemble.predict([ZEBRA])
        copied, one = copy.copy(predictions), copy.copy(predictions[0])
        expected = content(predictions[0])
        predictions.close()
        self.assertEqual(content(copied[0]), expected)
        self.assertEqual(content(one), expected)

    def test_results_cross_a_pool_of_spawned_processes(self) -> None:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            labels = pool.map(label_of, list(self.predictions))
        self.assertEqual(labels, [label_of(p) for p in self.predictions])

    def test_images_are_pickled_by_value_and_closed_ones_are_refused(self) -> None:
        image = Image.open(ZEBRA)
        again = pickle.loads(pickle.dumps(image))
        self.assertEqual((again.width, again.height), (image.width, image.height))
        self.assertEqual(
            self.ensemble.detect(again).detections, self.ensemble.detect(image).detections
        )
        image.close()
        for use in (pickle.dumps, copy.copy):
            with self.assertRaisesRegex(ValueError, "Image is closed"):
                use(image)

    def test_engines_and_jobs_refuse_to_be_copied(self) -> None:
        job = self.ensemble.submit([ZEBRA])
        job.result()
        for handle in (self.ensemble, self.ensemble.rules, job):
            for use in (pickle.dumps, copy.copy, copy.deepcopy):
                with self.assertRaisesRegex(TypeError, "make one in each process"):
                    use(handle)

    def test_a_detection_array_refuses_to_outlive_its_memory(self) -> None:
        with self.assertRaisesRegex(TypeError, "numpy.array"):
            copy.copy(self.predictions[0].detection_array)

    def test_wrong_arguments_get_a_sentence(self) -> None:
        with self.assertRaisesRegex(ValueError, "precision must be one of 'fp32', .*, not 'fp8'"):
            Ensemble("demo", precision="fp8")  # type: ignore[arg-type]
        with self.assertRaisesRegex(ValueError, "components must be one of 'all', .*, not 'x'"):
            Ensemble("demo", components="x")  # type: ignore[arg-type]
        with self.assertRaisesRegex(ValueError, "format must be one of"):
            self.ensemble.predict([ZEBRA], format="x")  # type: ignore[typeddict-item]
        with self.assertRaisesRegex(ValueError, "detection_threshold must be from 0.01 to 1, not 7"):
            self.ensemble.predict([ZEBRA], detection_threshold=7)
        with self.assertRaisesRegex(TypeError, r"Location\(country='KEN'\), not str"):
            self.ensemble.predict([ZEBRA], location="KEN")  # type: ignore[arg-type]
        with self.assertRaisesRegex(TypeError, r"is a path: open it first with Image.open\(path\)"):
            self.ensemble.detect(str(ZEBRA))
        encoded = ZEBRA.read_bytes()
        with self.assertRaisesRegex(TypeError, r"Image.decode\(data\)"):
            self.ensemble.detect(encoded)
        for photos in (encoded, [encoded], [7]):
            with self.assertRaisesRegex(TypeError, "a photo must be a path, an Image, an array"):
                self.ensemble.predict(photos)

    @unittest.skipIf(numpy is None, "NumPy is not installed")
    def test_a_view_with_reversed_channels_is_copied(self) -> None:
        with Image.open(ZEBRA) as image:
            rgb = numpy.asarray(image)
            bgr = numpy.ascontiguousarray(rgb[..., ::-1])
            expected = self.ensemble.detect(image).detections
        self.assertEqual(self.ensemble.detect(bgr[..., ::-1]).detections, expected)

    def test_a_repr_says_what_was_found(self) -> None:
        self.assertRegex(repr(self.predictions[0]), r"zebra.jpg': equidae 1\.00>")
        self.assertIn("nothing found", repr(self.predictions[1]))
        self.assertIn("not known, CLASSIFIER failed, DETECTOR failed", repr(self.predictions[2]))
        self.assertEqual(repr(self.predictions), "<Predictions of 3 photos>")

    def test_notebooks_show_the_photo_with_its_boxes(self) -> None:
        shown = self.predictions[0]._repr_html_()
        self.assertIn('src="data:image/jpeg;base64,', shown)
        self.assertEqual(shown.count("position:absolute"), len(self.predictions[0].detections or ()))
        self.assertNotIn("<img", self.predictions[2]._repr_html_())
        self.assertIn("<table>", self.predictions._repr_html_())
        if os.name == "nt":
            return  # which has no such names
        with tempfile.TemporaryDirectory() as folder:
            hostile = Path(folder) / "<b onclick=x>.jpg"
            shutil.copy(ZEBRA, hostile)
            self.assertNotIn("<b", self.ensemble.predict([hostile])[0]._repr_html_())


class WaitingTest(unittest.TestCase):
    """A wait ends with an error when its condition changes."""

    def setUp(self) -> None:
        self.ensemble = Ensemble("demo", threads=1)
        self.addCleanup(self.ensemble.close)
        # Seconds of work; each photo differs, because a duplicate costs nothing.
        self.many = [
            Instance(str(number), Image._from_bytes(os.urandom(64 * 64 * 3), 64, 64))
            for number in range(300)
        ]

    def interrupted_after(self, wait: object) -> float:
        sent: list[float] = []

        def interrupt() -> None:
            sent.append(time.monotonic())
            signal.raise_signal(signal.SIGINT)

        timer = threading.Timer(0.3, interrupt)
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            wait()  # type: ignore[operator]
        return time.monotonic() - sent[0]

    def test_ctrl_c_ends_the_wait_for_predict_and_for_a_job(self) -> None:
        # Without the check between two waits, the wait would last as long as the work: here,
        # forever.
        job = self.ensemble.submit(self.many)
        self.interrupted_after(job.result)
        job.cancel()
        self.interrupted_after(lambda: self.ensemble.predict(self.many))
        # The current photo is processed for a while, and needs the model.
        self.ensemble.close()

    def test_jobs_can_be_awaited(self) -> None:
        async def both() -> list[Predictions]:
            return await asyncio.gather(
                self.ensemble.predict_async(ZEBRA), self.ensemble.predict_async([ZEBRA, ZEBRA])
            )

        one, two = asyncio.run(both())
        self.assertEqual((len(one), len(two)), (1, 2))
        self.assertEqual(label_of(one[0]), label_of(two[1]))

    def test_cancelling_the_task_cancels_the_job(self) -> None:
        seen: list[int] = []

        async def given_up() -> None:
            await asyncio.wait_for(
                self.ensemble.predict_async(
                    self.many, progress=lambda done, total: seen.append(done)
                ),
                0.3,
            )

        with self.assertRaises((asyncio.TimeoutError, TimeoutError)):
            asyncio.run(given_up())
        self.assertEqual(len(self.ensemble.submit([ZEBRA]).result()), 1)
        self.assertLess(len(seen), len(self.many))

    def test_what_a_job_failed_with_is_raised(self) -> None:
        async def stopped() -> None:
            def stop(done: int, total: int) -> None:
                raise LookupError("enough")

            await self.ensemble.predict_async([ZEBRA, ZEBRA], progress=stop)

        with self.assertRaises((LookupError, Cancelled)):
            asyncio.run(stopped())


if __name__ == "__main__":
    unittest.main()
