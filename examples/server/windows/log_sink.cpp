// SPDX-License-Identifier: Apache-2.0
// A blocked write cannot be interrupted here; the deadline of the program ends it.
#include "log_sink.hpp"

#include <algorithm>
#include <limits>

#include <io.h>

namespace server {

void survive_readers() noexcept {}

bool write_lines(int descriptor, std::string_view text, const std::stop_token& /*stop*/) {
    while (!text.empty()) {
        constexpr std::size_t most_at_once = std::numeric_limits<int>::max();
        const int count = _write(descriptor, text.data(),
                                 static_cast<unsigned>(std::min(text.size(), most_at_once)));
        if (count <= 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace server
