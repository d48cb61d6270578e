#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Called by conda-build, which passes its compilers and folders in environment variables.
set -euo pipefail
# shellcheck disable=SC2086  # CMAKE_ARGS is a list
cmake -G Ninja -B build ${CMAKE_ARGS} -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$PREFIX" -DCMAKE_INSTALL_LIBDIR=lib \
    -DSPECIESNET_BUILD_TESTS=OFF -DSPECIESNET_WITH_TORCH=OFF -DSPECIESNET_WITH_HEIF=OFF -DSPECIESNET_WITH_VIDEO=OFF \
    -DSPECIESNET_WITH_MAGIC=OFF
cmake --build build
cmake --install build
