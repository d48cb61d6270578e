// SPDX-License-Identifier: Apache-2.0
// A module does not know its CPU, and none of its instructions is one whose limit is known.
#include "measure/machine.hpp"

namespace speciesnet::benchmark {

std::string cpu_name() {
    return "WebAssembly";
}

const char* name(Arithmetic /*arithmetic*/) {
    return "";
}

bool has(Arithmetic /*arithmetic*/) {
    return false;
}

std::optional<double> multiply_add_rate(Arithmetic /*arithmetic*/, int /*threads*/) {
    return std::nullopt;
}

}  // namespace speciesnet::benchmark
