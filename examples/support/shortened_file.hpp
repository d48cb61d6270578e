// SPDX-License-Identifier: Apache-2.0
// Ends the program with a message if a mapped file was truncated.
#pragma once

namespace speciesnet {

/// Models are mapped into memory. When another program makes such a file shorter while it is mapped
/// (cp over it does), reading what is gone is a SIGBUS. From this call on the program then says
/// which file it was and ends. For programs: a library leaves signals to the process it is in.
/// @param before    written to standard error before the file's path
/// @param after     written after it
/// @param exit_code that the program ends with
void name_shortened_files(const char* before, const char* after, int exit_code);

}  // namespace speciesnet
