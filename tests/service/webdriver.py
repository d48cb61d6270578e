# SPDX-License-Identifier: Apache-2.0
"""A small client of the W3C WebDriver protocol for headless Chromium; standard library only."""

import base64
import contextlib
import http.client
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver's key of a reference to an element
WAIT_SECONDS = 120

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
MISSING = "chromium and chromedriver (Debian: chromium-driver) are not installed"


class Browser:
    """A browser window."""

    def __init__(self, port: int, profile: str, arguments: tuple[str, ...] = ()) -> None:
        self.port = port
        options = {
            "binary": BROWSER,
            # Without a sandbox, which requires a separate user; only our own pages are opened.
            "args": [
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                *arguments,
            ],
        }
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = f"/session/{session['sessionId']}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            value = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(f"{value['error']}: {value['message']}")
        return value

    def get(self, path: str) -> Any:
        return self.call("GET", self.session + path)

    def post(self, path: str, **body: Any) -> Any:
        return self.call("POST", self.session + path, body)

    def open(self, url: str) -> None:
        self.post("/url", url=url)

    def run(self, script: str, *arguments: Any) -> Any:
        """Runs the body of a function in the page."""
        return self.post("/execute/sync", script=script, args=list(arguments))

    def command(self, name: str, **parameters: Any) -> Any:
        """Calls one of Chromium's own commands, which WebDriver lacks."""
        return self.post("/goog/cdp/execute", cmd=name, params=parameters)

    def find_all(self, selector: str) -> list["Element"]:
        found = self.post("/elements", using="css selector", value=selector)
        return [Element(self, reference[ELEMENT]) for reference in found]

    def find(self, selector: str) -> "Element":
        (element,) = self.find_all(selector)
        return element

    def wait_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError("it did not happen in time")
            time.sleep(0.05)

    def wait_for(self, selector: str, count: int = 1) -> list["Element"]:
        """Waits until this many elements match, and returns them."""
        self.wait_until(lambda: len(self.find_all(selector)) == count)
        return self.find_all(selector)

    def drop(self, target: "Element", files: list[Path]) -> None:
        """Drops files on an element, like a user."""
        box = target.get("/rect")
        data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "data": data}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.command("Input.dispatchDragEvent", type=kind, **place)

    def press(self, *keys: str) -> None:
        """Presses keys one after the other; WebDriver has a private character for each."""
        names = {"Tab": "\ue004", "Enter": "\ue007", "Space": " ", "Right": "\ue014", "Down": "\ue015"}
        actions = []
        for key in keys:
            for kind in ("keyDown", "keyUp"):
                actions.append({"type": kind, "value": names[key]})
        self.post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def resize(self, width: int, height: int) -> None:
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def set_dark(self, dark: bool) -> None:
        feature = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", features=[feature])

    def screenshot(self, path: Path) -> None:
        """Returns a screenshot of the whole page, however long."""
        picture = self.command("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(picture["data"]))

    def problems(self) -> list[str]:
        """Returns the browser's log messages since the last call."""
        return [entry["message"] for entry in self.post("/se/log", type="browser")]


class Element:
    """An element of the page."""

    def __init__(self, browser: Browser, reference: str) -> None:
        self.browser = browser
        self.path = f"/element/{reference}"
        self.reference = {ELEMENT: reference}

    def get(self, path: str) -> Any:
        return self.browser.get(self.path + path)

    @property
    def text(self) -> str:
        return self.get("/text")

    @property
    def label(self) -> str:
        """Returns the name that a screen reader says."""
        return self.get("/computedlabel")

    @property
    def role(self) -> str:
        return self.get("/computedrole")

    @property
    def shown(self) -> bool:
        return self.get("/displayed")

    def attribute(self, name: str) -> str:
        return self.get(f"/attribute/{name}")

    def find_all(self, selector: str) -> list["Element"]:
        found = self.browser.post(f"{self.path}/elements", using="css selector", value=selector)
        return [Element(self.browser, reference[ELEMENT]) for reference in found]

    def find(self, selector: str) -> "Element":
        (element,) = self.find_all(selector)
        return element

    def click(self) -> None:
        self.browser.post(f"{self.path}/click")

    def type(self, text: str) -> None:
        self.browser.post(f"{self.path}/value", text=text)


@contextlib.contextmanager
def browsing(*arguments: str) -> Iterator[Browser]:
    """A browser, with further arguments, for the duration of a with statement."""
    assert DRIVER is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        driver = subprocess.Popen(
            [DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert driver.stdout is not None
        try:
            for line in driver.stdout:
                if found := re.search(r"successfully on port (\d+)", line):
                    break
            else:
                raise RuntimeError("chromedriver did not start")
            browser = Browser(int(found[1]), profile, arguments)
            try:
                yield browser
            finally:
                browser.call("DELETE", browser.session)
        finally:
            driver.terminate()
            driver.wait()
            driver.stdout.close()
