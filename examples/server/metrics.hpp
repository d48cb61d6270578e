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

/// Stages of processing a photo whose time is measured.
enum class Stage { receive, wait, decode, predict };

/// Values that are determined at the time of the request.
struct Gauges {
    std::size_t connections = 0;
    std::size_t connection_bytes = 0;
    std::size_t waiting = 0;
    std::size_t queue_capacity = 0;
    std::size_t running = 0;
    std::size_t overdue = 0;
    std::string version;
    bool model_ready = false;
    std::string model_version;  ///< Empty while the model is not ready.
    bool demo = false;
};

/// Thread-safe.
class Metrics {
public:
    using Duration = std::chrono::steady_clock::duration;

    /// @param path a path of the server, so that clients cannot create labels
    void count_request(const std::string& path, int status);
    /// @param duration from the head's arrival to the end of the answer
    void observe_request(const std::string& path, Duration duration);
    void observe(Stage stage, Duration duration);

    std::string text(const Gauges& gauges) const;

private:
    /// Upper bounds in seconds. Photos take milliseconds with the demonstration model, seconds with
    /// the published one.
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
