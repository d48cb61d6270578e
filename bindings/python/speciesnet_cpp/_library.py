"""Finding and loading libspeciesnet_c, without disturbing another PyTorch in the process."""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.util
import os
from pathlib import Path

NAME = "libspeciesnet_c.so.1"
ABI_MAJOR, ABI_MINOR = 1, 0

_FOLDER = Path(__file__).resolve().parent / "lib"


def _candidates() -> list[str]:
    """Where to look: a path that the user gives, the wheel's own library, the system's."""
    given = os.environ.get("SPECIESNET_LIBRARY")
    if given:
        return [given]
    bundled = _FOLDER / NAME
    return [str(bundled)] if bundled.exists() else [NAME]


def _load_torch_of(library: str) -> None:
    """Loads the LibTorch of the installed package torch, if the wheel was built for it.

    Its folder is on no search path. Once loaded, the linker finds it by its name. The file
    `torch-version` beside the library says which version that must be; a library that was built for
    the system's LibTorch has no such file.
    """
    wanted = Path(library).parent / "torch-version"
    if not wanted.exists():
        return
    version = wanted.read_text(encoding="ascii").strip()
    spec = importlib.util.find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(f"this build of speciesnet-cpp needs the package torch=={version}")
    found = importlib.metadata.version("torch").split("+")[0]
    if found != version:
        raise ImportError(f"this build of speciesnet-cpp needs torch=={version}, found {found}")
    folder = Path(spec.submodule_search_locations[0])
    for name in ("libc10.so", "libtorch_cpu.so"):
        ctypes.CDLL(str(folder / "lib" / name), mode=os.RTLD_LOCAL | os.RTLD_NOW)


def load() -> ctypes.CDLL:
    """Loads the library with its symbols kept to itself.

    Raises:
        ImportError: If there is none, or if it has another ABI than these bindings.
    """
    errors = []
    for path in _candidates():
        try:
            _load_torch_of(path)
            library = ctypes.CDLL(path, mode=os.RTLD_LOCAL | os.RTLD_NOW)
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
