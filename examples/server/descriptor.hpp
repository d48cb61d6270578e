// SPDX-License-Identifier: Apache-2.0
// File descriptors with an owner.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include <unistd.h>

namespace server {

/// A file descriptor that is closed with its owner.
class Descriptor {
public:
    explicit Descriptor(int number = -1) noexcept : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            close(number_);
        }
    }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }

    int get() const noexcept { return number_; }
    explicit operator bool() const noexcept { return number_ >= 0; }

private:
    int number_;
};

/// Bytes of a file, whichever name it has by now.
/// @throws speciesnet::IoError
std::size_t file_size(const Descriptor& file);

/// All of a file. @throws speciesnet::IoError, also if it becomes shorter meanwhile
std::vector<std::byte> read_file(const Descriptor& file);

}  // namespace server
