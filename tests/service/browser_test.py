# SPDX-License-Identifier: Apache-2.0
"""The web page in headless Chromium. SPECIESNET_SCREENSHOTS names a folder for screenshots."""

import csv
import io
import json
import os
import re
import tempfile
import unittest
from pathlib import Path

from harness import FILE_LIMIT, PHOTOS, Server, png, png_of_size, running
from webdriver import BROWSER, DRIVER, MISSING, Browser, Element, browsing

SCREENSHOTS = os.environ.get("SPECIESNET_SCREENSHOTS")

# All visible text, its background, and their contrast as defined by WCAG 2.
CONTRASTS = """
const channels = (color) => color.match(/[\\d.]+/g).map(Number);
const linear = (value) => value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
function behind(node) {
  for (let current = node; current; current = current.parentElement) {
    const color = channels(getComputedStyle(current).backgroundColor);
    if (color.length === 3 || color[3] === 1) return color;
  }
  return [255, 255, 255];
}
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const found = [];
while (walker.nextNode()) {
  const node = walker.currentNode.parentElement;
  const text = walker.currentNode.textContent.trim();
  if (!text || !node.checkVisibility() || node.closest('option, template, script')) continue;
  const levels = [channels(getComputedStyle(node).color), behind(node)].map(luminance).sort((a, b) => b - a);
  found.push([text.slice(0, 40), (levels[0] + 0.05) / (levels[1] + 0.05)]);
}
return found;
"""


@unittest.skipUnless(BROWSER and DRIVER, MISSING)
class Page(unittest.TestCase):
    server: Server
    browser: Browser

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(running())
        cls.browser = cls.enterClassContext(browsing())
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def setUp(self) -> None:
        self.browser.resize(1280, 900)
        self.browser.set_dark(False)
        self.browser.open(f"http://127.0.0.1:{self.server.port}/")
        self.browser.problems()

    def choose(self, *files: Path) -> list[Element]:
        """Selects photos with the button, and waits for their answers; the newest comes first."""
        self.browser.find("#photos").type("\n".join(map(str, files)))
        return self.answers(len(files))

    def answers(self, count: int) -> list[Element]:
        return self.browser.wait_for(".answer:not([aria-busy])", count)

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def screenshot(self, name: str) -> None:
        if SCREENSHOTS:
            self.browser.screenshot(Path(SCREENSHOTS) / f"{name}.png")

    def test_a_photo_is_shown_with_its_name_its_classes_and_its_boxes_in_place(self) -> None:
        photo = PHOTOS / "zebra.jpg"
        (answer,) = self.choose(photo)
        expected = self.server.post_photo(photo.read_bytes()).json["speciesnet"]
        self.assertIn("Plains zebra", answer.find(".prediction").text)
        self.assertEqual(len(answer.find_all(".classes li")), 5)
        bar = answer.find_all(".classes progress")[0]
        score = float(bar.attribute("value"))
        self.assertAlmostEqual(score, expected["top_classes"][0]["score"], 6)

        sure = [found for found in expected["detections"] if found["conf"] >= 0.2]
        boxes = answer.find_all(".boxes rect")
        self.assertEqual(len(boxes), len(sure))
        picture = answer.find("img").get("/rect")
        for box, found in zip(boxes, sure, strict=True):
            place = self.browser.run(
                "const r = arguments[0].getBoundingClientRect();"
                "return [r.x + scrollX, r.y + scrollY, r.width, r.height]",
                box.reference,
            )
            xmin, ymin, width, height = found["bbox"]
            for seen, relative, start, length in (
                (place[0], xmin, picture["x"], picture["width"]),
                (place[1], ymin, picture["y"], picture["height"]),
                (place[2], width, 0, picture["width"]),
                (place[3], height, 0, picture["height"]),
            ):
                # Half of the line, which belongs to the box, and rounding to pixels.
                self.assertAlmostEqual(seen, start + relative * length, delta=4)
        self.assertEqual(len(answer.find_all(".tag")), len(sure))
        self.assertIn("demonstration", self.browser.find("#notice").text)
        self.assertEqual(self.browser.problems(), [])

    def test_several_photos_that_are_dropped_are_all_answered(self) -> None:
        files = [PHOTOS / name for name in ("zebra.jpg", "blank.jpg")]
        broken = self.file("broken.jpg", b"\xff\xd8\xff\xe0 and garbage")
        self.browser.drop(self.browser.find("#drop"), [*files, broken])
        answers = self.answers(3)
        names = {answer.find("h2").text: answer for answer in answers}
        self.assertEqual(set(names), {"zebra.jpg", "blank.jpg", "broken.jpg"})
        self.assertTrue(names["broken.jpg"].find(".message").shown)
        self.assertFalse(names["zebra.jpg"].find(".message").shown)
        said = self.browser.find("#status").text
        self.assertEqual(said, "3 photos processed, 1 without an answer.")
        for dark in (False, True):
            self.browser.set_dark(dark)
            for width in (1280, 360):
                self.browser.resize(width, 900)
                self.screenshot(f"page-{'dark' if dark else 'light'}-{width}")

    def test_errors_are_shown_in_words(self) -> None:
        (answer,) = self.choose(self.file("notes.jpg", b"just words"))
        message = answer.find(".message")
        self.assertEqual(message.role, "alert")
        self.assertIn("cannot be read. Reason: the content is not a supported image.", message.text)
        self.assertFalse(answer.find(".actions").shown)
        (answer, _) = self.choose_more(self.file("large.png", png_of_size(FILE_LIMIT + 1)), 2)
        self.assertIn("larger than 5 MB", answer.find(".message").text)
        self.assertFalse(answer.find(".again").shown)

    def choose_more(self, file: Path, count: int) -> list[Element]:
        self.browser.find("#photos").type(str(file))
        return self.answers(count)

    def test_a_missing_server_is_reported(self) -> None:
        with running() as server:
            self.browser.open(f"http://127.0.0.1:{server.port}/")
            self.assertEqual(server.stop(), 0)
            (answer,) = self.choose(PHOTOS / "blank.jpg")
            self.assertIn("could not be reached", answer.find(".message").text)
            self.assertTrue(answer.find(".again").shown)

    def test_a_key_that_is_asked_for_can_be_given_and_the_photo_sent_again(self) -> None:
        with running(SPECIESNET_API_KEY="s3cret") as server:
            self.browser.open(f"http://127.0.0.1:{server.port}/")
            (answer,) = self.choose(PHOTOS / "zebra.jpg")
            self.assertIn("API key", answer.find(".message").text)
            self.browser.find("#key").type("s3cret")
            answer.find(".again button").click()
            self.browser.wait_until(lambda: "Plains zebra" in answer.find(".prediction").text)
            self.assertFalse(answer.find(".message").shown)

    def test_requests_to_a_busy_server_are_retried(self) -> None:
        self.browser.run(
            "const real = window.fetch; window.asked = 0;"
            "window.fetch = (...what) => (window.asked += 1) < 3 ?"
            " Promise.resolve(new Response('{}', { status: 503, headers: { 'Retry-After': '1' } }))"
            " : real(...what);"
        )
        (answer,) = self.choose(PHOTOS / "zebra.jpg")
        self.assertEqual(self.browser.run("return asked"), 3)
        self.assertIn("Plains zebra", answer.find(".prediction").text)

    def test_a_file_name_is_shown_and_never_interpreted(self) -> None:
        name = "<img src=x onerror=alert(1)>.png"
        (answer,) = self.choose(self.file(name, png(64, 64)))
        self.assertEqual(answer.find("h2").text, name)
        self.assertEqual(self.browser.problems(), [])

    def test_boxes_have_the_names_of_their_animals(self) -> None:
        zebra, person = self.choose(PHOTOS / "zebra.jpg", PHOTOS / "person.jpg")
        tags = [tag.text for tag in zebra.find_all(".tag")]
        self.assertEqual(len(tags), 2)
        for tag in tags:
            self.assertRegex(tag, r"^Plains zebra (> )?99\.9 %$")
        self.assertRegex(zebra.find_all(".found li")[0].text, r"^Plains zebra .* \(animal .* %\)$")
        # The second box of a person has no classification.
        self.assertEqual([tag.text.split()[0] for tag in person.find_all(".tag")], ["Human", "Human"])

    def test_tags_do_not_cover_each_other_where_there_is_room(self) -> None:
        (answer,) = self.choose(PHOTOS / "zebra.jpg")
        self.browser.resize(360, 800)

        def apart() -> bool:
            one, other = (tag.get("/rect") for tag in answer.find_all(".tag"))
            return any(
                low[start] + low[length] <= high[start]
                for start, length in (("x", "width"), ("y", "height"))
                for low, high in ((one, other), (other, one))
            )

        self.browser.wait_until(apart)

    def test_the_limit_of_the_server_is_shown_and_kept(self) -> None:
        with running("--upload-limit", "1") as server:
            self.browser.open(f"http://127.0.0.1:{server.port}/")
            self.browser.wait_until(lambda: "up to 1 MB each" in self.browser.find("#drop").text)
            (answer,) = self.choose(self.file("large.png", png_of_size(2**20 + 1)))
            self.assertIn("larger than 1 MB", answer.find(".message").text)
            # The page has not sent it.
            self.assertNotIn('status="413"', server.get("/metrics").body.decode())

    def test_samples_of_the_demonstration_can_be_tried(self) -> None:
        self.browser.wait_until(lambda: self.browser.find("#samples").shown)
        buttons = self.browser.find_all("#samples button")
        for button in buttons:
            button.click()
        answers = self.answers(len(buttons))
        names = {answer.find("h2").text: answer.find(".prediction strong").text for answer in answers}
        self.assertEqual(
            names, {"zebra.jpg": "Plains zebra", "leopard_night.jpg": "Leopard", "person.jpg": "Human"}
        )

    def test_the_page_waits_for_the_model_and_shows_that(self) -> None:
        with running("--lazy", until="address") as server:
            self.browser.open(f"http://127.0.0.1:{server.port}/")
            self.browser.wait_until(lambda: "not loaded yet" in self.browser.find("#model").text)
            self.assertFalse(self.browser.find("#samples").shown)
            server.post_photo(png(8, 8))
            self.browser.wait_until(lambda: "model demo" in self.browser.find("#model").text)
            self.assertTrue(self.browser.find("#samples").shown)

    def test_all_answers_are_in_a_table_and_in_a_file(self) -> None:
        self.assertFalse(self.browser.find("#session").shown)
        self.browser.run(
            "const real = URL.createObjectURL;"
            "URL.createObjectURL = (blob) => {"
            " if (blob.type === 'text/csv') blob.text().then((text) => { window.csv = text; });"
            " return real(blob); };"
            "HTMLAnchorElement.prototype.click = function () { window.saved = this.download; };"
        )
        hostile = 'a, "b".jpg'
        self.choose(PHOTOS / "zebra.jpg", PHOTOS / "blank.jpg", self.file(hostile, b"just words"))
        self.browser.find("#session summary").click()
        rows = [[cell.text for cell in row.find_all("td")] for row in self.browser.find_all("#session tbody tr")]
        self.assertEqual([row[0] for row in rows], ["zebra.jpg", "blank.jpg", hostile])
        self.assertEqual(rows[0][1:3], ["Plains zebra", "Equus quagga"])
        self.assertEqual(rows[0][4:7], ["2", "0", "0"])
        self.assertIn("cannot be read. Reason: the content is not a supported image.", rows[2][-1])
        self.browser.find("#download").click()
        self.browser.wait_until(lambda: self.browser.run("return window.csv !== undefined"))
        # Blob.text() removes Excel's byte order mark.
        table = list(csv.DictReader(io.StringIO(self.browser.run("return csv"), newline="")))
        self.assertEqual(self.browser.run("return saved"), "speciesnet.csv")
        self.assertEqual([row["filename"] for row in table], ["zebra.jpg", "blank.jpg", hostile])
        zebra = table[0]
        self.assertEqual((zebra["name"], zebra["animals"], zebra["source"]), ("Plains zebra", "2", "classifier"))
        self.assertEqual(zebra["label"].split(";")[5], "quagga")
        self.assertEqual((table[2]["name"], table[2]["score"]), ("", ""))
        self.assertIn("cannot be read. Reason: the content is not a supported image.", table[2]["failure"])

    def test_another_country_asks_again_about_the_photos_that_are_shown(self) -> None:
        zebra, broken = self.choose(PHOTOS / "zebra.jpg", self.file("notes.jpg", b"just words"))
        self.assertIn("zebra", zebra.find(".prediction").text)
        sent = lambda: self.server.metric('speciesnet_requests_total{path="/uploadfile/",status="400"}')
        before = sent()
        self.browser.find("#country option[value=AUS]").click()
        self.browser.wait_until(lambda: "zebra" not in zebra.find(".prediction").text.lower())
        self.answers(2)
        self.browser.find("#country option[value=KEN]").click()
        self.browser.wait_until(lambda: "zebra" in zebra.find(".prediction").text.lower())
        self.assertEqual(len(self.answers(2)), 2)
        self.assertEqual(len(zebra.find_all(".classes li")), 5)
        self.browser.find("#session summary").click()
        self.assertEqual(self.browser.find_all("#session tbody tr td:nth-child(8)")[0].text, "KEN")
        # A file that is not a photo is refused for any country.
        self.assertEqual(sent(), before)
        self.assertTrue(broken.find(".message").shown)

    def test_the_interface_can_be_tried_on_its_page(self) -> None:
        with running("--allow-root", str(PHOTOS), SPECIESNET_API_KEY="s3cret") as server:
            self.browser.open(f"http://127.0.0.1:{server.port}/docs")
            sections = {section.find("h2 code").text: section for section in self.browser.wait_for(".operation", 6)}

            def send(path: str) -> str:
                answer = sections[path].find(".trial pre")
                before = answer.text
                sections[path].find(".trial button").click()
                self.browser.wait_until(lambda: answer.text != before)
                return answer.text

            for section in sections.values():
                section.find(".trial summary").click()
            self.assertRegex(send("/version"), r'(?s)^200.*"upload_limit": 5242880')
            self.assertRegex(send("/metrics"), r"(?s)^200.*speciesnet_requests_total")
            photo = sections["/uploadfile/"]
            photo.find("[name=file]").type(str(PHOTOS / "zebra.jpg"))
            self.assertRegex(send("/uploadfile/"), "^401")
            photo.find("[type=password]").type("s3cret")
            photo.find("[name=country]").type("AUS")
            photo.find("[name=every_box] option[value=true]").click()
            answer = send("/uploadfile/")
            self.assertRegex(answer, r'(?s)^200.*"country": "AUS"')
            files = sections["/predict"]
            files.find("[type=password]").type("s3cret")
            body = json.dumps({"instances": [{"filepath": "zebra.jpg"}]})
            self.browser.run("arguments[0].value = arguments[1]", files.find("textarea").reference, body)
            self.assertRegex(send("/predict"), r'(?s)^200.*quagga')
            self.assertEqual([text for text in self.browser.problems() if "401" not in text], [])

    def test_the_country_is_sent_with_the_photo_and_excludes_a_zebra_in_australia(self) -> None:
        self.browser.find("#country option[value=AUS]").click()
        (answer,) = self.choose(PHOTOS / "zebra.jpg")
        self.assertNotIn("zebra", answer.find(".prediction").text.lower())

    def test_the_page_works_by_keyboard_alone(self) -> None:
        (answer,) = self.choose(PHOTOS / "zebra.jpg")
        self.browser.run("document.activeElement.blur(); scrollTo(0, 0)")
        reached = []
        for _ in range(20):
            self.browser.press("Tab")
            focused = "const e = document.activeElement; return e.id || e.className || e.tagName"
            reached.append(self.browser.run(focused))
            if reached[-1] == "copy-json":
                break
        for control in ("photos", "country", "region", "threshold", "copy-json"):
            self.assertIn(control, reached)
        outline = "return getComputedStyle(document.activeElement).outlineStyle"
        self.assertEqual(self.browser.run(outline), "solid")
        self.browser.press("Enter")
        self.browser.wait_until(lambda: "Copied" in self.browser.find("#status").text)

    def test_the_answer_and_a_curl_command_can_be_copied(self) -> None:
        self.browser.run("document.addEventListener('copy', () => { window.copied = String(getSelection()) "
                         "|| document.activeElement.value; });"
                         "navigator.clipboard.writeText = async (text) => { window.copied = text; };")
        (answer,) = self.choose(PHOTOS / "zebra.jpg")
        answer.find(".copy-json").click()
        self.assertEqual(json.loads(self.browser.run("return copied"))["filename"], "zebra.jpg")
        answer.find(".copy-curl").click()
        self.assertRegex(self.browser.run("return copied"), r"^curl .*zebra\.jpg.*/uploadfile/'$")

    def test_the_slider_decides_which_boxes_are_drawn(self) -> None:
        (answer,) = self.choose(PHOTOS / "zebra.jpg")
        before = len(answer.find_all(".boxes rect"))
        self.browser.run(
            "const slider = document.getElementById('threshold'); slider.value = 1;"
            "slider.dispatchEvent(new Event('input'))"
        )
        self.assertGreater(before, 0)
        self.assertEqual(answer.find_all(".boxes rect"), [])

    def test_everything_has_a_name_and_what_changes_is_announced(self) -> None:
        (answer,) = self.choose(PHOTOS / "zebra.jpg")
        for element in self.browser.find_all("input, select, button, progress, img, a"):
            if element.shown:
                self.assertNotEqual(element.label, "", element.attribute("outerHTML"))
        status = self.browser.find("#status")
        self.assertEqual((status.role, status.attribute("aria-live")), ("status", "polite"))
        self.assertIn("zebra", status.text)
        levels = self.browser.run(
            "return [...document.querySelectorAll('h1,h2,h3')].map((h) => Number(h.tagName[1]))"
        )
        self.assertEqual(levels[0], 1)
        for above, below in zip(levels, levels[1:]):
            self.assertLessEqual(below, above + 1, levels)

    def test_text_stands_out_in_light_and_dark(self) -> None:
        self.choose(PHOTOS / "zebra.jpg", self.file("notes.jpg", b"just words"))
        for path in ("", "docs"):
            if path:
                self.browser.open(f"http://127.0.0.1:{self.server.port}/{path}")
                self.browser.wait_for(".operation h2 code", 5)
            for dark in (False, True):
                self.browser.set_dark(dark)
                if path:
                    self.screenshot(f"docs-{'dark' if dark else 'light'}")
                for text, contrast in self.browser.run(CONTRASTS):
                    self.assertGreaterEqual(contrast, 4.5, (path, dark, text))

    def test_nothing_is_cut_off_on_a_narrow_screen(self) -> None:
        self.choose(PHOTOS / "zebra.jpg", self.file("a" * 150 + ".png", png(64, 64)))
        for width in (1280, 768, 320):
            self.browser.resize(width, 700)
            overflow = "return document.scrollingElement.scrollWidth - innerWidth"
            self.assertLessEqual(self.browser.run(overflow), 0, width)
            sticking_out = (
                "return [...document.querySelectorAll('.tag')].filter((tag) => {"
                "const [inner, outer] = [tag, tag.parentElement].map((e) => e.getBoundingClientRect());"
                "return inner.left < outer.left - 1 || inner.right > outer.right + 1; }).length"
            )
            self.assertEqual(self.browser.run(sticking_out), 0, width)

    def test_nothing_is_fetched_from_elsewhere(self) -> None:
        self.choose(PHOTOS / "zebra.jpg")
        entries = self.browser.run("return performance.getEntriesByType('resource').map((e) => e.name)")
        self.assertGreater(len(entries), 3)
        for address in entries:
            self.assertRegex(address, re.escape(f"http://127.0.0.1:{self.server.port}/") + "|^blob:")


if __name__ == "__main__":
    unittest.main()
