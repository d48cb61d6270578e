# SPDX-License-Identifier: Apache-2.0
"""Shared by the tests of `speciesnet model`: two servers, a cache, and the program."""

import os
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from model_hub import Hub

PROGRAM = os.environ["SPECIESNET_PROGRAM"]
HAS_TORCH = os.environ.get("SPECIESNET_HAS_TORCH") == "1"
RUN_SECONDS = 120
SETTINGS = ("KAGGLE", "HF_", "SPECIESNET_", "SSL_CERT", "CURL_")
SECRETS = ("kaggle-secret", "hf-secret", "signature")


class ModelCase(unittest.TestCase):
    """Each test has its own cache and servers; afterwards, no secret may have been printed or stored."""

    def setUp(self) -> None:
        self.hub = Hub()
        self.addCleanup(self.hub.close)
        self.storage = Hub()
        self.addCleanup(self.storage.close)
        self.folder = Path(tempfile.mkdtemp(prefix="speciesnet-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.cache = self.folder / "cache"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(SETTINGS) and not name.lower().endswith("_proxy")
        } | {
            "SPECIESNET_CACHE": str(self.cache),
            "KAGGLE_API_ENDPOINT": self.hub.url,
            "HF_ENDPOINT": self.hub.url,
        }
        self.shown = ""

    def tearDown(self) -> None:
        kept = [path.read_bytes() for path in self.cache.rglob("*") if path.is_file()]
        for secret in SECRETS:
            self.assertNotIn(secret, self.shown)
            self.assertFalse(any(secret.encode() in content for content in kept))

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [PROGRAM, "model", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, process: "subprocess.Popen[str]") -> "subprocess.CompletedProcess[str]":
        output, errors = process.communicate(timeout=RUN_SECONDS)
        self.shown += output + errors
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def run_model(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return self.finish(self.start(*arguments))

    def succeed(self, *arguments: str) -> str:
        """Returns the output of the program."""
        done = self.run_model(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def fail_with(self, words: str, *arguments: str, status: int = 3) -> None:
        done = self.run_model(*arguments)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(words, done.stderr)
        self.assertEqual(done.stdout, "")

    def download(self, *arguments: str) -> Path:
        return Path(self.succeed("download", *arguments).strip())

    def kill(self, process: "subprocess.Popen[str]") -> None:
        process.send_signal(signal.SIGKILL)
        self.finish(process)

    def published(self) -> list[Path]:
        """Returns the packages that a program would find."""
        return [path for path in self.cache.glob("models/*") if not path.name.startswith(".")]

    def assert_holds(self, folder: Path, files: dict[str, bytes]) -> None:
        names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        self.assertEqual(names, set(files) | {"SHA256SUMS"})
        for name, data in files.items():
            self.assertEqual((folder / name).read_bytes(), data, name)
