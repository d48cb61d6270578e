// Writes the layers of torch.nn that published networks are made of.
#pragma once

#include "import/checkpoint.hpp"
#include "import/network_text.hpp"
#include "import/torch_module.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace speciesnet {

class TorchLayers {
public:
    /// Both must outlive this object.
    TorchLayers(Checkpoint& checkpoint, NetworkText& network)
        : checkpoint_(checkpoint), network_(network) {}

    /// Adds a layer as PyTorch runs it in eval mode.
    /// @return its output; nothing if it is none of the layers known here
    /// @throws ModelError (model_invalid) if it is one but has something that is not supported
    std::optional<Term> write(const TorchModule& layer, const Term& input);

    /// Adds a weight of a module.
    /// @return "None" if the module has none of this name
    Term weight(const TorchModule& module, std::string_view name);

    /// Counts a module that is written. A file can name one module so often that writing would not
    /// end. @throws ModelError (model_invalid)
    void count(const TorchModule& module);

private:
    Term required_weight(const TorchModule& module, std::string_view name);
    Term convolution(const TorchModule& layer, const Term& input);
    Term batch_norm(const TorchModule& layer, const Term& input);
    Term max_pool(const TorchModule& layer, const Term& input);
    Term upsample(const TorchModule& layer, const Term& input);

    Checkpoint& checkpoint_;
    NetworkText& network_;
    std::size_t modules_ = 0;
};

}  // namespace speciesnet
