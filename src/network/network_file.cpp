// SPDX-License-Identifier: Apache-2.0
#include "network/network_file.hpp"

#include "speciesnet/error.hpp"

#include "import/published_network.hpp"
#include "system/memory.hpp"

#include <functional>
#include <string_view>
#include <utility>

namespace speciesnet {

NetworkFile::NetworkFile(const PackageFile& file)
    : file_(file), is_torchscript_(is_torchscript(file)) {}

std::string NetworkFile::read_graph() {
    if (graph_) {
        return {};
    }
    if (!is_torchscript_) {
        graph_ = read_published_network(file_);
        return {};
    }
    auto torchscript = torch_plugin().load_file(file_);
    auto read = torchscript->graph();
    graph_ = std::move(read.graph);
    if (!graph_) {
        torchscript_ = std::move(torchscript);
    }
    return std::move(read.reason);
}

lowering::Lowered NetworkFile::lower(const executor::KernelSet& target, int threads,
                                     const executor::ObservedRanges* ranges) {
    if (auto reason = read_graph(); !graph_) {
        return {.plan = std::nullopt, .reason = std::move(reason)};
    }
    // Only pages of the file are released: other memory cannot be read again.
    const auto release = [content = file_.content()](std::string_view bytes) {
        const std::less_equal<> not_behind;
        if (not_behind(content.data(), bytes.data()) &&
            not_behind(bytes.data() + bytes.size(), content.data() + content.size())) {
            release_pages(bytes);
        }
    };
    // The target may be another CPU.
    const auto& kernels = target.supported() ? target.table() : target.layout;
    return lowering::lower(std::move(*graph_), {.kernels = kernels,
                                                .precision = target.precision,
                                                .ranges = ranges,
                                                .threads = threads,
                                                .release = release});
}

graph::Graph NetworkFile::graph() {
    if (const auto reason = read_graph(); !graph_) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + file_.origin() + "' has no graph: " + reason);
    }
    return *graph_;
}

std::unique_ptr<TorchNetwork> NetworkFile::interpret(const TorchRunOptions& options) {
    if (!is_torchscript_) {
        read_graph();
    }
    if (graph_) {
        return torch_plugin().load_graph(*graph_, options);
    }
    if (!torchscript_) {
        torchscript_ = torch_plugin().load_file(file_);
    }
    return torchscript_->interpret(options);
}

}  // namespace speciesnet
