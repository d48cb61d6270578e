// Collects the lines of a TorchScript function and the weights that they name.
#pragma once

#include "network/network_definition.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// Text that stands for a value within the function: a variable or `self.<weight>`. It never holds
/// anything from a file.
using Term = std::string;

class NetworkText {
public:
    /// @param most_bytes weights that there may be, as float32, so that a small file which names
    /// one storage many times cannot fill memory and disk
    explicit NetworkText(std::uint64_t most_bytes) : most_bytes_(most_bytes) {}

    /// The function's input.
    static Term input() { return "x"; }

    /// Adds `variable = expression`.
    /// @return the new variable
    Term assign(std::string_view expression);

    /// Adds a weight.
    /// @param path what it is called in the file; becomes part of its name
    /// @throws ModelError (model_invalid) for numbers that are no floating-point numbers, or if the
    /// weights together become larger than `most_bytes`
    Term weight(std::string_view path, TensorView tensor);

    /// The whole function.
    NetworkDefinition finish(const Term& result) &&;

private:
    NetworkDefinition network_;
    std::set<std::string> names_;
    std::size_t variables_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t most_bytes_;
};

/// Numbers as TorchScript writes them.
std::string text_of(const std::vector<std::int64_t>& values);  ///< [1, 2]
std::string text_of(double value);                             ///< 1.0, 1e-05

}  // namespace speciesnet
