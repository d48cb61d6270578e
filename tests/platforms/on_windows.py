# SPDX-License-Identifier: Apache-2.0
"""Runs tests without the cases that cannot hold on Windows: on_windows.py FILE[.CLASS], in the folder of the file"""

import sys
import unittest
from collections.abc import Iterator

# Why cases are left out, and which: FILE.CLASS.CASE, or a beginning of it.
EXCLUDED: dict[str, tuple[str, ...]] = {
    "signals, terminals, modes of files and named pipes of POSIX": (
        "local_species_test.LocalSpeciesTest.test_invalid_files_are_refused_by_name",
        "local_species_test.LocalSpeciesTest.test_lists_of_stations_are_checked_like_the_common_list",
        "predict_test.PredictTest.test_a_saved_document_is_as_public_as_other_files_and_leaves_nothing_beside_it",
        "predict_test.PredictTest.test_progress_is_a_bar_on_a_terminal",
        "resume_test.ResumeTest.test_an_interrupted_run_prints_how_to_continue",
        "sort_test.SortTest.test_a_killed_move_loses_nothing",
    ),
    "libraries of ELF programs": ("no_python_test",),
    "symbolic links and named pipes, which Wine shows as what they lead to": (
        "inputs_test.InputsTest.test_every_file_of_a_folder_is_accounted_for",
        "inputs_test.InputsTest.test_loops_of_links_end",
        "mixed_folder_test.MixedFolderTest.test_every_file_is_accounted_for",
        "resume_test.ResumeTest.test_folders_spelled_differently_are_the_same_for_documents",
        "resume_test.ResumeTest.test_folders_spelled_differently_are_the_same_for_journals",
        "resume_test.ResumeTest.test_vanished_forbidden_and_strangely_named_photos",
    ),
    "names that no file has there": (
        "field_test.FieldTest.test_names_that_are_not_utf8_leave_valid_files",
        "sort_test.SortTest.test_a_backslash_in_a_name",
        "visualize_test.VisualizeTest.test_hostile_names_and_labels_stay_text",
        "visualize_test.VisualizeTest.test_names_that_are_not_utf8_are_drawn_and_reported",
    ),
    "messages name paths with backslashes there": (
        "compile_test.CompileTest.test_a_file_that_cannot_be_replaced_is_an_error",
        "compile_test.CompileTest.test_compiled_files_are_used_for_their_precision",
        "run_test.RunTest.test_one_command_leaves_one_folder_with_everything",
    ),
}


def cases_of(tests: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for test in tests:
        if isinstance(test, unittest.TestSuite):
            yield from cases_of(test)
        else:
            yield test


def is_excluded(case: unittest.TestCase) -> bool:
    return any((case.id() + ".").startswith(name + ".") for names in EXCLUDED.values() for name in names)


if __name__ == "__main__":
    sys.path.insert(0, "")
    found = unittest.defaultTestLoader.loadTestsFromName(sys.argv[1])
    kept = unittest.TestSuite(case for case in cases_of(found) if not is_excluded(case))
    if kept.countTestCases() == 0:
        print("SKIPPED: no case of this file can hold on Windows")
        sys.exit(77)
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(kept).wasSuccessful())
