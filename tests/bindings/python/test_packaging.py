# SPDX-License-Identifier: Apache-2.0
"""The contents of a wheel, and the systems that it supports."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

PACKAGING = Path(__file__).resolve().parents[3] / "bindings" / "python" / "packaging"
sys.path.insert(0, str(PACKAGING))
from build_wheel import build  # noqa: E402
from check_wheel import Unfit, check, check_objects, licence_of, platform_of, platform_tag  # noqa: E402
from own_libraries import dependencies, needed_libraries, needed_versions  # noqa: E402
from windows_libraries import needed_dlls  # noqa: E402

LIBRARY = Path(os.environ["SPECIESNET_LIBRARY"]).resolve()


def dll(*needed: str, delayed: tuple[str, ...] = (), machine: int = 0x8664) -> bytes:
    """Returns a DLL of one section, which is loaded at 0x1000 and begins at 0x200 of the file."""
    names = b"".join(name.encode() + b"\0" for name in (*needed, *delayed))
    tables = (len(needed) + 1) * 20 + (len(delayed) + 1) * 32
    addresses, address = [], 0x1000 + tables
    for name in (*needed, *delayed):
        addresses.append(address)
        address += len(name) + 1
    imports = b"".join(struct.pack("<12xII", a, 0) for a in addresses[: len(needed)]) + bytes(20)
    later = b"".join(struct.pack("<II24x", 1, a) for a in addresses[len(needed) :]) + bytes(32)
    directories = [(0, 0)] * 16
    directories[1] = (0x1000, len(imports))
    if delayed:
        directories[13] = (0x1000 + len(imports), len(later))
    optional = struct.pack("<H110x", 0x20B) + b"".join(struct.pack("<II", *entry) for entry in directories)
    coff = struct.pack("<HH12xHH", machine, 1, len(optional), 0x2022)
    content = imports + later + names
    section = struct.pack("<8sIIII16x", b".idata", len(content), 0x1000, len(content), 0x200)
    header = struct.pack("<2s58xI", b"MZ", 0x40) + b"PE\0\0" + coff + optional + section
    return header.ljust(0x200, b"\0") + content


class PackagingTest(unittest.TestCase):
    def test_libraries_under_the_gpl_and_those_that_need_files_are_refused(self) -> None:
        for name, reason in (
            ("libjbig.so.0", "GPL.*SPECIESNET_WITH_TIFF=OFF"),
            ("libx265.so.199", "GPL.*SPECIESNET_WITH_HEIF=OFF"),
            ("libavcodec.so.59", "GPL.*SPECIESNET_WITH_VIDEO=OFF"),
            ("libmagic.so.1", "database.*SPECIESNET_WITH_MAGIC=OFF"),
            ("libnobodyknows.so.1", "find out its licence"),
        ):
            with self.assertRaisesRegex(Unfit, reason):
                licence_of(name)
        self.assertEqual(licence_of("libcurl.so.4"), "curl")
        self.assertEqual(licence_of("libldap-2.5.so.0"), "OLDAP-2.8")

    def test_what_is_needed_and_missing_is_named(self) -> None:
        with self.assertRaisesRegex(Unfit, r"needs libjpeg\.so\.\d+, which is not in the wheel"):
            check_objects([LIBRARY])

    def test_the_tag_is_that_of_the_newest_symbol(self) -> None:
        self.assertIn("libc.so.6", needed_libraries(LIBRARY))
        versions = needed_versions(LIBRARY)
        printed = subprocess.run(
            ["readelf", "--version-info", "--wide", str(LIBRARY)], capture_output=True, text=True, check=True
        ).stdout
        for version in versions:
            self.assertIn(f"Name: {version} ", printed)
        newest = max(int(v.split(".")[1]) for v in versions if v.startswith("GLIBC_2."))
        minor = int(platform_tag([LIBRARY]).split("_")[2])
        self.assertGreaterEqual(minor, newest)

    def test_dependencies_are_those_that_the_linker_finds(self) -> None:
        listing = subprocess.run(["ldd", str(LIBRARY)], capture_output=True, text=True, check=True).stdout
        loaded = dict(re.findall(r"^\s*(\S+) => (/\S+)", listing, re.MULTILINE))
        found = dependencies(LIBRARY, Path("/"))
        self.assertEqual(
            {name: found[name].resolve() for name in loaded}, {n: Path(p).resolve() for n, p in loaded.items()}
        )
        self.assertEqual([name for name in found if name not in loaded and "ld-linux" not in name], [])

    def test_outside_a_wheel_the_command_says_where_it_is(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "speciesnet_cpp"], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("only wheels have the command line", done.stderr)

    def test_the_command_returns_the_status_of_its_child(self) -> None:
        # As on Windows, where a process cannot be replaced.
        program = (
            "import sys; from speciesnet_cpp.__main__ import _run\n"
            "sys.exit(_run([sys.executable, '-c', 'raise SystemExit(7)']))"
        )
        self.assertEqual(subprocess.run([sys.executable, "-c", program], check=False).returncode, 7)


class OtherPlatformsTest(unittest.TestCase):
    """Wheels for a system that is not this one."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.prefix = self.folder / "prefix"
        self.dll = self.prefix / "bin" / "speciesnet_c.dll"
        self.dll.parent.mkdir(parents=True)

    def compiled(self, compiler: str, output: Path, *arguments: object) -> Path:
        """Compiles an empty shared library."""
        output.parent.mkdir(parents=True, exist_ok=True)
        source = ("-x", "c", os.devnull, "-x", "none")
        linking = ("-shared", "-nostdlib", "-Wl,--no-as-needed", "-o", output, *arguments)
        subprocess.run([compiler, *source, *map(str, linking)], check=True)
        return output

    def test_the_machine_is_that_of_the_header(self) -> None:
        content = bytearray(Path(shutil.which("true") or "/bin/true").read_bytes())
        copies = {}
        for number in (62, 183, 243):
            struct.pack_into("<H", content, 0x12, number)
            copies[number] = self.folder / f"{number}.so"
            copies[number].write_bytes(content)
        self.assertRegex(platform_tag([copies[62]]), r"^manylinux_2_\d+_x86_64$")
        self.assertRegex(platform_tag([copies[183]]), r"^manylinux_2_\d+_aarch64$")
        with self.assertRaisesRegex(Unfit, r"one platform, it has 62\.so \(linux_x86_64\), 183\.so \(linux_aarch64\)"):
            platform_tag([copies[62], copies[183]])
        with self.assertRaisesRegex(ValueError, "ELF's number 243"):
            platform_of(copies[243])
        with self.assertRaisesRegex(Unfit, "it has none"):
            platform_tag([])

    def test_dlls_of_windows_are_not_missing_and_others_are(self) -> None:
        self.dll.write_bytes(dll("KERNEL32.dll", "msvcrt.dll", delayed=("CRYPT32.dll",)))
        self.assertEqual(needed_dlls(self.dll), ["KERNEL32.dll", "msvcrt.dll", "CRYPT32.dll"])
        self.assertEqual(platform_tag([self.dll]), "win_amd64")
        self.assertEqual(check_objects([self.dll]), {"speciesnet_c.dll": "Apache-2.0"})
        for others in (dll("libgcc_s_seh-1.dll"), dll("KERNEL32.dll", delayed=("libgcc_s_seh-1.dll",))):
            self.dll.write_bytes(others)
            with self.assertRaisesRegex(Unfit, r"c\.dll needs libgcc_s_seh-1\.dll, which is not in the wheel"):
                check_objects([self.dll])

    def test_files_that_are_not_for_64_bit_windows_are_refused(self) -> None:
        good = dll("KERNEL32.dll")
        self.dll.write_bytes(dll("KERNEL32.dll", machine=0xAA64))
        with self.assertRaisesRegex(ValueError, "number 0xaa64"):
            platform_of(self.dll)
        for bad in (b"MZ", good[:0x50], good.replace(b"PE\0\0", b"LE\0\0"), good.replace(b"\x0b\x02", b"\x0b\x01")):
            self.dll.write_bytes(bad)
            with self.assertRaisesRegex(ValueError, "not a 64-bit DLL"):
                platform_of(self.dll)

    def test_a_compiled_dll_needs_what_objdump_lists(self) -> None:
        compiler, objdump = "x86_64-w64-mingw32-gcc-posix", "x86_64-w64-mingw32-objdump"
        if shutil.which(compiler) is None:
            self.skipTest(f"{compiler} is not installed")
        source = self.folder / "ticks.c"
        source.write_text("unsigned long GetTickCount(void);\nunsigned long ticks(void) { return GetTickCount(); }\n")
        subprocess.run([compiler, "-shared", "-o", self.dll, source], check=True)
        listing = subprocess.run([objdump, "-p", self.dll], check=True, capture_output=True, text=True).stdout
        self.assertEqual(needed_dlls(self.dll), re.findall(r"DLL Name: (\S+)", listing))

    def test_a_wheel_for_windows_has_the_licences_of_what_is_linked(self) -> None:
        self.dll.write_bytes(dll("KERNEL32.dll"))
        self.dll.with_name("speciesnet.exe").write_bytes(dll("KERNEL32.dll", "SHELL32.dll"))
        with self.assertRaisesRegex(Unfit, "licences is missing"):
            build(self.prefix, self.folder, None, None, Path("/"))
        (self.prefix / "licences").mkdir()
        (self.prefix / "licences" / "zlib.txt").touch()
        wheel = build(self.prefix, self.folder, None, None, Path("/"))
        self.assertRegex(wheel.name, r"^speciesnet_cpp-[\d.]+-py3-none-win_amd64\.whl$")
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            check(wheel)
        self.assertIn("win_amd64", printed.getvalue())
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
        for name in ("speciesnet_cpp/lib/speciesnet_c.dll", "speciesnet_cpp/bin/speciesnet.exe"):
            self.assertIn(name, names)
        self.assertTrue(any(name.endswith(".dist-info/licenses/zlib.txt") for name in names))

    def test_a_prefix_without_a_library_is_refused(self) -> None:
        with self.assertRaisesRegex(Unfit, r"neither lib/libspeciesnet_c\.so\.1 nor bin/speciesnet_c\.dll"):
            build(self.prefix, self.folder, None, None, Path("/"))

    def test_a_cross_build_gets_libraries_and_licences_of_its_sysroot(self) -> None:
        for compiler, machine in (("aarch64-linux-gnu-gcc", "aarch64"), ("x86_64-linux-gnu-gcc", "x86_64")):
            with self.subTest(machine), tempfile.TemporaryDirectory() as folder:
                if shutil.which(compiler) is None or shutil.which("dpkg-query") is None:
                    self.skipTest(f"{compiler} or dpkg-query is not installed")
                self.check_cross_build(compiler, machine, Path(folder))

    def check_cross_build(self, compiler: str, machine: str, folder: Path) -> None:
        prefix, sysroot = folder / "prefix", folder / "sysroot"
        libraries = sysroot / "usr/lib" / f"{machine}-linux-gnu"
        png = self.compiled(compiler, libraries / "libpng16.so.16", "-Wl,-soname,libpng16.so.16")
        # One that is needed indirectly, and only found by its user's own search path.
        private = self.compiled(compiler, libraries / "private/libz.so.1", "-Wl,-soname,libz.so.1")
        jpeg = self.compiled(
            compiler, libraries / "libjpeg.so.62", private, "-Wl,-soname,libjpeg.so.62,-rpath,$ORIGIN/private"
        )
        # The linker passes over a library of the same name for another machine.
        (sysroot / "lib64").mkdir()
        (sysroot / "lib64/libjpeg.so.62").write_bytes(b"\x7fELF\x01\x01".ljust(64, b"\0"))
        (sysroot / "etc/ld.so.conf.d").mkdir(parents=True)
        (sysroot / "etc/ld.so.conf.d/first.conf").write_text("# a comment\n/lib64\n")
        self.compiled(
            compiler, prefix / "lib/libspeciesnet_c.so.1", jpeg, png,
            "-Wl,-rpath,$ORIGIN/../lib,--allow-shlib-undefined",
        )  # fmt: skip
        database = sysroot / "var/lib/dpkg"
        (database / "info").mkdir(parents=True)
        (database / "status").write_text(
            "Package: libjpeg62\nStatus: install ok unpacked\nArchitecture: all\nVersion: 1\n"
            "Maintainer: nobody\nDescription: none\n"
        )
        # Packages name the folder that is now linked to the one in /usr.
        (database / "info/libjpeg62.list").write_text(f"/.\n/lib/{machine}-linux-gnu/libjpeg.so.62\n")
        licence = sysroot / "usr/share/doc/libjpeg62/copyright"
        licence.parent.mkdir(parents=True)
        licence.write_text("anything")

        with contextlib.redirect_stderr(io.StringIO()) as warnings:
            wheel = build(prefix, folder, None, None, sysroot)
        self.assertRegex(warnings.getvalue(), r"libz\.so\.1: .* has no licence text")
        self.assertNotIn("libjpeg", warnings.getvalue())
        self.assertTrue(wheel.name.endswith(f"-manylinux_2_31_{machine}.whl"), wheel.name)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            check(wheel)
        self.assertIn("libjpeg.so.62 ", printed.getvalue())
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
            archive.extract("speciesnet_cpp/lib/libspeciesnet_c.so.1", folder)
        bundled = {name.rsplit("/", 1)[-1] for name in names if ".so." in name}
        self.assertEqual(bundled, {"libspeciesnet_c.so.1", "libpng16.so.16", "libjpeg.so.62", "libz.so.1"})
        self.assertEqual([name for name in names if "/licenses/" in name][0].rsplit("/", 1)[-1], "libjpeg62")
        dynamic = subprocess.run(
            ["readelf", "--dynamic", folder / "speciesnet_cpp/lib/libspeciesnet_c.so.1"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        self.assertIn("[$ORIGIN]", dynamic)


if __name__ == "__main__":
    unittest.main()
