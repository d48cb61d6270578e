// SPDX-License-Identifier: Apache-2.0
// Loads the model on one thread; meanwhile requests get 503 with Retry-After.
#include "model.hpp"

#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"

#include "answer.hpp"
#include "refusal.hpp"

#include <exception>
#include <string_view>
#include <utility>

namespace server {
namespace {

/// When a client may retry. Loading takes seconds, a download minutes.
constexpr const char* loading_retry_seconds = "2";
/// Pause between a failure and the next attempt.
constexpr std::chrono::seconds failure_pause{30};
constexpr const char* failure_retry_seconds = "30";
/// Pause between two log lines about the same file.
constexpr std::chrono::seconds progress_pause{10};

Refusal refusal_of(Model::State state) {
    return state == Model::State::failed
               ? Refusal(503, "The model could not be loaded; see the server's log",
                         {{"Retry-After", failure_retry_seconds}})
               : Refusal(503, "The model is being loaded; try again later",
                         {{"Retry-After", loading_retry_seconds}});
}

/// Returns the overlay that the local files define for a package's geofence.
speciesnet::GeofenceOverlay overlay_of(const Model::LocalSpecies& local,
                                       const speciesnet::Package& package) {
    speciesnet::GeofenceOverlay overlay;
    if (local.species_list.empty() && local.geofence_overlay.empty()) {
        return overlay;
    }
    const auto taxonomy = package.taxonomy();
    if (!local.species_list.empty()) {
        overlay = speciesnet::GeofenceOverlay::load_species_list(local.species_list, taxonomy);
    }
    if (!local.geofence_overlay.empty()) {
        overlay = overlay.with(speciesnet::GeofenceOverlay::load(local.geofence_overlay, taxonomy));
    }
    return overlay;
}

/// Logs a download: each file when it begins, then at intervals.
class DownloadLog {
public:
    explicit DownloadLog(Log& log) : log_(log) {}

    void operator()(const speciesnet::DownloadProgress& progress) {
        const auto now = std::chrono::steady_clock::now();
        if (progress.file == file_ && progress.waiting == waiting_ &&
            now - told_ < progress_pause) {
            return;
        }
        file_ = progress.file;
        waiting_ = progress.waiting;
        told_ = now;
        if (progress.waiting) {
            log_.info("waiting for another process to download the model", {{"model", file_}});
            return;
        }
        static constexpr std::string_view message = "the model is being downloaded";
        if (progress.total) {
            log_.info(message, {{"file", file_},
                                {"bytes", std::size_t{progress.bytes}},
                                {"total", std::size_t{*progress.total}}});
        } else {
            log_.info(message, {{"file", file_}, {"bytes", std::size_t{progress.bytes}}});
        }
    }

private:
    Log& log_;
    std::string file_;
    bool waiting_ = false;
    std::chrono::steady_clock::time_point told_;
};

}  // namespace

Model::Model(std::string name, speciesnet::EnsembleOptions options, LocalSpecies local, Log& log)
    : name_(std::move(name)), options_(std::move(options)), local_(std::move(local)), log_(log) {}

void Model::start() {
    const std::lock_guard lock(mutex_);
    const bool may_try_again =
        state_ == State::failed && Clock::now() - failed_at_ >= failure_pause;
    if (state_ != State::idle && !may_try_again) {
        return;
    }
    try {
        loading_ = std::jthread([this](const std::stop_token& stop) { load(stop); });
        state_ = State::loading;
    } catch (const std::exception& error) {  // No thread, or no memory for one.
        failed_at_ = Clock::now();
        state_ = State::failed;
        report(error);
    }
}

Model::State Model::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

void Model::cancel() {
    const std::lock_guard lock(mutex_);
    loading_.request_stop();
}

std::chrono::steady_clock::duration Model::reading_for() const {
    const std::lock_guard lock(mutex_);
    return reading_since_ ? Clock::now() - *reading_since_ : Clock::duration::zero();
}

const speciesnet::Ensemble& Model::get() {
    start();
    if (const auto* const ensemble = get_if_ready()) {
        return *ensemble;
    }
    throw refusal_of(state());
}

const speciesnet::Ensemble* Model::get_if_ready() const {
    const std::lock_guard lock(mutex_);
    return ensemble_ ? &*ensemble_ : nullptr;
}

void Model::check() const {
    const auto now = state();
    if (now == State::loading || now == State::failed) {
        throw refusal_of(now);
    }
}

void Model::load(const std::stop_token& stop) noexcept {
    try {
        const auto begun = Clock::now();
        auto ensemble = read(stop);
        const auto info = ensemble.info();
        const auto threads = static_cast<std::size_t>(ensemble.threads());
        const auto precision = speciesnet::name_of(ensemble.precision());
        const std::chrono::duration<double> taken = Clock::now() - begun;
        // A client that reads this line may send a photo at once. Nothing after this may throw,
        // because requests use the model.
        finish(State::ready, std::move(ensemble));
        log_.info("the model is ready", {{"model_version", info.version},
                                         {"demo", info.demo},
                                         {"threads", threads},
                                         {"precision", precision},
                                         {"seconds", taken.count()}});
        if (info.demo) {
            log_.warning(demo_notice);
        }
    } catch (const speciesnet::Cancelled&) {
        finish(State::idle, std::nullopt);
    } catch (const std::exception& error) {
        finish(State::failed, std::nullopt);
        report(error);
    }
}

speciesnet::Ensemble Model::read(const std::stop_token& stop) {
    speciesnet::FetchOptions fetching;
    fetching.progress = DownloadLog(log_);
    fetching.stop = stop;
    const auto package = speciesnet::Package::open(speciesnet::resolve_model(name_, fetching));
    {
        const std::lock_guard lock(mutex_);
        reading_since_ = Clock::now();
    }
    auto options = options_;
    options.log = [this](speciesnet::LogLevel level, std::string_view message) {
        if (level == speciesnet::LogLevel::warning) {
            log_.warning(message);
        }
    };
    options.progress = [&stop](std::size_t, std::size_t) {
        if (stop.stop_requested()) {
            throw speciesnet::Cancelled();
        }
    };
    // Small files first, so that their errors are reported at once.
    const auto local = overlay_of(local_, package);
    auto ensemble = speciesnet::Ensemble::load(package, options);
    return local.size() == 0 ? ensemble : ensemble.with_rules(ensemble.rules().with(local));
}

void Model::report(const std::exception& error) noexcept {
    log_.error("the model cannot be loaded", {{"model", name_}, {"error", error.what()}});
}

void Model::finish(State state, std::optional<speciesnet::Ensemble> ensemble) noexcept {
    const std::lock_guard lock(mutex_);
    ensemble_ = std::move(ensemble);
    failed_at_ = Clock::now();
    reading_since_.reset();
    state_ = state;
}

}  // namespace server
