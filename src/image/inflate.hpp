// zlib, piece by piece: input may come in several parts, output is taken as it is needed.
#pragma once

#include "format.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

struct z_stream_s;

namespace speciesnet {

/// Unpacks one zlib stream that is spread over `parts`.
class Inflater {
public:
    explicit Inflater(std::vector<Bytes> parts);
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Fills `out` as far as the stream goes: fewer bytes mean that it ended or is damaged. What
    /// came out of zlib together with the damage does not count.
    std::size_t read(std::span<std::uint8_t> out);

private:
    std::vector<Bytes> parts_;
    std::size_t next_part_ = 0;
    std::unique_ptr<z_stream_s> stream_;
    bool ended_ = false;
};

}  // namespace speciesnet
