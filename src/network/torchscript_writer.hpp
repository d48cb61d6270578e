// Writes networks that were read from other files as TorchScript, the form in which this room runs
// them.
#pragma once

#include "network/tensor_view.hpp"

#include <filesystem>
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

/// Compiles and writes a network, its weights as float32.
/// @param file    overwritten; not complete until this function has returned
/// @param release may be empty; called as soon as a weight has been copied
/// @throws ModelError (model_invalid) if LibTorch cannot make a network of it, IoError if it cannot
/// write the file
void write_torchscript(const NetworkDefinition& network, const std::filesystem::path& file,
                       const Release& release);

}  // namespace speciesnet
