// SPDX-License-Identifier: Apache-2.0
// libxlsxwriter writes to a path. It receives that of an unnamed open file, whose content then
// replaces the output atomically.
#include "workbook.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "drawing/utf8.hpp"
#include "file_descriptor.hpp"
#include "files/atomic_file.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include <xlsxwriter.h>

namespace speciesnet::cli {
namespace {

/// Maximum number of characters in a cell of Excel. Source: Microsoft, "Excel specifications and
/// limits".
constexpr std::size_t longest_text = 32'767;
/// Wide enough for most paths and times.
constexpr double column_width = 20;

std::string name_of(const FileDescriptor& file) {
    return "/proc/self/fd/" + std::to_string(file.get());
}

lxw_datetime to_datetime(const CaptureTime& time) {
    const auto day = std::chrono::floor<std::chrono::days>(time.local);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time.local - day);
    return {.year = static_cast<int>(date.year()),
            .month = static_cast<int>(static_cast<unsigned>(date.month())),
            .day = static_cast<int>(static_cast<unsigned>(date.day())),
            .hour = static_cast<int>(clock.hours().count()),
            .min = static_cast<int>(clock.minutes().count()),
            .sec = static_cast<double>(clock.seconds().count()) +
                   std::chrono::duration<double>(clock.subseconds()).count()};
}

/// The formats of cells.
struct Formats {
    lxw_format* heading = nullptr;
    lxw_format* time = nullptr;
};

class Sheet : public Table {
public:
    Sheet(std::filesystem::path file, lxw_worksheet& sheet, const Formats& formats,
          const Columns& columns)
        : file_(std::move(file)), sheet_(sheet), formats_(formats) {
        for (const auto column : columns) {
            check(worksheet_write_string(&sheet_, row_, column_++, std::string(column).c_str(),
                                         formats_.heading));
        }
        const auto last = static_cast<lxw_col_t>(columns.size() - 1);
        check(worksheet_set_column(&sheet_, 0, last, column_width, nullptr));
        worksheet_freeze_panes(&sheet_, 1, 0);
        end_row();
    }

    using Table::field;

    Sheet& field(std::string_view any_text) override {
        auto text = valid_utf8(any_text);
        if (text.size() > longest_text) {
            text = valid_utf8(text.substr(0, longest_text));
        }
        // Written as text, so that a text starting with "=" does not become a formula.
        check(worksheet_write_string(&sheet_, row_, column_++, text.c_str(), nullptr));
        return *this;
    }

    Sheet& field(double number, int decimals) override {
        if (!std::isfinite(number)) {
            return blank_fields(1);
        }
        const double scale = std::pow(10.0, decimals);
        check(worksheet_write_number(&sheet_, row_, column_++, std::round(number * scale) / scale,
                                     nullptr));
        return *this;
    }

    Sheet& field(std::size_t number) override {
        check(
            worksheet_write_number(&sheet_, row_, column_++, static_cast<double>(number), nullptr));
        return *this;
    }

    /// Writes an Excel date; Excel's calendar begins in 1900.
    Sheet& field(const CaptureTime& time) override {
        auto datetime = to_datetime(time);
        if (datetime.year < 1900 || datetime.year > 9999) {
            return field(to_iso8601(time));
        }
        check(worksheet_write_datetime(&sheet_, row_, column_++, &datetime, formats_.time));
        return *this;
    }

    Sheet& blank_fields(std::size_t count) override {
        column_ = static_cast<lxw_col_t>(column_ + count);
        return *this;
    }

    void end_row() override {
        ++row_;
        column_ = 0;
    }

private:
    /// @throws IoError if the library reports an error
    void check(lxw_error error) const {
        if (error == LXW_NO_ERROR) {
            return;
        }
        throw IoError(ErrorCode::io,
                      "cannot write '" + utf8_text(file_) + "': " +
                          (row_ >= LXW_ROW_MAX ? "a sheet of Excel holds at most 1,048,576 rows; "
                                                 "write CSV instead"
                                               : lxw_strerror(error)));
    }

    std::filesystem::path file_;
    lxw_worksheet& sheet_;
    const Formats& formats_;
    lxw_row_t row_ = 0;
    lxw_col_t column_ = 0;
};

class XlsxWorkbook : public Workbook {
public:
    explicit XlsxWorkbook(std::filesystem::path file)
        : file_(std::move(file)), content_(open_unnamed_file("workbook")) {
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE;
        workbook_.reset(workbook_new_opt(name_of(content_).c_str(), &options));
        if (!workbook_) {
            throw IoError(ErrorCode::io, "cannot begin the workbook '" + utf8_text(file_) + "'");
        }
        formats_.heading = workbook_add_format(workbook_.get());
        format_set_bold(formats_.heading);
        formats_.time = workbook_add_format(workbook_.get());
        format_set_num_format(formats_.time, "yyyy-mm-dd hh:mm:ss");
    }

    Table& add_sheet(const char* name, const Columns& columns) override {
        auto* const sheet = workbook_add_worksheet(workbook_.get(), name);
        if (sheet == nullptr) {
            throw IoError(ErrorCode::io,
                          "cannot add a sheet to the workbook '" + utf8_text(file_) + "'");
        }
        return sheets_.emplace_back(file_, *sheet, formats_, columns);
    }

    void publish() override {
        // workbook_close() also frees the workbook.
        if (const auto error = workbook_close(workbook_.release()); error != LXW_NO_ERROR) {
            throw IoError(ErrorCode::io,
                          "cannot write '" + utf8_text(file_) + "': " + lxw_strerror(error));
        }
        AtomicFile output(file_);
        std::array<char, 65536> piece{};
        std::uint64_t offset = 0;
        while (const auto count = read_at(content_, piece, offset, file_)) {
            output.write({piece.data(), count});
            offset += count;
        }
        output.publish();
    }

private:
    struct Release {
        void operator()(lxw_workbook* workbook) const { lxw_workbook_free(workbook); }
    };

    std::filesystem::path file_;
    FileDescriptor content_;
    std::unique_ptr<lxw_workbook, Release> workbook_;
    Formats formats_;
    std::deque<Sheet> sheets_;
};

}  // namespace

bool has_workbooks() noexcept {
    return true;
}

std::unique_ptr<Workbook> Workbook::create(const std::filesystem::path& file) {
    return std::make_unique<XlsxWorkbook>(file);
}

}  // namespace speciesnet::cli
