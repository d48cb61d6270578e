// SPDX-License-Identifier: Apache-2.0
// A bounds-checked cursor over untrusted bytes.
#pragma once

#include "import/invalid_model.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace speciesnet {

class ByteReader {
public:
    explicit ByteReader(std::string_view bytes, std::size_t position = 0) : bytes_(bytes) {
        skip(position);
    }

    std::size_t position() const noexcept { return position_; }
    std::size_t left() const noexcept { return bytes_.size() - position_; }

    /// Returns a view of the next bytes.
    /// @throws ModelError (model_invalid) if there are fewer; so do all other readers here
    std::string_view take(std::uint64_t count) {
        if (count > left()) {
            invalid_model("the file ends too early");
        }
        const auto taken = bytes_.substr(position_, static_cast<std::size_t>(count));
        position_ += taken.size();
        return taken;
    }

    void skip(std::uint64_t count) { take(count); }

    /// Returns the text up to the next line feed, and skips the line feed.
    std::string_view line() {
        const std::size_t end = bytes_.find('\n', position_);
        if (end == std::string_view::npos) {
            invalid_model("the file ends within a line");
        }
        const auto text = take(end - position_);
        skip(1);
        return text;
    }

    /// Reads a little-endian integer.
    template <std::unsigned_integral Number>
    Number number() {
        return little_endian<Number>(take(sizeof(Number)));
    }

    /// @param bytes at most sizeof(Number); missing high bytes are zero
    template <std::unsigned_integral Number>
    static Number little_endian(std::string_view bytes) {
        Number value = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            value |= static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(bytes[i]))
                                         << (8 * i));
        }
        return value;
    }

private:
    std::string_view bytes_;
    std::size_t position_ = 0;
};

}  // namespace speciesnet
