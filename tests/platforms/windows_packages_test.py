# SPDX-License-Identifier: Apache-2.0
"""The packages for Windows: the .zip, a program that links its DLL, the installer and the uninstaller."""

import json
import os
import subprocess
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

from windows_program import ENVIRONMENT, PHOTOS, run, species_in, windows_path

SOURCE = Path(__file__).resolve().parents[2]
UNINSTALL_KEY = "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\speciesnet"


def files_in(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="speciesnet-packages-")
        cls.addClassCleanup(folder.cleanup)
        made = subprocess.run(["cpack", "--config", os.environ["SPECIESNET_PACKAGES"], "-B", folder.name], capture_output=True, text=True)
        if made.returncode != 0:
            raise AssertionError(made.stdout + made.stderr)
        (cls.zip,) = Path(folder.name).glob("*.zip")
        (cls.installer,) = Path(folder.name).glob("*.exe")

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="speciesnet-windows-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def unpacked(self) -> Path:
        """The only folder of the .zip."""
        place = self.folder / "Programme für Füchse"
        with zipfile.ZipFile(self.zip) as archive:
            archive.extractall(place)
        (root,) = place.iterdir()
        return root

    def assert_predicts(self, root: Path, environment: dict[str, str] = ENVIRONMENT):
        program = root / "bin/speciesnet.exe"
        self.assertRegex(run(program, "--version", env=environment).stdout, r"^\d+\.\d+\.\d+\n$")
        self.assertRegex(run(root / "bin/speciesnet-server.exe", "--version", env=environment).stdout, r"\d+\.\d+\.\d+")
        output = self.folder / "predictions.json"
        ran = run(program, "predict", "--model", "demo", "--filepaths", windows_path(PHOTOS / "zebra.jpg"), "--predictions_json",
                  windows_path(output), env=environment)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        (prediction,) = json.loads(output.read_text(encoding="utf-8"))["predictions"]
        self.assertEqual(species_in(prediction), "plains zebra")

    def test_the_zip_runs_from_any_folder(self):
        root = self.unpacked()
        self.assertLessEqual({"LICENSE", "NOTICE", "bin/speciesnet.exe", "bin/speciesnet-server.exe", "bin/speciesnet_c.dll",
                              "include/speciesnet.h", "lib/libspeciesnet_c.dll.a", "lib/speciesnet_c.def", "licences/curl.txt"}, files_in(root))
        self.assert_predicts(root)

    def test_the_sbom_lists_what_the_licences_are_of(self):
        root = self.unpacked()
        packages = json.loads((root / "speciesnet.spdx.json").read_text(encoding="utf-8"))["packages"]
        self.assertEqual({package["name"] for package in packages}, {"speciesnet", *(file.stem for file in (root / "licences").iterdir())})
        self.assertNotIn("", [package["versionInfo"] for package in packages])

    def test_a_c_program_needs_the_whole_dll(self):
        root = self.unpacked()
        program = root / "bin/embed_c.exe"
        subprocess.run([os.environ["SPECIESNET_C_COMPILER"], SOURCE / "examples/embed_c/main.c", f"-I{root / 'include'}", f"-L{root / 'lib'}",
                        "-lspeciesnet_c", "-o", program], check=True)

        def predict():
            return run(program, "demo", "-", windows_path(PHOTOS / "zebra.jpg"))

        ran = predict()
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn("equus_quagga", ran.stdout)
        library = root / "bin/speciesnet_c.dll"
        content = library.read_bytes()
        # Windows itself refuses these before the program begins.
        for damaged in (content[: len(content) // 2], b"no DLL", None):
            library.unlink(missing_ok=True)
            if damaged is not None:
                library.write_bytes(damaged)
            ran = predict()
            self.assertNotEqual(ran.returncode, 0)
            self.assertEqual(ran.stdout, "")

    @unittest.skipIf(os.name == "nt", "installing would change this machine; Wine has a machine of its own for it")
    def test_the_installer_installs_and_removes_its_own_files(self):
        prefix = self.folder / "wine"
        environment = {**ENVIRONMENT, "WINEPREFIX": str(prefix)}
        self.addCleanup(subprocess.run, ["wineserver", "-k"], env=environment, timeout=60)
        root = prefix / "drive_c/Program Files/speciesnet"
        installed = {name for name in files_in(self.unpacked())} | {"Uninstall.exe"}
        # The second time it replaces what is there.
        for _ in range(2):
            self.assertEqual(run(self.installer, "/S", env=environment).returncode, 0)
            self.assertEqual(files_in(root), installed)
        self.assert_predicts(root, environment)
        known = run("reg", "query", UNINSTALL_KEY, env=environment)
        self.assertIn("DisplayVersion", known.stdout)

        results = root / "bin/results.csv"
        results.write_text("of the user", encoding="utf-8")
        self.assertEqual(run(root / "Uninstall.exe", "/S", env=environment).returncode, 0)
        deadline = time.monotonic() + 60
        while files_in(root) != {"bin/results.csv"} and time.monotonic() < deadline:
            time.sleep(0.1)  # The uninstaller goes on as a copy of itself, which can remove its file.
        self.assertEqual(files_in(root), {"bin/results.csv"})
        self.assertNotEqual(run("reg", "query", UNINSTALL_KEY, env=environment).returncode, 0)

        target = self.folder / "Füchse"
        self.assertEqual(run(self.installer, "/S", f"/D={windows_path(target)}", env=environment).returncode, 0)
        self.assertEqual(files_in(target), installed)

    @unittest.skipIf(os.name == "nt", "a damaged program asks in a window there")
    def test_a_damaged_installer_installs_nothing(self):
        damaged = self.folder / "damaged.exe"
        content = self.installer.read_bytes()
        damaged.write_bytes(content[: len(content) // 2])
        target = self.folder / "target"
        self.assertNotEqual(run(damaged, "/S", f"/D={windows_path(target)}").returncode, 0)
        self.assertFalse(target.exists())


if __name__ == "__main__":
    unittest.main()
