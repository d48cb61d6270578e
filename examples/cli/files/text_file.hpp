// SPDX-License-Identifier: Apache-2.0
// Reads and atomically writes text files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// @throws IoError naming the file
std::string read_text_file(const std::filesystem::path& file);

/// The lines of a file, as UTF-8, without blanks and quotes around them; empty lines are left out.
/// UTF-16 is known by its byte order mark.
/// @throws IoError; InvalidArgument for a file with zero bytes
std::vector<std::string> read_lines(const std::filesystem::path& file);

/// Without blanks, tabs and line ends at both ends.
std::string strip(std::string_view text);

/// With small letters in the place of capitals; ASCII letters alone.
std::string lower_case(std::string_view text);

/// Checks that write_text_file() has a chance, so that hours of work are not lost at their end.
/// @throws IoError if the folder is missing or not writable, or the name is taken by something that
/// is not a plain file
void check_writable(const std::filesystem::path& file);

/// Replaces a file in one step, as AtomicFile does.
/// @throws IoError; the old content then remains and no temporary file does
void write_text_file(const std::filesystem::path& file, std::string_view content);

}  // namespace speciesnet::cli
