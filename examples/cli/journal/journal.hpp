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

/// A file that results are only ever added to. Each is on disk, as the kernel sees it, when
/// append() returns, so that it survives whatever ends the program; it survives a power failure if
/// that comes a second later. Locked against other runs. For one thread at a time.
class Journal {
public:
    /// What becomes of results that are there already.
    enum class Earlier { kept, discarded };

    /// Opens a journal. If there is none, it is made with the first result.
    /// @param settings of this run; a journal that exists keeps its own
    /// @throws InvalidArgument if the file is something else or another run has it; IoError
    Journal(std::filesystem::path file, Earlier earlier, std::vector<JournalSetting> settings);

    /// A journal without a name, which is gone when the program ends however it ends.
    explicit Journal(std::vector<JournalSetting> settings);

    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// Those of the run that began it.
    const std::vector<JournalSetting>& settings() const noexcept { return settings_; }

    /// Results in a journal that was there, failed photos included; nothing is changed.
    /// @pre it was there
    std::size_t count_results() const;

    /// Hands over what is there, in the order in which it came: of several results of a photo the
    /// last counts. To be called before the first append(). A line that was not finished is cut
    /// off.
    /// @return lines that were damaged
    std::size_t recover(const std::function<void(JournalReader::Entry&&)>& found);

    /// @throws IoError; the journal then ends before the result, and can still be read and resumed
    JournalPlace append(const JournalResult& result);

    /// @param place of an earlier append() or recover() @throws IoError
    JournalResult read(const JournalPlace& place) const;

    /// Brings to the disk what is not there yet. @throws IoError
    void sync();

    /// Takes the file away, if it has a name: its results are elsewhere.
    void remove();

private:
    bool open_and_lock(Keeping keeping);
    void begin();
    ReadBytes bytes_from_the_start() const;

    std::filesystem::path file_;
    bool named_;
    FileDescriptor descriptor_;
    std::vector<JournalSetting> settings_;
    std::unique_ptr<JournalReader> reader_;  ///< Behind the head, until recover() is done.
    bool begun_ = false;                     ///< Whether the file holds the head.
    std::uint64_t end_ = 0;
    std::chrono::steady_clock::time_point synced_ = std::chrono::steady_clock::now();
};

}  // namespace speciesnet::cli
