// SPDX-License-Identifier: Apache-2.0
// Implements libtiff's callbacks.
#include "tiff_file.hpp"

#include "byte_order.hpp"
#include "exif_directory.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace speciesnet {
namespace {

/// Checks the first directory before libtiff sees it: libtiff copies the data of all fields, and
/// sorts its list of known fields again for each unknown one.
void check_directory(Bytes file) {
    static constexpr std::uint64_t max_fields = 300;
    // Two equal values may share storage.
    static constexpr std::uint64_t slack = 4096;
    const bool is_big = file.size() > 2 && (file[2] == std::byte{43} || file[3] == std::byte{43});
    const ByteOrder order = file[0] == std::byte{'M'} ? ByteOrder::big : ByteOrder::little;
    const std::size_t word = is_big ? 8 : 4;
    const std::size_t count_bytes = is_big ? 8 : 2;
    const std::size_t entry_bytes = 4 + 2 * word;
    const auto number = [&](std::uint64_t at, std::size_t bytes) {
        return read_unsigned(file.subspan(static_cast<std::size_t>(at), bytes), order);
    };
    if (file.size() < 4 + 2 * word) {
        return;  // libtiff reports the fault
    }
    const std::uint64_t start = number(is_big ? 8 : 4, word);
    if (start > file.size() || file.size() - start < count_bytes) {
        return;
    }
    const std::uint64_t fields = number(start, count_bytes);
    if (fields == 0) {
        // libtiff would report a lack of memory.
        throw_undecodable(MediaType::tiff, "a directory without fields");
    }
    if (fields > max_fields) {
        throw_undecodable(MediaType::tiff, "too many fields");
    }
    std::uint64_t outside = 0;
    std::uint64_t at = start + count_bytes;
    for (std::uint64_t i = 0; i < fields && file.size() - at >= entry_bytes;
         ++i, at += entry_bytes) {
        const std::uint64_t values = number(at + 4, word);
        const auto type = static_cast<std::uint16_t>(number(at + 2, 2));
        const bool is_wide = type == TIFF_SLONG8 || type == TIFF_IFD8;
        const std::uint64_t value_bytes = is_wide ? 8 : tiff_field_bytes(type);
        // libtiff refuses or truncates a field that extends beyond the file.
        const std::uint64_t bytes = values > file.size() ? file.size() : values * value_bytes;
        outside += bytes > word ? bytes : 0;
        if (outside > file.size() + slack) {
            throw_undecodable(MediaType::tiff, "overlapping fields");
        }
    }
}

}  // namespace

TiffFile::TiffFile(Bytes bytes, std::size_t max_allocation)
    : source_(std::make_unique<Source>(Source{bytes})), tiff_(nullptr, TIFFClose) {
    check_directory(bytes);
    const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(
        TIFFOpenOptionsAlloc(), TIFFOpenOptionsFree);
    if (!options) {
        throw std::bad_alloc();
    }
    const auto ignore = [](TIFF*, void*, const char*, const char*, std::va_list) { return 1; };
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(max_allocation));
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), remember, source_.get());
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore, nullptr);
    const auto refuse_to_write = [](thandle_t, void*, tmsize_t) -> tmsize_t { return 0; };
    const auto close = [](thandle_t) { return 0; };
    const auto size = [](thandle_t source) -> toff_t {
        return static_cast<Source*>(source)->bytes.size();
    };
    tiff_.reset(TIFFClientOpenExt("", "rm", source_.get(), read, refuse_to_write, seek, close, size,
                                  nullptr, nullptr, options.get()));
    if (!tiff_) {
        refuse();
    }
}

void TiffFile::refuse() const {
    if (source_->out_of_memory) {
        throw std::bad_alloc();
    }
    throw_undecodable(MediaType::tiff, source_->message);
}

tmsize_t TiffFile::read(thandle_t handle, void* buffer, tmsize_t size) {
    auto& source = *static_cast<Source*>(handle);
    const std::uint64_t end = source.bytes.size();
    const std::uint64_t from = std::min(source.position, end);
    const std::uint64_t count =
        std::min(end - from, static_cast<std::uint64_t>(std::max<tmsize_t>(size, 0)));
    if (count > 0) {
        std::memcpy(buffer, source.bytes.data() + from, count);
    }
    source.position = from + count;
    return static_cast<tmsize_t>(count);
}

std::uint64_t TiffFile::seek(thandle_t handle, std::uint64_t offset, int whence) {
    auto& source = *static_cast<Source*>(handle);
    const std::uint64_t base = whence == SEEK_CUR   ? source.position
                               : whence == SEEK_END ? source.bytes.size()
                                                    : 0;
    source.position = base + offset;
    return source.position;
}

int TiffFile::remember(TIFF*, void* source, const char*, const char* format,
                       std::va_list arguments) {
    std::array<char, 200> text{};
    if (std::vsnprintf(text.data(), text.size(), format, arguments) > 0) {
        auto& kept = *static_cast<Source*>(source);
        kept.message = text.data();
        // libtiff reports this only in a message.
        kept.over_limit |= kept.message.find("limit defined in open options") != std::string::npos;
        const bool wanted_memory = std::ranges::any_of(
            std::array{"memory", "No space for", "o allocate"},
            [&](const char* words) { return kept.message.find(words) != std::string::npos; });
        kept.out_of_memory |= wanted_memory && !kept.over_limit;
    }
    return 1;
}

}  // namespace speciesnet
