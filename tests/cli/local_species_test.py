# SPDX-License-Identifier: Apache-2.0
"""Users' knowledge of local species: species lists and overlays of the geofence."""

import json
import os
import unittest
from pathlib import Path

from command_line import ALL_FINE, COULD_NOT_RUN, PHOTOS, WRONG_USAGE, run
from decisions import CATS, LION, DecisionsTest

ZEBRA = PHOTOS / "zebra.jpg"


class LocalSpeciesTest(DecisionsTest):
    def text(self, name: str, content: str) -> Path:
        file = self.folder / name
        file.write_text(content, encoding="utf-8")
        return file

    def test_a_species_that_is_not_listed_is_rolled_up(self) -> None:
        for name in ("lion", "Panthera leo", "PANTHERA_LEO", "id-1", "felidae", LION):
            with self.subTest(name):
                listed = self.text("list.txt", f"# cats\n{name}\n")
                self.assertEqual(self.answer(f"--species_list={listed}")[1], LION)
        listed = self.text("list.txt", "leopard\n")
        self.assertEqual(self.answer(f"--species_list={listed}")[1], CATS)
        self.assertEqual(self.answer(f"--species_list={listed}", "--nogeofence")[1], CATS)

    def test_an_overlay_overrules_the_geofence(self) -> None:
        overlay = self.text("local.csv", "taxon,action,country\nlion,allow,Norway\nlion,block,KEN\n")
        flag = f"--geofence_overlay={overlay}"
        self.assertEqual(self.answer(country="NOR")[1], CATS)
        self.assertEqual(self.answer(flag, country="NOR")[1], LION)
        self.assertEqual(self.answer(flag, country="SWE")[1], CATS)
        self.assertEqual(self.answer(country="KEN")[1], LION)
        self.assertEqual(self.answer(flag, country="KEN")[1], CATS)

    def test_an_overlay_may_name_a_station_of_the_instances(self) -> None:
        overlay = self.text("local.csv", "taxon,action,station\nlion,block,north gate\n")
        flag = f"--geofence_overlay={overlay}"
        self.assertEqual(self.answer(flag, station="north gate")[1], CATS)
        self.assertEqual(self.answer(flag, station="south gate")[1], LION)
        (prediction,), _ = self.decide([{"filepath": "a.jpg", "station": "north gate"}])
        self.assertEqual(prediction["station"], "north gate")

    def test_the_explanation_names_the_entry(self) -> None:
        overlay = self.text("local.csv", "taxon,action,country\nlion,block,KEN\nlion,allow,NOR\n")
        flags = (f"--geofence_overlay={overlay}", "--explain")
        (kenya, norway), _ = self.decide(
            [{"filepath": "a.jpg", "country": "KEN"}, {"filepath": "b.jpg", "country": "NOR"}], *flags
        )
        blocked = kenya["detections"][0]["explanation"]
        self.assertEqual(blocked["top_class_blocked_by"], "overlay_blocked")
        self.assertEqual(blocked["top_class_blocked_by_entry"], f"{overlay}, line 2: lion")
        self.assertIn("line 2: lion", blocked["reason"])
        allowed = norway["detections"][0]["explanation"]
        self.assertNotIn("top_class_blocked_by", allowed)
        self.assertEqual(allowed["top_class_allowed_by_entry"], f"{overlay}, line 3: lion")

    def test_unknown_taxa_are_refused_or_skipped_with_a_note(self) -> None:
        listed = self.text("list.txt", "lion\nLepard\nwombat\n")
        command = ("predict", "--model=demo", f"--filepaths={ZEBRA}")
        done = run(*command, f"--species_list={listed}")
        self.assert_refused(done, WRONG_USAGE, "--species_list", "line 2: 'Lepard'", "line 3: 'wombat'")
        done = run(*command, f"--species_list={listed}", "--skip_unknown_taxa")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn("2 names were skipped", done.stderr)
        self.assertIn("line 3: 'wombat'", done.stderr)

    def test_invalid_files_are_refused_by_name(self) -> None:
        command = ("predict", "--model=demo", f"--filepaths={ZEBRA}")
        for flag, content, words in (
            ("--species_list", "", "the list contains no taxon"),
            ("--geofence_overlay", "lion,allow\n", "no column 'taxon'"),
            ("--geofence_overlay", "taxon,action,country\nlion,allow,KNE\n", "did you mean KEN"),
            ("--geofence_overlay", "taxon,action\nlion,allow\nlion,block\n", "contradicts"),
        ):
            with self.subTest(flag=flag, content=content):
                file = self.text("given.txt", content)
                self.assert_refused(run(*command, f"{flag}={file}"), WRONG_USAGE, flag, words)
        self.assert_refused(
            run(*command, "--species_list=/nowhere"), COULD_NOT_RUN, "--species_list", "/nowhere"
        )
        # Nobody writes to the pipe, so opening it would block forever.
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        for flag in ("--species_list", "--geofence_overlay"):
            done = run(*command, f"{flag}={pipe}", timeout=30)
            self.assert_refused(done, COULD_NOT_RUN, flag, "not a regular file")

    def test_the_lists_are_inputs_that_no_output_replaces(self) -> None:
        for flag in ("--species_list", "--geofence_overlay"):
            file = self.text("given.csv", "taxon,action\nlion,allow\n")
            done = run("predict", "--model=demo", f"--filepaths={ZEBRA}", f"{flag}={file}", f"--csv={file}")
            self.assert_refused(done, WRONG_USAGE, flag)
            self.assertEqual(file.read_text(encoding="utf-8"), "taxon,action\nlion,allow\n")

    def test_a_finished_document_with_another_list_is_not_continued(self) -> None:
        output = self.folder / "predictions.json"
        listed = self.text("list.txt", "plains zebra\n")
        command = ("predict", "--model=demo", f"--filepaths={ZEBRA}", f"--predictions_json={output}")
        done = run(*command, f"--species_list={listed}")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        before = json.loads(output.read_text(encoding="utf-8"))
        self.text("list.txt", "lion\n")
        self.assert_refused(run(*command, f"--species_list={listed}"), WRONG_USAGE, "--species_list")
        self.assert_refused(run(*command), WRONG_USAGE, "--species_list")
        self.assertEqual(json.loads(output.read_text(encoding="utf-8")), before)

    def stations(self, *rows: str) -> str:
        file = self.text("stations.csv", "\n".join(("folder,station,species_list", *rows)) + "\n")
        return f"--stations={file}"

    def answers(self, *flags: str) -> list[str]:
        """Returns the answers for a lion at each of three stations."""
        predictions, _ = self.decide([{"filepath": f"{folder}/a.jpg"} for folder in "ABC"], *flags)
        return [entry["detections"][0]["processed_classification"]["class"] for entry in predictions]

    def test_a_station_may_have_a_list_of_its_own(self) -> None:
        (self.folder / "lists").mkdir()
        self.text("lists/lions.txt", '# of the pond\n"Panthera leo"\n')
        self.text("lists/leopards.txt", "\ufeffleopard\n")
        stations = self.stations('A,"the ""old"" pond",lists/lions.txt', "B,hill,lists/leopards.txt", "C,wood,")
        self.assertEqual(self.answers(stations), [LION, CATS, LION])
        # It replaces the list for all photos, and entries for the station are added to it.
        listed = self.text("all.txt", "leopard\n")
        self.assertEqual(self.answers(stations, f"--species_list={listed}"), [LION, CATS, CATS])
        overlay = self.text("local.csv", "taxon,action,station\nlion,allow,hill\n")
        self.assertEqual(self.answers(stations, f"--geofence_overlay={overlay}"), [LION, LION, LION])

    def test_lists_of_stations_are_checked_like_the_common_list(self) -> None:
        command = ("predict", "--model=demo", f"--filepaths={ZEBRA}", self.stations("photos,pond,list.txt"))
        self.assert_refused(run(*command), COULD_NOT_RUN, "--stations", "list.txt", "does not exist")
        listed = self.text("list.txt", "plains zebra\nLepard\n")
        self.assert_refused(run(*command), WRONG_USAGE, "--stations", "list.txt, line 2: 'Lepard'")
        done = run(*command, "--skip_unknown_taxa")
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn("1 name was skipped", done.stderr)
        self.assertIn("line 2: 'Lepard'", done.stderr)
        listed.write_text("", encoding="utf-8")
        self.assert_refused(run(*command), WRONG_USAGE, "--stations", "the list contains no taxon")
        self.assert_refused(run(*command, f"--csv={listed}"), WRONG_USAGE, "--stations")
        listed.unlink()
        os.mkfifo(listed)
        self.assert_refused(run(*command, timeout=30), COULD_NOT_RUN, "--stations", "not a regular file")

    def test_a_finished_document_with_another_list_of_a_station_is_not_continued(self) -> None:
        output = self.folder / "predictions.json"
        listed = self.text("list.txt", "plains zebra\n")
        command = ("predict", "--model=demo", f"--filepaths={ZEBRA}", f"--predictions_json={output}",
                   self.stations("photos,pond,list.txt"))  # fmt: skip
        for _ in range(2):
            done = run(*command)
            self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        listed.write_text("lion\n", encoding="utf-8")
        self.assert_refused(run(*command), WRONG_USAGE, "species lists of --stations")

    def test_a_run_without_decisions_says_that_lists_have_no_effect(self) -> None:
        listed = self.text("list.txt", "plains zebra\n")
        done = run(
            "predict", "--model=demo", f"--filepaths={ZEBRA}", "--detector_only", f"--species_list={listed}"
        )
        self.assertEqual(done.returncode, ALL_FINE, done.stderr)
        self.assertIn("no effect", done.stderr)


if __name__ == "__main__":
    unittest.main()
