// SPDX-License-Identifier: Apache-2.0
// What ends a process, or takes something from it, is done in a child.
#pragma once

#include <cstdlib>
#include <functional>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace server {

/// The code that a process ends with which does this; 1 if it does nothing but return.
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

/// From now on this process can start no thread.
/// @return false if the system does not let it say so
inline bool forbid_threads() {
    // The limit does not hold for root.
    constexpr uid_t nobody = 65534;
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    return (geteuid() != 0 || setuid(nobody) == 0) && setrlimit(RLIMIT_NPROC, &none) == 0;
}

}  // namespace server
