# SPDX-License-Identifier: Apache-2.0
"""Tests speciesnet-export on the shared tiny packages, which have the published formats."""

import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import List

import pytest

for required in ("torch", "yolov5", "onnx2torch"):
    pytest.importorskip(required, reason=f"{required} is not installed")

import torch

from speciesnet_export import ExportError, export_package
from speciesnet_export.__main__ import main

REPOSITORY = Path(__file__).resolve().parents[4]
SHARED = Path(os.environ.get("SPECIESNET_SHARED", REPOSITORY.parent / "shared"))
TINY = SHARED / "fixtures" / "tiny"

pytestmark = pytest.mark.skipif(
    not TINY.is_dir(), reason=f"the shared fixtures are not in {SHARED}"
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Returns a writable copy of the tiny package."""
    copy = tmp_path / "package"
    shutil.copytree(TINY, copy)
    copy.chmod(0o755)
    for path in copy.iterdir():
        path.chmod(0o644)
    return copy


def edit_info(package: Path, **changes: object) -> None:
    info = json.loads((package / "info.json").read_text())
    (package / "info.json").write_text(json.dumps({**info, **changes}))


def names_in(folder: Path) -> List[str]:
    return sorted(path.name for path in folder.iterdir())


def refuse_to_trace(*_: object, **__: object) -> None:
    raise ExportError("tracing broke off")


@pytest.mark.parametrize("name", ["tiny", "tiny_full_image"])
def test_a_package_becomes_a_model_folder_whose_networks_agree_exactly(
    name: str, tmp_path: Path
) -> None:
    lines: List[str] = []
    source = SHARED / "fixtures" / name
    export_package(source, tmp_path / "out", report=lines.append)

    info = json.loads((source / "info.json").read_text())
    exported = json.loads((tmp_path / "out" / "info.json").read_text())
    assert exported == {
        **info,
        "classifier": "classifier.torchscript.pt",
        "detector": "detector.torchscript.pt",
    }
    for key in ("classifier_labels", "taxonomy", "geofence"):
        assert (tmp_path / "out" / info[key]).read_bytes() == (source / info[key]).read_bytes()
    assert len(names_in(tmp_path / "out")) == 6
    assert len(lines) == 6
    assert all(line.endswith("largest difference 0") for line in lines)


def test_an_exported_detector_keeps_the_size_of_its_pictures(package: Path, tmp_path: Path) -> None:
    info = json.dumps({"image_size": 640})
    with zipfile.ZipFile(package / "detector.pt", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("detector/megadetector_info.json", info)
    export_package(package, tmp_path / "out", verify=False)
    with zipfile.ZipFile(tmp_path / "out" / "detector.torchscript.pt") as archive:
        kept = [n for n in archive.namelist() if n.endswith("/megadetector_info.json")]
        assert [archive.read(n).decode() for n in kept] == [info]


def test_the_exported_networks_take_sizes_and_batches_they_were_not_traced_with(
    tmp_path: Path,
) -> None:
    export_package(TINY, tmp_path / "out", verify=False)
    detector = torch.jit.load(str(tmp_path / "out" / "detector.torchscript.pt"))
    # 3 anchors in each cell of the strides 8, 16, 32 and 64; 3 classes.
    cells = 16 * 24 + 8 * 12 + 4 * 6 + 2 * 3
    assert detector(torch.zeros(2, 3, 128, 192)).shape == (2, 3 * cells, 5 + 3)
    classifier = torch.jit.load(str(tmp_path / "out" / "classifier.torchscript.pt"))
    assert classifier(torch.zeros(2, 480, 480, 3)).shape == (2, 2498)


def test_the_exported_detector_holds_float32_though_the_checkpoint_holds_float16(
    tmp_path: Path,
) -> None:
    export_package(TINY, tmp_path / "out", verify=False)
    detector = torch.jit.load(str(tmp_path / "out" / "detector.torchscript.pt"))
    assert {parameter.dtype for parameter in detector.parameters()} == {torch.float32}


def test_the_exported_networks_do_not_name_files_of_this_machine(tmp_path: Path) -> None:
    export_package(TINY, tmp_path / "out", verify=False)
    for name in ("detector.torchscript.pt", "classifier.torchscript.pt"):
        with zipfile.ZipFile(tmp_path / "out" / name) as archive:
            for record in archive.infolist():
                assert b"site-packages" not in archive.read(record), record.filename


def test_a_detector_url_becomes_the_local_file(package: Path, tmp_path: Path) -> None:
    (package / "detector.pt").rename(package / "https___example.org_md_v5a.pt")
    edit_info(package, detector="https://example.org/md_v5a.pt?download=1")
    export_package(package, tmp_path / "out", verify=False)
    exported = json.loads((tmp_path / "out" / "info.json").read_text())
    assert exported["detector"] == "detector.torchscript.pt"


def test_a_detector_url_that_was_not_downloaded_is_named(package: Path, tmp_path: Path) -> None:
    edit_info(package, detector="https://example.org/md_v5a.pt")
    with pytest.raises(ExportError, match="download it from https://example.org/md_v5a.pt"):
        export_package(package, tmp_path / "out")


def test_a_grid_left_in_the_checkpoint_does_not_fix_the_image_size(
    package: Path, tmp_path: Path
) -> None:
    import yolov5.models.yolo  # Provides `models`, the name under which the checkpoint refers to its classes.
    from speciesnet_export.networks import DETECTOR_TRACE_SIZE

    checkpoint = torch.load(package / "detector.pt", weights_only=False)
    checkpoint["model"].float().eval()(torch.zeros(1, 3, *DETECTOR_TRACE_SIZE))
    assert checkpoint["model"].model[-1].grid[0].numel() > 0
    torch.save(checkpoint, package / "detector.pt")
    export_package(package, tmp_path / "out", report=lambda _: None)


def test_attributes_of_old_checkpoints_are_brought_up_to_date(
    package: Path, tmp_path: Path
) -> None:
    import yolov5.models.yolo  # Provides `models`, the name under which the checkpoint refers to its classes.
    from speciesnet_export.networks import load_detector

    checkpoint = torch.load(package / "detector.pt", weights_only=False)
    for module in checkpoint["model"].modules():
        if isinstance(module, torch.nn.Upsample):
            del module.recompute_scale_factor
    head = checkpoint["model"].model[-1]
    del head.anchor_grid
    head.register_buffer("anchor_grid", head.anchors.clone().view(head.nl, 1, -1, 1, 1, 2))
    torch.save(checkpoint, package / "detector.pt")

    modules = load_detector(package / "detector.pt").modules()
    assert [m.recompute_scale_factor for m in modules if isinstance(m, torch.nn.Upsample)] == [
        None
    ] * 3
    export_package(package, tmp_path / "out", report=lambda _: None)


def test_an_existing_folder_is_kept_without_force(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(ExportError, match="already exists"):
        export_package(TINY, tmp_path / "out")
    assert names_in(tmp_path / "out") == []


def test_force_replaces_a_model_folder_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "info.json").write_text("{}")
    (tmp_path / "out" / "old.pt").write_text("old")
    export_package(TINY, tmp_path / "out", force=True, verify=False)
    assert "old.pt" not in names_in(tmp_path / "out")
    assert names_in(tmp_path) == ["out"]


def test_force_does_not_replace_what_is_no_model_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("dear")
    with pytest.raises(ExportError, match="not a model folder"):
        export_package(TINY, tmp_path / "out", force=True)
    assert names_in(tmp_path / "out") == ["thesis.txt"]


def test_force_does_not_replace_the_package_itself(package: Path) -> None:
    before = names_in(package)
    with pytest.raises(ExportError, match="holds the package"):
        export_package(package, package, force=True)
    assert names_in(package) == before


def test_a_conversion_that_breaks_off_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("speciesnet_export.networks.export_classifier", refuse_to_trace)
    with pytest.raises(ExportError, match="tracing broke off"):
        export_package(TINY, tmp_path / "out", verify=False)
    assert names_in(tmp_path) == []


def test_a_network_that_exports_differently_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from speciesnet_export import networks

    reload = networks._reload

    def reload_with_an_offset(path: Path) -> object:
        network = reload(path)
        return lambda batch: network(batch) + 0.01

    monkeypatch.setattr(networks, "_reload", reload_with_an_offset)
    with pytest.raises(ExportError, match="differs by 0.01"):
        export_package(TINY, tmp_path / "out")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"taxonomy": None}, '"taxonomy" is missing'),
        ({"type": "half_image"}, "not one of always_crop, full_image"),
        ({"taxonomy": "../taxonomy_release.txt"}, "must be the name of a file in the folder"),
        ({"geofence": "absent.json"}, "absent.json: not found"),
        ({"classifier": "detector.pt"}, "holds a dict, not a torch.fx.GraphModule"),
        ({"detector": "classifier.pt"}, "not a YOLOv5 checkpoint"),
        ({"detector": "taxonomy_release.txt"}, "cannot be unpickled"),
    ],
)
def test_a_package_that_cannot_be_converted_is_an_error_that_says_why(
    package: Path, tmp_path: Path, changes: dict, message: str
) -> None:
    edit_info(package, **changes)
    with pytest.raises(ExportError, match=message):
        export_package(package, tmp_path / "out", verify=False)
    assert not (tmp_path / "out").exists()


def test_a_label_count_that_does_not_match_the_logits_is_an_error(
    package: Path, tmp_path: Path
) -> None:
    labels = next(package.glob("*.labels.txt"))
    labels.write_text("only one label\n")
    with pytest.raises(ExportError, match=r"\[1, 2498\] logits for 1 labels"):
        export_package(package, tmp_path / "out", verify=False)


def test_a_classifier_for_another_image_size_is_an_error(package: Path, tmp_path: Path) -> None:
    graph = torch.fx.symbolic_trace(torch.nn.Linear(4, 2498))
    torch.save(graph, package / "classifier.pt")
    with pytest.raises(ExportError, match=r"cannot be run on \[1, 480, 480, 3\]"):
        export_package(package, tmp_path / "out", verify=False)


def test_the_command_prints_errors_on_stderr_and_returns_1(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main([str(tmp_path), str(tmp_path / "out")]) == 1
    assert "a model package is a folder with an info.json" in capsys.readouterr().err


def test_help_warns_that_unpickling_runs_code(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "runs code" in capsys.readouterr().out
