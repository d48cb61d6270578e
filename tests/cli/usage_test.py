# SPDX-License-Identifier: Apache-2.0
"""What the command line refuses, and its messages."""

import unittest

from command_line import COULD_NOT_RUN, PHOTOS, WRONG_USAGE, ALL_FINE, CommandLineTest, run


class UsageTest(CommandLineTest):
    def test_a_missing_command_is_wrong_usage(self) -> None:
        self.assert_refused(run(), WRONG_USAGE, "command")

    def test_version_and_help_succeed(self) -> None:
        self.assertRegex(run("--version").stdout, r"^\d+\.\d+\.\d+\n$")
        for arguments in (["--help"], ["predict", "--help"]):
            done = run(*arguments)
            self.assertEqual(done.returncode, ALL_FINE)
            self.assertIn("predict", done.stdout)

    def test_an_unknown_flag_is_named(self) -> None:
        self.assert_refused(run("predict", "--kountry", "KEN"), WRONG_USAGE, "--kountry")

    def test_a_missing_model_is_explained_and_never_replaced_by_the_demo(self) -> None:
        done = run("predict", "--filepaths", PHOTOS / "zebra.jpg")
        self.assert_refused(done, WRONG_USAGE, "--model", "google/speciesnet", "--model demo")

    def test_a_model_folder_that_does_not_exist_is_named(self) -> None:
        done = run("predict", "--model", self.folder / "nowhere", "--filepaths", "a.jpg")
        self.assert_refused(done, COULD_NOT_RUN, "nowhere")

    def test_exactly_one_input_is_required(self) -> None:
        none = run("predict", "--model", "demo")
        self.assert_refused(none, WRONG_USAGE, "--instances_json", "--folders_txt")
        two = run("predict", "--model", "demo", "--filepaths", "a.jpg", "--folders", self.folder)
        self.assert_refused(two, WRONG_USAGE, "exactly one", "got 2")

    def test_malformed_codes_name_their_flag(self) -> None:
        photo = ["predict", "--model", "demo", "--filepaths", "a.jpg"]
        self.assert_refused(run(*photo, "--country", "KNE"), WRONG_USAGE, "--country", "KEN")
        region = run(*photo, "--country", "USA", "--admin1_region", "CAL")
        self.assert_refused(region, WRONG_USAGE, "--admin1_region", "CAL")

    def test_a_broken_instances_file_names_its_flag(self) -> None:
        broken = self.folder / "instances.json"
        broken.write_text('{"instances": [', encoding="utf-8")
        done = run("predict", "--model", "demo", "--instances_json", broken)
        self.assert_refused(done, WRONG_USAGE, "--instances_json")

    def test_input_files_and_folders_that_do_not_exist_name_their_flag(self) -> None:
        for flag in ("--instances_json", "--filepaths_txt", "--folders_txt", "--folders"):
            done = run("predict", "--model", "demo", flag, self.folder / "nowhere")
            self.assert_refused(done, COULD_NOT_RUN, flag, "nowhere")

    def test_an_output_that_cannot_be_written_is_refused_before_the_work(self) -> None:
        photo = ["predict", "--model", "demo", "--filepaths", PHOTOS / "zebra.jpg"]
        for target in (self.folder / "nowhere" / "out.json", "/dev/null", self.folder):
            done = run(*photo, "--predictions_json", target)
            self.assert_refused(done, COULD_NOT_RUN, str(target))


if __name__ == "__main__":
    unittest.main()
