# SPDX-License-Identifier: Apache-2.0
"""Builds the wheel: the package with libspeciesnet_c and, unless PyTorch's is used, LibTorch inside.

    build_wheel.py --library /opt/speciesnet/lib/libspeciesnet_c.so --output dist
    build_wheel.py --library … --output dist --torch 2.15.0

Without --torch everything that the library needs from this system goes into the wheel, except the C
and C++ run time: it is then independent of any PyTorch in the process. With --torch (for a library
built against that version of the package torch) the wheel requires that package and uses its
LibTorch. The library is an installed one. Either wheel fits every Python 3 on this platform.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from own_libraries import search_own_folder, unshare

_PACKAGE = Path(__file__).resolve().parents[1]
_NAME = "speciesnet_cpp"
_LIBRARY = "libspeciesnet_c.so.1"
# What every Linux has in a version of its own, which must not be replaced.
_RUN_TIME = re.compile(r"^(ld-linux.*|linux-vdso|lib(c|m|dl|rt|pthread|resolv|stdc\+\+|gcc_s))\.so")


def _needed(library: Path) -> dict[str, Path]:
    """All libraries that a library needs, by name, as the linker of this system finds them."""
    listing = subprocess.run(["ldd", str(library)], check=True, capture_output=True, text=True)
    found = re.findall(r"^\s*(\S+) => (/\S+)", listing.stdout, re.MULTILINE)
    return {name: Path(path) for name, path in found if not _RUN_TIME.match(name)}


def _own(library: Path) -> dict[str, Path]:
    """The library and, unless it is linked to LibTorch, the one that it loads for that."""
    beside = library.resolve().parent.glob("libspeciesnet_torch-*.so")
    return {_LIBRARY: library} | {path.name: path for path in beside}


def _bundle(own: dict[str, Path], target: Path) -> None:
    for library in own.values():
        for name, path in _needed(library).items():
            shutil.copyfile(path, target / name)
            unshare(target / name)
    (target / "bundled").touch()
    for name in own:
        search_own_folder(target / name)


def _version() -> str:
    project = (_PACKAGE.parents[1] / "CMakeLists.txt").read_text(encoding="utf-8")
    match = re.search(r"project\(speciesnet VERSION (\S+)", project)
    assert match is not None
    return match.group(1)


def _metadata(version: str, torch: str | None) -> str:
    requires = f"Requires-Dist: torch (=={torch})\n" if torch else ""
    return (
        "Metadata-Version: 2.1\n"
        "Name: speciesnet-cpp\n"
        f"Version: {version}\n"
        "Summary: Names the animal in a camera-trap photo: SpeciesNet as a C++ library\n"
        "License: Apache-2.0\n"
        "Requires-Python: >=3.9\n"
        f"{requires}"
        "Provides-Extra: all\n"
        "Requires-Dist: numpy ; extra == 'all'\n"
        "Requires-Dist: pandas ; extra == 'all'\n"
        "Requires-Dist: tqdm ; extra == 'all'\n"
        "Provides-Extra: distributed\n"
        "Requires-Dist: ray[data] ; extra == 'distributed'\n"
        "Requires-Dist: pyarrow ; extra == 'distributed'\n"
    )


def _write(root: Path, wheel: Path) -> None:
    record = []
    temporary = wheel.with_suffix(".tmp")
    info = next(root.glob("*.dist-info"))
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            name = path.relative_to(root).as_posix()
            content = path.read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            record.append(f"{name},sha256={digest.decode()},{len(content)}")
            archive.writestr(name, content)
        record.append(f"{info.name}/RECORD,,")
        archive.writestr(f"{info.name}/RECORD", "\n".join(record) + "\n")
    temporary.rename(wheel)


def build(library: Path, output: Path, torch: str | None, platform: str) -> Path:
    """Builds a wheel and returns its path."""
    version = _version()
    tag = f"py3-none-{platform}"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        ignored = shutil.ignore_patterns("__pycache__", "lib")
        shutil.copytree(_PACKAGE / _NAME, root / _NAME, ignore=ignored)
        target = root / _NAME / "lib"
        target.mkdir()
        own = _own(library)
        for name, path in own.items():
            shutil.copyfile(path, target / name)
        if torch:
            (target / "torch-version").write_text(torch, encoding="ascii")
        else:
            _bundle(own, target)
        info = root / f"{_NAME}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(_metadata(version, torch), encoding="utf-8")
        (info / "WHEEL").write_text(
            f"Wheel-Version: 1.0\nGenerator: build_wheel.py\nRoot-Is-Purelib: false\nTag: {tag}\n",
            encoding="utf-8",
        )
        shutil.copyfile(_PACKAGE.parents[1] / "LICENSE", info / "LICENSE")
        output.mkdir(parents=True, exist_ok=True)
        wheel = output / f"{_NAME}-{version}-{tag}.whl"
        _write(root, wheel)
    return wheel


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--torch", help="version of the package torch that has the LibTorch")
    parser.add_argument("--platform", default="linux_x86_64", help="platform tag of the wheel")
    arguments = parser.parse_args()
    print(build(arguments.library, arguments.output, arguments.torch, arguments.platform))


if __name__ == "__main__":
    main()
