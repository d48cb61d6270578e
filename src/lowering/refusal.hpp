// Why a node cannot be lowered.
#pragma once

#include <stdexcept>
#include <string>

namespace speciesnet::lowering {

/// Continues "node 12 …". Does not leave lower().
class Refusal : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

[[noreturn]] inline void refuse(const std::string& why) {
    throw Refusal(why);
}

}  // namespace speciesnet::lowering
