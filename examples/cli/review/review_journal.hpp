// SPDX-License-Identifier: Apache-2.0
// Decisions about photos, one on each line, in an append-only file.
#pragma once

#include "file_descriptor.hpp"
#include "review.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// A line: a decision about a photo, or its withdrawal.
struct ReviewEntry {
    std::string filepath;          ///< As in the document.
    std::optional<Review> review;  ///< Nothing withdraws the last decision.

    friend bool operator==(const ReviewEntry&, const ReviewEntry&) = default;
};

/// Returns a line with its end: a checksum, then fields separated by tabs.
std::string review_line(const ReviewEntry& entry);
/// @return nothing if the line is damaged or truncated @param line without its end
std::optional<ReviewEntry> parse_review_line(std::string_view line);

/// The decisions that are valid after a number of lines.
class Reviews {
public:
    void apply(ReviewEntry entry);

    /// Returns null if there is no decision. Valid until the next apply().
    const Review* find(const std::string& filepath) const;
    std::size_t size() const noexcept { return by_photo_.size(); }
    bool empty() const noexcept { return by_photo_.empty(); }

    /// Reads a journal; a missing file has no decisions.
    /// @param damaged set to the number of lines that were skipped
    /// @throws IoError; InvalidArgument if it is another kind of file
    static Reviews read(const std::filesystem::path& journal, std::size_t* damaged = nullptr);

private:
    /// All decisions, of which the last is valid; never empty.
    std::map<std::string, std::vector<Review>, std::less<>> by_photo_;
};

/// Returns the path of the decisions about a document.
std::filesystem::path review_journal_of(const std::filesystem::path& document);

/// Adds decisions to a journal.
class ReviewJournal {
public:
    /// Opens or creates the journal, and removes a partial last line left by a crash. Locks the
    /// file, so that only one program can decide. Does not follow links.
    /// @throws IoError; InvalidArgument if another program holds the lock, or it is another kind of
    /// file
    explicit ReviewJournal(std::filesystem::path file);

    /// Syncs decisions to disk, all or none. @throws IoError
    void add(std::span<const ReviewEntry> entries);

private:
    std::filesystem::path file_;
    FileDescriptor descriptor_;
};

}  // namespace speciesnet::cli
