// SPDX-License-Identifier: Apache-2.0
// Interprets the module's source: each assignment is a tensor of the file or a call of one of its
// modules.
#include "import/onnx2torch.hpp"

#include "import/fx_source.hpp"
#include "import/invalid_model.hpp"
#include "import/onnx_operations.hpp"
#include "import/torch_module.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

constexpr pickle::Global reduce_graph_module{"torch.fx.graph_module", "reduce_graph_module"};

class Onnx2Torch {
public:
    Onnx2Torch(Checkpoint& checkpoint, std::uint64_t most_bytes)
        : checkpoint_(checkpoint),
          weights_(checkpoint, most_bytes),
          operations_(weights_, graph_) {}

    graph::Graph read() && {
        const auto root = checkpoint_.root();
        if (root.made_by() != reduce_graph_module) {
            invalid_model("this is not a torch.fx GraphModule");
        }
        const TorchModule module(root.arguments().item(0), "graph");
        // torch before 1.8 names it code.
        const auto source = module.attribute(module.has("_code") ? "_code" : "code").text();
        const fx::Function function = fx::parse(source);
        if (function.inputs.size() != 1) {
            invalid_model("the graph has " + std::to_string(function.inputs.size()) + " inputs");
        }
        operands_[function.inputs.front()] = graph::Graph::input;
        for (std::size_t i = 0; i < module.child_count(); ++i) {
            parts_.insert_or_assign(module.child_name(i), module.child(i));
        }
        for (const auto& assignment : function.assignments) {
            operands_.insert_or_assign(assignment.target, value(module, assignment));
        }
        graph_.set_output(operations_.value(operand(function.result, "the result")));
        return std::move(graph_);
    }

private:
    Operand value(const TorchModule& root, const fx::Assignment& assignment) {
        if (const auto* call = std::get_if<fx::Call>(&assignment.value.value)) {
            return called(*call, assignment.target);
        }
        if (const auto* attribute = std::get_if<fx::Attribute>(&assignment.value.value)) {
            return constant(root, *attribute, assignment.target);
        }
        return operand(assignment.value, assignment.target);
    }

    Operand operand(const fx::Expression& expression, const std::string& node) const {
        const auto* name = std::get_if<fx::Name>(&expression.value);
        if (name == nullptr) {
            invalid_model("node " + printable(node) + " has an operand that is not supported");
        }
        const auto found = operands_.find(name->name);
        if (found == operands_.end()) {
            invalid_model("node " + printable(node) + " uses " + printable(name->name) +
                          ", which is not computed before it");
        }
        return found->second;
    }

    OnnxConstant constant(const TorchModule& root, const fx::Attribute& attribute,
                          const std::string& node) {
        const auto tensor = attribute.root == "self"
                                ? owner(root, attribute.path).tensor(attribute.path.back())
                                : std::nullopt;
        if (!tensor) {
            invalid_model("node " + printable(node) + " takes " + to_text(attribute) +
                          ", which is not a tensor of the file");
        }
        return {to_text(attribute), checkpoint_.tensor(*tensor)};
    }

    graph::Value called(const fx::Call& call, const std::string& node) {
        if (call.callee.root != "self" || call.callee.path.empty()) {
            not_supported(to_text(call.callee), node);
        }
        const TorchModule module = part(call.callee.path);
        std::vector<Operand> operands;
        for (const auto& argument : call.arguments) {
            operands.push_back(operand(argument, node));
        }
        const auto result = call.named_arguments.empty() ? add(module, operands) : std::nullopt;
        if (!result) {
            not_supported(module.class_name(), node);
        }
        return *result;
    }

    std::optional<graph::Value> add(const TorchModule& module,
                                    const std::vector<Operand>& operands) {
        if (module.class_name() != "torch.nn.modules.container.Sequential") {
            return operations_.add(module, operands);
        }
        // onnx2torch writes one for a convolution whose padding is a separate layer.
        std::optional<graph::Value> result;
        for (std::size_t i = 0; i < module.child_count(); ++i) {
            result =
                operations_.add(module.child(i), i == 0 ? operands : std::vector<Operand>{*result});
            if (!result) {
                return result;
            }
        }
        return result;
    }

    TorchModule part(const std::vector<std::string>& path) const {
        const auto found = parts_.find(path.front());
        if (found == parts_.end()) {
            invalid_model("the graph has no part " + printable(path.front()));
        }
        TorchModule part = found->second;
        for (std::size_t i = 1; i < path.size(); ++i) {
            part = part.child(path[i]);
        }
        return part;
    }

    TorchModule owner(const TorchModule& root, const std::vector<std::string>& path) const {
        return path.size() == 1 ? root : part({path.begin(), path.end() - 1});
    }

    [[noreturn]] static void not_supported(const std::string& operation, const std::string& node) {
        invalid_model("operation " + printable(operation) + " at node " + printable(node) +
                      " is not supported");
    }

    Checkpoint& checkpoint_;
    CheckpointWeights weights_;
    graph::Graph graph_;
    OnnxOperations operations_;
    /// The graph's modules by name. Each is called about once, so lookups must be fast.
    std::map<std::string, TorchModule, std::less<>> parts_;
    std::map<std::string, Operand, std::less<>> operands_;
};

}  // namespace

graph::Graph read_onnx2torch(Checkpoint& checkpoint, std::uint64_t most_bytes) {
    return Onnx2Torch(checkpoint, most_bytes).read();
}

}  // namespace speciesnet
