// SPDX-License-Identifier: Apache-2.0
// The classifier's label file.
#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "classifier/classifier.hpp"
#include "text/lines.hpp"

namespace speciesnet {

std::vector<std::string> read_labels(const PackageFile& file) {
    std::vector<std::string> labels;
    for (const auto line : split_lines(file.content())) {
        try {
            split_label(line);
        } catch (const InvalidArgument& error) {
            throw ModelError(ErrorCode::model_invalid, "'" + file.origin() + "', line " +
                                                           std::to_string(labels.size() + 1) +
                                                           ": " + error.what());
        }
        labels.emplace_back(line);
    }
    return labels;
}

}  // namespace speciesnet
