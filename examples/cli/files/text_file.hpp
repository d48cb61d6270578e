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

/// Reads the lines of a file as UTF-8, without surrounding blanks and quotes; omits empty lines.
/// Detects UTF-16 by its byte order mark.
/// @throws IoError; InvalidArgument if the file contains zero bytes
std::vector<std::string> read_lines(const std::filesystem::path& file);

/// Removes leading and trailing blanks, tabs and line ends.
std::string strip(std::string_view text);

/// Converts ASCII letters to lower case.
std::string lower_case(std::string_view text);

/// Checks that write_text_file() is likely to succeed, so that hours of work are not lost at the
/// end.
/// @throws IoError if the folder is missing or not writable, or the path is not a regular file
void check_writable(const std::filesystem::path& file);

/// Replaces a file atomically, as AtomicFile does.
/// @throws IoError; the old content then remains, and no temporary file
void write_text_file(const std::filesystem::path& file, std::string_view content);

}  // namespace speciesnet::cli
