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

/// Compiles and writes a network, its weights as float32. Needs little memory, however large the
/// network is, if `release` gives memory back: converted weights wait in a temporary file.
/// @param file    does not exist; not complete until this function has returned
/// @param release may be empty; called as soon as a weight has been converted or written
/// @throws ModelError (model_invalid) if LibTorch cannot make a network of it, IoError if it cannot
/// write the file
void write_torchscript(const NetworkDefinition& network, const std::filesystem::path& file,
                       const Release& release);

}  // namespace speciesnet
