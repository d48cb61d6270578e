# SPDX-License-Identifier: Apache-2.0
"""Makes one call of the C library fail in a run of a program. Checks that the answer is right or an error says what failed, that
nothing crashes, that no temporary file remains, and that the same work then succeeds.

    FAULT_PLACES  number of places to try for each kind of call; 0 tries all
    FAULT_CALLS   kinds of calls to try; all by default
    FAULT_PART    part of the places to try: "2/3" is the second of three, for three runs in parallel

A place is a chain of callers (inject.c). Each test class runs one program."""

import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
INJECT = os.environ["SPECIESNET_FAULTS"]
PLACES = int(os.environ.get("FAULT_PLACES", "8"))
CALLS = os.environ.get("FAULT_CALLS", "").split()
PART, PARTS = (int(number) for number in os.environ.get("FAULT_PART", "1/1").split("/"))
PHOTOS = SOURCE / "examples/demo/photos"
MODEL = SOURCE / "examples/demo/model"
SECONDS = 120


class Faults:
    """The part of the tests that is the same for all programs."""

    CALLS = ("malloc", "mmap", "open", "read", "write", "fsync", "rename", "pthread_create")

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def environment(self, call: str = "", place: str = "") -> dict[str, str]:
        return dict(os.environ, LD_PRELOAD=INJECT, FAULT_CALL=call, FAULT_PLACE=place,
                    FAULT_LOG=str(self.folder / "places"))  # fmt: skip

    def attempt(self, call: str, place: str) -> None:
        """Runs the program with this fault, or without one if the place is empty, and checks the result."""
        raise NotImplementedError

    def test_each_call_may_fail_once(self) -> None:
        tried = 0
        for call in CALLS or self.CALLS:
            self.attempt(call, "")
            # Sorted by hash, so that a sample is spread over the whole code.
            places = sorted((self.folder / "places").read_text(encoding="ascii").split())
            chosen = places[:: max(1, len(places) // PLACES)] if PLACES else places
            chosen = [place for place in chosen if int(place.split(":")[0], 16) % PARTS == PART - 1]
            for place in chosen:
                with self.subTest(call=call, place=place):
                    self.attempt(call, place)
            tried += len(chosen)
            print(f"{call}: {len(chosen)} of {len(places)} places", flush=True)
        self.assertGreater(tried, 0)


class Predict(Faults, unittest.TestCase):
    """`speciesnet predict` on two photos."""

    EXPECTED = ("out.csv", "out.json")

    def setUp(self) -> None:
        super().setUp()
        self.photos = self.folder / "photos"
        self.photos.mkdir()
        for name in ("zebra.jpg", "blank.jpg"):
            shutil.copy(PHOTOS / name, self.photos)
        self.outputs = self.folder / "outputs"
        self.outputs.mkdir()
        self.assertEqual((done := self.run_program({**os.environ})).returncode, 0, done.stderr)
        self.expected = self.written()
        self.assertEqual(tuple(sorted(self.expected)), self.EXPECTED)

    def run_program(self, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [os.environ["SPECIESNET_CLI"], "predict", "--model", MODEL, "--folders", self.photos, "--noprogress_bars",
             "--predictions_json", self.outputs / "out.json", "--csv", self.outputs / "out.csv"],
            env=environment, capture_output=True, text=True, errors="replace", check=False, timeout=SECONDS,
        )  # fmt: skip

    def written(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.outputs.iterdir()}

    def attempt(self, call: str, place: str) -> None:
        for file in self.outputs.iterdir():
            file.unlink()
        done = self.run_program(self.environment(call, place))
        where = f"status {done.returncode}\n{done.stderr}"
        self.assertGreaterEqual(done.returncode, 0, f"{where}\nended by a signal")
        self.assertLess(done.returncode, 4, where)
        written = self.written()
        if done.returncode == 0:
            self.assertEqual(written, self.expected, where)
            return
        self.assertGreater(len(done.stderr.strip()), 10, f"{where}\nno reason is given")
        # Each output is complete or absent. Only the journal may remain besides.
        self.assertLessEqual(set(written), {*self.EXPECTED, "out.json.journal"}, where)
        if "out.json" in written:
            self.assertEqual(len(json.loads(written["out.json"])["predictions"]), 2, where)
        again = self.run_program({**os.environ})
        self.assertEqual(again.returncode, 0, f"{where}\nthen: {again.stderr}")
        self.assertEqual(self.written(), self.expected, f"{where}\nthen: {again.stderr}")


class Library(Faults, unittest.TestCase):
    """The C ABI: loads a model, predicts a photo and frees everything, three times in one process."""

    def attempt(self, call: str, place: str) -> None:
        done = subprocess.run([os.environ["SPECIESNET_LOAD_PREDICT"], MODEL, PHOTOS / "zebra.jpg"],
                              env=self.environment(call, place), capture_output=True, text=True, check=False,
                              timeout=SECONDS)  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Server(Faults, unittest.TestCase):
    """A server that starts, answers the same photo three times and stops."""

    BOUNDARY = "boundary"
    START_SECONDS = 60

    def post(self, port: int) -> tuple[int, bytes]:
        photo = (PHOTOS / "zebra.jpg").read_bytes()
        head = f'--{self.BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        body = head.encode() + photo + f"\r\n--{self.BOUNDARY}--\r\n".encode()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        try:
            connection.request("POST", "/uploadfile/", body, {"Content-Type": f"multipart/form-data; boundary={self.BOUNDARY}"})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def is_ready(self, port: int, process: subprocess.Popen[str]) -> bool:
        """Waits until the server is ready or has ended. Does not rely on its log, which lacks a line if memory for it is short."""
        end = time.monotonic() + self.START_SECONDS
        while process.poll() is None:
            self.assertLess(time.monotonic(), end, "neither ready nor ended")
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
            try:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return True
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(0.005)
        return False

    def attempt(self, call: str, place: str) -> None:
        log = self.folder / "log"
        temporary = self.folder / "tmp_speciesnet"
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with log.open("w") as errors:
            process = subprocess.Popen([os.environ["SPECIESNET_SERVER"], "--model", MODEL, "--port", str(port), "--workers", "1"],
                                       cwd=self.folder, env=self.environment(call, place), stderr=errors, text=True)  # fmt: skip
        try:
            ready = self.is_ready(port, process)
            answers = []
            if ready:
                for _ in range(3):
                    try:
                        answers.append(self.post(port))
                    except (OSError, http.client.HTTPException) as error:
                        answers.append((0, repr(error).encode()))
                process.terminate()
            code = process.wait(SECONDS)
        finally:
            process.kill()
            process.wait()
        said = f"status {process.returncode}, {answers}\n{log.read_text()}"
        if not ready:
            self.assertEqual(code, 1, said)
            self.assertGreater(len(log.read_text()), 10, said)
        else:
            self.assertEqual(code, 0, said)
            right = [body for status, body in answers if status == 200]
            wrong = [(status, body) for status, body in answers if status != 200]
            # One fault affects at most one answer. A connection that is not accepted is answered with 503 or closed.
            self.assertGreaterEqual(len(right), 2, said)
            self.assertTrue(all(status in (0, 503) for status, _ in wrong), said)
            digests = {hashlib.sha256(json.dumps(json.loads(body)["speciesnet"]).encode()).hexdigest() for body in right}
            self.assertEqual(len(digests), 1, said)
        self.assertEqual(list(temporary.iterdir()) if temporary.exists() else [], [], said)


if __name__ == "__main__":
    unittest.main()
