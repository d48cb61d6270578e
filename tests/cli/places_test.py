# SPDX-License-Identifier: Apache-2.0
"""Countries and regions as people write them, and notes about those without an effect."""

import json
import unittest
from pathlib import Path
from typing import Any

from command_line import ALL_FINE, PHOTOS, WRONG_USAGE, run
from decisions import CATS, LION, DecisionsTest

ZEBRA = PHOTOS / "zebra.jpg"


class PlacesTest(DecisionsTest):
    """Lions live in Kenya and California."""

    def test_every_spelling_of_a_country_is_the_country(self) -> None:
        for spelling in ("KEN", "ken", "KE", "ke", "Kenya", "KENYA", " kenya "):
            for given in ((), (f"--country={spelling}",)):
                place = {} if given else {"country": spelling}
                with self.subTest(spelling=spelling, given=given):
                    self.assertEqual(self.answer(*given, **place)[:2], ("KEN", LION))

    def test_regions_are_understood_in_any_case(self) -> None:
        for region in ("CA", "ca", "US-CA", "us-ca"):
            with self.subTest(region=region):
                country, label, messages = self.answer(country="us", admin1_region=region)
                self.assertEqual((country, label), ("USA", LION))
                self.assertNotIn("does not name", messages)
        self.assertNotEqual(self.answer(country="USA", admin1_region="tx")[1], LION)

    def test_unknown_countries_are_refused(self) -> None:
        for wrong, words in (
            ("KNE", "did you mean KEN (Kenya)?"),
            ("Kenia", "did you mean KEN (Kenya)?"),
            ("ZZZ", "neither a code of ISO 3166-1"),
        ):
            done = run("predict", "--model", "demo", "--filepaths", ZEBRA, "--country", wrong)
            self.assert_refused(done, WRONG_USAGE, "--country", wrong, words)
            file = self.write("i.json", {"instances": [{"filepath": "x"}, {"filepath": "y", "country": wrong}]})
            done = run("predict", "--model", "demo", "--instances_json", file)
            self.assert_refused(done, WRONG_USAGE, "--instances_json", "instances[1] ('y')", words)
        done = run("predict", "--model", "demo", "--filepaths", ZEBRA, "--country=USA",
                   "--admin1_region=California")  # fmt: skip
        self.assert_refused(done, WRONG_USAGE, "--admin1_region", "CALIFORNIA")

    def test_the_references_interpretation_can_be_requested(self) -> None:
        for place in ({"country": "ken"}, {"country": "KNE"}, {"country": "ZZZ"}):
            with self.subTest(place=place):
                country, label, messages = self.answer("--places_as_given", **place)
                self.assertEqual(country, place["country"])
                self.assertNotEqual(label, LION)
                self.assertIn(f"does not name the country {country}", messages)

    def test_regions_without_a_meaning_are_noted(self) -> None:
        _, label, messages = self.answer(country="USA", admin1_region="ZZ")
        self.assertNotEqual(label, LION)
        self.assertIn("note: the model's geofence does not name the region ZZ of USA", messages)
        self.assertIn("does not name the country NOR", self.answer(country="Norway")[2])
        self.assertNotIn("does not name", self.answer(country="KEN")[2])
        self.assertNotIn("does not name", self.answer("--nogeofence", country="Norway")[2])

    def test_photos_without_a_country_are_counted_if_others_have_one(self) -> None:
        some = [{"filepath": "a", "country": "KEN"}, {"filepath": "b"}, {"filepath": "c", "country": ""}]
        _, messages = self.decide(some)
        self.assertIn("note: 2 of 3 images have no country", messages)
        for instances in (some[:1], some[1:]):
            self.assertNotIn("have no country", self.decide(instances)[1])
        nairobi = {"latitude": -1.3, "longitude": 36.8}
        _, messages = self.decide([some[1] | nairobi, some[2]], "--country_from_coordinates")
        self.assertIn("note: 1 of 2 images have no country", messages)

    def test_a_differently_spelled_country_continues_a_document(self) -> None:
        output = self.folder / "out.json"
        command = ["predict", "--model", "demo", "--filepaths", str(ZEBRA), "--predictions_json", str(output)]
        self.assertEqual(run(*command, "--country=KEN").returncode, ALL_FINE)
        done = run(*command, "--country=Kenya")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn("1 of 1 images are already in", done.stderr)


if __name__ == "__main__":
    unittest.main()
