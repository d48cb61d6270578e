// libtiff's callbacks.
#include "tiff_file.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace speciesnet {

TiffFile::TiffFile(Bytes bytes, std::size_t max_allocation)
    : source_(std::make_unique<Source>(Source{bytes})), tiff_(nullptr, TIFFClose) {
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
        static_cast<Source*>(source)->message = text.data();
    }
    return 1;
}

}  // namespace speciesnet
