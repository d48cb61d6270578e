// SPDX-License-Identifier: Apache-2.0
// Replaces workbooks in builds without libxlsxwriter.
#include "speciesnet/error.hpp"

#include "workbook.hpp"

namespace speciesnet::cli {

bool has_workbooks() noexcept {
    return false;
}

std::unique_ptr<Workbook> Workbook::create(const std::filesystem::path& /*file*/) {
    throw InvalidArgument("this program was built without libxlsxwriter; write CSV instead");
}

}  // namespace speciesnet::cli
