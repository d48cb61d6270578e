// SPDX-License-Identifier: Apache-2.0
// Reads a journal, which may be damaged or hostile.
#pragma once

#include "speciesnet/prediction.hpp"

#include "journal_lines.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// Something that must be the same for a run to continue another's results.
struct JournalSetting {
    std::string name;   ///< Without blanks; mostly a flag.
    std::string value;  ///< JSON on one line.

    friend bool operator==(const JournalSetting&, const JournalSetting&) = default;
};

/// Where a result stands in its journal.
struct JournalPlace {
    std::uint64_t offset = 0;
    std::uint32_t length = 0;  ///< Of the line without its end; 0 for nowhere.
};

/// The result of one photo.
struct JournalResult {
    /// Which of the inputs with this path it belongs to: 0 for the first.
    std::size_t occurrence = 0;
    Prediction prediction;
};

/// The first lines of a journal: what it is, and the settings of its run.
std::string journal_head(const std::vector<JournalSetting>& settings);

/// One line. Numbers keep all their digits.
std::string journal_line(const JournalResult& result);

/// What a line says.
/// @return nothing if it is damaged or no result
std::optional<JournalResult> parse_journal_line(std::string_view line);

/// Walks through the results. Damaged lines are skipped; the photos they were of count as not
/// done.
class JournalReader {
public:
    /// Reads the head.
    /// @param origin names the file in errors
    /// @throws InvalidArgument if this is not a journal, or not of the version that is written here
    JournalReader(ReadBytes read, const std::string& origin);

    const std::vector<JournalSetting>& settings() const noexcept { return settings_; }

    struct Entry {
        JournalPlace place;
        JournalResult result;
    };
    /// The next result; nothing at the end.
    std::optional<Entry> next();

    /// Lines skipped so far that were damaged. A last line that was not finished is not one of
    /// them.
    std::size_t damaged_lines() const noexcept { return damaged_lines_; }
    /// Where the lines that have an end stop, once next() has come to the end.
    std::uint64_t end() const noexcept { return end_; }

private:
    std::optional<std::string_view> next_content();

    LineSplitter lines_;
    std::vector<JournalSetting> settings_;
    std::size_t damaged_lines_ = 0;
    std::uint64_t end_ = 0;
};

}  // namespace speciesnet::cli
