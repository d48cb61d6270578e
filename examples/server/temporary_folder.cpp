// SPDX-License-Identifier: Apache-2.0
#include "temporary_folder.hpp"

#include "system_calls.hpp"

#include <array>
#include <utility>

namespace server {
namespace {

constexpr std::size_t random_bytes = 16;

std::string random_name() {
    std::array<std::byte, random_bytes> bytes{};
    if (!fill_with_randomness(bytes)) {
        throw speciesnet::IoError(
            speciesnet::ErrorCode::io,
            "cannot name a temporary file: the system provides no random numbers");
    }
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string name;
    for (const auto byte : bytes) {
        name += digits[std::to_integer<unsigned>(byte) >> 4U];
        name += digits[std::to_integer<unsigned>(byte) & 15U];
    }
    return name;
}

}  // namespace

TemporaryFile::TemporaryFile(const TemporaryFolder& folder, std::string name)
    : folder_(&folder), name_(std::move(name)), file_(folder.make(name_)) {}

TemporaryFile::~TemporaryFile() {
    remove();
}

void TemporaryFile::remove() noexcept {
    if (file_.is_open() && !removed_) {
        folder_->take_out(name_, file_);
        removed_ = true;
    }
}

void TemporaryFile::append(std::string_view bytes) {
    write_all(file_, bytes, "a temporary file");
    size_ += bytes.size();
}

TemporaryFile TemporaryFolder::create() const {
    return {*this, random_name()};
}

bool TemporaryFolder::is_our_name(std::string_view name) noexcept {
    return name.size() == 2 * random_bytes &&
           name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace server
