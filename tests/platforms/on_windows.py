# SPDX-License-Identifier: Apache-2.0
"""Runs tests without the cases that cannot hold on Windows: on_windows.py FILE[.CLASS], in the folder of the file"""

import sys
import unittest
from collections.abc import Iterator

# Why cases are left out, and which: FILE.CLASS.CASE, or a beginning of it.
EXCLUDED: dict[str, tuple[str, ...]] = {
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
        sys.exit("on_windows: nothing is left to run")
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(kept).wasSuccessful())
