// SPDX-License-Identifier: Apache-2.0
// Threads and memory shared by networks that never run at the same time.
#pragma once

#include "executor/memory.hpp"
#include "executor/thread_pool.hpp"

namespace speciesnet::executor {

struct Workspace {
    explicit Workspace(int threads) : pool(threads) {}

    ThreadPool pool;
    Memory arena;  ///< Activations of one run.
    // See Execution.
    Memory shared;
    Memory converted;
};

}  // namespace speciesnet::executor
