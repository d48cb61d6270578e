# SPDX-License-Identifier: Apache-2.0
"""The demonstration model, used from Python."""

from __future__ import annotations

import gc
import os
import tempfile
import threading
import unittest
from pathlib import Path

import speciesnet_cpp as speciesnet
from photos import FOLDER, ZEBRA
from speciesnet_cpp import Ensemble, Image, Instance, IoError, Location

try:
    import numpy
except ImportError:
    numpy = None  # type: ignore[assignment]


class EnsembleTest(unittest.TestCase):
    ensemble: Ensemble

    @classmethod
    def setUpClass(cls) -> None:
        cls.ensemble = Ensemble("demo")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.ensemble.close()

    def test_an_ensemble_with_other_rules_shares_the_networks(self) -> None:
        rules = self.ensemble.rules
        assert rules is not None
        local = self.ensemble.with_rules(rules.with_species_list(["lion"]))
        answers = [
            ensemble.predict(ZEBRA)[0].detections[0].answer.label for ensemble in (self.ensemble, local)
        ]
        self.assertIn("quagga", answers[0])
        self.assertNotIn("quagga", answers[1])
        self.assertEqual(local.labels, self.ensemble.labels)
        local.close()
        self.assertEqual(self.ensemble.predict(ZEBRA)[0].detections[0].answer.label, answers[0])

    def test_it_identifies_itself_as_a_demonstration(self) -> None:
        self.assertTrue(self.ensemble.is_demo)
        self.assertTrue(self.ensemble.model_version.startswith("demo"))
        self.assertEqual(self.ensemble.model_type, "always_crop")
        self.assertGreater(len(self.ensemble.labels), 1)

    def test_a_path_an_image_and_an_instance_get_the_same_answer(self) -> None:
        with Image.open(ZEBRA) as image:
            photos = [ZEBRA, image, Instance("name.jpg", image, Location("KEN"))]
            predictions = self.ensemble.predict(photos)
        self.assertEqual([p.filepath for p in predictions], [str(ZEBRA), "", "name.jpg"])
        self.assertEqual(predictions[2].location, Location("KEN"))
        for prediction in predictions:
            assert prediction.answer is not None
            self.assertEqual(prediction.answer.short_name, "equus_quagga")
            self.assertEqual(prediction.detections, predictions[0].detections)

    def test_results_outlive_everything_they_came_from(self) -> None:
        prediction = Ensemble("demo").predict(ZEBRA)[0]
        gc.collect()
        self.assertEqual(prediction.filepath, str(ZEBRA))
        self.assertTrue(prediction.detections)

    def test_detecting_and_classifying_step_by_step(self) -> None:
        with Image.open(ZEBRA) as image:
            detections = self.ensemble.detect(image).detections
            assert detections
            classified = self.ensemble.classify(image, detections[:1], top=None).detections
        assert classified and classified[0].classes
        self.assertEqual(len(classified[0].classes), len(self.ensemble.labels))
        self.assertEqual(speciesnet.short_name(classified[0].classes[0][0]), "equus_quagga")

    def test_a_photo_that_cannot_be_read_is_a_failure_of_its_own(self) -> None:
        lines: list[tuple[str, str]] = []
        with Ensemble("demo", log=lambda *line: lines.append(line)) as ensemble:
            missing, found = ensemble.predict(["/nowhere/a.jpg", ZEBRA])
        self.assertEqual(missing.failures, {"CLASSIFIER", "DETECTOR"})
        self.assertIsNone(missing.detections)
        self.assertEqual(found.failures, frozenset())
        self.assertEqual([level for level, _ in lines], ["information", "warning"])

    def test_progress_counts_and_its_exception_stops_the_work(self) -> None:
        calls: list[tuple[int, int]] = []
        self.ensemble.predict([ZEBRA, ZEBRA], progress=lambda *call: calls.append(call))
        self.assertEqual(calls, [(1, 2), (2, 2)])

        def stop(done: int, total: int) -> None:
            raise KeyError(done)

        with self.assertRaises(KeyError):
            self.ensemble.predict([ZEBRA, ZEBRA], progress=stop)
        with self.ensemble.submit([ZEBRA, ZEBRA], progress=stop) as job:
            with self.assertRaises(KeyError):
                job.result()

    def test_a_job_gives_its_result_once_and_calls_back(self) -> None:
        called = threading.Event()
        with self.ensemble.submit([ZEBRA], done=called.set) as job:
            prediction = job.result(timeout=600)[0]
            assert prediction.answer is not None
            self.assertEqual(prediction.answer.short_name, "equus_quagga")
            with self.assertRaises(speciesnet.InvalidArgument):
                job.result()
            self.assertTrue(called.wait(60))

    def test_a_cancelled_job_says_so(self) -> None:
        gate = threading.Event()
        with self.ensemble.submit([ZEBRA], progress=lambda *_: gate.wait()):
            with self.ensemble.submit([ZEBRA]) as job:
                self.assertFalse(job.done())
                with self.assertRaises(TimeoutError):
                    job.result(timeout=0)
                job.cancel()
                gate.set()
                with self.assertRaises(speciesnet.Cancelled):
                    job.result()

    def test_other_threads_run_while_the_library_works(self) -> None:
        ticks = 0
        finished = threading.Event()

        def predict() -> None:
            self.ensemble.predict([ZEBRA] * 3)
            finished.set()

        worker = threading.Thread(target=predict)
        worker.start()
        while not finished.wait(0.001):
            ticks += 1
        worker.join()
        self.assertGreater(ticks, 10)

    def test_json_of_both_formats_is_read_again(self) -> None:
        predictions = self.ensemble.predict(ZEBRA)
        for form, field in (
            ("per_detection", "processed_classification"),
            ("per_image", "prediction"),
        ):
            document = predictions.to_json(format=form)  # type: ignore[arg-type]
            self.assertIn(field, document)
            again = speciesnet.Predictions.from_json(document)
            self.assertEqual(again.to_json(format=form), document)  # type: ignore[arg-type]
        with self.assertRaises(speciesnet.InvalidArgument):
            speciesnet.Predictions.from_json("{")

    def test_records_are_flat_rows(self) -> None:
        rows = self.ensemble.predict([ZEBRA, "/nowhere/a.jpg"]).to_records()
        self.assertEqual(rows[0]["name"], "equus_quagga")
        self.assertEqual(rows[-1]["failures"], "CLASSIFIER,DETECTOR")
        self.assertEqual(len({tuple(row) for row in rows}), 1)

    def test_folders_are_predicted_photo_by_photo(self) -> None:
        photos = speciesnet.find_photos([FOLDER, FOLDER])
        self.assertEqual(photos, sorted(set(photos)))
        results = list(speciesnet.predict_folders(self.ensemble, [FOLDER], waiting=1))
        self.assertEqual([result.filepath for result in results], photos)

    def test_files_of_operating_systems_are_skipped(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for file in ("@eaDir/1.jpg/2.jpg", "a/.Trash-1000/3.jpg", "a/__MACOSX/4.png"):
                (folder / file).parent.mkdir(parents=True)
                (folder / file).touch()
            (folder / "._5.jpg").write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X")
            (folder / "6.jpg").write_bytes(b"\xff\xd8Drawn by SpeciesNet C++ (speciesnet visualize)")
            (folder / "._7.jpg").write_bytes(ZEBRA.read_bytes())
            (folder / "a/8.Jpg").touch()
            # A pipe, where there are any: reading it would wait forever.
            getattr(os, "mkfifo", Path.touch)(folder / "9.jpg")
            found = [Path(photo).name for photo in speciesnet.find_photos([folder])]
        self.assertEqual(found, ["._7.jpg", "9.jpg", "8.Jpg"])

    def test_leaving_the_loop_stops_the_work(self) -> None:
        before = threading.active_count()
        for prediction in self.ensemble.iterate([ZEBRA] * 1000, waiting=1):
            self.assertEqual(prediction.filepath, str(ZEBRA))
            break
        gc.collect()
        self.assertEqual(threading.active_count(), before)

    def test_an_error_in_a_loop_is_raised_after_the_results_before_it(self) -> None:
        with Ensemble("demo", components="rules") as ensemble:
            with self.assertRaises(speciesnet.ModelError):
                list(ensemble.iterate([ZEBRA]))

    def test_detections_of_an_earlier_run_replace_the_detector(self) -> None:
        found = speciesnet.Detection(1, 0.75, (0.25, 0.25, 0.5, 0.5))
        with Image.open(ZEBRA) as image:
            given, empty = self.ensemble.predict(
                [Instance(image=image, detections=[found]), Instance(ZEBRA, detections=[])]
            )
        assert given.detections is not None
        self.assertEqual([d.conf for d in given.detections], [0.75])
        self.assertEqual(empty.detections, ())

    def test_answers_have_explanations_if_requested(self) -> None:
        silent = self.ensemble.predict(ZEBRA)[0].answer
        answer = self.ensemble.predict(ZEBRA, explain=True, batch_size=2, decoding_threads=1)[
            0
        ].answer
        assert silent and answer and answer.reason
        self.assertEqual((silent.rule, answer.rule), (None, "4a"))
        self.assertIn("0.9", answer.reason)

    def test_detections_below_the_threshold_are_not_reported(self) -> None:
        found = self.ensemble.predict(ZEBRA)[0].detections
        assert found
        most = max(detection.conf for detection in found)
        sure = self.ensemble.predict(ZEBRA, detection_threshold=most)[0].detections
        assert sure is not None
        self.assertEqual([d.conf for d in sure], [d.conf for d in found if d.conf >= most])
        unclassified = self.ensemble.predict(ZEBRA, classification_threshold=1)[0].detections
        assert unclassified is not None
        self.assertEqual([d.conf for d in unclassified], [d.conf for d in found])
        self.assertTrue(all(d.classes is None for d in unclassified if d.conf < 1))

    def test_an_offline_ensemble_downloads_nothing(self) -> None:
        with self.assertRaisesRegex(IoError, "offline"):
            Ensemble("hf:owner/repository", offline=True)

    def test_loading_reports_its_components_and_an_exception_stops_it(self) -> None:
        calls: list[tuple[int, int]] = []
        Ensemble("demo", progress=lambda *call: calls.append(call)).close()
        self.assertEqual(calls, [(1, 3), (2, 3), (3, 3)])

        def stop(done: int, total: int) -> None:
            raise KeyError(done)

        with self.assertRaises(KeyError):
            Ensemble("demo", progress=stop)

    @unittest.skipUnless(hasattr(os, "fork"), "this system has no fork()")
    def test_a_forked_process_must_load_its_own_ensemble(self) -> None:
        child = os.fork()
        if child == 0:
            try:
                self.ensemble.predict(ZEBRA)
            except RuntimeError as error:
                os._exit(7 if "another process" in str(error) else 1)
            finally:
                os._exit(2)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 7)

    def test_parts_of_earlier_runs_are_combined(self) -> None:
        parts = {}
        for part in ("detector", "classifier"):
            with Ensemble("demo", components=part) as ensemble:  # type: ignore[arg-type]
                found = parts["detector"][0].detections if parts else None
                parts[part] = ensemble.predict([Instance(ZEBRA, detections=found)])
        assert self.ensemble.rules is not None
        combined = speciesnet.combine_past_runs(
            self.ensemble.rules,
            [ZEBRA],
            parts["classifier"],
            parts["detector"],
            model_version="x",
            explain=True,
        )
        answer = combined[0].answer
        assert answer is not None
        self.assertEqual((answer.short_name, answer.rule), ("equus_quagga", "4a"))
        self.assertEqual(combined[0].model_version, "x")


class ImageTest(unittest.TestCase):
    def test_bytes_are_validated_before_they_are_decoded(self) -> None:
        data = ZEBRA.read_bytes()
        info = speciesnet.validate(data, "image/jpeg")
        self.assertEqual(info.media_type, "image/jpeg")
        with Image.decode(data) as image:
            self.assertEqual((image.width, image.height), (info.width, info.height))
        with self.assertRaises(speciesnet.InvalidImage):
            speciesnet.validate(b"text")
        with self.assertRaises(speciesnet.InvalidImage):
            Image.decode(data, speciesnet.DecodeLimits(max_pixels=1))
        with self.assertRaisesRegex(speciesnet.InvalidImage, "units of work"):
            Image.decode(data, speciesnet.DecodeLimits(max_work=1000))
        with Image.decode(data) as whole, Image.decode(data[: len(data) // 2]) as half:
            self.assertEqual((whole.truncated, half.truncated), (False, True))
        with self.assertRaises(speciesnet.IoError):
            Image.open("/nowhere/a.jpg")

    @unittest.skipIf(numpy is None, "NumPy is not installed")
    def test_arrays_go_in_and_come_out_without_a_copy(self) -> None:
        array = numpy.arange(4 * 5 * 3, dtype=numpy.uint8).reshape(4, 5, 3)
        image = Image.from_array(array)
        view = numpy.asarray(image)
        self.assertEqual(view.ctypes.data, array.ctypes.data)
        self.assertTrue((view == array).all())
        del array, image
        gc.collect()
        self.assertEqual(view[3, 4, 2], 59)
        with self.assertRaises(ValueError):
            view[0, 0, 0] = 1

    @unittest.skipIf(numpy is None, "NumPy is not installed")
    def test_lent_arrays_are_given_back(self) -> None:
        from speciesnet_cpp import image as module

        before = len(module._lent)
        image = Image.from_array(numpy.zeros((2, 2, 3), numpy.uint8))
        self.assertEqual(len(module._lent), before + 1)
        image.close()
        self.assertEqual(len(module._lent), before)

    @unittest.skipIf(numpy is None, "NumPy is not installed")
    def test_views_in_another_order_are_copied_and_other_arrays_refused(self) -> None:
        wide = numpy.arange(2 * 6 * 3, dtype=numpy.uint8).reshape(2, 6, 3)
        for view in (wide[:, :4], wide[:, ::2], wide[:, ::-1], wide[::-1], wide[..., ::-1]):
            self.assertTrue((numpy.asarray(Image.from_array(view)) == view).all())
        for wrong in (wide[..., 0], wide.astype(float), wide[..., :2]):
            with self.assertRaises(ValueError):
                Image.from_array(wrong)

    @unittest.skipIf(numpy is None, "NumPy is not installed")
    def test_detections_are_an_array_without_a_copy(self) -> None:
        with Ensemble("demo") as ensemble:
            prediction = ensemble.predict(ZEBRA)[0]
        found = numpy.asarray(prediction.detection_array)
        assert prediction.detections is not None
        self.assertEqual(found["conf"].tolist(), [d.conf for d in prediction.detections])
        self.assertEqual(tuple(found["bbox"][0]), prediction.detections[0].bbox)


if __name__ == "__main__":
    unittest.main()
