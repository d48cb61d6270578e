// SPDX-License-Identifier: Apache-2.0
// A mapped file that is truncated.
#include "shortened_file.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr std::size_t mapped_bytes = std::size_t{1} << 20U;

/// Maps a file, truncates it and reads the missing part.
void read_what_is_gone(const std::string& path) {
    const int file = open(path.c_str(), O_RDWR | O_CREAT, 0600);
    const bool made = ftruncate(file, mapped_bytes) == 0;
    const auto* const bytes = static_cast<const volatile char*>(
        mmap(nullptr, mapped_bytes, PROT_READ, MAP_PRIVATE, file, 0));
    if (made && ftruncate(file, 0) == 0) {
        std::_Exit(bytes[mapped_bytes / 2]);
    }
}

/// As above, with several threads at once.
void read_by_threads(const std::string& path) {
    const int file = open(path.c_str(), O_RDWR | O_CREAT, 0600);
    const bool made = ftruncate(file, mapped_bytes) == 0;
    const auto* const bytes = static_cast<const volatile char*>(
        mmap(nullptr, mapped_bytes, PROT_READ, MAP_PRIVATE, file, 0));
    std::atomic<bool> is_cut{false};
    std::array<std::thread, 8> readers;
    for (auto& reader : readers) {
        reader = std::thread([&] {
            is_cut.wait(false);
            std::_Exit(bytes[mapped_bytes / 2]);
        });
    }
    is_cut = made && ftruncate(file, 0) == 0;
    is_cut.notify_all();
    for (auto& reader : readers) {
        reader.join();
    }
}

struct End {
    int status = 0;
    std::string errors;
};

End end_of(void (*action)(const std::string&), const std::string& argument) {
    std::array<int, 2> pipe_ends{};
    REQUIRE(pipe(pipe_ends.data()) == 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(pipe_ends[1], STDERR_FILENO);
        speciesnet::name_shortened_files("before ", " after", 9);
        action(argument);
        std::_Exit(0);
    }
    close(pipe_ends[1]);
    End end;
    std::array<char, 256> bytes{};
    for (ssize_t count = 0; (count = read(pipe_ends[0], bytes.data(), bytes.size())) > 0;) {
        end.errors.append(bytes.data(), static_cast<std::size_t>(count));
    }
    close(pipe_ends[0]);
    waitpid(child, &end.status, 0);
    return end;
}

}  // namespace

TEST_CASE("a program whose mapped file was truncated names the file and ends") {
    const auto path =
        (std::filesystem::temp_directory_path() / ("shortened \"" + std::to_string(getpid())))
            .string();
    const auto end = end_of(read_what_is_gone, path);
    std::filesystem::remove(path);
    auto expected = path;
    expected[path.find('"')] = '?';
    CHECK(end.errors == "before " + expected + " after");
    CHECK(WIFEXITED(end.status));
    CHECK(WEXITSTATUS(end.status) == 9);
}

TEST_CASE("threads that read it at once report it once") {
    const auto path =
        (std::filesystem::temp_directory_path() / ("shortened-" + std::to_string(getpid())))
            .string();
    for (int round = 0; round < 20; ++round) {
        const auto end = end_of(read_by_threads, path);
        CHECK(end.errors == "before " + path + " after");
        CHECK(WIFEXITED(end.status));
    }
    std::filesystem::remove(path);
}

TEST_CASE("another bus error ends a program as it always does") {
    const auto end = end_of(
        [](const std::string&) {
            raise(SIGBUS);
            raise(SIGBUS);
        },
        "");
    CHECK(end.errors.empty());
    CHECK(WIFSIGNALED(end.status));
    CHECK(WTERMSIG(end.status) == SIGBUS);
}
