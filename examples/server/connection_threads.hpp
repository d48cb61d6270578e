// Threads for connections: started when needed, as many as allowed, each serving one client at a
// time.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <httplib.h>

namespace server {

/// What httplib hands accepted connections to.
class ConnectionThreads final : public httplib::TaskQueue {
public:
    /// @param most threads at most, and so connections served at the same time
    explicit ConnectionThreads(std::size_t most) : most_(most) {}

    /// void in older versions of httplib, bool in newer ones.
    using Enqueued = decltype(std::declval<httplib::TaskQueue&>().enqueue(std::function<void()>()));
    /// Has a thread serve the connection. If all are taken it runs here, on the accepting thread,
    /// where HttpServer refuses it.
    Enqueued enqueue(std::function<void()> connection) override;

    /// Lets the connections end.
    void shutdown() override;

private:
    bool hand_over(const std::function<void()>& connection);
    void serve();

    const std::size_t most_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> arrived_;
    std::size_t idle_ = 0;
    bool stopping_ = false;
    std::vector<std::jthread> threads_;
};

}  // namespace server
