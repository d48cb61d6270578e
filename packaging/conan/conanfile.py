# SPDX-License-Identifier: Apache-2.0
"""The libraries for C++ and C, from the source tree that contains this recipe: conan create packaging/conan --build=missing"""

import re
from pathlib import Path

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain
from conan.tools.files import copy

# The options and their requirements. The CMake option is SPECIESNET_WITH_ and the name in capitals.
PARTS = {
    "download": ("libcurl/[>=7.85 <9]", "libarchive/[>=3.6 <4]", "openssl/[>=3 <4]"),
    "json": ("simdjson/[>=3 <4]",),
    "png": ("libpng/[>=1.6 <2]",),
    "tiff": ("libtiff/[>=4.5 <5]",),
    "webp": ("libwebp/[>=1.2 <2]",),
}


class SpeciesNet(ConanFile):
    name = "speciesnet"
    description = "Names the animal in a camera-trap photo: Google's SpeciesNet as a C++ library"
    license = "Apache-2.0"
    package_type = "shared-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {part: [True, False] for part in PARTS}
    default_options = dict.fromkeys(PARTS, True)

    def set_version(self) -> None:
        project = self._source_tree() / "CMakeLists.txt"
        self.version = re.search(r"project\(speciesnet VERSION (\S+)", project.read_text(encoding="utf-8"))[1]

    def export_sources(self) -> None:
        for pattern in ("CMakeLists.txt", "LICENSE", "NOTICE", "*.md", *(f"{folder}/*" for folder in ("capi", "cmake", "examples/demo/model", "include", "packaging", "src"))):
            copy(self, pattern, self._source_tree(), self.export_sources_folder)

    def requirements(self) -> None:
        self.requires("libjpeg-turbo/[>=2.1 <4]")
        self.requires("nlohmann_json/[>=3.9 <4]")
        self.requires("zlib/[>=1.2 <2]")
        for part, requirements in PARTS.items():
            if self.options.get_safe(part):
                for requirement in requirements:
                    self.requires(requirement)

    def generate(self) -> None:
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables |= {f"SPECIESNET_WITH_{part.upper()}": bool(self.options.get_safe(part)) for part in PARTS}
        for absent in ("BUILD_EXAMPLES", "BUILD_TESTS", "WITH_HEIF", "WITH_MAGIC", "WITH_TORCH"):
            toolchain.cache_variables[f"SPECIESNET_{absent}"] = False
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self) -> None:
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self) -> None:
        CMake(self).install()
        for text in ("LICENSE", "NOTICE"):
            copy(self, text, self.source_folder, Path(self.package_folder, "licenses"))

    def package_info(self) -> None:
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = ["lib/cmake/speciesnet"]

    def _source_tree(self) -> Path:
        return Path(self.recipe_folder).parents[1]
