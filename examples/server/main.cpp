// SPDX-License-Identifier: Apache-2.0
// speciesnet-server: identifies animals in photos over HTTP. docs/reference/server.md describes
// flags and routes.
#include "speciesnet/error.hpp"
#include "speciesnet/version.hpp"

#include "descriptor_limit.hpp"
#include "exit_deadline.hpp"
#include "http_server.hpp"
#include "log.hpp"
#include "model.hpp"
#include "options.hpp"
#include "service.hpp"
#include "shortened_file.hpp"
#include "site.hpp"
#include "stop_signals.hpp"
#include "terminal.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <future>
#include <stop_token>
#include <string>
#include <thread>

namespace {

std::string address(const std::string& host, int port) {
    const bool ipv6 = host.find(':') != std::string::npos;
    return "http://" + (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

/// Returns the host that a browser on this machine can open.
std::string local_host(const std::string& host) {
    if (host == "0.0.0.0") {
        return "127.0.0.1";
    }
    return host == "::" ? "::1" : host;
}

void log_start(server::Log& log, const server::Service& service, int port) {
    const auto& options = service.options();
    log.info("open " + address(local_host(options.host), port) + " in a browser",
             {{"version", speciesnet::version},
              {"address", address(options.host, port)},
              {"model", options.model},
              {"workers", static_cast<std::size_t>(options.workers)},
              {"queue", options.queue},
              {"swept_files", service.folder().swept()}});
}

/// Waits for a signal, or for a model that cannot be loaded. A failed load is retried if the model
/// is not needed yet; a load that takes too long blocks its thread forever.
/// @return the signal that ends the server; 0 if the model ends it
int wait_for_end(const server::Options& options, server::Model& model, server::Log& log,
                 server::StopSignals& stop_signals) {
    constexpr std::chrono::milliseconds pause{50};
    while (true) {
        const int signal = stop_signals.wait(pause);
        if (signal > 0) {
            return signal;
        }
        if (!options.lazy && model.state() == server::Model::State::failed) {
            return 0;
        }
        if (model.reading_for() > options.load_deadline) {
            log.error("reading the model took too long",
                      {{"model", options.model},
                       {"seconds", static_cast<std::size_t>(options.load_deadline.count())}});
            return 0;
        }
    }
}

/// Finishes open requests, within the time that the options allow.
void stop(server::Service& service, server::HttpServer& http, std::future<void>& served,
          server::Log& log, std::chrono::steady_clock::time_point give_up) {
    http.drain();
    service.model().cancel();
    if (served.wait_until(give_up) != std::future_status::ready) {
        log.warning("stopping: open requests took too long and are abandoned");
        http.abort();
        served.wait();
    }
    service.queue().close();
    if (!service.queue().wait_until_idle(give_up)) {
        log.warning("stopping: photos in progress are abandoned");
        // Not unlimited, because the process has a deadline.
        service.queue().wait_until_idle(give_up + std::chrono::hours(1));
    }
}

int run(const server::Options& options, server::StopSignals& stop_signals) {
    /// Time for cancelled work to end by itself, after the time for open requests.
    constexpr std::chrono::milliseconds clean_end{500};
    // Must outlive everything that is joined.
    server::ExitDeadline exit_deadline;
    server::reserve_descriptors(options.server.connections,
                                static_cast<std::size_t>(options.workers));
    server::Log log;
    server::Service service(options, log);
    server::ServerState state;
    server::Site site(state, service, log);
    server::HttpServer http(site, state, options.server);
    const int port = http.open(options.host, options.port);
    log_start(log, service, port);

    if (!options.lazy) {
        service.model().start();  // Before a client asks whether the server is ready.
    }
    std::promise<void> ended;
    auto served = ended.get_future();
    std::jthread serving([&](const std::stop_token& unwinding) {
        const std::stop_callback end(unwinding, [&http] { http.abort(); });
        http.serve();
        ended.set_value();
    });
    const int signal = wait_for_end(options, service.model(), log, stop_signals);
    const int exit_code = signal == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    const auto give_up = std::chrono::steady_clock::now() + options.drain;
    exit_deadline.set(give_up + clean_end, exit_code);
    if (signal != 0) {
        log.info("stopping: finishing open requests, accepting no new ones",
                 {{"signal", static_cast<std::size_t>(signal)}});
    }
    stop(service, http, served, log, give_up);
    log.info("stopped");
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    const speciesnet::Utf8Terminal terminal;
    server::StopSignals stop_signals;
    speciesnet::name_shortened_files(
        R"({"level":"error","message":"a file was truncated while in use; the server exits","file":")",
        "\"}\n", EXIT_FAILURE);
    int exit_code = EXIT_SUCCESS;
    try {
        const auto options =
            server::parse_options(speciesnet::program_arguments(argc, argv), exit_code);
        return options ? run(*options, stop_signals) : exit_code;
    } catch (const std::exception& error) {
        try {
            server::Log().error(error.what());
        } catch (const std::exception&) {  // For instance if the log has no thread.
            std::fprintf(stderr, "speciesnet-server: %s\n", error.what());
        }
        return EXIT_FAILURE;
    }
}
