# SPDX-License-Identifier: Apache-2.0
# Builds for 64-bit ARM on another Linux, with Debian's g++-aarch64-linux-gnu. SPECIESNET_SYSROOT is a folder with Debian's arm64
# packages, as scripts/platforms/arm64 makes it; programs run under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SPECIESNET_SYSROOT)
set(CMAKE_SYSROOT "${SPECIESNET_SYSROOT}")
set(CMAKE_FIND_ROOT_PATH "${SPECIESNET_SYSROOT}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${SPECIESNET_SYSROOT}")
set(ENV{PKG_CONFIG_LIBDIR} "${SPECIESNET_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${SPECIESNET_SYSROOT}/usr/share/pkgconfig")
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L "${SPECIESNET_SYSROOT}")
