// SPDX-License-Identifier: Apache-2.0
#include "system/threads.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/inference.hpp"

#include "system/signals.hpp"

#include <string>
#include <system_error>

namespace speciesnet {

int thread_count(int wanted) {
    if (wanted < 0 || wanted > most_threads) {
        throw InvalidArgument("threads is " + std::to_string(wanted) + ", not 0 to " +
                              std::to_string(most_threads));
    }
    return wanted > 0 ? wanted : available_cpus();
}

std::thread start_worker_thread(std::function<void()> work) {
    std::thread thread;
    try {
        with_signals_blocked([&] { thread = std::thread(std::move(work)); });
        return thread;
    } catch (const std::system_error& error) {
        throw IoError(ErrorCode::io, std::string("cannot start a thread: ") + error.what() +
                                         "; ask for fewer threads, or raise the process's limit");
    }
}

std::vector<std::thread> start_worker_threads(std::size_t count,
                                              const std::function<void(std::size_t)>& work) {
    std::vector<std::thread> threads;
    threads.reserve(count);
    try {
        for (std::size_t index = 0; index < count; ++index) {
            threads.push_back(start_worker_thread([work, index] { work(index); }));
        }
    } catch (const std::exception&) {
        if (threads.empty()) {
            throw;
        }
    }
    return threads;
}

}  // namespace speciesnet
