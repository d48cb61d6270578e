# SPDX-License-Identifier: Apache-2.0
"""The other paths: state and metrics, pages, the interface's description, access, files by name."""

import io
import json
import os
import re
import tempfile
import unittest
import zipfile
from pathlib import Path

from harness import PHOTOS, SOURCE, Part, Server, encode_form, png, running, wait_until


class Information(unittest.TestCase):
    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(running())

    def test_the_server_is_ready_and_identifies_itself(self) -> None:
        self.assertEqual(self.server.get("/readyz").json, {"status": "ready"})
        version = self.server.get("/version").json
        self.assertIs(version["demo"], True)
        self.assertIn("not SpeciesNet", version["notice"])

    def test_the_log_begins_with_the_address_to_open(self) -> None:
        for host, shown in (("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")):
            with running("--host", host, until="address") as server:
                self.assertEqual(server.log[0]["message"], f"open http://{shown}:{server.port} in a browser")

    def test_metrics_count_requests_by_path_and_status_and_time_the_stages(self) -> None:
        self.server.post_photo(png(64, 64))
        self.server.post_photo(b"no photo")
        self.server.get("/made/up")
        text = self.server.get("/metrics").body.decode()
        for line in text.splitlines():
            self.assertRegex(line, r"^(#.*|[a-z_]+(\{[^}]*\})? [-+0-9.e]+)$")
        self.assertRegex(text, r'requests_total\{path="/uploadfile/",status="200"\} [1-9]')
        self.assertRegex(text, r'requests_total\{path="/uploadfile/",status="400"\} [1-9]')
        self.assertRegex(text, r'requests_total\{path="other",status="404"\} [1-9]')
        for stage in ("receive", "wait", "decode", "predict"):
            self.assertRegex(text, rf'duration_seconds_count\{{stage="{stage}"\}} [1-9]')
        self.assertRegex(text, r"process_resident_memory_bytes [1-9]\d{6,}")
        self.assertIn("speciesnet_queue_waiting 0", text)

    def test_a_request_has_an_id_in_answer_and_log_and_nothing_of_the_photo_is_logged(self) -> None:
        given = self.server.post_photo(png(8, 8), "secret-name.png", X_Request_ID="trace-7")
        self.assertEqual(given.headers["x-request-id"], "trace-7")
        made = self.server.get("/healthz", X_Request_ID="not fit {to} log")
        self.assertRegex(made.headers["x-request-id"], "^[0-9a-f]{16}$")
        while not any(made.headers["x-request-id"] in line for line in self.server.raw_log):
            pass
        entry = next(line for line in self.server.log if line.get("request_id") == "trace-7")
        self.assertEqual((entry["status"], entry["path"]), (200, "/uploadfile/"))
        self.assertNotIn("secret-name", "".join(self.server.raw_log))


class Pages(unittest.TestCase):
    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(running())

    def test_pages_come_with_a_strict_policy_and_fetch_nothing_from_elsewhere(self) -> None:
        for path in ("/", "/docs", "/app.js", "/docs.js", "/style.css", "/countries.js", "/session_table.js"):
            with self.subTest(path):
                page = self.server.get(path)
                self.assertEqual(page.status, 200)
                policy = page.headers["content-security-policy"]
                self.assertIn("default-src 'none'", policy)
                self.assertNotIn("unsafe", policy)
                self.assertEqual(page.headers["x-content-type-options"], "nosniff")
                hosts = set(re.findall(rb"https?://([^/'\" ]+)", page.body))
                self.assertLessEqual(hosts, {b"www.w3.org"})
        self.assertNotRegex(self.server.get("/").body, rb"<script(?![^>]*src=)|style=|onclick")

    def test_the_description_names_exactly_the_paths_there_are(self) -> None:
        api = self.server.get("/openapi.json").json
        self.assertEqual(api["openapi"], "3.1.0")
        for path, methods in api["paths"].items():
            for method in methods:
                status = self.server.request(method.upper(), path).status
                self.assertNotIn(status, (404, 405), path)
        for reference in re.findall(r'"\$ref": ?"#/([^"]+)"', json.dumps(api)):
            node = api
            for key in reference.split("/"):
                node = node[key]


class Access(unittest.TestCase):
    def test_with_a_key_photos_need_it_and_the_rest_does_not(self) -> None:
        with running(SPECIESNET_API_KEY="s3cret") as server:
            self.assertEqual(server.get("/healthz").status, 200)
            photo = png(8, 8)
            self.assertEqual(server.post_photo(photo, X_API_Key="s3cret").status, 200)
            self.assertEqual(server.post_photo(photo, Authorization="Bearer s3cret").status, 200)
            for headers in ({}, {"X_API_Key": "s3cres"}, {"Authorization": "Bearer s3cret2"}):
                answer = server.post_photo(photo, **headers)
                self.assertEqual(answer.status, 401)
                self.assertEqual(answer.headers["www-authenticate"], "Bearer")

    def test_a_client_with_too_many_requests_gets_429_and_others_do_not(self) -> None:
        with running("--photos-per-minute", "2", "--behind-proxy") as server:
            photo = png(8, 8)
            statuses = [
                server.post_photo(photo, X_Forwarded_For="1.1.1.1").status for _ in range(3)
            ]
            self.assertEqual(statuses, [200, 200, 429])
            other = server.post_photo(photo, X_Forwarded_For="1.1.1.1, 2.2.2.2")
            self.assertEqual(other.status, 200)
            again = server.post_photo(photo, X_Forwarded_For="9.9.9.9, 1.1.1.1")
            self.assertEqual(again.status, 429)
            self.assertGreater(int(again.headers["retry-after"]), 0)

    def test_a_client_cannot_choose_the_address_that_is_counted(self) -> None:
        with running("--photos-per-minute", "1", "--behind-proxy") as server:
            form = encode_form([Part("file", png(8, 8), "a.png", "image/png")], "b")

            def status(*forwarded: str) -> int:
                lines = "".join(f"X-Forwarded-For: {value}\r\n" for value in forwarded)
                head = (
                    f"POST /uploadfile/ HTTP/1.0\r\n{lines}Content-Length: {len(form)}\r\n"
                    "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
                )
                return int(server.raw(head.encode() + form).split(b" ", 2)[1])

            self.assertEqual(status("192.0.2.1"), 200)
            for forwarded in (
                ["198.51.100.1", "192.0.2.1"],
                ["192.0.2.1:4711"],
                ["[::ffff:192.0.2.1]:80"],
                ["198.51.100.2", "198.51.100.3, 192.0.2.1"],
            ):
                with self.subTest(forwarded):
                    self.assertEqual(status(*forwarded), 429)
            self.assertEqual(status("2001:db8::1"), 200)
            self.assertEqual(status("[2001:db8::2]:443"), 429)
            # An invalid address does not identify a client: the proxy counts.
            self.assertEqual(status("unknown"), 200)
            self.assertEqual(status("someone else"), 429)

    def test_ipv4_clients_of_a_server_on_ipv6_are_counted_one_by_one(self) -> None:
        with running("--host", "::", "--photos-per-minute", "1") as server:
            photo = png(8, 8)
            statuses = [
                server.post_photo(photo, source=source).status
                for source in ("127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.2")
            ]
            self.assertEqual(statuses, [200, 429, 200, 429])
            wait_until(lambda: any(line.get("client") == "127.0.0.2" for line in server.log))

    def test_wrong_keys_are_limited_and_other_clients_are_not(self) -> None:
        with running(SPECIESNET_API_KEY="s3cret") as server:
            photo = png(8, 8)
            statuses = [
                server.post_photo(photo, X_API_Key=f"guess{number}").status for number in range(12)
            ]
            self.assertEqual(statuses[:10], [401] * 10)
            self.assertEqual(statuses[-1], 429)
            right = server.post_photo(photo, X_API_Key="s3cret")
            self.assertEqual(right.status, 429)
            self.assertGreater(int(right.headers["retry-after"]), 0)
            other = server.post_photo(photo, source="127.0.0.2", X_API_Key="s3cret")
            self.assertEqual(other.status, 200)
            # A client without a key cannot guess it.
            self.assertEqual(server.post_photo(photo, source="127.0.0.3").status, 401)

    def test_only_listed_sites_may_call_from_a_browser(self) -> None:
        with running("--cors-origin", "https://a.example,https://b.example") as server:
            asked = server.request("OPTIONS", "/uploadfile/", Origin="https://b.example")
            self.assertEqual(asked.status, 204)
            self.assertEqual(asked.headers["access-control-allow-origin"], "https://b.example")
            self.assertIn("POST", asked.headers["access-control-allow-methods"])
            other = server.request("OPTIONS", "/uploadfile/", Origin="https://c.example")
            self.assertEqual(other.status, 405)
            self.assertNotIn("access-control-allow-origin", other.headers)
            plain = server.get("/version").headers
            self.assertNotIn("access-control-allow-origin", plain)
            self.assertEqual(plain["vary"], "Origin")


class Files(unittest.TestCase):
    def post(self, server: Server, *paths: str) -> object:
        body = json.dumps({"instances": [{"filepath": path, "country": "KEN"} for path in paths]})
        return server.request("POST", "/predict", body.encode(), Content_Type="application/json")

    def test_without_an_allowed_folder_there_is_no_such_path(self) -> None:
        with running() as server:
            self.assertEqual(self.post(server, str(PHOTOS / "zebra.jpg")).status, 404)

    def test_it_is_in_the_description_where_it_is(self) -> None:
        with running() as server:
            self.assertNotIn("/predict", server.get("/openapi.json").json["paths"])
        with running("--allow-root", str(PHOTOS)) as server:
            self.assertIn("/predict", server.get("/openapi.json").json["paths"])

    def test_files_beneath_the_folder_are_answered_as_the_reference_does(self) -> None:
        with running("--allow-root", str(PHOTOS)) as server:
            names = ["zebra.jpg", str(PHOTOS / "blank.jpg")]
            answer = self.post(server, *names)
            self.assertEqual(answer.status, 200, answer.body)
            predictions = answer.json["predictions"]
            self.assertEqual([entry["filepath"] for entry in predictions], names)
            self.assertEqual(predictions[0]["country"], "KEN")
            self.assertIn("detections", predictions[0])

    def test_other_files_cannot_be_read(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            root = Path(name) / "root"
            root.mkdir()
            (Path(name) / "outside.png").write_bytes(png(8, 8))
            (root / "link.png").symlink_to("../outside.png")
            os.mkfifo(root / "pipe")
            with running("--allow-root", str(root)) as server:
                for path in (
                    "../outside.png",
                    "link.png",
                    "pipe",
                    ".",
                    "",
                    "/etc/passwd",
                    "no.png",
                    "https://a.example/a.jpg",
                    "file:///etc/passwd",
                    "/proc/self/environ",
                ):
                    with self.subTest(path):
                        answer = self.post(server, path)
                        self.assertEqual(answer.status, 400, answer.body)
                        self.assertIn("Cannot access", answer.detail)

    def test_files_have_the_same_limits_as_uploads(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("page.html", "<script>alert(1)</script>")
        with tempfile.TemporaryDirectory() as root:
            (Path(root) / "large.png").write_bytes(png(400, 300))
            (Path(root) / "zip.png").write_bytes(png(8, 8) + packed.getvalue())
            (Path(root) / "words.png").write_bytes(b"words")
            (Path(root) / "good.png").write_bytes(png(300, 300))
            with running("--allow-root", root, "--pixels", "100000") as server:
                names = ["large.png", "zip.png", "words.png", "good.png"]
                predictions = self.post(server, *names).json["predictions"]
                self.assertEqual([entry["filepath"] for entry in predictions], names)
                for entry in predictions[:3]:
                    self.assertEqual(entry["failures"], ["CLASSIFIER", "DETECTOR"])
                self.assertNotIn("failures", predictions[3])

    def test_other_documents_are_422(self) -> None:
        with running("--allow-root", str(PHOTOS)) as server:
            for body in (
                b"",
                b"{",
                b"[]",
                b"{}",
                b'{"instances": 1}',
                b'{"instances": [{"filepath": "zebra.jpg", "country": "Nowhere"}]}',
            ):
                with self.subTest(body):
                    answer = server.request("POST", "/predict", body)
                    self.assertEqual(answer.status, 422, answer.body)


class Documentation(unittest.TestCase):
    def test_the_table_of_options_has_every_flag_and_variable_and_no_other(self) -> None:
        import subprocess

        from harness import BINARY

        usage = subprocess.run(
            [BINARY, "--help"], capture_output=True, text=True, check=True
        ).stdout
        flags = set(re.findall(r"--[a-z][a-z0-9_-]+", usage)) - {"--help", "--version"}
        variables = set(re.findall(r"\(Env:([A-Z0-9_]+)\)", usage))
        table = (SOURCE / "docs/reference/server.md").read_text(encoding="utf-8")
        rows = [line for line in table.splitlines() if line.startswith("| `--")]
        self.assertEqual(set(re.findall(r"`(--[a-z][a-z0-9_-]+)", "\n".join(rows))), flags)
        self.assertEqual(set(re.findall(r"`([A-Z][A-Z0-9_]+)`", "\n".join(rows))), variables)


if __name__ == "__main__":
    unittest.main()
