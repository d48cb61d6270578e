# SPDX-License-Identifier: Apache-2.0
"""Builds the wheel: the package with libspeciesnet_c, the command line, and their dependencies.

    build_wheel.py --prefix /opt/speciesnet --output dist
    build_wheel.py --prefix /opt/speciesnet --output dist --torch 2.15.0

The prefix is where the preset wheel was installed, or another build. Without --torch everything that
it needs from this system goes into the wheel, except the C and C++ run time: it is then independent
of any PyTorch in the process. With --torch (for a library built against that version of the package
torch) the wheel requires that package and uses its LibTorch. Either wheel fits every Python 3 on
this platform. check_wheel.py says whether it can be given to others.
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
from platform import machine

from check_wheel import RUN_TIME, platform_tag, shared_objects
from own_libraries import search_own_folder, unshare

_PACKAGE = Path(__file__).resolve().parents[1]
_NAME = "speciesnet_cpp"
_LIBRARY = "libspeciesnet_c.so.1"
_PROGRAM = "speciesnet"


def _needed(library: Path) -> dict[str, Path]:
    """Returns all dependencies of a library by name, as found by the linker of this system."""
    listing = subprocess.run(["ldd", str(library)], check=True, capture_output=True, text=True)
    found = re.findall(r"^\s*(\S+) => (/\S+)", listing.stdout, re.MULTILINE)
    return {name: Path(path) for name, path in found if not RUN_TIME.match(name)}


def _copy_own(prefix: Path, package: Path) -> dict[Path, Path]:
    """Copies what this project builds to its place in the package; returns each copy with its original."""
    folder = prefix / "lib"
    own = {package / "lib" / _LIBRARY: folder / _LIBRARY}
    for plugin in folder.glob("libspeciesnet_torch-*.so"):
        own[package / "lib" / plugin.name] = plugin
    program = prefix / "bin" / _PROGRAM
    if program.exists():
        own[package / "bin" / _PROGRAM] = program
        for name, path in _needed(program).items():
            if name.startswith("libspeciesnet"):
                own[package / "lib" / name] = path
    for copy, original in own.items():
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(original, copy)
    return own


def _copyright(library: Path) -> Path | None:
    """Returns the licence text of the Debian package that contains a library."""
    for path in (library, library.resolve()):
        owner = subprocess.run(
            ["dpkg-query", "--search", str(path)], capture_output=True, text=True, check=False
        )
        if owner.returncode == 0:
            return Path("/usr/share/doc", owner.stdout.split(":")[0], "copyright")
    return None


def _bundle(own: dict[Path, Path], target: Path, licences: Path) -> None:
    """Copies the originals' dependencies from the system, with their licences."""
    needed = {name: path for original in own.values() for name, path in _needed(original).items()}
    for name, path in needed.items():
        if (target / name).exists():
            continue
        shutil.copyfile(path, target / name)
        unshare(target / name)
        text = _copyright(path)
        if text is not None and text.exists():
            licences.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, licences / text.parent.name)
    (target / "bundled").touch()
    for copy in own:
        search_own_folder(copy, "$ORIGIN" if copy.parent == target else "$ORIGIN/../lib")


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
        "Requires-Dist: pillow ; extra == 'all'\n"
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
            # Keeps the file mode, because pip takes a program's permission to run from it.
            entry = zipfile.ZipInfo(name)
            entry.external_attr = path.stat().st_mode << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
        record.append(f"{info.name}/RECORD,,")
        archive.writestr(f"{info.name}/RECORD", "\n".join(record) + "\n")
    temporary.rename(wheel)


def build(prefix: Path, output: Path, torch: str | None, platform: str | None) -> Path:
    """Builds a wheel and returns its path."""
    version = _version()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        package = root / _NAME
        info = root / f"{_NAME}-{version}.dist-info"
        ignored = shutil.ignore_patterns("__pycache__", "lib", "bin")
        shutil.copytree(_PACKAGE / _NAME, package, ignore=ignored)
        info.mkdir()
        own = _copy_own(prefix, package)
        if torch:
            (package / "lib" / "torch-version").write_text(torch, encoding="ascii")
            platform = platform or f"linux_{machine()}"
        else:
            _bundle(own, package / "lib", info / "licenses")
            platform = platform or platform_tag(shared_objects(package))
        tag = f"py3-none-{platform}"
        (info / "METADATA").write_text(_metadata(version, torch), encoding="utf-8")
        (info / "WHEEL").write_text(
            f"Wheel-Version: 1.0\nGenerator: build_wheel.py\nRoot-Is-Purelib: false\nTag: {tag}\n",
            encoding="utf-8",
        )
        (info / "entry_points.txt").write_text(
            f"[console_scripts]\nspeciesnet = {_NAME}.__main__:main\n", encoding="utf-8"
        )
        for name in ("LICENSE", "NOTICE"):
            shutil.copyfile(_PACKAGE.parents[1] / name, info / name)
        output.mkdir(parents=True, exist_ok=True)
        wheel = output / f"{_NAME}-{version}-{tag}.whl"
        _write(root, wheel)
    return wheel


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--prefix", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--torch", help="version of the package torch that has the LibTorch")
    parser.add_argument("--platform", help="platform tag of the wheel; by default that of its libraries")
    arguments = parser.parse_args()
    print(build(arguments.prefix, arguments.output, arguments.torch, arguments.platform))


if __name__ == "__main__":
    main()
