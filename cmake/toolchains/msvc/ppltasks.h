// SPDX-License-Identifier: Apache-2.0
// The threads of std::async; see vcruntime.h.
#pragma once

namespace Concurrency {

template <class Result>
class task {
public:
    void wait();
};

template <class Function>
task<void> create_task(Function) {
    return {};
}

}  // namespace Concurrency
