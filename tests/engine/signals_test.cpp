// SPDX-License-Identifier: Apache-2.0
// Signals are left to the threads of the embedding program.
#include "speciesnet/speciesnet.hpp"

#include "demo_photos.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

std::set<std::string> threads() {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
        names.insert(entry.path().filename().string());
    }
    return names;
}

/// Returns the signals that a thread blocks, according to the kernel; all of them if it has ended.
std::uint64_t blocked_by(const std::string& thread) {
    std::ifstream status("/proc/self/task/" + thread + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("SigBlk:")) {
            return std::stoull(line.substr(line.find_first_not_of(" \t", 7)), nullptr, 16);
        }
    }
    return ~std::uint64_t{0};
}

/// Examines all threads started after its creation.
class NewThreads {
public:
    void check() {
        for (const auto& thread : threads()) {
            if (before_.contains(thread)) {
                continue;
            }
            seen_.insert(thread);
            const auto blocked = blocked_by(thread);
            for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM,
                                     SIGCHLD, SIGPIPE, SIGWINCH}) {
                CAPTURE(signal);
                CHECK((blocked >> static_cast<unsigned>(signal - 1) & 1U) == 1U);
            }
        }
    }

    std::size_t seen() const { return seen_.size(); }

private:
    std::set<std::string> before_ = threads();
    std::set<std::string> seen_;
};

}  // namespace

TEST_CASE("every thread that loads, reads ahead or computes blocks signals") {
    constexpr int networks = 3;
    constexpr int decoding = 4;
    NewThreads threads;
    const auto look = [&](std::size_t, std::size_t) { threads.check(); };
    const auto ensemble = Ensemble::load("demo", {.threads = networks, .progress = look});
    const auto loading = threads.seen();
    CHECK(loading >= networks);
    std::vector<Instance> instances;
    while (instances.size() < 16) {
        for (const auto& instance : demo_photos()) {
            instances.push_back(instance);
        }
    }
    ensemble.predict_each(instances, {.batch_size = 4, .decoding_threads = decoding},
                          [&](Prediction&&) { threads.check(); });
    CHECK(threads.seen() >= loading + decoding);
}
