# SPDX-License-Identifier: Apache-2.0
"""The page for correcting results: by HTTP, killed in the middle, and in headless Chromium.
SPECIESNET_SCREENSHOTS names a folder for screenshots."""

import csv
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path
from typing import Any

from command_line import ALL_FINE, PHOTOS, PROGRAM, WRONG_USAGE, CommandLineTest, run

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "service"))
from webdriver import BROWSER, DRIVER, MISSING, Browser, browsing  # noqa: E402

SCREENSHOTS = os.environ.get("SPECIESNET_SCREENSHOTS")
ZEBRA = "dd39bbd5-077c-482e-9d33-bd176116c870;mammalia;perissodactyla;equidae;equus;quagga;plains zebra"
BLANK = "f1856211-cfb7-4a5b-9158-c0f72fd09ee6;;;;;;blank"
HUMAN = "990ae9dd-7a59-4344-afcb-1b7b21368000;mammalia;primates;hominidae;homo;sapiens;human"


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class Review:
    """The program while it serves its page."""

    def __init__(self, *arguments: str | Path) -> None:
        self.program = subprocess.Popen(
            [PROGRAM, "review", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.program.stdout
        self.said = ""
        while "http://" not in self.said:
            line = self.program.stdout.readline()
            assert line, self.program.communicate()[1]
            self.said += line
        self.url = self.said.split()[-1]
        self.port, self.path = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/[0-9a-f]{32}/)", self.url).groups()

    def ask(self, path: str, body: Any = None, method: str | None = None, token: str | None = None, **headers: str):
        """Returns status, headers and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=30)
        try:
            data = None if body is None else json.dumps(body)
            sent = {"Content-Type": "application/json"} if data else {}
            connection.request(
                method or ("POST" if data else "GET"),
                (self.path if token is None else token) + path,
                data,
                {**sent, **{name.replace("_", "-"): value for name, value in headers.items()}},
            )
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def json(self, path: str, body: Any = None) -> Any:
        status, _, answer = self.ask(path, body)
        assert status == 200, answer
        return json.loads(answer)

    def decide(self, decision: str, *photos: int, **more: str) -> Any:
        return self.json("decisions", {"decision": decision, "photos": photos, **more})

    def end(self, how: int = signal.SIGINT) -> str:
        self.program.send_signal(how)
        said, errors = self.program.communicate(timeout=30)
        assert how == signal.SIGKILL or self.program.returncode == 0, errors
        return said


class ReviewedSeason(CommandLineTest):
    """Results of four photos, and decisions about them."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        holder = cls()
        CommandLineTest.setUp(holder)
        cls.addClassCleanup(holder.doCleanups)
        cls.root = holder.folder
        cls.photos = cls.root / "photos"
        cls.photos.mkdir()
        for name in ("blank", "elephant", "person", "zebra"):
            (cls.photos / f"{name}.jpg").symlink_to(PHOTOS / f"{name}.jpg")
        cls.results = cls.root / "results"
        done = run("run", cls.photos, "--model", "demo", "--output", cls.results)
        assert done.returncode == ALL_FINE, done.stderr
        cls.document = cls.results / "predictions.json"
        cls.journal = cls.results / "predictions.json.reviews"

    def setUp(self) -> None:
        super().setUp()
        self.journal.unlink(missing_ok=True)

    def review(self, *arguments: str | Path) -> Review:
        review = Review(*(arguments or (self.results, "--reviewer", "A. Mwangi")))
        self.addCleanup(review.program.communicate)
        self.addCleanup(review.program.kill)
        return review

    def converted(self, *flags: str | Path) -> list[dict[str, str]]:
        file = self.folder / "photos.csv"
        done = run("convert", self.document, "--csv", file, *flags)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        return table(file)


class ReviewTest(ReviewedSeason):
    def test_decisions_reach_every_export(self) -> None:
        before = self.document.read_bytes()
        review = self.review()
        self.assertIn("4 photos, 0 decided", review.said)
        photos = review.json("photos")["photos"]
        self.assertEqual([Path(photo["file"]).stem for photo in photos], ["blank", "elephant", "person", "zebra"])
        review.decide("confirm", 3)
        review.decide("label", 1, label=ZEBRA)
        review.decide("label", 2, label=BLANK)
        state = review.json("state")
        self.assertEqual((state["decided"], state["by"]), (3, "A. Mwangi"))
        self.assertEqual(state["species"][0], {"label": ZEBRA, "name": "plains zebra", "photos": 2})
        self.assertIn("3 of 4 photos are decided", review.end())
        self.assertEqual(self.document.read_bytes(), before)

        package, lion = self.folder / "package", self.folder / "out.json"
        rows = self.converted("--camtrap_dp", package, "--utc_offset=Z", "--predictions_json", lion,
                              "--megadetector_json", self.folder / "md.json")  # fmt: skip
        self.assertEqual([row["name"] for row in rows], ["blank", "plains zebra", "blank", "plains zebra"])
        self.assertEqual([row["reviewed_by"] for row in rows], ["", *["A. Mwangi"] * 3])
        self.assertEqual([row["source"] for row in rows[1:]], ["human"] * 3)
        self.assertTrue(all(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["reviewed_at"]) for row in rows[1:]))
        observations = table(package / "observations.csv")
        methods = {row["mediaID"][-1]: (row["classificationMethod"], row["classifiedBy"]) for row in observations}
        self.assertEqual(methods["1"][0], "machine")
        self.assertEqual({methods[number] for number in "234"}, {("human", "A. Mwangi")})
        self.assertEqual({row["scientificName"] for row in observations}, {"", "Equus quagga"})
        zebra = json.loads(lion.read_bytes())["predictions"][3]["detections"][0]
        self.assertEqual(zebra["processed_classification"], {"class": ZEBRA, "score": 1.0, "source": "human"})
        person = json.loads((self.folder / "md.json").read_bytes())["images"][2]
        self.assertTrue(all(found["conf"] < 0.2 for found in person["detections"]))

        done = run("summary", self.document)
        self.assertRegex(done.stdout, r"plains zebra +2 ")
        done = run("run", self.photos, "--model", "demo", "--output", self.results)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertEqual([row["reviewed_by"] for row in table(self.results / "photos.csv")][1], "A. Mwangi")
        self.assertEqual(json.loads(self.document.read_bytes())["predictions"], json.loads(before)["predictions"])

    def test_undo_reverts_the_last_decision_also_about_several_photos(self) -> None:
        review = self.review()
        review.decide("label", 0, 1, 2, 3, label=HUMAN)
        review.decide("confirm", 1)
        answer = review.decide("undo", 1)
        self.assertEqual(answer["photos"][0]["decided"], {"kind": "labelled", "by": "A. Mwangi"})
        self.assertEqual(review.decide("undo", 0, 1, 2, 3)["decided"], 0)
        self.assertEqual(review.decide("undo", 0)["decided"], 0)
        review.end()
        self.assertEqual({row["reviewed_by"] for row in self.converted()}, {""})

    def test_kill_loses_no_acknowledged_decision(self) -> None:
        decided = 0
        for each in range(6):
            review = self.review()
            deadline = time.monotonic() + 0.02 * (each + 1)
            while time.monotonic() < deadline:
                review.decide("label", decided % 4, label=ZEBRA)
                decided += 1
            review.end(signal.SIGKILL)
            # The beginning of a line, as left by a crash.
            with self.journal.open("ab") as journal:
                journal.write(b"0123abcd photos/zebra.jpg\tconfi")
        lines = self.journal.read_bytes().splitlines()
        self.assertEqual(len(lines) - 2, decided)
        review = self.review()
        self.assertEqual(review.json("state")["decided"], min(decided, 4))
        review.decide("confirm", 0)
        review.end()
        self.assertEqual(len(self.journal.read_bytes().splitlines()) - 1, decided + 1)

    def test_requests_without_the_token_are_refused(self) -> None:
        review = self.review()
        wrong = "/" + "0" * 32 + "/"
        for path in ("", "photos", "state", "pictures/0.jpg"):
            self.assertEqual(review.ask(path, token=wrong)[0], 404)
            self.assertEqual(review.ask(path, token="/")[0], 404)
            # A host name that resolves to this machine, as a page of another site could use.
            self.assertEqual(review.ask(path, Host=f"evil.example:{review.port}")[0], 403)
            self.assertEqual(review.ask(path, method="DELETE")[0], 405)
        self.assertEqual(review.ask("decisions", {"decision": "confirm", "photos": [0]}, Content_Type="text/plain")[0], 415)
        for body in ([], "x", {}, {"decision": "confirm"}, {"decision": "confirm", "photos": [4]},
                     {"decision": "confirm", "photos": [-1]}, {"decision": "confirm", "photos": ["0"]},
                     {"decision": "delete", "photos": [0]}, {"decision": 1, "photos": [0]},
                     {"decision": "label", "photos": [0]}, {"decision": "label", "photos": [0], "label": "a;b"},
                     {"decision": "confirm", "photos": list(range(30_000))}):  # fmt: skip
            with self.subTest(body=str(body)[:60]):
                self.assertIn(review.ask("decisions", body)[0], (400, 422))
        for path in ("pictures/4.jpg", "pictures/../0.jpg", "pictures/0.png", "pictures/-1.jpg", "nothing", "../"):
            self.assertEqual(review.ask(path)[0], 404, path)
        self.assertEqual(review.json("state")["decided"], 0)
        status, headers, page = review.ask("")
        self.assertEqual(status, 200)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(re.findall(rb"https?://", page), [])

    def test_images_are_small_and_upright_or_refused(self) -> None:
        review = self.review()
        status, headers, small = review.ask("pictures/3.jpg")
        self.assertEqual((status, headers["Content-Type"]), (200, "image/jpeg"))
        large = review.ask("pictures/3.jpg?size=large")[2]
        self.assertLess(len(small), len(large))
        (self.photos / "gone.jpg").symlink_to(PHOTOS / "zebra.jpg")
        self.addCleanup((self.photos / "gone.jpg").unlink)
        document = self.folder / "out.json"
        done = run("predict", "--model", "demo", "--filepaths", self.photos / "gone.jpg", "--predictions_json", document)
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        document.write_text(document.read_text(encoding="utf-8").replace("gone.jpg", "missing.jpg"), encoding="utf-8")
        self.assertEqual(self.review(document).ask("pictures/0.jpg")[0], 404)

    def test_species_are_found_by_names(self) -> None:
        review = self.review()
        self.assertEqual([found["label"] for found in review.json("labels?text=plains+ze")], [ZEBRA])
        self.assertEqual(review.json("labels?text=equus%20quagga")[0]["scientific"], "Equus quagga")
        self.assertIn("leopard", [found["name"] for found in review.json("labels?text=leo")])
        self.assertEqual(review.json("labels?text="), [])

    def test_filters_and_pages(self) -> None:
        review = self.review()
        review.decide("confirm", 1)
        self.assertEqual(review.json("photos?state=open")["total"], 3)
        self.assertEqual(review.json("photos?state=decided")["photos"][0]["photo"], 1)
        self.assertEqual(review.json("photos?text=ZEB")["photos"][0]["photo"], 3)
        answer = review.json("photos?from=2&count=1")
        self.assertEqual((answer["total"], [photo["photo"] for photo in answer["photos"]]), (4, [2]))
        self.assertEqual(review.json("photos?from=99999999999999999999")["photos"][0]["photo"], 0)
        self.assertEqual(review.json("photos?from=9")["photos"], [])
        self.assertEqual(review.json(f"photos?label={ZEBRA.replace(';', '%3B').replace(' ', '+')}")["total"], 1)

    def test_twenty_thousand_photos(self) -> None:
        document = self.folder / "large.json"
        one = json.loads(self.document.read_bytes())["predictions"][3]
        predictions = [{**one, "filepath": f"photos/{number:05}.jpg"} for number in range(20_000)]
        document.write_text(json.dumps({"predictions": predictions}), encoding="utf-8")
        review = self.review(document)
        answer = review.json("photos?from=19990&count=60&order=lowest")
        self.assertEqual((answer["total"], len(answer["photos"])), (20_000, 10))
        self.assertEqual(review.decide("confirm", *range(20_000))["decided"], 20_000)
        status = Path(f"/proc/{review.program.pid}/status").read_text(encoding="utf-8")
        kilobytes = int(re.search(r"VmHWM:\s+(\d+)", status).group(1))
        self.assertLess(kilobytes, 300 * 1024)
        review.end()

    def test_what_cannot_be_reviewed_is_refused(self) -> None:
        self.assert_refused(run("review", self.folder / "nothing"), 3, "nothing")
        self.journal.write_text("my notes", encoding="utf-8")
        self.assert_refused(run("review", self.results), WRONG_USAGE, "not a journal")
        self.assertEqual(self.journal.read_text(encoding="utf-8"), "my notes")
        self.journal.unlink()
        first = self.review()
        self.assert_refused(run("review", self.results), WRONG_USAGE, "another `speciesnet review`")
        first.decide("confirm", 0)
        done = run("convert", self.document, "--csv", self.journal)
        self.assert_refused(done, WRONG_USAGE, "journal of reviews")


@unittest.skipUnless(BROWSER and DRIVER, MISSING)
class ReviewPageTest(ReviewedSeason):
    """The same folder, reviewed with keys."""

    def page(self) -> tuple[Review, Browser]:
        review = self.review()
        browser = self.enterContext(browsing())
        browser.resize(1280, 900)
        browser.open(review.url)
        self.wait(browser, "document.querySelectorAll('#photos img').length === 4 && "
                           "[...document.querySelectorAll('#photos img')].every((image) => image.naturalWidth > 0)")  # fmt: skip
        return review, browser

    @staticmethod
    def wait(browser: Browser, condition: str) -> None:
        browser.wait_until(lambda: browser.run(f"return Boolean({condition});"))

    @staticmethod
    def press(browser: Browser, *keys: str) -> None:
        for key in keys:
            browser.find("body").type(key)

    def decided(self, browser: Browser, count: int) -> None:
        self.wait(browser, f"document.querySelector('#progress').textContent.startsWith('{count} of 4 ')")

    def test_keys(self) -> None:
        review, browser = self.page()
        self.press(browser, "c")
        self.decided(browser, 1)
        self.press(browser, "s")
        browser.find("#search").type("zebra")
        self.wait(browser, "document.querySelector('#found li.current')?.textContent.startsWith('plains zebra')")
        if SCREENSHOTS:
            browser.screenshot(Path(SCREENSHOTS) / "review_species.png")
        browser.find("#search").type("\ue007")
        self.decided(browser, 2)
        self.press(browser, "b")
        self.decided(browser, 3)
        self.press(browser, "u")
        self.decided(browser, 2)
        if SCREENSHOTS:
            browser.screenshot(Path(SCREENSHOTS) / "review.png")
        self.press(browser, "a", "p")
        self.decided(browser, 4)
        names = browser.run("return [...document.querySelectorAll('.name')].map((name) => name.textContent);")
        self.assertEqual(names, ["human"] * 4)
        self.press(browser, "u")
        self.decided(browser, 2)
        names = browser.run("return [...document.querySelectorAll('.name')].map((name) => name.textContent);")
        self.assertEqual((names[0], names[1]), ("blank", "plains zebra"))
        self.assertEqual(browser.problems(), [])
        review.end()
        self.assertEqual([row["name"] for row in self.converted()], ["blank", "plains zebra", "human", "plains zebra"])


if __name__ == "__main__":
    unittest.main()
