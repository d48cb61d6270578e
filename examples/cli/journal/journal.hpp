// SPDX-License-Identifier: Apache-2.0
// Saves the results of a run as they are computed, so that an interrupted run can continue.
#pragma once

#include "file_descriptor.hpp"
#include "journal_reader.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace speciesnet::cli {

/// An append-only file of results. When append() returns, the kernel has the result, so that it
/// survives any end of the program. A power failure loses at most the last second. Locked against
/// other runs. Not thread-safe.
class Journal {
public:
    /// What to do with existing results.
    enum class Earlier { kept, discarded };

    /// Opens a journal. If there is none, it is created with the first result.
    /// @param settings of this run; an existing journal keeps its own
    /// @throws InvalidArgument if the file is not a journal or another run uses it; IoError
    Journal(std::filesystem::path file, Earlier earlier, std::vector<JournalSetting> settings);

    /// Creates a nameless journal, which disappears when the program ends in any way.
    explicit Journal(std::vector<JournalSetting> settings);

    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// Returns the settings of the run that created it.
    const std::vector<JournalSetting>& settings() const noexcept { return settings_; }

    /// Returns the number of results in an existing journal, including failed photos, without
    /// changes.
    /// @pre the journal existed
    std::size_t count_results() const;

    /// Passes on the existing results in the order in which they were added; the last result of a
    /// photo counts. Must be called before the first append(). Removes an incomplete last line.
    /// @return number of damaged lines
    std::size_t recover(const std::function<void(JournalReader::Entry&&)>& found);

    /// @throws IoError; the journal then ends before the result, and can still be read and resumed
    JournalPlace append(const JournalResult& result);

    /// @param place from append() or recover() @throws IoError
    JournalResult read(const JournalPlace& place) const;

    /// Syncs to disk. @throws IoError
    void sync();

    /// Removes the file, if it has a name, after its results have been written elsewhere.
    void remove();

private:
    bool open_and_lock(Keeping keeping);
    void begin();
    ReadBytes bytes_from_the_start() const;

    std::filesystem::path file_;
    bool named_;
    FileDescriptor descriptor_;
    std::vector<JournalSetting> settings_;
    std::unique_ptr<JournalReader> reader_;  ///< Positioned after the head until recover() is done.
    bool begun_ = false;                     ///< Whether the file contains the head.
    std::uint64_t end_ = 0;
    std::chrono::steady_clock::time_point synced_ = std::chrono::steady_clock::now();
};

}  // namespace speciesnet::cli
