# SPDX-License-Identifier: Apache-2.0
"""Compares the predictions documents of the command line, or of the C ABI, with the reference's, field by field.

One golden document for each run; its name states the flags of the reference. Exits with 77, which ctest
counts as skipped, if the fixtures are absent. The published packages are imported into the cache of
the program, which SPECIESNET_CACHE names.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SKIPPED = 77

SCORE_TOLERANCE = 1e-4
"""Largest difference of confidences and scores (absolute)."""
OWN_SCORE_TOLERANCE = 1e-5
"""The same of the project's own packages, which were made not to enlarge rounding errors."""
PINNED_SCORE_TOLERANCES = {"images/blank2.jpg": 1.3e-4}
"""Photos of which more was seen, and how much: docs/design/parity.md says why."""
TRUNCATED = {"images/african_elephants_truncated_file.jpg"}
"""Photos that are truncated, which ours say of them and the reference does not."""
LOGIT_TOLERANCE = 1e-3
"""Largest difference of logits, which are two orders of magnitude larger (absolute)."""
CONFIDENCE_TIE = 1e-6
"""Detections whose confidences are closer may change places."""
SCORE_TIE = 1e-5
"""Classes whose scores are closer may change places."""

FORMATS = {"sn505": "image", "sn506": "detection"}
SHARED_PACKAGES = {"always_crop": "tiny", "full_image": "tiny_full_image"}
OWN_PACKAGES = {"always_crop": "always_crop", "full_image": "full_image"}


@dataclass
class Comparison:
    """Differences found, and the largest ones that are within the tolerances."""

    differences: list[str] = field(default_factory=list)
    largest: dict[str, float] = field(default_factory=dict)
    swaps: int = 0
    detections: int = 0
    tolerance: float = SCORE_TOLERANCE
    reads_all: bool = True
    """Whether photos with nothing to classify are read, too."""
    score_tolerance: float = SCORE_TOLERANCE

    def report(self, name: str) -> None:
        """Prints the differences in a few lines."""
        largest = ", ".join(f"{kind} {value:.1e}" for kind, value in self.largest.items())
        print(
            f"{name}: {len(self.differences)} differences in {self.detections} "
            f"detections, {self.swaps} changed places; largest: {largest or 'none'}",
            flush=True,
        )
        for difference in self.differences[:20]:
            print(f"  {difference}")

    def differ(self, where: str, ours: Any, theirs: Any) -> None:
        self.differences.append(f"{where}: {ours!r}, the reference has {theirs!r}")

    def equal(self, where: str, ours: Any, theirs: Any) -> None:
        if ours != theirs:
            self.differ(where, ours, theirs)

    def close(self, where: str, kind: str, ours: float, theirs: float, tolerance: float) -> None:
        self.largest[kind] = max(self.largest.get(kind, 0.0), abs(ours - theirs))
        if not abs(ours - theirs) <= tolerance:
            self.differ(where, ours, theirs)

    def keys(self, where: str, ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
        """Compares fields, which must be equal and in the same order."""
        self.equal(f"{where} fields", list(ours), list(theirs))
        return list(ours) == list(theirs)

    def documents(self, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        if not self.keys("document", ours, theirs):
            return
        self.equal("info", ours.get("info"), theirs.get("info"))
        self.equal("images", len(ours["predictions"]), len(theirs["predictions"]))
        for mine, other in zip(ours["predictions"], theirs["predictions"]):
            self.prediction(other["filepath"], mine, other)

    def prediction(self, where: str, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        ours = dict(ours)
        is_read = (
            self.reads_all
            or "detections" not in theirs
            or any("raw_classifications" in detection for detection in theirs["detections"])
        )
        is_truncated = is_read and where in TRUNCATED
        self.equal(f"{where} truncated", ours.pop("truncated", False), is_truncated)
        if not self.keys(where, ours, theirs):
            return
        self.score_tolerance = PINNED_SCORE_TOLERANCES.get(where, self.tolerance)
        for key, value in theirs.items():
            if key == "detections":
                self.detection_lists(where, ours[key], value)
            elif key == "classifications":
                self.classification(where, ours[key], value)
            elif key == "prediction_score":
                self.close(f"{where} {key}", "score", ours[key], value, self.score_tolerance)
            else:
                self.equal(f"{where} {key}", ours[key], value)

    def detection_lists(
        self, where: str, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]
    ) -> None:
        """Compares boxes, which may be in another order if their confidences are practically equal."""
        self.equal(f"{where} detections", len(ours), len(theirs))
        left = list(enumerate(ours))
        for index, other in enumerate(theirs):
            self.detections += 1
            identity = (other["category"], other["label"], other["bbox"])
            candidates = [
                (abs(place - index), place, mine)
                for place, mine in left
                if (mine["category"], mine["label"], mine["bbox"]) == identity
            ]
            name = f"{where} detection {index}"
            if not candidates:
                nearest = ours[index]["bbox"] if index < len(ours) else None
                self.differ(f"{name} bbox", nearest, other["bbox"])
                continue
            _, place, mine = min(candidates, key=lambda candidate: candidate[:2])
            left.remove((place, mine))
            if place != index:
                self.swaps += 1
                if abs(theirs[place]["conf"] - other["conf"]) >= CONFIDENCE_TIE:
                    self.differ(f"{name} place", place, index)
            self.detection(name, mine, other)

    def detection(self, where: str, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        if not self.keys(where, ours, theirs):
            return
        self.close(f"{where} conf", "conf", ours["conf"], theirs["conf"], self.tolerance)
        if "raw_classifications" in theirs:
            self.classification(where, ours["raw_classifications"], theirs["raw_classifications"])
        if "processed_classification" in theirs:
            mine, other = ours["processed_classification"], theirs["processed_classification"]
            if self.keys(f"{where} processed", mine, other):
                self.equal(f"{where} class", mine["class"], other["class"])
                self.equal(f"{where} source", mine["source"], other["source"])
                self.close(
                    f"{where} score", "score", mine["score"], other["score"], self.score_tolerance
                )

    def classification(self, where: str, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        if not self.keys(f"{where} classification", ours, theirs):
            return
        self.equal(f"{where} classes", len(ours["classes"]), len(theirs["classes"]))
        scores = dict(zip(ours["classes"], ours["scores"]))
        for index, (label, score) in enumerate(zip(theirs["classes"], theirs["scores"])):
            if label not in scores:
                # The last class may differ if its score is practically the same.
                self.close(f"{where} last class", "score", ours["scores"][-1], score, SCORE_TIE)
                continue
            self.close(f"{where} {label}", "score", scores[label], score, self.score_tolerance)
            place = ours["classes"].index(label)
            if place != index:
                self.swaps += 1
                if abs(theirs["scores"][place] - score) >= SCORE_TIE:
                    self.differ(f"{where} place of {label}", place, index)
        if "target_classes" in theirs:
            self.equal(f"{where} target_classes", ours["target_classes"], theirs["target_classes"])
            for mine, other in zip(ours["target_logits"], theirs["target_logits"]):
                self.close(f"{where} target_logits", "logit", mine, other, LOGIT_TOLERANCE)


def flags_of(golden: Path, fixtures: Path) -> list[str]:
    """Returns the flags with which the reference made a golden document, from its name."""
    package, _, rest = golden.stem.partition("_detector")
    for known in SHARED_PACKAGES:
        if golden.stem.startswith(known):
            package, rest = known, golden.stem[len(known) + 1 :]
    stage, *words = rest.split("_")
    flags = [f"--result_format={FORMATS[golden.parent.name]}"]
    if stage == "detector":
        return [*flags, "--detector_only"]
    if stage == "classifier":
        detections = golden.with_name(f"{package}_detector.json")
        given = [f"--detections_json={detections}"] if package == "always_crop" else []
        return [*flags, "--classifier_only", *given]
    for word in words:
        if word == "nogeofence":
            flags.append("--nogeofence")
        elif word == "target":
            flags.append(f"--target_species_txt={fixtures / 'data' / 'target_species.txt'}")
        elif word.startswith("thr"):
            flags.append(f"--detection_threshold_for_classification={word[3:]}")
        elif word.startswith("maxper"):
            flags.append(f"--max_classifications_per_detection={word[6:]}")
        elif word.startswith("maximg"):
            flags.append(f"--max_classifications_per_image={word[6:]}")
        elif len(word) == 3:
            flags.append(f"--country={word}")
        elif len(word) == 2:
            flags.append(f"--admin1_region={word}")
        elif word != "none":
            raise ValueError(f"{golden.name}: '{word}' is no flag this test knows")
    return flags


def command_line(program: str, package: Path, flags: list[str], photos: list[str], folder: Path) -> list[str]:
    """Returns a run of the program `speciesnet`."""
    instances = {"instances": [{"filepath": photo} for photo in photos]}
    file = folder / "instances.json"
    file.write_text(json.dumps(instances), encoding="utf-8")
    return [program, "predict", f"--model={package}", f"--instances_json={file}", *flags, "--noprogress_bars"]


def c_program(program: str, package: Path, flags: list[str], photos: list[str], _: Path) -> list[str]:
    """Returns a run of document.c, which takes a format and a place only."""
    given = dict(flag.removeprefix("--").split("=", 1) for flag in flags)
    if unknown := given.keys() - {"result_format", "country", "admin1_region"}:
        raise ValueError(f"document.c takes no {unknown}")
    place = [given.get(part, "-") for part in ("country", "admin1_region")]
    return [program, str(package), given["result_format"], *place, *photos]


def answers_of(command: list[str], golden: Path, fixtures: Path) -> dict[str, Any]:
    """Runs a program on the golden's photos; the document has all digits."""
    done = subprocess.run(command, cwd=fixtures, capture_output=True, text=True, check=False)
    # 1: some images failed, as in the reference.
    if done.returncode not in (0, 1):
        sys.exit(f"{golden.name}: exit status {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    program = parser.add_mutually_exclusive_group(required=True)
    program.add_argument("--program", type=Path, help="the program `speciesnet`")
    program.add_argument("--document", type=Path, help="document.c, built against the C ABI")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--shared", type=Path, help="folder that holds fixtures/")
    where.add_argument("--fixtures", type=Path, help="folder of the project's own packages and goldens/")
    parser.add_argument("goldens", nargs="+", help="for instance sn506/always_crop_detector.json")
    arguments = parser.parse_args()

    if arguments.fixtures:
        fixtures, packages, tolerance = arguments.fixtures.resolve(), OWN_PACKAGES, OWN_SCORE_TOLERANCE
    else:
        fixtures = Path(os.environ.get("SPECIESNET_SHARED", arguments.shared)).resolve() / "fixtures"
        packages, tolerance = SHARED_PACKAGES, SCORE_TOLERANCE
        if not fixtures.is_dir():
            print(f"skipped: no reference outputs at {fixtures} (set SPECIESNET_SHARED)")
            return SKIPPED
    run = command_line if arguments.program else c_program
    program = str((arguments.program or arguments.document).resolve())
    status = 0
    for name in arguments.goldens:
        golden = fixtures / "goldens" / name
        package = fixtures / next(packages[kind] for kind in packages if golden.stem.startswith(kind))
        comparison = Comparison(
            tolerance=tolerance, reads_all=not golden.stem.endswith("_classifier")
        )
        theirs = json.loads(golden.read_text(encoding="utf-8"))
        photos = [prediction["filepath"] for prediction in theirs["predictions"]]
        with tempfile.TemporaryDirectory() as folder:
            command = run(program, package, flags_of(golden, fixtures), photos, Path(folder))
            comparison.documents(answers_of(command, golden, fixtures), theirs)
        comparison.report(name)
        status |= bool(comparison.differences)
    return status


if __name__ == "__main__":
    sys.exit(main())
