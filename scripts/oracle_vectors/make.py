# SPDX-License-Identifier: Apache-2.0
"""Makes cases, records the answers of two releases of the reference, and condenses them.

    make.py --reference v505 --reference v506 --vectors all.jsonl --condensed few.jsonl

Each line of the result is a world, or a case with its answer appended; README.md describes their
forms and the origin of the reference's folders.
"""

import argparse
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

from condense import condense
from worlds import OTHER_RELEASE, dump, header, random_case, random_world

CASES_PER_WORLD = 5000


def make_cases(count: int, seed: int) -> list[Any]:
    rng = random.Random(seed)
    cases: list[Any] = []
    for number in range(count):
        if number % CASES_PER_WORLD == 0:
            world = random_world(rng)
            cases.append(header(world))
        cases.append(random_case(rng, world))
    return cases


def answers_of(reference: str, cases: str) -> list[str]:
    oracle = Path(__file__).with_name("oracle.py")
    run = subprocess.run(
        [sys.executable, str(oracle), reference],
        input=cases,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()


def merged(cases: list[str], releases: list[list[str]]) -> list[str]:
    """Returns the answers of the last release that has one; those of earlier ones must be the same."""
    other, error = dump(OTHER_RELEASE), dump("error")
    answers = []
    for case, *given in zip(cases, *releases, strict=True):
        *older, newest = [answer for answer in given if answer != other]
        # Up to 5.0.5 malformed countries and regions counted as ones without entries.
        if newest != error and any(answer != newest for answer in older):
            sys.exit(f"the releases differ at {case}: {given}")
        answers.append(newest)
    return answers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--reference",
        action="append",
        required=True,
        help="folder of an unpacked wheel, newest last",
    )
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=20261015)
    parser.add_argument("--vectors", type=Path, required=True, help="receives all cases")
    parser.add_argument(
        "--condensed", type=Path, required=True, help="receives a representative few"
    )
    arguments = parser.parse_args()

    cases = [dump(case) for case in make_cases(arguments.cases, arguments.seed)]
    text = "\n".join(cases)
    answers = merged(cases, [answers_of(folder, text) for folder in arguments.reference])
    lines = [
        case if case.startswith("{") else f"{case[:-1]},{answer}]"
        for case, answer in zip(cases, answers, strict=True)
    ]
    arguments.vectors.write_text("\n".join(lines) + "\n", encoding="utf-8")
    few = condense(lines)
    arguments.condensed.write_text("\n".join(few) + "\n", encoding="utf-8")
    size = arguments.condensed.stat().st_size
    print(f"{len(lines)} lines; condensed to {len(few)} lines, {size} bytes")


if __name__ == "__main__":
    main()
