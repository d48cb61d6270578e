# SPDX-License-Identifier: Apache-2.0
"""The server with a model that must be downloaded: before it is ready, or for the first photo."""

import fcntl
import hashlib
import json
import signal
import tempfile
import threading
import time
import unittest
from contextlib import AbstractContextManager
from pathlib import Path

from harness import PHOTOS, SOURCE, Answer, Server, running, start
from model_hub import Fault, Hub
from model_packages import zip_file

PATH = "/demonstration.zip"
PHOTO = (PHOTOS / "zebra.jpg").read_bytes()
WAIT_SECONDS = 120


class ModelStart(unittest.TestCase):
    """Each test has a hub that answers once `published` is set, and an empty cache."""

    def setUp(self) -> None:
        self.hub = Hub()
        self.addCleanup(self.hub.close)
        self.published = threading.Event()
        self.addCleanup(self.published.set)
        self.hub.before_answer = lambda path: self.published.wait(WAIT_SECONDS) and None
        model = SOURCE / "examples/demo/model"
        archive = zip_file({path.name: path.read_bytes() for path in model.iterdir()})
        self.url = self.hub.serve(PATH, archive)
        cache = tempfile.TemporaryDirectory()
        self.addCleanup(cache.cleanup)
        self.cache = Path(cache.name)
        self.environment = {"SPECIESNET_CACHE": cache.name, "no_proxy": "127.0.0.1"}

    def starting(self, *flags: str) -> AbstractContextManager[Server]:
        """Starts a server whose port is open, but whose model is not available yet."""
        return running(*flags, model=self.url, until="address", **self.environment)

    def post(self, server: Server) -> Answer:
        return server.post_photo(PHOTO, "zebra.jpg", "image/jpeg")

    def assert_come_back_later(self, answer: Answer, words: str) -> None:
        self.assertEqual(answer.status, 503)
        self.assertGreater(int(answer.headers["retry-after"]), 0)
        self.assertIn(words, answer.detail)

    def wait_until_ready(self, server: Server) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while server.get("/readyz").status != 200:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def assert_answers_photos(self, server: Server) -> None:
        answer = self.post(server)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.json["speciesnet"]["prediction"], "equus_quagga")

    def test_it_lives_while_it_downloads_and_is_not_ready(self) -> None:
        with self.starting() as server:
            self.assertEqual(server.get("/healthz").status, 200)
            self.assert_come_back_later(server.get("/readyz"), "being loaded")
            self.assert_come_back_later(self.post(server), "being loaded")
            self.assertEqual(server.temporary_files(), [])
            self.assertIsNone(server.get("/version").json["model_version"])
            self.assertIn("speciesnet_model_ready 0\n", server.get("/metrics").body.decode())
            self.published.set()
            self.wait_until_ready(server)
            self.assert_answers_photos(server)
            self.assertIsNotNone(server.get("/version").json["model_version"])
            self.assertIn("speciesnet_model_ready 1\n", server.get("/metrics").body.decode())
            self.assertEqual(len(self.hub.requests), 1)
        messages = [line["message"] for line in server.log]
        self.assertIn("the model is being downloaded", messages)

    def test_lazy_downloads_once_when_the_first_photo_comes(self) -> None:
        with self.starting("--lazy") as server:
            self.assertEqual(server.get("/readyz").status, 200)
            self.assertEqual(server.get("/healthz").status, 200)
            self.assertEqual(self.hub.requests, [])
            for _ in range(3):
                self.assert_come_back_later(self.post(server), "being loaded")
            self.assert_come_back_later(server.get("/readyz"), "being loaded")
            self.published.set()
            self.wait_until_ready(server)
            self.assert_answers_photos(server)
            self.assertEqual(len(self.hub.requests), 1)

    def test_lazy_loads_nothing_for_clients_without_the_key(self) -> None:
        with self.starting("--lazy", "--api-key", "key") as server:
            self.assertEqual(self.post(server).status, 401)
            self.assertEqual(server.get("/readyz").status, 200)
            self.assertEqual(self.hub.requests, [])

    def test_lazy_continues_without_a_model_and_logs_the_reason(self) -> None:
        self.published.set()
        self.hub.faults[PATH] = [Fault(status=404)]
        with self.starting("--lazy") as server:
            self.post(server)
            deadline = time.monotonic() + WAIT_SECONDS
            while "could not" not in server.get("/readyz").body.decode():
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.02)
            self.assert_come_back_later(self.post(server), "see the server's log")
            self.assertEqual(server.get("/healthz").status, 200)
            self.assertEqual(len(self.hub.requests), 1)
        errors = [line["error"] for line in server.log if line["level"] == "error"]
        self.assertIn("404", json.dumps(errors))

    def test_without_lazy_a_missing_model_ends_the_server(self) -> None:
        self.published.set()
        self.hub.faults[PATH] = [Fault(status=404)]
        with tempfile.TemporaryDirectory() as folder:
            server = start(Path(folder), model=self.url, until="address", **self.environment)
            self.assertEqual(server.wait(), 1)
            self.assertIn("404", "".join(server.raw_log))

    def test_a_signal_ends_a_download_and_no_partial_package_is_published(self) -> None:
        with self.starting() as server:
            while not self.hub.requests:
                time.sleep(0.02)
            begun = time.monotonic()
            self.assertEqual(server.stop(signal.SIGTERM), 0)
            self.assertLess(time.monotonic() - begun, 30)
        self.assertEqual([path for path in self.cache.glob("models/*") if path.is_dir()], [])

    def test_a_signal_ends_the_wait_for_another_process_that_gets_the_model(self) -> None:
        key = hashlib.sha256(self.url.encode()).hexdigest()[:16]
        lock = self.cache / f"models/.url+{key}.lock"
        lock.parent.mkdir()
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with self.starting() as server:
                while not any("waiting for another process" in line for line in server.raw_log):
                    time.sleep(0.02)
                self.assertEqual(server.stop(signal.SIGTERM), 0)


if __name__ == "__main__":
    unittest.main()
