// SPDX-License-Identifier: Apache-2.0
#include "import/invalid_model.hpp"

namespace speciesnet {

void invalid_model(const std::string& message) {
    throw ModelError(ErrorCode::model_invalid, message);
}

std::string printable(std::string_view text) {
    constexpr std::size_t longest = 80;
    std::string safe(text.substr(0, longest));
    for (char& character : safe) {
        if (character < ' ' || character > '~') {
            character = '?';
        }
    }
    return text.size() > longest ? safe + "..." : safe;
}

}  // namespace speciesnet
