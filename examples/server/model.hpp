// SPDX-License-Identifier: Apache-2.0
// The model, downloaded and loaded while the server runs.
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

/// Thread-safe. The destructor cancels, and waits for what cannot be ended.
class Model {
public:
    enum class State {
        idle,     ///< Not requested yet.
        loading,  ///< On its way: downloaded or read.
        ready,
        failed,  ///< It could not be loaded; the log says why.
    };

    /// Files about the animals where the photos come from; empty if there is none.
    struct LocalSpecies {
        std::filesystem::path species_list;
        std::filesystem::path geofence_overlay;
    };

    /// @param name    as resolve_model() takes it
    /// @param options of the networks
    /// @param log     must outlive this object
    Model(std::string name, speciesnet::EnsembleOptions options, LocalSpecies local, Log& log);
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    /// Begins to load it, unless that has been done. A failure, also to start the thread that loads
    /// it, is tried again after a pause.
    void start();

    State state() const;

    /// Ends a download, an import or, between its networks, the reading of a model.
    void cancel();

    /// How long the model has been read by now, downloads and imports not counted; zero if it is
    /// not being read. A library that reads it cannot be interrupted.
    std::chrono::steady_clock::duration reading_for() const;

    /// Starts it if need be. @throws Refusal 503 with Retry-After while it is not ready
    const speciesnet::Ensemble& get();

    /// Nothing while it is not ready.
    const speciesnet::Ensemble* get_if_ready() const;

    /// @throws Refusal 503 with Retry-After while it is being loaded, or if it could not be
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
    std::optional<speciesnet::Ensemble> ensemble_;  ///< Never changed once it is there.
    std::jthread loading_;
};

}  // namespace server
