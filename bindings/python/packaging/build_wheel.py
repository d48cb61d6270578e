# SPDX-License-Identifier: Apache-2.0
"""Builds the wheel: the package with libspeciesnet_c, the command line, and their dependencies.

    build_wheel.py --prefix /opt/speciesnet --output dist
    build_wheel.py --prefix /opt/speciesnet --output dist --torch 2.15.0
    build_wheel.py --prefix arm64/prefix --output dist --sysroot arm64-sysroot

The prefix is where the preset wheel was installed, or another build, also one for Windows or another
machine: the wheel is for the platform of the library in the prefix. Without --torch everything that
it needs from its system goes into the wheel, except the C and C++ run time: it is then independent
of any PyTorch in the process. With --torch (for a library built against that version of the package
torch) the wheel requires that package and uses its LibTorch. --sysroot is the folder with the system
of a cross build, with Debian's packages. Either wheel fits every Python 3 on its platform.
check_wheel.py says whether it can be given to others.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from check_wheel import RUN_TIME, Unfit, platform_of, platform_tag, shared_objects
from own_libraries import dependencies, search_own_folder, unshare
from windows_libraries import is_dll

_PACKAGE = Path(__file__).resolve().parents[1]
_NAME = "speciesnet_cpp"
# Where a prefix has the library and the program, on Linux and on Windows.
_LIBRARIES = (Path("lib/libspeciesnet_c.so.1"), Path("bin/speciesnet_c.dll"))
_PROGRAMS = (Path("bin/speciesnet"), Path("bin/speciesnet.exe"))


def _needed(library: Path, system: Path) -> dict[str, Path]:
    """Returns all dependencies of a library by name, as found by the linker of a system."""
    if is_dll(library):
        return {}  # Builds for Windows link everything statically but what every Windows has.
    found = dependencies(library, system)
    return {name: path for name, path in found.items() if not RUN_TIME.match(name)}


def _library(prefix: Path) -> Path:
    for name in _LIBRARIES:
        if (prefix / name).exists():
            return prefix / name
    names = " nor ".join(map(str, _LIBRARIES))
    raise Unfit(f"{prefix} has neither {names}: install a build there with cmake --install")


def _copy_own(library: Path, package: Path, system: Path) -> dict[Path, Path]:
    """Copies what this project builds to its place in the package; returns each copy with its original."""
    prefix = library.parents[1]
    own = {package / "lib" / library.name: library}
    for plugin in library.parent.glob("libspeciesnet_torch-*.so"):
        own[package / "lib" / plugin.name] = plugin
    for program in filter(Path.exists, (prefix / name for name in _PROGRAMS)):
        own[package / "bin" / program.name] = program
        for name, path in _needed(program, system).items():
            if name.startswith("libspeciesnet"):
                own[package / "lib" / name] = path
    for copy, original in own.items():
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(original, copy)
    return own


def _copyright(library: Path, system: Path) -> Path | None:
    """Returns the licence text of the Debian package that contains a system's library."""
    database = system / "var/lib/dpkg"
    for path in (library, library.resolve()):
        # Not the whole path, because packages have some of /usr/lib in /lib, to which it is linked.
        pattern = f"*/{path.parent.name}/{path.name}"
        owner = subprocess.run(
            ["dpkg-query", f"--admindir={database}", "--search", pattern],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if owner.returncode == 0:
            return system / "usr/share/doc" / owner.stdout.split(":")[0] / "copyright"
    return None


def _bundle(own: dict[Path, Path], system: Path, target: Path, licences: Path) -> None:
    """Copies the originals' dependencies from the system, with their licences."""
    needed = {
        name: path for original in own.values() for name, path in _needed(original, system).items()
    }
    for name, path in needed.items():
        if (target / name).exists():
            continue
        shutil.copyfile(path, target / name)
        unshare(target / name)
        text = _copyright(path, system)
        if text is not None and text.exists():
            licences.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, licences / text.parent.name)
        else:
            print(f"{name}: {system} has no licence text of its package; add it before you give "
                  "the wheel to others", file=sys.stderr)  # fmt: skip
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


def _copy_licences(prefix: Path, licences: Path) -> None:
    """Copies the licences of the libraries that a build for Windows contains.

    Raises:
        Unfit: If they were not installed.
    """
    installed = prefix / "licences"
    if not installed.is_dir():
        raise Unfit(
            f"{installed} is missing, with the licences of what the DLL links: "
            "build with SPECIESNET_SYSROOT, as scripts/platforms/windows does"
        )
    shutil.copytree(installed, licences)


def build(prefix: Path, output: Path, torch: str | None, platform: str | None, system: Path) -> Path:
    """Builds a wheel and returns its path.

    Raises:
        Unfit, ValueError: If the prefix does not have what a wheel needs.
    """
    version = _version()
    library = _library(prefix)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        package = root / _NAME
        info = root / f"{_NAME}-{version}.dist-info"
        ignored = shutil.ignore_patterns("__pycache__", "lib", "bin")
        shutil.copytree(_PACKAGE / _NAME, package, ignore=ignored)
        info.mkdir()
        own = _copy_own(library, package, system)
        if torch:
            (package / "lib" / "torch-version").write_text(torch, encoding="ascii")
            platform = platform or platform_of(library)
        else:
            if is_dll(library):
                _copy_licences(prefix, info / "licenses")
            else:
                _bundle(own, system, package / "lib", info / "licenses")
            (package / "lib" / "bundled").touch()
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
    parser.add_argument(
        "--sysroot", type=Path, default=Path("/"), help="system of the libraries; by default this one"
    )
    given = parser.parse_args()
    try:
        print(build(given.prefix, given.output, given.torch, given.platform, given.sysroot))
    except (Unfit, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
