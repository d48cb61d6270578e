// Writes single operations of onnx2torch.
#pragma once

#include "import/checkpoint.hpp"
#include "import/network_text.hpp"
#include "import/torch_layers.hpp"
#include "import/torch_module.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace speciesnet {

/// What an operation is given: a value of the network, or a constant of the file.
struct Operand {
    /// A value that is calculated; empty for constants.
    Term term;
    /// A constant, and what it is called.
    std::optional<TensorView> constant;
    std::string name;
};

class OnnxOperations {
public:
    /// All must outlive this object.
    OnnxOperations(Checkpoint& checkpoint, NetworkText& network)
        : network_(network), layers_(checkpoint, network) {}

    /// Adds what a module does.
    /// @return its output; nothing if this operation, or its use with these operands, is not
    /// supported
    /// @throws ModelError (model_invalid) if the module is broken
    std::optional<Term> write(const TorchModule& module, const std::vector<Operand>& operands);

    /// The operand as part of the text; a constant becomes a weight.
    Term term(const Operand& operand);

private:
    std::optional<Term> write_unary(const TorchModule& module, const Term& input);
    std::optional<Term> write_with_constant(std::string_view name, const Term& input,
                                            const TensorView& constant);
    std::optional<Term> write_binary(const TorchModule& module, const Operand& first,
                                     const Operand& second);
    std::optional<Term> arithmetic(const TorchModule& module, const Operand& first,
                                   const Operand& second);
    std::optional<Term> pad(const TorchModule& module, const Term& input);
    std::optional<Term> reduce_mean(const TorchModule& module, const Term& input);
    Term reshape(const Term& input, const std::vector<std::int64_t>& shape);
    Term squeeze(const Term& input, std::vector<std::int64_t> axes);

    NetworkText& network_;
    TorchLayers layers_;
};

}  // namespace speciesnet
