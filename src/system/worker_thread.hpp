// SPDX-License-Identifier: Apache-2.0
// The library's threads.
#pragma once

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace speciesnet {

/// Starts a thread that gets no signals but those of its own faults (SIGBUS, SIGSEGV and the like):
/// the others are for the threads of the process that embeds the library.
/// @throws IoError (io) if the system gives no more threads
std::thread start_worker_thread(std::function<void()> work);

/// Starts threads that share work which fewer of them can do, too.
/// @param work gets the thread's number, from 0
/// @return as many as the system gives, at most `count`
/// @throws IoError (io) if it gives none, though some are wanted
std::vector<std::thread> start_worker_threads(std::size_t count,
                                              const std::function<void(std::size_t)>& work);

}  // namespace speciesnet
