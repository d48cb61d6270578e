// Threads of the library.
#pragma once

#include <functional>
#include <thread>

namespace speciesnet {

/// Starts a thread that no signal is delivered on: signals belong to the process that embeds the
/// library.
std::thread start_worker_thread(std::function<void()> work);

}  // namespace speciesnet
