# SPDX-License-Identifier: Apache-2.0
"""A short overload of the server. `overload.py` runs a longer one and reports figures."""

import asyncio
import unittest

from harness import running
from overload import overload

DEADLINE = 30
ALLOWED = {200, 503, 504}


class Overload(unittest.TestCase):
    def test_accepted_requests_are_answered_in_time_and_the_others_get_503(self) -> None:
        with running("--deadline", str(DEADLINE)) as server:
            report = asyncio.run(
                overload(server, seconds=6, connections=100, factor=10, attackers=300)
            )
            self.assertLessEqual(set(report.statuses), ALLOWED, report)
            self.assertGreater(report.statuses[200], 0, report)
            self.assertGreater(report.statuses[503], 0, report)
            self.assertEqual(sum(report.lost.values()), 0, report)
            self.assertLess(report.percentile(99), DEADLINE, report)
            self.assertLess(report.memory_swing, 0.25, report)
            self.assertEqual(server.temporary_files(), [])
            self.assertEqual(server.get("/readyz").status, 200)


if __name__ == "__main__":
    unittest.main()
