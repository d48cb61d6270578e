# SPDX-License-Identifier: Apache-2.0
"""Starting, stopping and logging."""

import contextlib
import http.client
import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
import unittest
from collections.abc import Iterator
from pathlib import Path

from harness import BINARY, SOURCE, Server, descriptors, png, read_all, running, start, wait_until


@contextlib.contextmanager
def posting(server: Server, photo: bytes) -> Iterator[None]:
    """Sends a photo to a server and ignores the result."""

    def post() -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            server.post_photo(photo)

    thread = threading.Thread(target=post)
    thread.start()
    yield
    thread.join()


UNFINISHED = (
    b"POST /uploadfile/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="lion.png"\r\n\r\n' + bytes(5000)
)


def run_to_end(*flags: str) -> subprocess.CompletedProcess[str]:
    """Runs a server that is expected to end by itself."""
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run([BINARY, *flags], capture_output=True, text=True, cwd=folder)


class Start(unittest.TestCase):
    def test_without_a_model_the_log_says_how_to_get_one_and_the_demo_is_not_used(self) -> None:
        done = run_to_end()
        self.assertEqual(done.returncode, 2)
        self.assertIn("--model demo", done.stderr)
        self.assertIn("downloaded", done.stderr)

    def test_a_model_that_does_not_exist_is_named(self) -> None:
        done = run_to_end("--model", "/no/such")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/no/such", done.stderr)

    def test_wrong_flags_are_named(self) -> None:
        for flags in (
            ["--nonsense"],
            ["--port", "70000"],
            ["--workers", "0"],
            ["--country", "Nowhere"],
        ):
            with self.subTest(flags):
                done = run_to_end("--model", "demo", *flags)
                self.assertEqual(done.returncode, 2)
                self.assertIn(flags[0].lstrip("-"), done.stderr)

    def test_a_port_in_use_ends_it_with_an_error(self) -> None:
        with running() as server:
            done = run_to_end("--model", "demo", "--port", str(server.port))
            self.assertEqual(done.returncode, 1)
            self.assertIn(str(server.port), done.stderr)

    def test_the_log_names_model_threads_and_address_and_says_that_a_demo_is_one(self) -> None:
        with running("--threads", "1") as server:
            server.get("/healthz")
            first, ready = server.log[:2]
            self.assertEqual(first["model"], "demo")
            self.assertIs(ready["demo"], True)
            self.assertEqual(ready["threads"], 1)
            self.assertEqual(first["address"], f"http://127.0.0.1:{server.port}")
        warnings = [line["message"] for line in server.log if line["level"] == "warning"]
        self.assertTrue(any("not SpeciesNet" in message for message in warnings), server.log)

    def test_the_port_comes_from_the_environment_and_a_flag_wins(self) -> None:
        with running(PORT="1", HOST="127.0.0.1") as server:
            self.assertNotEqual(server.port, 1)


class Descriptors(unittest.TestCase):
    def test_more_connections_than_the_system_allows_are_refused_at_the_start(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [BINARY, "--model", "demo", "--port", "0", "--connections", "2000"],
                capture_output=True,
                text=True,
                cwd=folder,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1000, 1000)),
            )
        self.assertEqual(done.returncode, 1)
        self.assertIn("--connections 2000", done.stderr)
        self.assertIn("1000", done.stderr)

    def test_the_limit_is_raised_as_far_as_possible(self) -> None:
        with running() as server:
            soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
            self.assertEqual(soft, hard)

    def test_without_descriptors_clients_are_503_and_the_server_recovers(self) -> None:
        with running() as server:
            limit = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
            used = descriptors(server)
            resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (used, limit[1]))
            for _ in range(5):
                self.assertIn(b" 503 ", server.raw(b"").split(b"\r\n")[0])
            resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, limit)
            wait_until(lambda: b" 200 " in server.raw(b"GET /healthz HTTP/1.0\r\n\r\n"))


class TemporaryFolder(unittest.TestCase):
    def test_the_folder_is_private_even_if_it_was_there(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "tmp_speciesnet"
            folder.mkdir(mode=0o755)
            server = start(Path(name))
            self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
            self.assertEqual(server.stop(), 0)

    def test_only_files_of_a_killed_server_are_removed(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "tmp_speciesnet"
            folder.mkdir()
            (folder / ("0123456789abcdef" * 2)).write_bytes(b"left")
            (folder / "notes.txt").write_bytes(b"not ours")
            server = start(Path(name))
            self.assertEqual(server.temporary_files(), ["notes.txt"])
            self.assertEqual(server.log[0]["swept_files"], 1)
            self.assertEqual(server.stop(), 0)

    def test_a_server_that_is_killed_at_work_leaves_files_to_the_next_one_which_sweeps_them(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            server = start(Path(name))
            with posting(server, png(6000, 6000)):
                wait_until(lambda: server.temporary_files() != [])
                self.assertEqual(server.stop(signal.SIGKILL), -signal.SIGKILL)
            self.assertEqual(len(server.temporary_files()), 1)
            server = start(Path(name))
            self.assertEqual(server.log[0]["swept_files"], 1)
            self.assertEqual(server.temporary_files(), [])
            self.assertEqual(server.stop(), 0)

    def test_a_photo_that_cannot_be_stored_is_503_and_the_reason_is_logged(self) -> None:
        with running() as server:
            server.temporary_folder.rmdir()
            answer = server.post_photo(png(8, 8))
            self.assertEqual((answer.status, answer.headers["retry-after"]), (503, "1"))
            server.temporary_folder.mkdir()
        self.assertTrue(any("temporary file" in line.get("error", "") for line in server.log))

    def test_a_second_server_in_the_same_folder_sweeps_nothing(self) -> None:
        with running() as first:
            live = first.temporary_folder / ("a" * 32)
            live.write_bytes(b"in use")
            second = start(first.folder)
            self.assertEqual(second.log[0]["swept_files"], 0)
            self.assertEqual(second.stop(), 0)
            live.unlink()

    def test_a_link_in_its_place_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "elsewhere").mkdir()
            (Path(name) / "tmp_speciesnet").symlink_to("elsewhere")
            with self.assertRaises(RuntimeError):
                start(Path(name))

    def test_a_file_has_mode_600_a_random_name_and_goes_with_its_request(self) -> None:
        with running() as server, posting(server, png(6000, 6000)):
            wait_until(lambda: server.temporary_files() != [])
            (name,) = server.temporary_files()
            self.assertRegex(name, "^[0-9a-f]{32}$")
            mode = (server.temporary_folder / name).stat().st_mode
            self.assertEqual(stat.S_IMODE(mode), 0o600)
            wait_until(lambda: server.temporary_files() == [])

    def test_a_form_that_has_not_arrived_is_no_file(self) -> None:
        with running() as server, server.connect() as client:
            client.sendall(UNFINISHED)
            wait_until(lambda: server.metric("speciesnet_connection_bytes") > 5000)
            self.assertEqual(server.temporary_files(), [])

    def test_without_its_folder_the_server_is_not_ready(self) -> None:
        with running() as server:
            self.assertEqual(server.get("/readyz").status, 200)
            server.temporary_folder.rmdir()
            answer = server.get("/readyz")
            self.assertEqual(answer.status, 503)
            self.assertIn("temporary folder", answer.detail)
            server.temporary_folder.mkdir()


class Log(unittest.TestCase):
    def test_a_reader_that_stops_reading_blocks_nothing(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            server = start(Path(folder), read_log=False)
            assert server.process.stderr
            self.addCleanup(server.process.stderr.close)
            # A line for each request: many times what the pipe takes.
            request = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
            for _ in range(4):
                answers = server.raw(500 * request, half_close=True)
                self.assertEqual(answers.count(b"HTTP/1.1 200 "), 500)
            self.assertEqual(server.post_photo(png(8, 8)).status, 200)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(20), 0)

    def test_a_reader_that_is_gone_ends_nothing(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            server = start(Path(folder), read_log=False)
            assert server.process.stderr
            server.process.stderr.close()
            for _ in range(3):
                self.assertEqual(server.post_photo(png(8, 8)).status, 200)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(20), 0)


@unittest.skipUnless(os.environ.get("SPECIESNET_PROGRAM"), "the command line, which compiles networks, was not built")
class ShortenedNetwork(unittest.TestCase):
    def test_a_mapped_network_that_is_shortened_ends_the_server_with_its_name(self) -> None:
        """Whichever thread reads it, including those that share the work of a network."""
        with tempfile.TemporaryDirectory() as name:
            package = Path(name) / "package"
            shutil.copytree(SOURCE / "examples/demo/model", package)
            compiling = (os.environ["SPECIESNET_PROGRAM"], "model", "compile", package)
            compiled = subprocess.run(compiling, capture_output=True, text=True)
            if "with AVX2" in compiled.stderr:
                self.skipTest("networks are not compiled for this CPU")
            self.assertEqual(compiled.returncode, 0, compiled.stderr)
            (file,) = package.glob("detector.*.compiled")
            content = file.read_bytes()
            for threads in ("1", "2"):
                with self.subTest(threads=threads):
                    file.write_bytes(content)
                    server = start(Path(name), "--threads", threads, model=str(package))
                    self.assertEqual(server.post_photo(png(8, 8)).status, 200)
                    os.truncate(file, 0)
                    with self.assertRaises((OSError, http.client.HTTPException)):
                        server.post_photo(png(8, 8))
                    self.assertEqual(server.wait(), 1)
                    self.assertEqual(server.log[-1]["file"], str(file))
                    self.assertIn("truncated", server.log[-1]["message"])


class Stop(unittest.TestCase):
    def test_both_signals_end_it_with_code_0(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number), running() as server:
                self.assertEqual(server.stop(number), 0)

    def test_a_request_that_has_begun_is_answered(self) -> None:
        with running() as server:
            answers = []
            photo = png(6000, 6000)
            thread = threading.Thread(target=lambda: answers.append(server.post_photo(photo)))
            thread.start()
            wait_until(lambda: server.temporary_files() != [])
            self.assertEqual(server.stop(), 0)
            thread.join()
            self.assertEqual(answers[0].status, 200)

    def test_idle_connections_do_not_delay_it(self) -> None:
        with running() as server:
            with server.connect() as client:
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                client.recv(1)
                begun = time.monotonic()
                self.assertEqual(server.stop(), 0)
                self.assertLess(time.monotonic() - begun, 5)

    def test_a_client_that_never_finishes_is_given_up_after_the_limit(self) -> None:
        with running("--drain", "1") as server:
            with server.connect() as client:
                client.sendall(UNFINISHED)
                wait_until(lambda: server.metric("speciesnet_connection_bytes") > 5000)
                begun = time.monotonic()
                self.assertEqual(server.stop(), 0)
                self.assertLess(time.monotonic() - begun, 8)

    def test_work_that_does_not_end_is_given_up_after_the_limit(self) -> None:
        with tempfile.TemporaryDirectory() as root:
            (Path(root) / "a.png").write_bytes(png(6000, 6000))
            body = json.dumps({"instances": [{"filepath": "a.png"}] * 100}).encode()
            with running("--drain", "1", "--allow-root", root) as server:
                with server.connect() as client:
                    client.sendall(b"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body))
                    client.sendall(body)
                    wait_until(lambda: server.metric("speciesnet_queue_running") == 1)
                    begun = time.monotonic()
                    self.assertEqual(server.stop(), 0)
                    # A hundred photos take minutes.
                    self.assertLess(time.monotonic() - begun, 20)
                    self.assertIn(b" 503 ", read_all(client).split(b"\r\n")[0])
            messages = "".join(server.raw_log)
            self.assertIn("photos in progress are abandoned", messages)


if __name__ == "__main__":
    unittest.main()
