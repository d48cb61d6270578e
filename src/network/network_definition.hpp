// Networks that were read from other files, before they become TorchScript.
#pragma once

#include "graph/tensor.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// A network as text and numbers.
struct NetworkDefinition {
    struct Weight {
        std::string name;  ///< `self.<name>` in `forward`; an identifier.
        TensorView tensor;
    };

    std::string forward;  ///< TorchScript: `def forward(self, x): ...`.
    std::vector<Weight> weights;
};

/// Called with a part of a file that is not needed any more.
using Release = std::function<void(std::string_view)>;

}  // namespace speciesnet
