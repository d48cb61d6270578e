# SPDX-License-Identifier: Apache-2.0
"""Models by name, without a network, and locations."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import unittest
from pathlib import Path

import speciesnet_cpp as speciesnet
from photos import FOLDER
from speciesnet_cpp import Location

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

DEMO = FOLDER.parent / "model"
DETECTOR = Path(__file__).resolve().parents[2] / "fixtures" / "import" / "detector.pt"


class ModelsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_loadable_names_resolve_to_themselves(self) -> None:
        self.assertEqual(speciesnet.resolve_model("demo"), "demo")
        self.assertEqual(speciesnet.resolve_model(DEMO), str(DEMO))
        self.assertTrue(speciesnet.DEFAULT_MODEL.startswith("kaggle:google/speciesnet/"))

    def test_rules_alone_need_no_networks(self) -> None:
        for file in ("info.json", "taxonomy.txt", "geofence.json"):
            shutil.copy(DEMO / file, self.folder)
        with self.assertRaises(speciesnet.ModelError):
            speciesnet.Ensemble(self.folder)
        with speciesnet.Ensemble(self.folder, components="rules") as ensemble:
            self.assertTrue(ensemble.model_version)

    def test_offline_an_unknown_model_is_not_found(self) -> None:
        with self.assertRaises(speciesnet.IoError) as caught:
            speciesnet.resolve_model("hf:owner/name", cache=self.folder, offline=True)
        self.assertEqual(caught.exception.status, 11)
        with self.assertRaises(speciesnet.InvalidArgument):
            speciesnet.resolve_model("demo", retries=-1)

    def small_package(self) -> Path:
        """Both networks are the small detector of the tests."""
        package = self.folder / "package"
        shutil.copytree(DEMO, package)
        for network in ("detector.pt", "classifier.pt"):
            shutil.copy(DETECTOR, package / network)
        return package

    def test_a_package_is_exported_or_not_at_all(self) -> None:
        package = self.small_package()
        files: list[str] = []
        try:
            speciesnet.export_model(package, self.folder / "made", progress=files.append)
        except speciesnet.ModelError as error:
            self.skipTest(str(error))
        self.assertEqual(len(files), 2)
        speciesnet.Ensemble(self.folder / "made", components="detector").close()

        def stop(file: str) -> None:
            raise KeyError(file)

        with self.assertRaises(KeyError):
            speciesnet.export_model(package, self.folder / "none", progress=stop)
        self.assertFalse((self.folder / "none").exists())

    def test_a_package_is_compiled_for_ensembles_of_the_same_precision(self) -> None:
        package = self.small_package()

        def stop(file: str) -> None:
            raise KeyError(file)

        try:
            with self.assertRaises(KeyError):
                speciesnet.compile_model(package, progress=stop)
        except speciesnet.ModelError as error:
            self.skipTest(str(error))
        self.assertEqual(list(package.glob("*.compiled")), [])
        speciesnet.compile_model(package, precision="auto")
        self.assertEqual(len(list(package.glob("*.compiled"))), 2)
        files: list[str] = []
        speciesnet.compile_model(package, threads=1, progress=files.append)
        self.assertEqual(files, ["detector.pt", "classifier.pt"])
        compiled = list(package.glob("*-fp32.compiled"))
        self.assertEqual(len(compiled), 2)
        speciesnet.Ensemble(package, components="detector").close()
        speciesnet.compile_model(package, target="portable")
        self.assertEqual(len(list(package.glob("*.portable-fp32.compiled"))), 2)
        for file in compiled:
            file.write_text("damaged")
        with self.assertRaisesRegex(speciesnet.ModelError, "-fp32.compiled"):
            speciesnet.Ensemble(package, components="detector")

    def test_a_failed_compilation_is_an_error(self) -> None:
        with self.assertRaises(speciesnet.IoError):
            speciesnet.compile_model(self.folder / "none")
        with self.assertRaisesRegex(speciesnet.ModelError, "info.json"):
            speciesnet.compile_model(self.folder)
        with self.assertRaises(speciesnet.InvalidArgument):
            speciesnet.compile_model(DEMO, threads=-2)
        with self.assertRaisesRegex(speciesnet.InvalidArgument, "unknown target 'sse2'"):
            speciesnet.compile_model(DEMO, target="sse2")
        with self.assertRaisesRegex(speciesnet.InvalidArgument, "only precision int8 can be calibrated"):
            speciesnet.compile_model(DEMO, calibration_photos=["a.jpg"])
        with self.assertRaisesRegex(speciesnet.InvalidArgument, "no photos"):
            speciesnet.compile_model(DEMO, precision="int8", target="avx512", calibration_photos=[])
        with self.assertRaises(ValueError):
            speciesnet.compile_model(DEMO, precision="fp64")  # type: ignore[arg-type]

    @unittest.skipIf(fcntl is None, "this system has no flock()")
    def test_waiting_for_another_process_is_reported_and_can_be_stopped(self) -> None:
        url = "https://model.invalid/a.zip"
        key = hashlib.sha256(url.encode()).hexdigest()[:16]
        lock = self.folder / f"models/.url+{key}.lock"
        lock.parent.mkdir()

        def stop(file: str, done: int, total: int | None) -> None:
            raise KeyError(file)

        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with self.assertRaisesRegex(KeyError, "waiting for another process: " + url):
                speciesnet.resolve_model(url, cache=self.folder, progress=stop)

    def test_a_package_is_compared_with_its_record(self) -> None:
        with self.assertRaises(speciesnet.IoError):
            speciesnet.verify_model(self.folder)
        digest = hashlib.sha256(b"").hexdigest()
        (self.folder / "SHA256SUMS").write_bytes(f"{digest}  a.txt\n".encode())
        (self.folder / "a.txt").touch()
        speciesnet.verify_model(self.folder)
        (self.folder / "a.txt").write_text("changed")
        with self.assertRaisesRegex(speciesnet.ModelError, "a.txt"):
            speciesnet.verify_model(self.folder)

    def test_an_empty_cache_has_no_models(self) -> None:
        self.assertEqual(speciesnet.cached_models(self.folder), [])
        with self.assertRaises(speciesnet.IoError):
            speciesnet.remove_model("hf:owner/name", cache=self.folder)


class GeolocatorTest(unittest.TestCase):
    def test_coordinates_have_a_country_and_in_the_usa_a_region(self) -> None:
        with speciesnet.Geolocator() as geolocator:
            yosemite = Location("USA", latitude=37.75, longitude=-119.5)
            self.assertEqual(geolocator.admin1_region(yosemite), "CA")
            self.assertIsNone(geolocator.admin1_region(Location("KEN", None, -1.3, 36.8)))
            self.assertEqual(geolocator.country(-1.3, 36.8), "KEN")
            with self.assertRaises(speciesnet.InvalidArgument):
                geolocator.country(91, 0)


if __name__ == "__main__":
    unittest.main()
