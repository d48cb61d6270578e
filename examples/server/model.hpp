// SPDX-License-Identifier: Apache-2.0
// Downloads and loads the model while the server runs.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "log.hpp"

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace server {

/// Thread-safe. The destructor cancels, and waits for work that cannot be cancelled.
class Model {
public:
    enum class State {
        idle,     ///< Not requested yet.
        loading,  ///< Being downloaded or loaded.
        ready,
        failed,  ///< Could not be loaded; the log says why.
    };

    /// Files about the species at the location of the photos; empty if there are none.
    struct LocalSpecies {
        std::filesystem::path species_list;
        std::filesystem::path geofence_overlay;
    };

    /// @param name    as for resolve_model()
    /// @param options for the networks
    /// @param log     must outlive this object
    Model(std::string name, speciesnet::EnsembleOptions options, LocalSpecies local, Log& log);
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    /// Starts loading unless it has started already. After a failure, including one to start the
    /// thread, loading is retried after a pause.
    void start();

    State state() const;

    /// Cancels a download, an import or, between its networks, the loading of a model.
    void cancel();

    /// Returns how long the model has been loading, without downloads and imports; zero if it is
    /// not being loaded. A library that loads it cannot be interrupted.
    std::chrono::steady_clock::duration reading_for() const;

    /// Starts loading if necessary. @throws Refusal 503 with Retry-After while it is not ready
    const speciesnet::Ensemble& get();

    /// Returns null while it is not ready.
    const speciesnet::Ensemble* get_if_ready() const;

    /// @throws Refusal 503 with Retry-After while it is being loaded, or if it could not be loaded
    void check() const;

private:
    using Clock = std::chrono::steady_clock;

    void load(const std::stop_token& stop) noexcept;
    speciesnet::Ensemble read(const std::stop_token& stop);
    void finish(State state, std::optional<speciesnet::Ensemble> ensemble) noexcept;
    void report(const std::exception& error) noexcept;

    const std::string name_;
    const speciesnet::EnsembleOptions options_;
    const LocalSpecies local_;
    Log& log_;
    mutable std::mutex mutex_;
    State state_ = State::idle;
    Clock::time_point failed_at_;
    std::optional<Clock::time_point> reading_since_;
    std::optional<speciesnet::Ensemble> ensemble_;  ///< Never changes once it is set.
    std::jthread loading_;
};

}  // namespace server
