# SPDX-License-Identifier: Apache-2.0
"""Simulates Kaggle's, Hugging Face's and a storage's HTTP on 127.0.0.1, with faults on request."""

import base64
import hashlib
import http.server
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

CERTIFICATE = Path(__file__).parent / "model_hub.pem"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Request:
    """A received request."""

    path: str
    headers: dict[str, str]


@dataclass
class File:
    """The content at a path."""

    data: bytes = b""
    etag: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    redirect: str | None = None


@dataclass
class Fault:
    """A fault of one answer."""

    status: int = 0  # this status and no body
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None  # the connection ends after so many bytes of the body
    stall_after: int | None = None  # nothing more is sent after this many bytes


class Hub:
    """A server with files, faults (one used for each request) and a list of requests."""

    def __init__(self, tls: bool = False) -> None:
        self.files: dict[str, File] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.requests: list[Request] = []
        self.before_answer: Callable[[str], None] = lambda path: None
        self._lock = threading.Lock()
        self.stopped = threading.Event()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def serve(self, path: str, data: bytes, **headers: str) -> str:
        """Returns the file's URL."""
        etag = '"' + hashlib.sha1(data).hexdigest() + '"'
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.files[path] = File(data, etag, named)
        return self.url + path

    def serve_kaggle(self, model: str, version: int, archive: bytes, storage: "Hub") -> None:
        """Serves as kaggle.com does: the download redirects to a signed URL of a storage."""
        self.serve(f"/api/v1/models/{model}/get", json.dumps({"versionNumber": version}).encode())
        path = f"/archive/{version}.tar.gz"
        md5 = base64.b64encode(hashlib.md5(archive).digest()).decode()
        storage.serve(path, archive, X_Goog_Hash=f"crc32c=AAAAAA==,md5={md5}")
        self.files[f"/api/v1/models/{model}/{version}/download"] = File(
            redirect=f"{storage.url}{path}?X-Goog-Signature=signature"
        )

    def serve_hugging_face(
        self, model: str, files: dict[str, bytes], large: set[str], storage: "Hub"
    ) -> None:
        """Serves as huggingface.co does: large files redirect to a storage and have a SHA-256."""
        entries: list[dict[str, object]] = [{"type": "directory", "path": "empty", "size": 0}]
        for name, data in files.items():
            path = f"/{model}/resolve/{COMMIT}/{name}"
            entry: dict[str, object] = {"type": "file", "path": name, "size": len(data)}
            if name in large:
                sha256 = hashlib.sha256(data).hexdigest()
                entry["lfs"] = {"oid": sha256, "size": len(data), "pointerSize": 134}
                storage.serve(f"/lfs/{sha256}", data)
                self.files[path] = File(redirect=f"{storage.url}/lfs/{sha256}?Signature=signature")
            else:
                self.serve(path, data)
            entries.append(entry)
        self.serve(f"/api/models/{model}/revision/main", json.dumps({"sha": COMMIT}).encode())
        self.serve(f"/api/models/{model}/tree/{COMMIT}", json.dumps(entries).encode())

    def asked_for(self, path: str) -> list[Request]:
        with self._lock:
            return [request for request in self.requests if request.path == path]

    def _next_fault(self, path: str) -> Fault | None:
        with self._lock:
            faults = self.faults.get(path, [])
            return faults.pop(0) if faults else None

    def _record(self, request: Request) -> None:
        with self._lock:
            self.requests.append(request)

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        hub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *arguments: object) -> None:
                pass

            def do_GET(self) -> None:
                # A proxy receives whole URLs.
                path = unquote(urlsplit(self.path).path)
                hub._record(Request(path, {k.lower(): v for k, v in self.headers.items()}))
                hub.before_answer(path)
                fault = hub._next_fault(path)
                file = hub.files.get(path)
                if fault is not None and fault.status != 0:
                    self._answer_nothing(fault.status, fault.headers)
                elif file is None:
                    self._answer_nothing(404, {})
                elif file.redirect is not None:
                    self._answer_nothing(302, {"Location": file.redirect})
                else:
                    self._answer_file(file, fault or Fault())

            def _answer_nothing(self, status: int, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                body = b"<html>this must not be taken for the file</html>"
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _answer_file(self, file: File, fault: Fault) -> None:
                first = self._first_byte(file)
                if first is not None and first >= len(file.data):
                    self._answer_nothing(416, {"Content-Range": f"bytes */{len(file.data)}"})
                    return
                body = file.data[first or 0 :]
                self.send_response(200 if first is None else 206)
                if first is not None:
                    last = len(file.data) - 1
                    self.send_header("Content-Range", f"bytes {first}-{last}/{len(file.data)}")
                if file.etag is not None:
                    self.send_header("ETag", file.etag)
                headers = {"Content-Length": str(len(body))} | file.headers
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self._send(body, fault)

            def _first_byte(self, file: File) -> int | None:
                wanted = self.headers.get("Range")
                if wanted is None or self.headers.get("If-Range") != file.etag:
                    return None
                return int(wanted.removeprefix("bytes=").removesuffix("-"))

            def _send(self, body: bytes, fault: Fault) -> None:
                end = fault.cut_after if fault.cut_after is not None else fault.stall_after
                try:
                    self.wfile.write(body[:end])
                    self.wfile.flush()
                except OSError:
                    self.close_connection = True
                    return
                if fault.stall_after is not None:
                    hub.stopped.wait(20)
                if end is not None:
                    self.close_connection = True

        return Handler
