// SPDX-License-Identifier: Apache-2.0
// Files that are either complete or absent, and memory of the operating system.
#include "speciesnet/error.hpp"

#include "system/file_lock.hpp"
#include "system/files.hpp"
#include "system/memory.hpp"
#include "temporary_folder.hpp"

#include <array>
#include <atomic>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <thread>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

std::ptrdiff_t entries(const std::filesystem::path& folder) {
    return std::distance(std::filesystem::directory_iterator(folder), {});
}

}  // namespace

TEST_CASE("a new file never replaces another") {
    const TemporaryFolder folder;
    const auto path = std::filesystem::path(folder.path()) / "file";
    write_new_file(path, "first");
    CHECK_THROWS_AS(write_new_file(path, "second"), IoError);
    CHECK(map_file(path).content == "first");
    CHECK_THROWS_AS(write_new_file(folder.path() + "/no/file", ""), IoError);
}

TEST_CASE("a file appears when it is published, and replaces the one before") {
    const TemporaryFolder folder;
    const auto path = std::filesystem::path(folder.path()) / "deeper" / "file";
    {
        PendingPath pending(path);
        write_new_file(pending.path(), "lost");
    }
    CHECK(entries(path.parent_path()) == 0);
    for (const char* content : {"first", "second"}) {
        PendingPath pending(path);
        write_new_file(pending.path(), content);
        pending.publish();
        CHECK(map_file(path).content == content);
    }
    CHECK(entries(path.parent_path()) == 1);
}

TEST_CASE("a folder is published as a whole, but over no other files") {
    const TemporaryFolder folder;
    const auto path = std::filesystem::path(folder.path()) / "package/";
    const auto publish = [&] {
        PendingPath pending(path);
        std::filesystem::create_directory(pending.path());
        write_new_file(pending.path() / "file", "content");
        pending.publish();
    };
    publish();
    CHECK(map_file(path / "file").content == "content");
    CHECK_THROWS_AS(publish(), IoError);
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("files left by crashes are removed, and nothing else") {
    const TemporaryFolder folder;
    const auto path = std::filesystem::path(folder.path()) / "package";
    std::filesystem::create_directory(folder.path() + "/.package.partial-abc");
    std::filesystem::create_directory(folder.path() + "/.other.partial-abc");
    PendingPath::remove_leftovers(path);
    CHECK(entries(folder.path()) == 1);
    CHECK(std::filesystem::exists(folder.path() + "/.other.partial-abc"));
}

TEST_CASE("a folder is removed as a whole, with remains of an interrupted removal") {
    const TemporaryFolder place;
    const auto folder = std::filesystem::path(place.path()) / "folder";
    const auto doomed = std::filesystem::path(place.path()) / ".folder.removed";
    std::filesystem::create_directories(folder / "deeper");
    std::filesystem::create_directories(doomed / "left");
    remove_folder(folder);
    CHECK(entries(place.path()) == 0);
    std::filesystem::create_directories(doomed);
    remove_folder(folder);
    CHECK(entries(place.path()) == 0);
}

TEST_CASE("released pages are read again, also those of scratch files") {
    const TemporaryFolder folder;
    constexpr std::size_t size = 100'000;
    ScratchFile scratch(folder.path(), size);
    CHECK(scratch.content() == std::string(size, '\0'));
    for (std::size_t i = 0; i < size; ++i) {
        scratch.data()[i] = static_cast<char>(i % 251);
    }
    const std::string before(scratch.content());
    release_pages(scratch.content());
    CHECK(scratch.content() == before);
    CHECK(entries(folder.path()) == 0);

    const auto file = map_file(folder.write("file", before));
    release_pages(file.content);
    CHECK(file.content == before);
    CHECK(ScratchFile(folder.path(), 0).content().empty());
    CHECK_THROWS_AS(ScratchFile("/nowhere", 1), IoError);
}

TEST_CASE("waiting for a lock is reported, and ends when the lock is free") {
    const TemporaryFolder folder;
    const auto file = std::filesystem::path(folder.path()) / "lock";
    std::optional<FileLock> held(file);
    int told = 0;
    const FileLock lock(file, {.waiting = [&] {
                            ++told;
                            held.reset();
                        }});
    CHECK(told == 1);
}

TEST_CASE("waiting for a lock can be stopped, from any thread and by the callback") {
    const TemporaryFolder folder;
    const auto file = std::filesystem::path(folder.path()) / "lock";
    const FileLock held(file);
    std::stop_source stop;
    std::atomic<int> told = 0;
    std::jthread other([&] {
        told.wait(0);
        stop.request_stop();
    });
    const auto count = [&] {
        ++told;
        told.notify_one();
    };
    CHECK_THROWS_AS(FileLock(file, {.waiting = count, .stop = stop.get_token()}), Cancelled);
    CHECK(told >= 1);
    CHECK_THROWS_AS(FileLock(file, {.waiting = [] { throw Cancelled(); }}), Cancelled);
}

TEST_CASE("a free lock is taken without a report") {
    const TemporaryFolder folder;
    const auto file = std::filesystem::path(folder.path()) / "lock";
    { const FileLock first(file); }
    const FileLock second(file, {.waiting = [] { FAIL("nobody holds it"); }});
    CHECK_THROWS_AS(FileLock(file / "none"), IoError);
}

TEST_CASE("memory that is not a mapped file keeps its content when its pages are released") {
    const std::string content(1U << 20U, 'x');
    const std::string copy = content;
    release_pages(content);
    CHECK(content == copy);
}
