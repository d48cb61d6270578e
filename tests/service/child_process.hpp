// SPDX-License-Identifier: Apache-2.0
// Actions that end a process, or restrict it, run in a child process.
#pragma once

#include <cstdlib>
#include <functional>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace server {

/// Returns the exit code of a process that runs an action; 1 if the action only returns.
inline int exit_code_of(const std::function<void()>& action) {
    const pid_t child = fork();
    if (child == 0) {
        action();
        std::_Exit(1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Prevents this process from starting threads.
/// @return false if the system does not support that
inline bool forbid_threads() {
    // The limit does not apply to root.
    constexpr uid_t nobody = 65534;
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    return (geteuid() != 0 || setuid(nobody) == 0) && setrlimit(RLIMIT_NPROC, &none) == 0;
}

}  // namespace server
