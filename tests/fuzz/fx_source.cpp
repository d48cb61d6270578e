// SPDX-License-Identifier: Apache-2.0
// Any bytes as the source of a graph: names are names, and nothing but assignments comes out.
#include "import/fx_source.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"

#include <algorithm>
#include <string>

namespace {

bool is_name(const std::string& name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet;
    try {
        const auto function = fx::parse(fuzz::text(data, size));
        for (const auto& input : function.inputs) {
            fuzz::require(is_name(input), "an input has a name");
        }
        for (const auto& assignment : function.assignments) {
            fuzz::require(is_name(assignment.target), "an assignment has a name");
            if (const auto* call = std::get_if<fx::Call>(&assignment.value.value)) {
                fuzz::require(is_name(call->callee.root), "what is called has a name");
            }
        }
    } catch (const ModelError&) {
        return 0;
    }
    return 0;
}
