// SPDX-License-Identifier: Apache-2.0
// Metrics of the server, in Prometheus' text format.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace server {

/// Parts of a photo's way through the server whose time is measured.
enum class Stage { receive, wait, decode, predict };

/// Values that are known only at the moment of asking.
struct Gauges {
    std::size_t connections = 0;
    std::size_t connection_bytes = 0;
    std::size_t waiting = 0;
    std::size_t queue_capacity = 0;
    std::size_t running = 0;
    std::size_t overdue = 0;
    std::string version;
    bool model_ready = false;
    std::string model_version;  ///< Empty while it is not ready.
    bool demo = false;
};

/// Thread-safe.
class Metrics {
public:
    using Duration = std::chrono::steady_clock::duration;

    /// @param path one of the server's own, so that clients cannot make up labels
    void count_request(const std::string& path, int status);
    /// @param duration from the head's arrival to the end of the answer
    void observe_request(const std::string& path, Duration duration);
    void observe(Stage stage, Duration duration);

    std::string text(const Gauges& gauges) const;

private:
    /// Upper bounds in seconds; photos take milliseconds with the demonstration model, seconds with
    /// the real one.
    static constexpr std::array bounds{0.005, 0.01, 0.025, 0.05, 0.1,  0.25,
                                       0.5,   1.0,  2.5,   5.0,  10.0, 30.0};

    struct Histogram {
        std::array<std::uint64_t, bounds.size() + 1> counts{};
        double sum = 0;

        void add(Duration duration);
        void write(std::string& text, const std::string& name, const std::string& label) const;
    };

    mutable std::mutex mutex_;
    std::map<std::pair<std::string, int>, std::uint64_t> requests_;
    std::map<std::string, Histogram> durations_;
    std::array<Histogram, 4> stages_;
};

}  // namespace server
