// SPDX-License-Identifier: Apache-2.0
// Ends the program with a message if a mapped file was truncated.
#pragma once

namespace speciesnet {

/// Models are mapped into memory. If another program truncates such a file (as cp does when it
/// overwrites one), reading the missing part causes SIGBUS. After this call, the program then
/// reports the file and ends. For programs only: a library leaves signals to its process.
/// @param before    written to standard error before the file's path
/// @param after     written after it
/// @param exit_code exit code of the program
void name_shortened_files(const char* before, const char* after, int exit_code);

}  // namespace speciesnet
