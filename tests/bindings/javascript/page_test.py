# SPDX-License-Identifier: Apache-2.0
"""The page examples/browser in headless Chromium.

SPECIESNET_PAGE is the folder of the built page, SPECIESNET_DEMO that of the demonstration; SPECIESNET_SCREENSHOTS names a folder for
screenshots.
"""

import importlib.machinery
import importlib.util
import json
import os
import socket
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from webdriver import BROWSER, DRIVER, MISSING, Browser, browsing

PAGE = Path(os.environ["SPECIESNET_PAGE"])
PHOTOS = Path(os.environ["SPECIESNET_DEMO"]) / "photos"
SCREENSHOTS = os.environ.get("SPECIESNET_SCREENSHOTS")
EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text(encoding="utf-8"))
SERVE = Path(__file__).parents[3] / "examples/browser/serve"

# Whom Chromium itself asks for updates, the time and its start page. The page's policy excludes them, as test_cannot_contact_another_server
# shows for any server.
BROWSERS_OWN = ("google.com", "googleapis.com", "duckduckgo.com")


def load_serve():  # type: ignore[no-untyped-def]
    """Imports the script, whose name has no suffix."""
    loader = importlib.machinery.SourceFileLoader("serve", str(SERVE))
    spec = importlib.util.spec_from_loader("serve", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


class Proxy(BaseHTTPRequestHandler):
    """Passes requests to the page's server, and records all: those of workers and of the browser, too."""

    requests: list[tuple[str, str]] = []
    page = None

    def answer(self) -> None:
        self.requests.append((self.command, self.path))
        if self.command != "GET" or urlsplit(self.path).netloc != self.page:
            self.send_error(403)
            return
        self.wfile.write(forwarded(self.path))
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_CONNECT = do_HEAD = do_OPTIONS = answer

    def log_message(self, *_: object) -> None:
        pass


def requests_of_page() -> list[tuple[str, str]]:
    """Returns all requests except the browser's own."""
    hosts = [(urlsplit(url).hostname or url.partition(":")[0], (method, url)) for method, url in Proxy.requests]
    return [request for host, request in hosts if not host.endswith(BROWSERS_OWN)]


def forwarded(url: str) -> bytes:
    """Returns the answer of the page's server as it is."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        target = parts.path + ("?" + parts.query if parts.query else "")
        connection.sendall(f"GET {target} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode())
        chunks = []
        while chunk := connection.recv(1 << 20):
            chunks.append(chunk)
    return b"".join(chunks)


@unittest.skipUnless(BROWSER and DRIVER, MISSING)
class Page(unittest.TestCase):
    browser: Browser

    @classmethod
    def setUpClass(cls) -> None:
        page = cls.enterClassContext(load_serve().server(PAGE, 0))
        proxy = cls.enterClassContext(ThreadingHTTPServer(("127.0.0.1", 0), Proxy))
        for server in (page, proxy):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            cls.addClassCleanup(server.shutdown)
        cls.origin = f"http://127.0.0.1:{page.server_port}"
        Proxy.page = f"127.0.0.1:{page.server_port}"
        cls.browser = cls.enterClassContext(browsing(f"--proxy-server=127.0.0.1:{proxy.server_port}", "--proxy-bypass-list=<-loopback>"))
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def setUp(self) -> None:
        self.browser.resize(1000, 900)
        self.browser.set_dark(False)
        self.browser.open(self.origin + "/")
        self.browser.wait_for("#choice:enabled")
        self.browser.problems()

    def screenshot(self, name: str) -> None:
        if SCREENSHOTS:
            self.browser.screenshot(Path(SCREENSHOTS) / name)

    def choose(self, photo: Path) -> None:
        self.browser.find("#photo").type(str(photo))

    def wait_for_result(self) -> str:
        self.browser.wait_for("#result:not([hidden])")
        return self.browser.find("#result-title").text

    def wait_for_error(self) -> str:
        self.browser.wait_for("#error:not(:empty)")
        return self.browser.find("#error").text

    def rows(self) -> list[list[str]]:
        return [[cell.text for cell in row.find_all("td")] for row in self.browser.find_all("#rows tr")]

    def test_names_a_photo(self) -> None:
        self.choose(PHOTOS / "zebra.jpg")
        self.assertEqual(self.wait_for_result(), "plains zebra")
        detections = EXPECTED["KEN"]["zebra.jpg"]["predictions"][0]["detections"]
        wanted = [found["processed_classification"] for found in detections if "processed_classification" in found]
        self.assertEqual([row[1] for row in self.rows()], ["plains zebra"] * len(wanted))
        self.assertEqual([row[2] for row in self.rows()], [f"{100 * answer['score']:.1f} %" for answer in wanted])
        self.assertEqual(len(self.browser.find_all("#figure .box")), len(wanted))
        self.assertIn("plains zebra", self.browser.find("#shown").attribute("alt"))
        self.assertRegex(self.browser.find("#times").text, r"^\d+\.\d\d s: ")
        print("Chromium:", self.browser.find("#times").text, self.browser.run("return navigator.hardwareConcurrency"), "threads")
        self.screenshot("zebra.png")
        self.browser.set_dark(True)
        self.screenshot("zebra_dark.png")
        self.assertEqual(self.browser.problems(), [])

    def test_applies_the_geofence(self) -> None:
        self.browser.find("#country").type("USA")
        self.choose(PHOTOS / "zebra.jpg")
        self.assertNotEqual(self.wait_for_result(), "plains zebra")

    def test_names_a_dropped_photo(self) -> None:
        self.browser.drop(self.browser.find("#drop"), [PHOTOS / "person.jpg"])
        self.assertIn("human", self.wait_for_result())
        self.screenshot("person.png")

    def test_names_a_sample_by_keyboard(self) -> None:
        self.browser.run("document.querySelector('.sample').focus()")
        self.browser.press("Enter")
        self.assertEqual(self.wait_for_result(), "plains zebra")

    def test_says_that_nothing_was_found(self) -> None:
        self.choose(PHOTOS / "blank.jpg")
        self.assertEqual(self.wait_for_result(), "no animal, person or vehicle")
        self.assertEqual(self.browser.find_all("#figure .box"), [])

    def test_refuses_what_is_no_photo_and_goes_on(self) -> None:
        text = self.folder / "notes.jpg"
        text.write_text("no photo")
        self.choose(text)
        self.assertEqual(self.wait_for_error(), "The content is not a supported image. Choose a photo in JPEG, GIF or BMP.")
        self.screenshot("error.png")
        self.choose(PHOTOS / "zebra.jpg")
        self.assertEqual(self.wait_for_result(), "plains zebra")
        self.assertEqual(self.browser.find("#error").text, "")

    def test_says_that_a_photo_is_truncated(self) -> None:
        whole = (PHOTOS / "zebra.jpg").read_bytes()
        part = self.folder / "part.jpg"
        part.write_bytes(whole[: len(whole) // 2])
        self.choose(part)
        self.wait_for_result()
        self.assertIn("truncated", self.browser.find("#times").text)

    def test_stays_responsive(self) -> None:
        """The page draws while the networks run."""
        self.browser.run("window.frames_ = 0; const count = () => { window.frames_++; requestAnimationFrame(count); }; count();")
        self.choose(PHOTOS / "elephant.jpg")
        self.wait_for_result()
        self.assertGreater(self.browser.run("return window.frames_"), 3)

    def test_can_be_used_without_sight(self) -> None:
        names = [(element.role, element.label) for element in self.browser.find_all("#form button, #form input")]
        self.assertIn(("textbox", "Country"), names)
        self.assertTrue(all(label for _, label in names), names)
        self.assertEqual(self.browser.find("#status").role, "status")
        self.assertEqual(self.browser.find("#error").role, "alert")

    def test_sends_nothing(self) -> None:
        Proxy.requests.clear()
        self.choose(PHOTOS / "zebra.jpg")
        self.wait_for_result()
        self.assertEqual(requests_of_page(), [])

    def test_loads_only_its_own_files(self) -> None:
        requests = requests_of_page()
        self.assertEqual([url for _, url in requests if not url.startswith(self.origin + "/")], [])
        self.assertEqual({method for method, _ in requests}, {"GET"})
        self.assertIn(("GET", self.origin + "/speciesnet/engine/speciesnet_engine.wasm"), requests)

    def test_cannot_contact_another_server(self) -> None:
        attempt = """
            return fetch('http://localhost:9/', {method: 'POST', body: 'photo', mode: 'no-cors'}).then(() => 'sent', (error) => error.message);
        """
        self.assertEqual(self.browser.run(attempt), "Failed to fetch")
        self.assertTrue(any("Content Security Policy" in problem for problem in self.browser.problems()))
        self.assertFalse(any("localhost:9" in url for _, url in Proxy.requests))


@unittest.skipUnless(BROWSER and DRIVER, MISSING)
class WithoutHeaders(unittest.TestCase):
    def test_says_which_headers_are_missing(self) -> None:
        serve = load_serve()
        serve.HEADERS = {}
        with serve.server(PAGE, 0) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            with browsing() as browser:
                browser.open(f"http://127.0.0.1:{server.server_port}/")
                browser.wait_for("#error:not(:empty)")
                self.assertIn("Cross-Origin-Opener-Policy", browser.find("#error").text)
            server.shutdown()


if __name__ == "__main__":
    unittest.main()
