# SPDX-License-Identifier: Apache-2.0
"""Measures the overhead of a call from Python: overhead.py [CALLS] prints nanoseconds for one decision of the rules."""

from __future__ import annotations

import sys
import timeit

from speciesnet_cpp import Location, Rules

LION = "1;mammalia;carnivora;felidae;panthera;leo;lion"
rules = Rules(LION, '{"mammalia;carnivora;felidae;panthera;leo": {"allow": {"KEN": []}}}')
kenya = Location("KEN")


def combine() -> str:
    return rules.combine([LION], [0.9], conf=0.9, location=kenya).label


assert combine() == LION
calls = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
print(f"combine, Python: {timeit.timeit(combine, number=calls) / calls * 1e9:.0f} ns")
