# SPDX-License-Identifier: Apache-2.0
"""`speciesnet model download`: names, hubs, broken connections, caches, and security."""

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
import time
import unittest
from pathlib import Path

from model_case import HAS_TORCH, PROGRAM, RUN_SECONDS, ModelCase
from model_hub import CERTIFICATE, COMMIT, Fault, File, Hub
from model_packages import MODEL, package, tar_gz, zip_file

SOURCE = Path(__file__).resolve().parents[2]


class Names(ModelCase):
    """The sources of models."""

    def test_kaggle_name_without_version_is_the_newest(self) -> None:
        self.hub.serve_kaggle(MODEL, 7, tar_gz(package()), self.storage)
        folder = self.download(f"kaggle:{MODEL}")
        self.assertEqual(folder.name, "kaggle+google+speciesnet+pyTorch+v4.0.1a+7")
        self.assert_holds(folder, package())

    def test_default_model_is_the_published_one(self) -> None:
        self.hub.serve_kaggle(MODEL, 1, tar_gz(package()), self.storage)
        self.assert_holds(self.download(), package())

    def test_second_call_sends_no_request_if_the_version_is_given(self) -> None:
        self.hub.serve_kaggle(MODEL, 2, tar_gz(package()), self.storage)
        first = self.download(f"kaggle:{MODEL}/2")
        self.hub.close()
        self.assertEqual(self.download(f"kaggle:{MODEL}/2"), first)

    def test_highest_version_in_the_cache_serves_a_name_without_version(self) -> None:
        for version in (10, 9):
            self.hub.serve_kaggle(MODEL, version, tar_gz(package()), self.storage)
            self.download(f"kaggle:{MODEL}/{version}")
        self.assertIn(f"kaggle:{MODEL}/9\t", self.succeed("list"))
        self.assertIn("v4.0.1a+10\n", self.succeed("info", f"kaggle:{MODEL}"))

    def test_hugging_face_repository(self) -> None:
        files = package() | {"notes/read me.txt": b"hello"}
        self.hub.serve_hugging_face("a/b", files, {"classifier.pt"}, self.storage)
        folder = self.download("hf:a/b")
        self.assertEqual(folder.name, f"hf+a+b+{COMMIT}")
        self.assert_holds(folder, files)

    def test_archives_by_url_in_both_formats_with_and_without_a_folder(self) -> None:
        for name, data in {
            "a.tar.gz": tar_gz(package()),
            "b.tgz": tar_gz(package(), "speciesnet/"),
            "c.zip": zip_file(package()),
        }.items():
            url = self.hub.serve("/" + name, data)
            self.assert_holds(self.download(url + "?token=signature"), package())

    def test_archive_by_path(self) -> None:
        archive = self.folder / "model.zip"
        archive.write_bytes(zip_file(package()))
        self.assert_holds(self.download(str(archive)), package())

    def test_detector_named_by_url_is_downloaded_into_the_package(self) -> None:
        url = self.storage.serve("/megadetector/md_v5a.pt", b"detector")
        archive = self.hub.serve("/a.zip", zip_file(package(detector=url + "?download=1")))
        local = url.replace(":", "_").replace("/", "_")
        self.assertEqual((self.download(archive) / local).read_bytes(), b"detector")

    def test_detector_named_by_url_is_downloaded_into_a_folder_of_the_user(self) -> None:
        url = self.storage.serve("/md.pt", b"detector")
        folder = self.folder / "mine"
        folder.mkdir()
        for name, data in package(detector=url).items():
            (folder / name).write_bytes(data)
        self.assertEqual(self.download(str(folder)), folder)
        self.assertEqual(
            (folder / url.replace(":", "_").replace("/", "_")).read_bytes(), b"detector"
        )

    def test_wrong_names_are_wrong_usage(self) -> None:
        self.fail_with("not of the form", "download", "kaggle:google/../x/y", status=2)
        self.fail_with("not of the form", "download", "hf:google", status=2)
        self.fail_with("part of the library", "download", "demo", status=2)
        self.fail_with("the model folder does not exist", "download", str(self.folder / "nothing"))


class Secrets(ModelCase):
    """Tokens are sent only to their hub."""

    def test_kaggle_key(self) -> None:
        self.environment |= {"KAGGLE_USERNAME": "me", "KAGGLE_KEY": "kaggle-secret"}
        self.check_kaggle("Basic bWU6a2FnZ2xlLXNlY3JldA==")

    def test_kaggle_token_in_a_file(self) -> None:
        token = self.folder / "token"
        token.write_text("kaggle-secret\n")
        self.environment["KAGGLE_API_TOKEN"] = str(token)
        self.check_kaggle("Bearer kaggle-secret")

    def test_hugging_face_token(self) -> None:
        self.environment["HF_TOKEN"] = "hf-secret"
        self.hub.serve_hugging_face("a/b", package(), {"classifier.pt"}, self.storage)
        self.download("hf:a/b")
        self.check_requests("Bearer hf-secret")

    def check_kaggle(self, authorization: str) -> None:
        self.hub.serve_kaggle(MODEL, 1, tar_gz(package()), self.storage)
        self.download(f"kaggle:{MODEL}")
        self.check_requests(authorization)

    def check_requests(self, authorization: str) -> None:
        self.assertTrue(self.hub.requests and self.storage.requests)
        for request in self.hub.requests:
            self.assertEqual(request.headers["authorization"], authorization)
        for request in self.storage.requests:
            self.assertNotIn("authorization", request.headers)

    def test_refused_requests_show_no_token(self) -> None:
        self.environment["HF_TOKEN"] = "hf-secret"
        self.hub.faults["/api/models/a/b/revision/main"] = [Fault(status=403)]
        self.fail_with("403 (access denied", "download", "hf:a/b")


class BrokenLines(ModelCase):
    """Received data is kept, and transient failures are retried."""

    def setUp(self) -> None:
        super().setUp()
        self.archive = tar_gz(package())
        self.url = self.hub.serve("/a.tar.gz", self.archive)

    def ranges(self) -> list[str | None]:
        return [request.headers.get("range") for request in self.hub.asked_for("/a.tar.gz")]

    def test_cut_connection_is_resumed(self) -> None:
        self.hub.faults["/a.tar.gz"] = [Fault(cut_after=100_000), Fault(cut_after=50_000)]
        self.assert_holds(self.download(self.url, "--retries=1"), package())
        self.assertEqual(self.ranges(), [None, "bytes=100000-", "bytes=150000-"])

    def test_file_that_changed_meanwhile_is_downloaded_from_its_beginning(self) -> None:
        def change(path: str) -> None:
            if len(self.hub.requests) == 2:
                self.hub.serve("/a.tar.gz", tar_gz(package(weights=400_000)))

        self.hub.before_answer = change
        self.hub.faults["/a.tar.gz"] = [Fault(cut_after=100_000)]
        self.assert_holds(self.download(self.url), package(weights=400_000))
        self.assertEqual(self.ranges(), [None, "bytes=100000-"])

    def test_without_etag_a_download_starts_again(self) -> None:
        self.hub.files["/a.tar.gz"] = File(self.archive)
        self.hub.faults["/a.tar.gz"] = [Fault(cut_after=100_000)]
        self.assert_holds(self.download(self.url), package())
        self.assertEqual(self.ranges(), [None, None])

    def test_weak_etag_is_not_used_to_resume(self) -> None:
        self.hub.files["/a.tar.gz"].etag = 'W/"weak"'
        self.hub.faults["/a.tar.gz"] = [Fault(cut_after=100_000)]
        self.assert_holds(self.download(self.url), package())
        self.assertEqual(self.ranges(), [None, None])

    def test_stalled_connection_is_given_up_and_resumed(self) -> None:
        self.hub.faults["/a.tar.gz"] = [Fault(stall_after=100_000)]
        self.assert_holds(self.download(self.url, "--timeout=1"), package())
        self.assertEqual(self.ranges(), [None, "bytes=100000-"])

    def test_busy_servers_are_asked_again_when_they_say(self) -> None:
        self.hub.faults["/a.tar.gz"] = [
            Fault(status=429, headers={"Retry-After": "1"}),
            Fault(status=503),
        ]
        self.assert_holds(self.download(self.url), package())
        self.assertEqual(len(self.ranges()), 3)

    def test_server_that_stays_busy_is_given_up(self) -> None:
        self.hub.faults["/a.tar.gz"] = [Fault(status=500)] * 9
        self.fail_with("answers 500", "download", self.url, "--retries=1")
        self.assertEqual(len(self.ranges()), 2)
        self.hub.faults["/a.tar.gz"] = [Fault(status=429, headers={"Retry-After": "100000"})]
        self.fail_with("answers 429", "download", self.url)

    def test_missing_file_is_not_asked_for_again(self) -> None:
        self.fail_with("404 (the file does not exist)", "download", self.hub.url + "/b.zip")
        self.assertEqual(len(self.hub.requests), 1)

    def test_closed_port_is_reported(self) -> None:
        self.hub.close()
        self.fail_with("cannot download", "download", self.url, "--retries=1")

    def test_killed_download_goes_on_where_it_was(self) -> None:
        self.hub.faults["/a.tar.gz"] = [Fault(stall_after=200_000)]
        process = self.start("download", self.url)
        part = next(self.wait_for("downloads/*/archive.part", 200_000))
        self.assertEqual(part.stat().st_size, 200_000)
        self.kill(process)
        self.assertEqual(self.published(), [])
        self.assertEqual(self.succeed("list"), "")
        self.assert_holds(self.download(self.url), package())
        self.assertEqual(self.ranges(), [None, "bytes=200000-"])
        self.assertEqual(list(self.cache.glob("downloads/*")), [])

    def test_download_that_was_killed_after_its_last_byte_is_taken(self) -> None:
        self.hub.faults["/a.tar.gz"] = [Fault(stall_after=len(self.archive) - 1)]
        process = self.start("download", self.url)
        part = next(self.wait_for("downloads/*/archive.part", len(self.archive) - 1))
        self.kill(process)
        part.write_bytes(self.archive)
        self.assert_holds(self.download(self.url), package())
        self.assertEqual(self.ranges(), [None, f"bytes={len(self.archive)}-"])

    def test_detector_that_does_not_come_costs_no_second_download_of_the_rest(self) -> None:
        url = self.storage.serve("/md.pt", b"detector")
        self.storage.faults["/md.pt"] = [Fault(status=404)]
        self.hub.serve_hugging_face("a/b", package(detector=url), set(), self.storage)
        self.fail_with("404", "download", "hf:a/b")
        self.assertEqual(self.published(), [])
        self.download("hf:a/b")
        self.assertEqual(len(self.hub.asked_for(f"/a/b/resolve/{COMMIT}/classifier.pt")), 1)

    def test_two_programs_at_once_download_once(self) -> None:
        both_started = threading.Event()
        self.hub.before_answer = lambda path: both_started.wait(10) and None
        processes = [self.start("download", self.url) for _ in range(2)]
        both_started.set()
        folders = {self.finish(process).stdout for process in processes}
        self.assertEqual(len(folders), 1)
        self.assert_holds(self.published()[0], package())
        self.assertEqual(self.ranges(), [None])

    def test_waiting_for_another_program_is_reported_and_ends_at_ctrl_c(self) -> None:
        self.hub.faults["/a.tar.gz"] = [Fault(stall_after=1000)]
        downloading = self.start("download", self.url)
        next(self.wait_for("downloads/*/archive.part", 1000))
        waiting = self.start("download", self.url)
        assert waiting.stderr is not None
        line = waiting.stderr.readline()
        self.assertEqual(line, f"waiting for another process to download {self.url}\n")
        waiting.send_signal(signal.SIGINT)
        self.assertEqual(self.finish(waiting).returncode, -signal.SIGINT)
        self.assertIsNone(downloading.poll())
        self.kill(downloading)

    def test_killed_at_any_moment_leaves_no_partial_package(self) -> None:
        files = package() | {
            name: (SOURCE / "tests/fixtures/import" / name).read_bytes()
            for name in ("detector.pt", "classifier.pt")
        }
        url = self.hub.serve("/networks.tar.gz", tar_gz(files))
        begun = time.monotonic()
        self.succeed("download", url)
        whole = time.monotonic() - begun
        moments = 16
        for moment in range(moments):
            for action in (("download", url), ("remove", url)):
                process = self.start(*action)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(whole * (moment + 1) / moments)
                self.kill(process)
                self.assert_all_found_is_whole(files)
        self.succeed("download", url)
        self.assert_all_found_is_whole(files)
        self.succeed("remove", url)
        left = [path for path in self.cache.rglob("*") if path.is_file()]
        self.assertEqual([path for path in left if path.suffix != ".lock"], [])

    def assert_all_found_is_whole(self, files: dict[str, bytes]) -> None:
        for folder in self.published():
            self.assert_holds(folder, files)

    def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(self) -> None:
        long_name = self.hub.serve("/" + "n" * 60 + "/md.pt", b"x" * 50_000)
        url = self.hub.serve("/detector.zip", zip_file(package(detector=long_name)))
        leader, follower = os.openpty()
        self.addCleanup(os.close, leader)
        done = subprocess.run(
            [PROGRAM, "model", "download", url],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=follower,
            timeout=RUN_SECONDS,
        )
        os.close(follower)
        self.assertEqual(done.returncode, 0)
        pieces = []
        # The status of a closed terminal is an error.
        with contextlib.suppress(OSError):
            while piece := os.read(leader, 65536):
                pieces.append(piece)
        drawn = b"".join(pieces).decode()
        self.assertIn("[" + "#" * 24 + "]", drawn)
        self.assertIn("md.pt: 50.0 kB of 50.0 kB", drawn)
        # A bar that is redrawn must fit into a line; other messages may be longer.
        for line in re.split("[\r\n]+", drawn.replace("\033[K", "")):
            if "[#" in line:
                self.assertLess(len(line), 80)
        self.succeed("remove", url)
        shown = self.run_model("download", url).stderr
        self.assertNotIn("\r", shown)
        self.assertIn("md.pt: 50.0 kB of 50.0 kB (100 %)\n", shown)

    def wait_for(self, pattern: str, size: int):  # type: ignore[no-untyped-def]
        waiting = threading.Event()
        for _ in range(3000):
            for path in self.cache.glob(pattern):
                if path.stat().st_size >= size:
                    yield path
            waiting.wait(0.01)
        self.fail(f"{pattern} did not come")


class Trust(ModelCase):
    """Hostile servers and archives."""

    def test_https_with_an_authority_of_the_user(self) -> None:
        hub = Hub(tls=True)
        self.addCleanup(hub.close)
        url = hub.serve("/a.zip", zip_file(package()))
        self.fail_with("certificate", "download", url, "--retries=0")
        self.environment["SSL_CERT_FILE"] = str(CERTIFICATE)
        self.assert_holds(self.download(url), package())

    def test_https_with_the_authorities_of_another_system(self) -> None:
        """Removes libcurl's built-in certificates, as on a system other than the one that built it."""
        hidden = 'mount -t tmpfs none /etc/ssl && cp "$0" /etc/ssl/ca-bundle.pem && exec "$@"'
        alone = ["unshare", "--mount", "sh", "-c", hidden, str(CERTIFICATE)]
        with contextlib.suppress(FileNotFoundError):
            if subprocess.run([*alone, "true"], capture_output=True).returncode == 0:
                hub = Hub(tls=True)
                self.addCleanup(hub.close)
                url = hub.serve("/a.zip", zip_file(package()))
                done = subprocess.run(
                    [*alone, PROGRAM, "model", "download", url, "--retries=0"],
                    env=self.environment,
                    capture_output=True,
                    text=True,
                    timeout=RUN_SECONDS,
                )
                self.assertEqual(done.returncode, 0, done.stderr)
                return
        self.skipTest("needs the right to mount")

    def test_https_is_never_left_for_http(self) -> None:
        hub = Hub(tls=True)
        self.addCleanup(hub.close)
        self.environment["CURL_CA_BUNDLE"] = str(CERTIFICATE)
        hub.files["/a.zip"] = File(redirect=self.storage.serve("/a.zip", zip_file(package())))
        self.fail_with("are not followed", "download", hub.url + "/a.zip")
        detector = self.storage.serve("/md.pt", b"detector")
        url = hub.serve("/b.zip", zip_file(package(detector=detector)))
        self.fail_with("gives an http URL for its detector", "download", url)
        self.assertEqual(self.storage.requests, [])

    def test_redirects_end(self) -> None:
        self.hub.files["/a.zip"] = File(redirect=self.hub.url + "/a.zip")
        self.fail_with("redirects", "download", self.hub.url + "/a.zip")
        self.assertLess(len(self.hub.requests), 20)

    def test_redirect_to_a_local_file_is_refused(self) -> None:
        self.hub.files["/a.zip"] = File(redirect="file:///etc/passwd")
        self.fail_with("cannot download", "download", self.hub.url + "/a.zip")

    def test_proxy_of_the_environment_is_used(self) -> None:
        self.environment["http_proxy"] = self.storage.url
        self.storage.serve("/a.zip", zip_file(package()))
        self.assert_holds(self.download("http://model.invalid/a.zip"), package())

    def test_a_download_with_another_checksum_is_refused(self) -> None:
        self.hub.serve_kaggle(MODEL, 1, tar_gz(package()), self.storage)
        file = self.storage.files["/archive/1.tar.gz"]
        file.data = file.data[:-1] + b"x"
        self.fail_with("has MD5", "download", f"kaggle:{MODEL}")
        self.hub.serve_hugging_face("a/b", package(), {"classifier.pt"}, self.storage)
        for path, file in self.storage.files.items():
            if path.startswith("/lfs/"):
                file.data = bytes(len(file.data))
        self.fail_with("has SHA-256", "download", "hf:a/b")
        self.assertEqual(self.published(), [])

    def test_too_large_files_are_refused_before_they_come(self) -> None:
        url = self.hub.serve("/a.zip", b"x", Content_Length=str(9 << 30))
        self.fail_with("larger than", "download", url)

    def test_hostile_archives_leave_nothing(self) -> None:
        for number, name in enumerate(("../../../escaped", "/tmp/speciesnet-escaped")):
            url = self.hub.serve(f"/{number}.tar.gz", tar_gz(package() | {name: b"x"}))
            self.fail_with("unsafe name", "download", url)
        self.assertEqual(self.published(), [])
        self.assertEqual(list(self.folder.rglob("*escaped")), [])
        self.assertFalse(os.path.exists("/tmp/speciesnet-escaped"))

    def test_hostile_listing_of_a_repository_is_refused(self) -> None:
        files = package() | {"../../escaped": b"x"}
        self.hub.serve_hugging_face("a/b", files, set(), self.storage)
        self.fail_with("unsafe name", "download", "hf:a/b")

    def test_a_download_that_is_not_a_package_is_refused(self) -> None:
        incomplete = package()
        del incomplete["labels.txt"]
        for name, data, words in (
            ("a", b"<html>log in first</html>", "cannot be read"),
            ("b", zip_file({"readme": b"x"}), "no info.json"),
            ("c", zip_file(incomplete), "labels.txt"),
            ("d", tar_gz(package())[:-1000], "cannot be read"),
        ):
            self.fail_with(words, "download", self.hub.serve("/" + name, data))
        self.assertEqual(list(self.cache.glob("downloads/*")), [])
        self.hub.serve(f"/api/v1/models/{MODEL}/get", b'{"versionNumber": "../../x"}')
        self.fail_with("does not contain a version number", "download", f"kaggle:{MODEL}")
        self.hub.serve("/api/models/a/b/revision/main", b'{"sha": "../../x"}')
        self.fail_with("does not contain a commit", "download", "hf:a/b")
        self.assertEqual(self.published(), [])

    def test_archive_that_was_corrected_is_accepted(self) -> None:
        url = self.hub.serve("/a.zip", b"<html>come back later</html>")
        self.fail_with("cannot be read", "download", url)
        self.hub.serve("/a.zip", zip_file(package()))
        self.assert_holds(self.download(url), package())

    def test_unwritable_cache_is_reported(self) -> None:
        self.environment["SPECIESNET_CACHE"] = "/dev/null/cache"
        self.fail_with("cannot create", "download", self.hub.serve("/a.zip", zip_file(package())))


class Cache(ModelCase):
    """Listing, verification and removal of models."""

    def setUp(self) -> None:
        super().setUp()
        self.name = f"kaggle:{MODEL}"
        self.hub.serve_kaggle(MODEL, 3, tar_gz(package()), self.storage)

    def test_offline_uses_the_cache_and_sends_no_request(self) -> None:
        self.fail_with("offline", "download", self.name, "--offline")
        self.assertEqual(self.hub.requests, [])
        folder = self.download(self.name)
        asked = len(self.hub.requests)
        self.environment["SPECIESNET_OFFLINE"] = "1"
        self.assertEqual(self.download(self.name), folder)
        self.fail_with("offline", "download", "hf:a/b")
        self.assertEqual(len(self.hub.requests), asked)

    def test_changed_file_is_found_and_replaced(self) -> None:
        folder = self.download(self.name)
        self.assertEqual(len(re.findall("^intact\t", self.succeed("verify", self.name), re.M)), 6)
        weights = bytearray((folder / "classifier.pt").read_bytes())
        weights[1234] ^= 1
        (folder / "classifier.pt").write_bytes(weights)
        done = self.run_model("verify", self.name)
        self.assertEqual(done.returncode, 3)
        self.assertIn("CHANGED\tclassifier.pt\n", done.stdout)
        self.assertIn("1 of 6 files", done.stderr)
        self.assertEqual(self.download(self.name, "--force"), folder)
        self.succeed("verify", self.name)

    def test_networks_that_are_not_the_published_ones_are_named(self) -> None:
        url = self.storage.serve("/md_v5a.0.0.pt", b"no detector")
        archive = self.hub.serve("/a.zip", zip_file(package(detector=url)))
        local = url.replace(":", "_").replace("/", "_")
        done = self.run_model("download", archive)
        self.assertEqual(done.returncode, 0)
        self.assertIn(f"{local} is not the published file md_v5a.0.0.pt\n", done.stderr)
        self.assertIn("classifier.pt is not known\n", done.stderr)
        networks = [
            {"path": local, "publication": "not_published", "published_name": "md_v5a.0.0.pt"},
            {"path": "classifier.pt", "publication": "not_known", "published_name": None},
        ]
        downloaded = json.loads(self.succeed("download", archive, "--json"))
        self.assertEqual(downloaded, {"folder": done.stdout.rstrip("\n"), "networks": networks})
        lines = self.succeed("verify", archive).splitlines()
        self.assertIn(f"network\t{local}\tis not the published file md_v5a.0.0.pt", lines)
        verified = json.loads(self.succeed("verify", archive, "--json"))
        self.assertEqual(verified["networks"], networks)
        conditions = {file["path"]: file["condition"] for file in verified["files"]}
        self.assertEqual(conditions.pop(local), "intact")
        self.assertEqual(set(conditions.values()), {"intact"})

    def test_missing_network_is_missing_and_not_identified(self) -> None:
        folder = self.download(self.name)
        (folder / "classifier.pt").unlink()
        done = self.run_model("verify", self.name, "--json")
        self.assertEqual(done.returncode, 3)
        verified = json.loads(done.stdout)
        self.assertEqual(verified["networks"], [])
        self.assertIn("missing", [file["condition"] for file in verified["files"]])

    def test_failed_replacement_leaves_what_was_there(self) -> None:
        folder = self.download(self.name)
        del self.storage.files["/archive/3.tar.gz"]
        self.fail_with("404", "download", self.name, "--force")
        self.assert_holds(folder, package())

    def test_list_info_and_remove(self) -> None:
        folder = self.download(self.name)
        self.assertEqual(self.succeed("list"), f"{self.name}/3\t320.9 kB\t{folder}\n")
        info = self.succeed("info", self.name)
        for line in ("version\t4.0.1a", "type\talways_crop", "file\tclassifier.pt\t300.0 kB"):
            self.assertIn(line + "\n", info)
        self.succeed("remove", f"{self.name}/3")
        self.assertEqual(self.succeed("list"), "")
        self.assertFalse(folder.exists())
        self.fail_with("not in the cache", "remove", self.name)
        self.fail_with("not on this machine", "info", self.name)

    def test_demonstration_has_information(self) -> None:
        self.assertIn("version\tdemo", self.succeed("info", "demo"))

    def test_cache_by_flag(self) -> None:
        folder = self.download(self.name, "--cache", str(self.folder / "other"))
        self.assertTrue(folder.is_relative_to(self.folder / "other"))
        self.assertFalse(self.cache.exists())


class Export(ModelCase):
    """Networks are exported as TorchScript to a given folder; downloaded files do not change."""

    @unittest.skipUnless(HAS_TORCH, "this build does not include LibTorch")
    def test_package_of_pickles_is_exported(self) -> None:
        files = package() | {
            name: (SOURCE / "tests/fixtures/import" / name).read_bytes()
            for name in ("detector.pt", "classifier.pt")
        }
        url = self.hub.serve("/published.zip", zip_file(files))
        output = self.folder / "exported"
        self.assertEqual(self.succeed("export", url, "--output", str(output)), f"{output}\n")
        self.assertIn("detector.torchscript.pt", self.succeed("info", str(output)))
        self.assertEqual(self.succeed("export", url, "--offline", "--output", f"{output}2"),
                         f"{output}2\n")
        (folder,) = self.published()
        self.assert_holds(folder, files)
        self.succeed("remove", url)
        self.assertFalse(folder.exists())
        self.assertTrue(output.exists())


if __name__ == "__main__":
    unittest.main()
