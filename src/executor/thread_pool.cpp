// SPDX-License-Identifier: Apache-2.0
// An operation takes from some microseconds to some milliseconds, and a network has hundreds of
// them. Therefore, a worker polls for the next operation for a moment before it sleeps.
#include "executor/thread_pool.hpp"

#include "system/threads.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet::executor {

// Avoids the wait() of std::atomic, whose table of waiters is shared by the whole library.
template <typename Value>
void ThreadPool::wait_while(const std::atomic<Value>& value, Value old) {
    constexpr int looks = 2000;
    for (int look = 0; look < looks; ++look) {
        if (value.load(std::memory_order_acquire) != old) {
            return;
        }
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }
    std::unique_lock lock(sleep_mutex_);
    changed_.wait(lock, [&] { return value.load(std::memory_order_acquire) != old; });
}

void ThreadPool::wake_all() {
    // A thread that has just read an unchanged value sleeps once the mutex is free.
    { const std::lock_guard lock(sleep_mutex_); }
    changed_.notify_all();
}

ThreadPool::ThreadPool(int threads)
    : parts_(static_cast<std::size_t>(std::max(threads, 1))),
      scratch_(parts_.size()),
      workers_(start_worker_threads(scratch_.size() - 1,
                                    [this](std::size_t worker) { serve(worker + 1); })) {}

ThreadPool::~ThreadPool() {
    stopping_ = true;
    ++round_;
    wake_all();
    for (auto& worker : workers_) {
        worker.join();
    }
}

void ThreadPool::run(std::size_t items, const Work& work) {
    if (items == 0) {
        return;
    }
    const Work decorated = decorator_ ? decorator_(items, work) : Work();
    work_ = decorated ? &decorated : &work;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
        parts_[part].next = items * part / parts_.size();
        parts_[part].end = items * (part + 1) / parts_.size();
    }
    const bool alone = items == 1 || workers_.empty();
    if (!alone) {
        busy_ = workers_.size();
        ++round_;
        wake_all();
    }
    take_items(0);
    if (!alone) {
        for (auto busy = busy_.load(); busy != 0; busy = busy_.load()) {
            wait_while(busy_, busy);
        }
    }
    if (failure_) {
        std::rethrow_exception(std::exchange(failure_, nullptr));
    }
}

void ThreadPool::serve(std::size_t thread) {
    unsigned seen = 0;
    while (true) {
        wait_while(round_, seen);
        seen = round_;
        if (stopping_) {
            return;
        }
        take_items(thread);
        if (--busy_ == 0) {
            wake_all();
        }
    }
}

void ThreadPool::take_items(std::size_t thread) {
    try {
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            auto& part = parts_[(thread + i) % parts_.size()];
            for (std::size_t item = part.next++; item < part.end; item = part.next++) {
                (*work_)(item, thread);
            }
        }
    } catch (...) {
        for (auto& part : parts_) {
            part.next = part.end;
        }
        const std::lock_guard lock(failure_mutex_);
        failure_ = std::current_exception();
    }
}

float* ThreadPool::scratch(std::size_t thread, std::size_t floats) {
    scratch_[thread].reserve(floats);
    return scratch_[thread].data();
}

}  // namespace speciesnet::executor
