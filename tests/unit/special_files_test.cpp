// SPDX-License-Identifier: Apache-2.0
// Named pipes, devices and links.
#include "speciesnet/error.hpp"
#include "speciesnet/image.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/metadata.hpp"

#include "system/files.hpp"
#include "system/memory.hpp"
#include "temporary_folder.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include <doctest/doctest.h>
#include <sys/stat.h>

using namespace speciesnet;

TEST_CASE("only regular files are read, and opening anything else does not wait") {
    const TemporaryFolder folder;
    const auto file = folder.write("file", "content");
    const auto pipe = folder.path() + "/pipe";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    std::filesystem::create_symlink(file, folder.path() + "/link");
    std::array<std::byte, 100> bytes{};
    RegularFile link(folder.path() + "/link");
    CHECK(link.size() == 7);
    CHECK(link.read(std::span(bytes).first(4)) == 4);
    CHECK(link.read(bytes) == 3);
    CHECK(link.read(bytes) == 0);

    const auto refusal = [](const std::string& path) {
        try {
            const RegularFile opened(path);
            return std::string();
        } catch (const IoError& error) {
            return (error.code() == ErrorCode::not_found ? "not found: " : "") +
                   std::string(error.what());
        }
    };
    CHECK(refusal(pipe) == "cannot read '" + pipe + "': it is a named pipe, not a regular file");
    CHECK(refusal(folder.path()).find("a folder") != std::string::npos);
    CHECK(refusal("/dev/zero").find("a device") != std::string::npos);
    CHECK(refusal(folder.path() + "/missing").starts_with("not found: "));
    CHECK_THROWS_AS(map_file(pipe), IoError);
}

TEST_CASE("a named pipe is an IoError, for pixels and for metadata") {
    const TemporaryFolder folder;
    const auto pipe = folder.path() + "/x.jpg";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_THROWS_AS(decode_file(pipe), IoError);
    CHECK_THROWS_AS(read_metadata_file(pipe), IoError);
    CHECK_THROWS_AS(read_beginning(pipe, 10), IoError);
}
