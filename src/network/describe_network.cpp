// SPDX-License-Identifier: Apache-2.0
#include "speciesnet/describe_network.hpp"

#include "speciesnet/error.hpp"

#include "graph/dump.hpp"
#include "network/network_file.hpp"

#include <exception>

namespace speciesnet {

std::string describe_network(const PackageFile& file) {
    try {
        return graph::dump(NetworkFile(file).graph());
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        // The other lines of a LibTorch message are a C++ stack trace.
        const std::string message = error.what();
        throw ModelError(ErrorCode::model_invalid, "'" + file.origin() + "' cannot be read: " +
                                                       message.substr(0, message.find('\n')));
    }
}

}  // namespace speciesnet
