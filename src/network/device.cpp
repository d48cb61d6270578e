// SPDX-License-Identifier: Apache-2.0
// Parses and formats the names of devices.
#include "speciesnet/error.hpp"
#include "speciesnet/inference.hpp"

#include <charconv>
#include <string>
#include <system_error>

namespace speciesnet {

Device device_from_name(std::string_view name) {
    constexpr std::string_view cuda = "cuda";
    if (name == "cpu") {
        return {};
    }
    Device device{.is_cuda = true};
    if (name == cuda) {
        return device;
    }
    if (name.starts_with("cuda:")) {
        const auto digits = name.substr(cuda.size() + 1);
        const auto* const end = digits.data() + digits.size();
        const auto result = std::from_chars(digits.data(), end, device.index);
        if (result.ec == std::errc() && result.ptr == end && device.index >= 0 &&
            device.index < 128) {
            return device;
        }
    }
    throw InvalidArgument("unknown device '" + std::string(name) +
                          "': expected cpu, cuda or cuda:N");
}

}  // namespace speciesnet
