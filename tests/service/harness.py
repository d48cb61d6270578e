# SPDX-License-Identifier: Apache-2.0
"""Starts the server, communicates with it, and makes photos; uses only the standard library."""

import atexit
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[2]
BINARY = os.environ["SPECIESNET_SERVER"]
PHOTOS = SOURCE / "examples/demo/photos"
START_SECONDS = 120
ANSWER_SECONDS = 120
FILE_LIMIT = 5 * 1024 * 1024


@dataclass
class Answer:
    """An answer of the server."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def detail(self) -> Any:
        return self.json["detail"]


@dataclass
class Part:
    """One part of a form."""

    name: str
    data: bytes
    filename: str | None = None
    content_type: str | None = None


def encode_form(parts: list[Part], boundary: str = "boundary") -> bytes:
    body = b""
    for part in parts:
        disposition = f'form-data; name="{part.name}"'
        if part.filename is not None:
            disposition += f'; filename="{part.filename}"'
        body += f"--{boundary}\r\nContent-Disposition: {disposition}\r\n".encode()
        if part.content_type is not None:
            body += f"Content-Type: {part.content_type}\r\n".encode()
        body += b"\r\n" + part.data + b"\r\n"
    return body + f"--{boundary}--\r\n".encode()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width: int, height: int) -> bytes:
    """Returns the beginning of an RGB image."""
    sizes = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", sizes)


def png(width: int, height: int) -> bytes:
    """Returns a grey image."""
    pixels = zlib.compress((b"\0" + b"\x80" * (3 * width)) * height, 9)
    return png_header(width, height) + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")


def png_of_size(size: int) -> bytes:
    """Returns an image with zeros after its end, which decoders accept."""
    small = png(8, 8)
    return small + bytes(size - len(small))


@dataclass
class Server:
    """A running server, its working folder and its log."""

    process: subprocess.Popen[str]
    folder: Path
    port: int = 0
    log: list[dict[str, Any]] = field(default_factory=list)
    raw_log: list[str] = field(default_factory=list)
    reader: threading.Thread | None = None

    @property
    def temporary_folder(self) -> Path:
        return self.folder / "tmp_speciesnet"

    def temporary_files(self) -> list[str]:
        return sorted(entry.name for entry in self.temporary_folder.iterdir())

    def request(
        self, method: str, path: str, body: bytes | None = None, source: str = "127.0.0.1", **headers: str
    ) -> Answer:
        """Sends a request from an address of this machine: all of 127.0.0.0/8 are."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=ANSWER_SECONDS, source_address=(source, 0)
        )
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, names)
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, fields, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, **headers)

    def post_form(self, parts: list[Part], path: str = "/uploadfile/", **headers: str) -> Answer:
        boundary = uuid.uuid4().hex
        headers.setdefault("Content_Type", f"multipart/form-data; boundary={boundary}")
        return self.request("POST", path, encode_form(parts, boundary), **headers)

    def post_photo(
        self,
        data: bytes,
        filename: str = "photo.png",
        content_type: str | None = "image/png",
        fields: dict[str, str] | None = None,
        **headers: str,
    ) -> Answer:
        others = [Part(name, value.encode()) for name, value in (fields or {}).items()]
        return self.post_form(others + [Part("file", data, filename, content_type)], **headers)

    def raw(self, data: bytes, half_close: bool = False, timeout: float = 30) -> bytes:
        """Sends bytes unchanged and returns everything received until the server closes."""
        with self.connect(timeout) as client:
            client.sendall(data)
            if half_close:
                client.shutdown(socket.SHUT_WR)
            return read_all(client)

    def connect(self, timeout: float = 30, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout, (source, 0))

    def metric(self, name: str) -> float:
        found = re.search(rf"^{re.escape(name)} ([-+0-9.e]+)$", self.get("/metrics").body.decode(), re.M)
        assert found, name
        return float(found[1])

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Returns its exit code."""
        code = self.process.wait(timeout=ANSWER_SECONDS)
        if self.reader:
            self.reader.join()
        if self.process.stderr:
            self.process.stderr.close()
        return code

    def read_log(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.raw_log.append(line)
            self.log.append(json.loads(line))


def process_status(server: Server, name: str) -> int:
    """Returns a value that the system reports for the server: "VmRSS" (KiB), "Threads", ..."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    found = re.search(rf"{name}:\s+(\d+)", status)
    assert found
    return int(found[1])


def resident_kib(server: Server) -> int:
    """Returns the current memory of the server."""
    return process_status(server, "VmRSS")


def descriptors(server: Server) -> int:
    """Returns the number of files and connections that the server has open."""
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def wait_until(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen in time")
        time.sleep(0.01)


def read_all(client: socket.socket) -> bytes:
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while block := client.recv(65536):
            received += block
    return received


def kill(process: subprocess.Popen[str]) -> None:
    """Ends a process that is still running."""
    if process.poll() is None:
        process.kill()


def start(
    folder: Path,
    *flags: str,
    model: str = "demo",
    until: str = "model_version",
    read_log: bool = True,
    **environment: str,
) -> Server:
    """Starts a server in `folder` on any free port, and waits for a line of its log that has the
    field `until`: "model_version" (the model is ready) or "address" (the port is open).
    Without `read_log` nobody reads the log after that."""
    process = subprocess.Popen(
        [BINARY, "--model", model, "--port", "0", *flags],
        cwd=folder,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    # If a test fails before it stops its server, the server must not keep running: ctest would also
    # wait for it.
    atexit.register(kill, process)
    server = Server(process, folder)
    assert process.stderr is not None
    while not (server.log and until in server.log[-1]):
        line = process.stderr.readline()
        if not line.startswith("{"):
            raise RuntimeError(f"the server did not start: {line}{process.communicate()[1]}")
        server.log.append(json.loads(line))
        server.raw_log.append(line)
    server.port = int(server.log[0]["address"].rsplit(":", 1)[1])
    if read_log:
        server.reader = threading.Thread(target=server.read_log, daemon=True)
        server.reader.start()
    return server


@contextlib.contextmanager
def running(
    *flags: str, model: str = "demo", until: str = "model_version", **environment: str
) -> Iterator[Server]:
    """A server for the duration of a with statement. It must end with code 0 and leave no file."""
    with tempfile.TemporaryDirectory() as name:
        server = start(Path(name), *flags, model=model, until=until, **environment)
        try:
            yield server
        finally:
            if server.process.poll() is None:
                code = server.stop()
                assert code == 0, f"the server ended with {code}: {''.join(server.raw_log[-5:])}"
                assert server.temporary_files() == [], server.temporary_files()
