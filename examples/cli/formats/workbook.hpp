// SPDX-License-Identifier: Apache-2.0
// Writes Excel workbooks (.xlsx).
#pragma once

#include "table.hpp"

#include <filesystem>
#include <memory>

namespace speciesnet::cli {

/// Returns whether this program can write workbooks.
bool has_workbooks() noexcept;

/// A workbook that is being written. Rows go to unnamed temporary files, so that memory does not
/// grow.
class Workbook {
public:
    /// @throws IoError; InvalidArgument if this program cannot write workbooks
    static std::unique_ptr<Workbook> create(const std::filesystem::path& file);

    virtual ~Workbook() = default;
    Workbook(const Workbook&) = delete;
    Workbook& operator=(const Workbook&) = delete;

    /// Adds a sheet whose first row contains the columns' names and is frozen. It is valid as long
    /// as the workbook. It must be complete before the next one is added.
    virtual Table& add_sheet(const char* name, const Columns& columns) = 0;

    /// Gives the file its name. @throws IoError
    virtual void publish() = 0;

protected:
    Workbook() = default;
};

}  // namespace speciesnet::cli
