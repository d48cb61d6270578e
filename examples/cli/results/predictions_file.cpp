// SPDX-License-Identifier: Apache-2.0
// Reads block by block with the library's reader.
#include "predictions_file.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/json.hpp"
#include "speciesnet/utf8_path.hpp"

#include "camtrap_dp_package.hpp"
#include "megadetector_document.hpp"

#include <array>
#include <cerrno>
#include <istream>
#include <streambuf>
#include <string_view>
#include <utility>

namespace speciesnet::cli {
namespace {

constexpr std::size_t block_size = 65536;

/// A file as a stream that can be rewound.
class FileBuffer final : public std::streambuf {
public:
    FileBuffer(const FileDescriptor& file, const std::string& name) : file_(file), name_(name) {}

protected:
    int_type underflow() override {
        const auto count = read_at(file_, block_, offset_, utf8_path(name_));
        offset_ += count;
        setg(block_.data(), block_.data(), block_.data() + count);
        return count == 0 ? traits_type::eof() : traits_type::to_int_type(block_.front());
    }
    pos_type seekpos(pos_type position, std::ios_base::openmode /*which*/) override {
        offset_ = static_cast<std::uint64_t>(position);
        setg(block_.data(), block_.data(), block_.data());
        return position;
    }

private:
    const FileDescriptor& file_;
    const std::string& name_;
    std::uint64_t offset_ = 0;
    std::array<char, block_size> block_{};
};

bool is_of_document(const InvalidArgument& error) {
    return error.code() == ErrorCode::json_syntax || error.code() == ErrorCode::json_content;
}

}  // namespace

PredictionsFile::PredictionsFile(std::string file, const std::string& flag)
    : file_(std::move(file)),
      origin_((flag.empty() ? "'" : flag + ": '") + file_ + '\''),
      package_(camtrap_dp_folder(utf8_path(file_))),
      descriptor_(open_to_read(utf8_path(file_))) {
    if (!package_.empty()) {
        return;
    }
    if (!descriptor_.is_open()) {
        throw_io_error((flag.empty() ? "" : flag + ": ") + "cannot read", utf8_path(file_), errno);
    }
    if (!has_places(descriptor_)) {
        keep_what_comes();
    }
}

void PredictionsFile::keep_what_comes() {
    auto kept = open_unnamed_file("document");
    std::array<char, block_size> block{};
    while (const auto count = read_on(descriptor_, block, utf8_path(file_))) {
        write_all(kept, {block.data(), count}, utf8_path(file_));
    }
    descriptor_ = std::move(kept);
}

void PredictionsFile::for_each(const std::function<void(const Prediction&)>& visit) const {
    std::array<char, block_size> block{};
    std::uint64_t offset = 0;
    try {
        if (!package_.empty()) {
            read_camtrap_dp(package_, visit);
            return;
        }
        const auto beginning = read_at(descriptor_, block, 0, utf8_path(file_));
        if (is_megadetector_document({block.data(), beginning})) {
            FileBuffer buffer(descriptor_, file_);
            std::istream document(&buffer);
            // Makes the stream rethrow exceptions of the buffer instead of setting a flag.
            document.exceptions(std::ios_base::badbit);
            read_megadetector_document(document, visit);
            return;
        }
        PredictionsReader reader([&](Prediction&& prediction) { visit(prediction); });
        while (const auto count = read_at(descriptor_, block, offset, utf8_path(file_))) {
            reader.add({block.data(), count});
            offset += count;
        }
        reader.end();
        run_ = reader.run();
    } catch (const InvalidArgument& error) {
        if (!is_of_document(error)) {
            throw;
        }
        throw InvalidArgument(origin_ + ": " + error.what(), error.code());
    }
}

}  // namespace speciesnet::cli
