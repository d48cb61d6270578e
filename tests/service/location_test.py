# SPDX-License-Identifier: Apache-2.0
"""The location of a photo: the fields, their errors, and the effect of the geofence."""

import tempfile
import unittest
from pathlib import Path

from harness import PHOTOS, Server, png, running, start


class Location(unittest.TestCase):
    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.enterClassContext(running())

    def test_the_geofence_rules_out_a_zebra_in_australia_unless_it_is_switched_off(self) -> None:
        zebra = (PHOTOS / "zebra.jpg").read_bytes()

        def prediction(**fields: str) -> dict:
            return self.server.post_photo(zebra, fields=fields).json["speciesnet"]

        anywhere = prediction()
        self.assertEqual(prediction(country="KEN")["prediction"], anywhere["prediction"])
        elsewhere = prediction(country="AUS")
        self.assertNotEqual(elsewhere["prediction"], anywhere["prediction"])
        self.assertIn("geofence", elsewhere["prediction_source"])
        off = prediction(country="AUS", geofence="false")
        self.assertEqual(off["prediction"], anywhere["prediction"])
        self.assertEqual(off["country"], "AUS")

    def test_codes_are_taken_in_either_case_and_empty_fields_count_as_not_given(self) -> None:
        result = self.server.post_photo(
            png(64, 64), fields={"country": "usa", "admin1_region": "ca", "latitude": ""}
        ).json["speciesnet"]
        self.assertEqual((result["country"], result["admin1_region"]), ("USA", "CA"))
        self.assertNotIn("latitude", result)

    def test_countries_are_understood_by_either_code_and_name(self) -> None:
        for text in ("ken", "KE", "ke", "Kenya", " kenya "):
            with self.subTest(text):
                result = self.server.post_photo(png(64, 64), fields={"country": text})
                self.assertEqual(result.json["speciesnet"]["country"], "KEN")
        (entry,) = self.server.post_photo(png(8, 8), fields={"country": "KNE"}).detail
        self.assertIn("did you mean KEN (Kenya)?", entry["msg"])

    def test_every_wrong_field_is_422_in_fastapis_words(self) -> None:
        cases = {
            ("country", "KNE"): "value_error",
            ("country", "K3N"): "value_error",
            ("admin1_region", "California"): "string_pattern_mismatch",
            ("latitude", "north"): "float_parsing",
            ("latitude", "nan"): "float_parsing",
            ("latitude", "90.5"): "less_than_equal",
            ("longitude", "-181"): "greater_than_equal",
            ("geofence", "perhaps"): "bool_parsing",
            ("every_box", "perhaps"): "bool_parsing",
        }
        for (name, value), kind in cases.items():
            with self.subTest(f"{name}={value}"):
                fields = {"latitude": "1", "longitude": "1", name: value}
                answer = self.server.post_photo(png(8, 8), fields=fields)
                self.assertEqual(answer.status, 422, answer.body)
                (entry,) = answer.detail
                self.assertEqual((entry["loc"], entry["type"]), (["body", name], kind))
                self.assertEqual(entry["input"], value)

    def test_all_invalid_fields_are_reported_together(self) -> None:
        answer = self.server.post_photo(png(8, 8), fields={"country": "x", "geofence": "maybe"})
        self.assertEqual([entry["loc"][1] for entry in answer.detail], ["country", "geofence"])

    def test_one_coordinate_needs_the_other(self) -> None:
        answer = self.server.post_photo(png(8, 8), fields={"latitude": "1"})
        self.assertEqual((answer.status, answer.detail[0]["loc"]), (422, ["body", "longitude"]))

    def test_the_servers_country_applies_to_requests_without_a_location(self) -> None:
        with running("--country", "KEN") as server:
            photo = png(64, 64)
            self.assertEqual(server.post_photo(photo).json["speciesnet"]["country"], "KEN")
            other = server.post_photo(photo, fields={"country": "TZA"})
            self.assertEqual(other.json["speciesnet"]["country"], "TZA")


class LocalSpecies(unittest.TestCase):
    def test_the_server_takes_a_species_list_and_an_overlay(self) -> None:
        zebra = (PHOTOS / "zebra.jpg").read_bytes()
        with tempfile.TemporaryDirectory() as name:
            listed = Path(name, "list.txt")
            listed.write_text("lion\n", encoding="utf-8")
            overlay = Path(name, "local.csv")
            overlay.write_text("taxon,action,country\nplains zebra,allow,AUS\n", encoding="utf-8")
            with running("--species-list", str(listed), "--geofence-overlay", str(overlay)) as server:
                answers = {
                    country: server.post_photo(zebra, fields={"country": country}).json["speciesnet"][
                        "prediction"
                    ]
                    for country in ("AUS", "KEN")
                }
            self.assertIn("quagga", answers["AUS"])
            self.assertNotIn("quagga", answers["KEN"])

    def test_an_unreadable_list_ends_the_server_with_the_reason(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            listed = Path(name, "list.txt")
            listed.write_text("plains zebar\n", encoding="utf-8")
            server = start(Path(name), "--species-list", str(listed), until="error")
            self.assertNotEqual(server.process.wait(60), 0)
            self.assertIn("did you mean 'plains zebra'", "".join(server.raw_log))


if __name__ == "__main__":
    unittest.main()
