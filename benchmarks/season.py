#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a season of photos through `speciesnet predict`: images per second, memory over time, and 20 times `kill -9`.

    benchmarks/season.py --program build/release/examples/cli/speciesnet --count 10000

Makes COUNT photos of the given size from the demonstration's, runs them once without interruption, then again while killing the run
at random moments, and compares the two outputs byte by byte. Requires Pillow. Exit status 1 if a result was lost or duplicated.
"""

import argparse
import io
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[1]
MODEL = "demo"


def make_photos(folder: Path, count: int, size: tuple[int, int]) -> None:
    """Returns crops of the demonstration's photos, each at another position."""
    sources = [Image.open(photo).convert("RGB") for photo in sorted((REPOSITORY / "examples/demo/photos").iterdir())]
    chance = random.Random(1)
    for number in range(count):
        source = sources[number % len(sources)]
        width, height = min(size[0], source.width), min(size[1], source.height)
        left, top = chance.randint(0, source.width - width), chance.randint(0, source.height - height)
        photo = folder / f"camera-{number % 40:02}" / f"{number:06}.jpg"
        photo.parent.mkdir(parents=True, exist_ok=True)
        content = io.BytesIO()
        source.crop((left, top, left + width, top + height)).save(content, "JPEG", quality=85)
        photo.write_bytes(content.getvalue())


def journaled(journal: Path) -> int:
    """Returns the number of results that a run has saved so far."""
    try:
        return journal.read_bytes().count(b" result ")
    except FileNotFoundError:
        return 0


def resident(process: subprocess.Popen[bytes]) -> dict[str, float]:
    """Returns the memory of a process in MB: all of it, and the private part (no files, no libraries)."""
    fields = {}
    try:
        for line in Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith(("VmRSS:", "RssAnon:")):
                name, kilobytes, _ = line.split()
                fields[name.rstrip(":")] = int(kilobytes) / 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return fields


def run_to_the_end(command: list[str], journal: Path, count: int) -> None:
    began = time.monotonic()
    samples = []
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            time.sleep(1)
            if memory := resident(process):
                samples.append((journaled(journal), memory))
    seconds = time.monotonic() - began
    if process.returncode != 0:
        sys.exit(f"the run ended with status {process.returncode}")
    print(f"{count} images in {seconds:.0f} s: {count / seconds:.1f} images/s, loading included")
    for tenth in (1, 3, 5, 7, 9):
        at = next((memory for done, memory in samples if done >= count * tenth / 10), None)
        if at:
            print(f"  at {10 * tenth} % of the images: {at['VmRSS']:.0f} MB resident, {at['RssAnon']:.0f} MB its own")
    print(f"  at most {max(memory['VmRSS'] for _, memory in samples):.0f} MB resident")


def run_with_kills(command: list[str], output: Path, journal: Path, seconds: float, kills: int) -> None:
    chance = random.Random(2)
    killed = 0
    before = 0
    while killed < kills and not output.exists():
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(timeout=chance.uniform(0.2, seconds / kills))
            except subprocess.TimeoutExpired:
                process.kill()
                killed += 1
        kept = journaled(journal)
        if kept < before and not output.exists():
            sys.exit(f"{before} results were kept, and after another kill only {kept}")
        before = kept
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    print(f"killed {killed} times at random moments, then run to the end")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=REPOSITORY / "build/release/examples/cli/speciesnet")
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--size", default="1280x960", help="WIDTHxHEIGHT; flat ones are quicker")
    parser.add_argument("--kills", type=int, default=20)
    arguments = parser.parse_args()
    width, height = map(int, arguments.size.split("x"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_photos(folder / "photos", arguments.count, (width, height))
        output, journal = folder / "out.json", folder / "out.json.journal"
        command = [str(arguments.program), "predict", "--model", MODEL, "--folders", str(folder / "photos"),
                   "--predictions_json", str(output), "--noprogress_bars"]  # fmt: skip
        began = time.monotonic()
        run_to_the_end(command, journal, arguments.count)
        seconds = time.monotonic() - began
        if not arguments.kills:
            return
        whole = folder / "whole.json"
        shutil.move(output, whole)
        run_with_kills(command, output, journal, seconds, arguments.kills)
        if output.read_bytes() != whole.read_bytes():
            sys.exit("the outputs differ")
        print("nothing was lost or doubled: the outputs are the same, byte for byte")


if __name__ == "__main__":
    main()
