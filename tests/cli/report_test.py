# SPDX-License-Identifier: Apache-2.0
"""The report in headless Chromium. SPECIESNET_SCREENSHOTS names a folder for screenshots."""

import base64
import contextlib
import json
import os
import re
import shutil
import sys
import tempfile
import unittest
import zlib
from pathlib import Path
from typing import Any

from command_line import ALL_FINE, FIXTURES, HAS_VIDEO, PHOTOS, run
from exif_photo import copy_with_exif

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "service"))
from webdriver import BROWSER, DRIVER, MISSING, Browser, browsing  # noqa: E402

SCREENSHOTS = os.environ.get("SPECIESNET_SCREENSHOTS")
MODEL = "m"
ZEBRA = "u;mammalia;perissodactyla;equidae;equus;quagga;plains zebra"
LEOPARD = "u;mammalia;carnivora;felidae;panthera;pardus;leopard"
ANTELOPE = "u;mammalia;cetartiodactyla;bovidae;;;antelope"
VIDEO_FRAMES = (0, 5, 10)  # of five in a second


def entry(filepath: str, *answers: tuple[str, float]) -> dict[str, Any]:
    """Returns a result with a box for each answer; blank without any."""
    detections = [
        {
            "category": "1",
            "label": "animal",
            "conf": 0.9,
            "bbox": [0.1, 0.2, 0.3, 0.4],
            "raw_classifications": {"classes": [label], "scores": [score]},
            "processed_classification": {"class": label, "score": score, "source": "classifier"},
        }
        for label, score in answers
    ]
    return {"filepath": filepath, "detections": detections, "model_version": MODEL}


def season(folder: Path) -> list[dict[str, Any]]:
    """60 zebras at the waterhole, two leopards and two old antelopes on the ridge, and a video there."""
    entries = []
    for number in range(60):
        name = f"waterhole/DCIM/100RECNX/IMG_{number:04}.JPG"
        time = f"2026:07:{4 + number // 20:02} 07:{number % 20:02}:08"
        copy_with_exif(PHOTOS / "zebra.jpg", folder / name, time)
        entries.append(entry(name, (ZEBRA, 0.5 + number / 200)))
    for number, time in enumerate(("2026:07:06 02:18:44", "2026:07:06 02:18:50", "2000:01:01 00:00:10", "2000:01:03 04:00:00")):
        name = f"ridge/IMG_{number:04}.JPG"
        copy_with_exif(PHOTOS / "leopard_night.jpg", folder / name, time, camera=("RECONYX", "XR6"))
        entries.append(entry(name, (LEOPARD if number < 2 else ANTELOPE, 0.9)))
    shutil.copy(FIXTURES / "videos" / "zebra.mp4", folder / "ridge" / "clip.mp4")
    answers = ([], [(ZEBRA, 0.6)], [(ZEBRA, 0.97), (ZEBRA, 0.8)])
    for frame, found in zip(VIDEO_FRAMES, answers, strict=True):
        entries.append(entry(f"ridge/clip.mp4#frame={frame}", *found))
    return entries


def pictures_drawn(pdf: bytes) -> int:
    """Returns how often the pages of a document draw an image."""
    drawn = 0
    for stream in re.finditer(rb"stream\r?\n", pdf):
        with contextlib.suppress(zlib.error):
            drawn += len(re.findall(rb"/\w+ Do\b", zlib.decompressobj().decompress(pdf[stream.end() :])))
    return drawn


@unittest.skipUnless(BROWSER and DRIVER, MISSING)
class ReportTest(unittest.TestCase):
    folder: Path
    browser: Browser

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        document = {"info": {"format_version": "20261015"}, "predictions": season(cls.folder)}
        (cls.folder / "out.json").write_text(json.dumps(document), encoding="utf-8")
        cls.browser = cls.enterClassContext(browsing())

    def report(self, *flags: str, status: int | None = None) -> None:
        """Writes and opens a report."""
        done = run("visualize", "out.json", "--report_html", "report.html", *flags, cwd=self.folder)
        if status is None:
            # Without FFmpeg's libraries the frames have no images.
            status = ALL_FINE if HAS_VIDEO else 1
        self.assertEqual(done.returncode, status, done.stderr)
        self.browser.open((self.folder / "report.html").as_uri())

    def setUp(self) -> None:
        self.browser.resize(1280, 900)
        self.browser.set_dark(False)
        self.report()

    def texts(self, selector: str) -> list[str]:
        return self.browser.run(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector
        )

    def choose(self, field: str, value: str) -> None:
        self.browser.run(
            "const field = document.getElementById(arguments[0]); field.value = arguments[1];"
            "field.dispatchEvent(new Event('input', { bubbles: true }))", field, value)  # fmt: skip

    def rows(self) -> list[list[str]]:
        cells = self.texts("#species tbody td")
        return [cells[start : start + 4] for start in range(0, len(cells), 4)]

    def screenshot(self, name: str) -> None:
        if SCREENSHOTS:
            self.browser.screenshot(Path(SCREENSHOTS) / f"{name}.png")

    def test_stations_filter_photos_table_and_time(self) -> None:
        self.assertEqual(self.texts("#filter-station option"), ["all", "ridge (5)", "waterhole (60)"])
        self.choose("filter-station", "ridge")
        self.assertEqual(len(self.browser.find_all("#photos li")), 5)
        self.assertEqual([row[:2] for row in self.rows()], [["antelope", "2"], ["leopard", "2"], ["plains zebra", "1"]])
        self.choose("filter-species", LEOPARD)
        self.assertEqual(len(self.browser.find_all("#photos li")), 2)
        # The table also lists the others.
        self.assertEqual(len(self.rows()), 3)
        self.assertEqual(self.browser.problems(), [])

    def test_stations_are_those_of_a_table_which_corrects_times_too(self) -> None:
        (self.folder / "stations.csv").write_text(
            "folder,station,clock_offset\nwaterhole,Pond,+01:00:00\nridge,Hill,\n", encoding="utf-8"
        )
        self.report("--stations", "stations.csv")
        self.assertEqual(self.texts("#filter-station option"), ["all", "Hill (5)", "Pond (60)"])
        self.assertIn("2026-07-04 08:00:08", self.texts("#photos .time")[0])

    def test_the_table_is_sorted_by_mouse_and_by_keyboard(self) -> None:
        headings = self.browser.find_all("#species th")
        names = lambda: [row[0] for row in self.rows()]
        sorted_by = lambda: [heading.attribute("aria-sort") for heading in headings]
        self.assertEqual(names(), ["plains zebra", "antelope", "leopard"])
        self.assertEqual(sorted_by(), [None, "descending", None, None])
        self.browser.find_all("#species th button")[0].click()
        self.assertEqual(names(), ["antelope", "leopard", "plains zebra"])
        self.assertEqual(sorted_by(), ["ascending", None, None, None])
        self.browser.press("Enter")
        self.assertEqual(names(), ["plains zebra", "leopard", "antelope"])
        self.assertEqual(sorted_by(), ["descending", None, None, None])
        self.browser.press("Tab", "Tab", "Space")
        self.assertEqual(sorted_by(), [None, None, None, "descending"])
        self.assertEqual(names(), ["antelope", "leopard", "plains zebra"])
        # A species is selected in the table, which keeps the keyboard focus.
        self.browser.press("Tab", "Enter")
        self.assertEqual(self.browser.run("return document.activeElement.textContent"), "antelope")
        self.assertEqual(len(self.browser.find_all("#photos li")), 2)

    def test_photos_of_a_clock_that_was_reset_are_outside_the_timeline(self) -> None:
        labels = self.texts("#timeline rect title")
        self.assertEqual((labels[0][:10], labels[-1][:10]), ("2026-07-04", "2026-07-06"))
        said = self.browser.find("#outside").text
        self.assertIn("2 of ridge from 2000-01-01 to 2000-01-03", said)
        # If everything shown is from that time, it is the timeline.
        self.choose("filter-species", ANTELOPE)
        self.assertEqual(self.texts("#timeline rect title")[0][:10], "2000-01-01")
        self.assertEqual(self.browser.find("#outside").text, "")
        # Two seasons are not outliers of each other.
        counts = self.browser.run(
            "const [, ...bars] = document.querySelectorAll('#timeline rect'); return bars.length")
        self.assertEqual(counts, 2)

    def test_a_video_is_one_and_opens_at_the_time_of_a_frame(self) -> None:
        self.assertIn("64 photos and 1 video", self.browser.find("#overview").text)
        self.choose("filter-text", "clip")
        (card,) = self.browser.find_all("#photos li")
        self.assertIn("plains zebra 0.97 (2×)", card.text)
        self.assertIn("3 frames processed", card.text)
        card.find("button").click()
        frames = self.browser.find_all("#viewer-frames button")
        self.assertEqual(len(frames), 3)
        self.assertEqual([frame.attribute("aria-pressed") for frame in frames], ["false", "false", "true"])
        link = self.browser.find("#viewer-original")
        if not HAS_VIDEO:
            return
        self.assertEqual([frame.text[:4] for frame in frames], ["0:00", "0:01", "0:02"])
        self.assertTrue(link.attribute("href").endswith("./ridge/clip.mp4#t=2"), link.attribute("href"))
        best = self.browser.find("#viewer-image").attribute("src")
        frames[1].click()
        self.assertTrue(link.attribute("href").endswith("#t=1"))
        self.assertEqual(link.text, "Open the video at 0:01")
        self.assertNotEqual(self.browser.find("#viewer-image").attribute("src"), best)
        self.screenshot("report-video")

    def test_the_real_photo_opens_beside_the_report(self) -> None:
        links = self.browser.find_all("#photos li a")
        self.assertEqual(len(links), 48)
        self.assertEqual((links[0].attribute("target"), links[0].attribute("rel")), ("_blank", "noopener"))
        target = links[0].browser.run("return arguments[0].href", links[0].reference)
        self.assertEqual(target, (self.folder / "waterhole/DCIM/100RECNX/IMG_0000.JPG").as_uri())
        self.browser.find_all("#photos li button")[0].click()
        before = self.browser.get("/window/handles")
        self.browser.find("#viewer").type("o")
        self.browser.wait_until(lambda: len(self.browser.get("/window/handles")) == len(before) + 1)
        (opened,) = set(self.browser.get("/window/handles")) - set(before)
        self.browser.post("/window", handle=opened)
        self.assertEqual(self.browser.get("/url"), target)
        self.browser.call("DELETE", f"{self.browser.session}/window")
        self.browser.post("/window", handle=before[0])

    def test_all_filtered_photos_are_printed(self) -> None:
        self.choose("filter-station", "waterhole")
        self.assertEqual(len(self.browser.find_all("#photos li")), 48)
        pdf = base64.b64decode(self.browser.command("Page.printToPDF")["data"])
        self.assertEqual(pictures_drawn(pdf), 60)
        self.browser.run(
            "window.print = () => { window.printed = [document.querySelectorAll('#photos li').length,"
            " [...document.querySelectorAll('#photos img')].every((image) => image.complete && image.naturalWidth > 0),"
            " document.getElementById('filtered').textContent]; dispatchEvent(new Event('afterprint')); };")
        self.browser.find("#print").click()
        self.browser.wait_until(lambda: self.browser.run("return window.printed !== undefined"))
        self.assertEqual(self.browser.run("return printed"), [60, True, "60 photos; Station waterhole (60)"])
        # Afterwards the window shows a page again.
        self.assertEqual(len(self.browser.find_all("#photos li")), 48)
        self.browser.run("dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(len(self.browser.find_all("#photos li")), 60)
        self.browser.run("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(len(self.browser.find_all("#photos li")), 48)

    def test_narrow_windows_cut_nothing_off_and_log_no_errors(self) -> None:
        for dark in (False, True):
            self.browser.set_dark(dark)
            for width in (1280, 360):
                self.browser.resize(width, 800)
                overflow = self.browser.run("return document.scrollingElement.scrollWidth - innerWidth")
                self.assertLessEqual(overflow, 0, width)
                self.screenshot(f"report-{width}-{'dark' if dark else 'light'}")
        for element in self.browser.find_all("input, select, button, a"):
            if element.shown:
                self.assertNotEqual(element.label, "")
        self.assertEqual(self.browser.problems(), [])


if __name__ == "__main__":
    unittest.main()
