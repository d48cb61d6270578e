# SPDX-License-Identifier: Apache-2.0
"""The server on Windows: an upload, a folder that it may read, its end."""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from windows_program import ENVIRONMENT, PHOTOS, command, windows_path


class Server(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="speciesnet-windows-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "photos").mkdir()
        (self.folder / "photos" / "Zebra ü.jpg").write_bytes((PHOTOS / "zebra.jpg").read_bytes())
        (self.folder / "secret.jpg").write_bytes((PHOTOS / "zebra.jpg").read_bytes())
        self.uploads = self.folder / "uploads"
        self.server = subprocess.Popen(
            command("SPECIESNET_SERVER", "--model", "demo", "--host", "127.0.0.1", "--port", "0", "--temporary-folder", windows_path(self.uploads),
                    "--allow-root", windows_path(self.folder / "photos")),
            env=ENVIRONMENT, stderr=subprocess.PIPE, encoding="utf-8")
        self.addCleanup(self.server.stderr.close)
        self.addCleanup(self.server.kill)
        self.address = re.search(r"http://[0-9.]+:\d+", json.loads(self.server.stderr.readline())["message"])[0]

    def wait_until_ready(self):
        deadline = time.monotonic() + 120
        while self.ask("/readyz")[0] != 200 and time.monotonic() < deadline:
            time.sleep(0.05)

    def ask(self, path, body=None, content_type="application/json"):
        request = urllib.request.Request(self.address + path, body, {"Content-Type": content_type} if body else {})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read()

    def upload(self, content):
        body = (b'--x\r\nContent-Disposition: form-data; name="file"; filename="Z\xc3\xbc.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + content +
                b"\r\n--x--\r\n")
        return self.ask("/uploadfile/", body, "multipart/form-data; boundary=x")

    def test_upload_folder_and_end(self):
        self.wait_until_ready()
        for _ in range(3):
            status, answer = self.upload((PHOTOS / "zebra.jpg").read_bytes())
            self.assertEqual(status, 200, answer)
            self.assertIn(b"plains zebra", answer)
        self.assertEqual(self.upload(b"no photo")[0] // 100, 4)
        self.assertEqual(list(self.uploads.iterdir()), [])

        def predict(path):
            return self.ask("/predict", json.dumps({"instances": [{"filepath": path}]}).encode())

        self.assertIn(b"plains zebra", predict("Zebra ü.jpg")[1])
        for outside in ("../secret.jpg", "..\\secret.jpg", windows_path(self.folder / "secret.jpg"), "NUL", "missing.jpg", "C:\\windows\\win.ini"):
            with self.subTest(path=outside):
                self.assertEqual(predict(outside)[0], 400)
        self.assertEqual(self.ask("/")[0], 200)

        os.kill(self.server.pid, signal.CTRL_C_EVENT if os.name == "nt" else signal.SIGINT)
        said = self.server.stderr.read()
        self.assertEqual(self.server.wait(60), 0, said)
        self.assertIn("stopped", said)


if __name__ == "__main__":
    unittest.main()
