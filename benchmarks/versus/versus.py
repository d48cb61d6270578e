# SPDX-License-Identifier: Apache-2.0
"""Compares engines on the same weights and photos, alternately, in one session:

    versus.py --photos FOLDER [--rounds N] [--busy N] [--engine NAME=COMMAND]… --results FOLDER

Each engine is a program that stays loaded: it reads a line of photos, separated by tabs, and answers with one line of JSON.
The first engine is the baseline of the ratios. With --busy N, each round is repeated while N other processes each keep a core
busy. The result is a file in FOLDER, named after the CPU; report.py turns such files into tables and a plot.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import shlex
import subprocess
import sys
import time

TICKS = os.sysconf("SC_CLK_TCK")
INSTRUCTIONS = [("amx_bf16", "AMX"), ("avx512_bf16", "AVX-512 BF16"), ("avx512f", "AVX-512"), ("avx2", "AVX2"), ("sse2", "SSE2")]
BUSY = "import os, sys; os.sched_setaffinity(0, [int(sys.argv[1])])\nwhile True: pass"


class Engine:
    def __init__(self, name, command):
        self.name = name
        self.command = shlex.split(command)
        self.process = None
        self.first_answers = []
        self.rounds = []
        self.busy_rounds = []
        self.answers = {}

    def start(self, photo):
        """Starts the engine and waits for its first answer: the waiting time of a user with one photo."""
        begin = time.monotonic()
        # The command may start with NAME=VALUE words, which env(1) sets.
        self.process = subprocess.Popen(
            ["env", *self.command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.ask([photo])
        self.first_answers.append(time.monotonic() - begin)

    def ask(self, photos):
        self.process.stdin.write("\t".join(photos) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended without an answer")
        predictions = json.loads(line)["predictions"]
        assert len(predictions) == len(photos), (self.name, len(predictions))
        return {prediction["filepath"]: prediction for prediction in predictions}

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_bytes(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            line = next(line for line in file if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024

    def run(self, photos):
        """Runs a round and returns its number of photos, its duration and its CPU time."""
        cpu, begin = self.cpu_seconds(), time.monotonic()
        self.answers.update(self.ask(photos))
        wall = time.monotonic() - begin
        return {"photos": len(photos), "seconds": wall, "cpu_seconds": self.cpu_seconds() - cpu}

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


@contextlib.contextmanager
def busy_cores(count):
    """Runs other processes that keep the first `count` cores busy."""
    others = [subprocess.Popen([sys.executable, "-c", BUSY, str(core)]) for core in range(count)]
    try:
        time.sleep(0.5)
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def overlap(a, b):
    """Returns the intersection over union of two boxes [xmin, ymin, width, height]."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(0, width) * max(0, height)
    return shared / (a[2] * a[3] + b[2] * b[3] - shared) if shared else 0.0


def label_of(detection):
    if "label" in detection and "raw_classifications" not in detection:
        return None
    return detection["raw_classifications"]["classes"][0]


def compare(expected, found, least_conf=0.1):
    """Counts the confident detections of the baseline that another engine also finds, and compares their labels and confidences."""
    result = {"detections": 0, "matched": 0, "labels": 0, "same_label": 0, "largest_conf_change": 0.0}
    for photo, prediction in expected.items():
        others = list(found[photo].get("detections") or [])
        for detection in prediction.get("detections") or []:
            if detection["conf"] < least_conf:
                continue
            result["detections"] += 1
            candidates = [other for other in others if other["category"] == detection["category"]]
            best = max(candidates, key=lambda other: overlap(other["bbox"], detection["bbox"]), default=None)
            if best is None or overlap(best["bbox"], detection["bbox"]) < 0.9:
                continue
            result["matched"] += 1
            result["largest_conf_change"] = max(result["largest_conf_change"], abs(best["conf"] - detection["conf"]))
            if label_of(detection) is not None:
                result["labels"] += 1
                other = best["label"] if "raw_classifications" not in best else label_of(best)
                result["same_label"] += other == label_of(detection)
    return result


def cpu_name():
    """Returns the name of the CPU, its family and model, because the name may be ambiguous, and its best instruction set."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        lines = dict(line.split(":", 1) for line in file.read().split("\n\n")[0].splitlines())
    fields = {key.strip(): value.strip() for key, value in lines.items()}
    flags = fields["flags"].split()
    best = next(name for flag, name in INSTRUCTIONS if flag in flags)
    return f"{fields['model name']}, family {fields['cpu family']}, model {fields['model']} ({best})"


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", required=True, help="folder of JPEG photos")
    parser.add_argument("--limit", type=int, default=4, help="photos per round")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--starts", type=int, default=3, help="times that each engine is started for its first answer")
    parser.add_argument("--busy", type=int, default=0, help="cores that other processes keep busy in a second run of each round")
    parser.add_argument("--engine", action="append", required=True, metavar="NAME=COMMAND")
    parser.add_argument("--condition", default="", help="said in the report, for instance the vector units that were allowed")
    parser.add_argument("--results", required=True, metavar="FOLDER")
    return parser.parse_args()


def main():
    options = parse()
    photos = sorted(os.path.join(options.photos, name) for name in os.listdir(options.photos) if name.endswith(".jpg"))
    photos = photos[: options.limit]
    engines = [Engine(*text.split("=", 1)) for text in options.engine]
    running = []
    for engine in engines:
        try:
            engine.start(photos[0])
            engine.stop()
            running.append(engine)
        except (RuntimeError, OSError) as error:
            print(f"left out: {error}", file=sys.stderr)
    # The first start read the files from the disk. The starts that count find them in memory, for all engines.
    for engine in running:
        engine.first_answers.clear()
    for number in range(options.starts):
        for engine in running:
            engine.start(photos[0])
            if number + 1 < options.starts:
                engine.stop()
    for number in range(options.rounds):
        for engine in running:
            engine.rounds.append(engine.run(photos))
            print(f"round {number + 1}, {engine.name}: {engine.rounds[-1]}", file=sys.stderr)
            if options.busy:
                with busy_cores(options.busy):
                    engine.busy_rounds.append(engine.run(photos))
                print(f"the same, {options.busy} busy: {engine.busy_rounds[-1]}", file=sys.stderr)
    baseline = running[0]
    result = {
        "cpu": cpu_name(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "condition": options.condition,
        "photos": len(photos),
        "busy": options.busy,
        "engines": [
            {
                "name": engine.name,
                "first_answers": engine.first_answers,
                "peak_bytes": engine.peak_bytes(),
                "rounds": engine.rounds,
                "busy_rounds": engine.busy_rounds,
                "agreement": compare(baseline.answers, engine.answers),
            }
            for engine in running
        ],
        "left_out": [engine.name for engine in engines if engine not in running],
    }
    for engine in running:
        engine.stop()
    os.makedirs(options.results, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "_", result["cpu"].lower()).strip("_")
    with open(os.path.join(options.results, f"{name}.json"), "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


main()
