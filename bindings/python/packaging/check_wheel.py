# SPDX-License-Identifier: Apache-2.0
"""Lists the shared objects of a wheel with their licences, and fails if it cannot be distributed.

    check_wheel.py speciesnet_cpp-0.1.0-py3-none-manylinux_2_36_x86_64.whl

Fails if a library is missing that another needs, if one has an unknown licence or the GPL, if one
reads files that other systems have elsewhere, or if the wheel's tag promises an older system than
its libraries need. Nothing of the wheel is run: it may be for another machine or for Windows.
"""

from __future__ import annotations

import re
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import own_libraries
import windows_libraries
from own_libraries import is_library, needed_libraries, needed_versions
from windows_libraries import is_dll, needed_dlls

# Every Linux has its own version of these, which must not be replaced.
RUN_TIME = re.compile(r"^(ld-linux.*|linux-vdso|lib(c|m|dl|rt|pthread|resolv|stdc\+\+|gcc_s))\.so")
# Part of every Windows.
_DLLS_OF_WINDOWS = re.compile(r"(advapi32|bcrypt|crypt32|kernel32|msvcrt|shell32|ws2_32)\.dll", re.IGNORECASE)

# Licences by name without lib and .so, as stated in Debian's packages; of two licences, the chosen
# one.
_LICENCES = {
    r"speciesnet(_c|_torch-[\d.]+)?": "Apache-2.0",
    r"acl|rtmp|gnutls|tasn1|keyutils": "LGPL-2.1-or-later",
    r"archive|lz4|xlsxwriter": "BSD-2-Clause",
    r"brotli(dec|common)|com_err|ffi|nghttp2|psl|xml2|deflate": "MIT",
    r"gssapi_krb5|krb5(support)?|k5crypto": "MIT",
    r"bz2": "bzip2-1.0.6",
    r"crypto|ssl|simdjson": "Apache-2.0",
    r"curl": "curl",
    r"gmp|hogweed|nettle|idn2|unistring": "LGPL-3.0-or-later",
    r"icu(uc|data)": "Unicode-DFS-2016",
    r"jpeg": "IJG AND BSD-3-Clause AND Zlib",
    r"(ldap|lber)(-2\.\d)?": "OLDAP-2.8",
    r"lzma": "0BSD",
    r"minizip|z": "Zlib",
    r"p11-kit|ssh2|webp(demux)?|sharpyuv|zstd": "BSD-3-Clause",
    r"png\d+": "libpng-2.0",
    r"sasl2": "BSD-4-Clause-UC",
}
# Reasons why a library must not be part of a wheel.
_REFUSED = {
    r"jbig": "it is under the GPL (Debian's libtiff needs it): build with SPECIESNET_WITH_TIFF=OFF",
    r"x265": "it is under the GPL (Debian 12's libheif needs it): build with SPECIESNET_WITH_HEIF=OFF",
    r"av(codec|format|util)|sw(scale|resample)": "it is under the GPL in Debian: build with SPECIESNET_WITH_VIDEO=OFF",
    r"magic": "it needs the system's database: build with SPECIESNET_WITH_MAGIC=OFF",
}

# The oldest glibc (2.N) of systems whose libstdc++ has GLIBCXX_3.4.N, from auditwheel's policies.
_GLIBC_OF_GLIBCXX = ((28, 31), (29, 34), (30, 35), (33, 39))


class Unfit(Exception):
    """The wheel cannot be distributed; the message has a line for each reason."""


def licence_of(name: str) -> str:
    """Returns the licence of a library or program.

    Raises:
            Unfit: If it must not be part of a wheel, or its licence is not known here.
    """
    stem = re.split(r"\.(?:so|dll|exe)", name)[0].removeprefix("lib")
    for pattern, reason in _REFUSED.items():
        if re.fullmatch(pattern, stem):
            raise Unfit(f"{name}: {reason}")
    for pattern, licence in _LICENCES.items():
        if re.fullmatch(pattern, stem):
            return licence
    raise Unfit(f"{name}: find out its licence and add it to {Path(__file__).name}")


def _newest(versions: Iterable[str], prefix: str) -> int:
    found = (re.match(rf"{re.escape(prefix)}(\d+)", version) for version in versions)
    return max((int(match.group(1)) for match in found if match), default=0)


def platform_of(path: Path) -> str:
    """Returns the platform of a library or program: linux_MACHINE or win_MACHINE.

    Raises:
        ValueError: If wheels are not built for it.
    """
    return windows_libraries.platform(path) if is_dll(path) else own_libraries.platform(path)


def platform_tag(objects: Iterable[Path]) -> str:
    """Returns the tag of the oldest systems on which libraries and programs run.

    Raises:
        Unfit: If no system runs all of them, or if they require a libstdc++ that is newer than those
            known here.
    """
    platforms = {path: platform_of(path) for path in objects}
    if len(set(platforms.values())) != 1:
        listing = ", ".join(f"{path.name} ({name})" for path, name in platforms.items())
        raise Unfit(f"a wheel needs libraries of one platform, it has {listing or 'none'}")
    platform = next(iter(platforms.values()))
    if platform.startswith("win_"):
        return platform
    versions = {version for path in platforms for version in needed_versions(path)}
    glibc = _newest(versions, "GLIBC_2.")
    glibcxx = _newest(versions, "GLIBCXX_3.4.")
    enough = [least for newest, least in _GLIBC_OF_GLIBCXX if glibcxx <= newest]
    if not enough:
        raise Unfit(f"GLIBCXX_3.4.{glibcxx} is newer than {Path(__file__).name} knows")
    return platform.replace("linux", f"manylinux_2_{max(glibc, enough[0])}", 1)


def shared_objects(folder: Path) -> list[Path]:
    """Returns the libraries and programs in a folder and its subfolders, by name."""
    return sorted(path for path in folder.rglob("*") if is_library(path) or is_dll(path))


def _needed_beside(path: Path) -> list[str]:
    """Returns what a library or program needs that is not part of every system."""
    if is_dll(path):
        return [name for name in needed_dlls(path) if not _DLLS_OF_WINDOWS.fullmatch(name)]
    return [name for name in needed_libraries(path) if not RUN_TIME.match(name)]


def check_objects(objects: list[Path]) -> dict[str, str]:
    """Returns the licence of each library by name, for a wheel without missing dependencies.

    Raises:
            Unfit: If the wheel cannot be distributed.
    """
    names = {path.name for path in objects}
    licences, reasons = {}, []
    for path in objects:
        try:
            licences[path.name] = licence_of(path.name)
        except Unfit as error:
            reasons.append(str(error))
        missing = [name for name in _needed_beside(path) if name not in names]
        reasons += [
            f"{path.name} needs {name}, which is not in the wheel, "
            f"nor known to {Path(__file__).name} as part of every system"
            for name in missing
        ]
    if reasons:
        raise Unfit("\n".join(reasons))
    return licences


def check(wheel: Path) -> None:
    """Prints the contents of a wheel.

    Raises:
            Unfit: If it cannot be distributed.
    """
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        objects = shared_objects(Path(folder))
        for name, licence in check_objects(objects).items():
            print(f"{name:32} {licence}")
        tag = platform_tag(objects)
    print(f"{len(objects)} shared objects, {wheel.stat().st_size / 1e6:.1f} MB, {tag}")
    if not wheel.stem.endswith(f"-{tag}"):
        raise Unfit(f"{wheel.name} should have the tag {tag}")


if __name__ == "__main__":
    try:
        check(Path(sys.argv[1]))
    except (Unfit, ValueError) as error:
        sys.exit(str(error))
