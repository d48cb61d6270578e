// SPDX-License-Identifier: Apache-2.0
// A log that nobody reads does not block threads that write.
#include "log.hpp"

#include "file_descriptor.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace server;

namespace {

/// A pipe, which accepts about 64 KiB before a write would block.
class Pipe {
public:
    Pipe() {
        std::array<int, 2> ends{};
        REQUIRE(pipe(ends.data()) == 0);
        reading_.emplace(ends[0]);
        writing_.emplace(ends[1]);
    }

    int writing_end() const { return writing_->get(); }
    void stop_reading() { reading_.reset(); }

    /// Reads everything up to the line with these words.
    std::string read_until(const std::string& last_words) const {
        std::string heard;
        std::array<char, 4096> bytes{};
        while (heard.find(last_words) == std::string::npos || heard.back() != '\n') {
            const auto count = read(reading_->get(), bytes.data(), bytes.size());
            REQUIRE(count > 0);
            heard.append(bytes.data(), static_cast<std::size_t>(count));
        }
        return heard;
    }

private:
    std::optional<speciesnet::FileDescriptor> reading_;
    std::optional<speciesnet::FileDescriptor> writing_;
};

/// The contents of lines: those that were kept, and how many were dropped.
struct Lines {
    explicit Lines(const std::string& text) {
        for (std::size_t at = 0; at < text.size();) {
            const auto end = text.find('\n', at);
            REQUIRE(end != std::string::npos);
            const auto line = nlohmann::json::parse(text.substr(at, end - at));
            if (line.contains("lines")) {
                dropped += line["lines"].get<std::size_t>();
            } else {
                ++kept;
            }
            at = end + 1;
        }
    }

    std::size_t kept = 0;
    std::size_t dropped = 0;
};

constexpr std::size_t many = 5000;
const std::string words(200, 'x');

}  // namespace

TEST_CASE("queued lines are written before the log ends") {
    const Pipe pipe;
    {
        Log log(pipe.writing_end());
        log.info("one", {{"number", std::size_t{1}}});
        log.error("two");
    }
    const auto text = pipe.read_until("two");
    CHECK(Lines(text).kept == 2);
    CHECK(text.find("\"one\",\"number\":1}\n") != std::string::npos);
    CHECK(text.find("\"error\"") != std::string::npos);
}

TEST_CASE("logging never waits for a stalled reader, and dropped lines are counted") {
    const Pipe pipe;
    std::string text;
    std::size_t logged = 0;
    std::jthread reading;
    {
        Log log(pipe.writing_end(), 50'000);
        // More than the pipe and the log hold, so that blocking would never end.
        for (; logged < many; ++logged) {
            log.info(words);
        }
        reading = std::jthread([&] { text = pipe.read_until("the last line"); });
        // Soon there is room again, and a line states how many were dropped.
        for (std::size_t count = 0; count < 100; ++count, ++logged) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            log.info(words);
        }
        log.info("the last line");
        ++logged;
    }
    reading.join();
    const Lines lines(text);
    CHECK(lines.dropped > 0);
    CHECK(lines.kept + lines.dropped == logged);
}

TEST_CASE("a log ends even if its reader has stalled or gone") {
    {
        const Pipe pipe;
        Log log(pipe.writing_end());
        for (std::size_t count = 0; count < many; ++count) {
            log.info(words);
        }
    }
    Pipe pipe;
    pipe.stop_reading();
    Log log(pipe.writing_end());
    log.info("this would end the process by SIGPIPE");
}
