# SPDX-License-Identifier: Apache-2.0
# Cross-compiles for 64-bit Windows with Debian's g++-mingw-w64-x86-64-posix. SPECIESNET_SYSROOT is a folder with the static libraries
# that scripts/platforms/windows builds. Programs run under Wine.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SPECIESNET_SYSROOT)
set(CMAKE_FIND_ROOT_PATH "${SPECIESNET_SYSROOT}" /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# Debian also provides zlib for Windows as a DLL, which CMake would find first.
set(ZLIB_LIBRARY /usr/x86_64-w64-mingw32/lib/libz.a CACHE FILEPATH "Static zlib")
set(ENV{PKG_CONFIG_LIBDIR} "${SPECIESNET_SYSROOT}/lib/pkgconfig")
# Wine decodes arguments and file names with the locale's encoding.
set(CMAKE_CROSSCOMPILING_EMULATOR env LC_ALL=C.UTF-8 WINEDEBUG=-all wine)
