# SPDX-License-Identifier: Apache-2.0
"""Finds and loads libspeciesnet_c, without disturbing another PyTorch in the process."""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.util
import os
import sys
from pathlib import Path

NAME = "speciesnet_c.dll" if os.name == "nt" else "libspeciesnet_c.so.1"
ABI_MAJOR, ABI_MINOR = 1, 0

_FOLDER = Path(__file__).resolve().parent / "lib"


def _candidates() -> list[str]:
    """Returns the paths to try: the user's, the wheel's library, the system's."""
    given = os.environ.get("SPECIESNET_LIBRARY")
    if given:
        return [given]
    bundled = _FOLDER / NAME
    return [str(bundled)] if bundled.exists() else [NAME]


def _torch_folder(version: str) -> Path:
    """Returns the library folder of the package torch of exactly this version, without importing it."""
    spec = importlib.util.find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(f"this build of speciesnet-cpp needs the package torch=={version}")
    found = importlib.metadata.version("torch").split("+")[0]
    if found != version:
        raise ImportError(f"this build of speciesnet-cpp needs torch=={version}, found {found}")
    return Path(spec.submodule_search_locations[0]) / "lib"


def _load_companions(library: Path) -> None:
    """Loads dependencies that the dynamic linker would not find, so that it finds them by name.

    A wheel has, beside the library, one of two files: `torch-version`, if it was built for the
    LibTorch of the package torch, or `bundled`, if the wheel contains all dependencies.
    """
    torch_version, bundled = library.with_name("torch-version"), library.with_name("bundled")
    companions: list[Path] = []
    if torch_version.exists():
        folder = _torch_folder(torch_version.read_text(encoding="ascii").strip())
        companions = [folder / "libc10.so", folder / "libtorch_cpu.so"]
    elif "torch" in sys.modules and not bundled.exists() and os.name != "nt":
        # On Linux, C++ shares some variables among all libraries of a process, even with RTLD_LOCAL, so two
        # LibTorch of different versions abort it. The copies in the wheel are modified so that they
        # do not share them.
        raise ImportError(
            f"{library} uses the system's LibTorch and cannot be loaded beside the package torch; "
            "use a wheel of speciesnet-cpp, which has its own"
        )
    for companion in companions:
        ctypes.CDLL(str(companion), mode=ctypes.RTLD_LOCAL)


def load() -> ctypes.CDLL:
    """Loads the library with local symbols.

    Raises:
        ImportError: If there is none, if its ABI differs from that of these bindings, or if this
            Python's paths are not those of the library.
    """
    if sys.getfilesystemencoding() != "utf-8" and os.name == "nt":
        raise ImportError(
            "speciesnet-cpp needs paths in UTF-8, which is Python's own choice on Windows: "
            "unset PYTHONLEGACYWINDOWSFSENCODING"
        )
    errors = []
    for path in _candidates():
        try:
            _load_companions(Path(path))
            library = ctypes.CDLL(path, mode=ctypes.RTLD_LOCAL)
        except OSError as error:
            errors.append(str(error))
            continue
        library.speciesnet_abi_version.restype = ctypes.c_uint32
        major, minor = divmod(library.speciesnet_abi_version(), 65536)
        if major != ABI_MAJOR or minor < ABI_MINOR:
            raise ImportError(
                f"{path} has ABI {major}.{minor}; these bindings need {ABI_MAJOR}.{ABI_MINOR}"
            )
        return library
    raise ImportError(
        f"cannot load {NAME} ({'; '.join(errors)}); install it, or set SPECIESNET_LIBRARY"
    )
