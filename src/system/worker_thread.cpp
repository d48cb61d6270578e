// A thread inherits the signal mask of the one that starts it.
#include "system/worker_thread.hpp"

#include <csignal>
#include <utility>

namespace speciesnet {

std::thread start_worker_thread(std::function<void()> work) {
    sigset_t all{};
    sigset_t before{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread thread(std::move(work));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
}

}  // namespace speciesnet
