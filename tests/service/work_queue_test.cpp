// SPDX-License-Identifier: Apache-2.0
// Workers: which tasks are accepted, dropped or overdue.
#include "work_queue.hpp"

#include <atomic>
#include <future>
#include <memory>

#include <doctest/doctest.h>

using namespace server;
using namespace std::chrono_literals;
using Clock = WorkQueue::Clock;

namespace {

/// A task that runs until it is released.
class Blocker {
public:
    WorkQueue::Task task(Clock::time_point deadline = Clock::now() + 1h) {
        return {.function =
                    [this] {
                        begun_.set_value();
                        released_.wait();
                    },
                .deadline = deadline,
                .stop = {}};
    }
    void wait_until_begun() { begun_.get_future().wait(); }
    void let_go() { release_.set_value(); }

private:
    std::promise<void> begun_;
    std::promise<void> release_;
    std::shared_future<void> released_ = release_.get_future().share();
};

WorkQueue::Task counting(std::atomic<int>& count, std::stop_token stop = {}) {
    return {.function = [&count] { ++count; }, .deadline = Clock::now() + 1h, .stop = stop};
}

}  // namespace

TEST_CASE("at most the capacity of tasks waits") {
    Blocker blocker;
    std::atomic<int> done = 0;
    WorkQueue queue(1, 2);
    CHECK(queue.submit(blocker.task()));
    blocker.wait_until_begun();
    CHECK(queue.submit(counting(done)));
    CHECK(queue.has_room());
    CHECK(queue.submit(counting(done)));
    CHECK_FALSE(queue.has_room());
    CHECK_FALSE(queue.submit(counting(done)));
    blocker.let_go();
    while (done < 2) {
    }
    CHECK(queue.wait_until_idle(Clock::now() + 1min));
}

TEST_CASE("an abandoned task leaves the queue and never runs") {
    Blocker blocker;
    std::atomic<int> done = 0;
    std::atomic<int> unwanted = 0;
    std::stop_source stop;
    WorkQueue queue(1, 1);
    CHECK(queue.submit(blocker.task()));
    blocker.wait_until_begun();
    CHECK(queue.submit(counting(unwanted, stop.get_token())));
    CHECK_FALSE(queue.has_room());
    stop.request_stop();
    CHECK(queue.has_room());
    CHECK(queue.submit(counting(done)));
    blocker.let_go();
    while (done < 1) {
    }
    CHECK(unwanted == 0);
}

TEST_CASE("a worker is overdue when its task runs beyond its deadline") {
    Blocker late;
    Blocker punctual;
    WorkQueue queue(2, 0);
    CHECK(queue.overdue() == 0);
    CHECK(queue.submit(late.task(Clock::now())));
    CHECK(queue.submit(punctual.task()));
    late.wait_until_begun();
    punctual.wait_until_begun();
    CHECK(queue.overdue(Clock::now() + 1ms) == 1);
    CHECK(queue.overdue(Clock::now() + 2h) == 2);
    CHECK(queue.workers() == 2);
    late.let_go();
    punctual.let_go();
    CHECK(queue.wait_until_idle(Clock::now() + 1min));
    CHECK(queue.overdue(Clock::now() + 2h) == 0);
}

TEST_CASE("a closed queue drops waiting tasks and reports running ones") {
    Blocker blocker;
    std::atomic<int> done = 0;
    WorkQueue queue(1, 1);
    CHECK(queue.submit(blocker.task()));
    blocker.wait_until_begun();
    CHECK(queue.submit(counting(done)));
    queue.close();
    CHECK_FALSE(queue.submit(counting(done)));
    CHECK(queue.waiting() == 0);
    CHECK_FALSE(queue.wait_until_idle(Clock::now()));
    blocker.let_go();
    CHECK(queue.wait_until_idle(Clock::now() + 1min));
    CHECK(done == 0);
}
