// speciesnet-server: photo in over HTTP, answer out. Flags and routes are described in
// docs/server.md.
#include "speciesnet/error.hpp"
#include "speciesnet/version.hpp"

#include "http_server.hpp"
#include "log.hpp"
#include "model.hpp"
#include "options.hpp"
#include "service.hpp"
#include "site.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <future>
#include <string>
#include <thread>

namespace {

/// Signals that end the server. Blocked in every thread, so that the one that waits for them gets
/// them.
sigset_t block_stop_signals() {
    sigset_t signals{};
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

std::string address(const std::string& host, int port) {
    const bool ipv6 = host.find(':') != std::string::npos;
    return "http://" + (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

void log_start(server::Log& log, const server::Service& service, const std::string& address) {
    const auto& options = service.options();
    log.info("speciesnet-server listens on " + address,
             {{"version", speciesnet::version},
              {"address", address},
              {"model", options.model},
              {"workers", options.workers},
              {"queue", options.queue},
              {"swept_files", service.folder().swept()}});
}

/// Waits while the model is being loaded. @return the signal that came meanwhile; 0 if none did
int signal_while_loading(const server::Model& model, const sigset_t& stop_signals) {
    constexpr timespec pause{.tv_sec = 0, .tv_nsec = 20'000'000};
    int signal = 0;
    while (signal <= 0 && model.state() == server::Model::State::loading) {
        signal = sigtimedwait(&stop_signals, nullptr, &pause);
    }
    return std::max(signal, 0);
}

/// @return the signal that ends the server; 0 if the model could not be loaded
int wait_for_end(const server::Options& options, server::Model& model,
                 const sigset_t& stop_signals) {
    int signal = 0;
    if (!options.lazy) {
        model.start();
        signal = signal_while_loading(model, stop_signals);
        if (signal == 0 && model.state() == server::Model::State::failed) {
            return 0;
        }
    }
    if (signal == 0) {
        sigwait(&stop_signals, &signal);
    }
    return signal;
}

int run(const server::Options& options, const sigset_t& stop_signals) {
    server::Log log;
    server::Service service(options, log);
    server::HttpServer http(options.connection, options.connections);
    const server::Site site(http, service, log);
    const int port = http.open(options.host, options.port);
    log_start(log, service, address(options.host, port));

    std::promise<void> ended;
    std::jthread serving([&] {
        http.serve();
        ended.set_value();
    });
    const int signal = wait_for_end(options, service.model(), stop_signals);
    if (signal != 0) {
        log.info("stopping: no new requests, open ones are finished", {{"signal", signal}});
    }
    http.drain();
    if (ended.get_future().wait_for(options.drain) != std::future_status::ready) {
        log.warning("stopping: open requests took too long and are given up");
        service.close();
        http.abort();
    }
    serving.join();
    log.info("stopped");
    return signal == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
    const auto stop_signals = block_stop_signals();
    int exit_code = EXIT_SUCCESS;
    try {
        const auto options = server::parse_options(argc, argv, exit_code);
        return options ? run(*options, stop_signals) : exit_code;
    } catch (const std::exception& error) {
        server::Log().error(error.what());
        return EXIT_FAILURE;
    }
}
