// SPDX-License-Identifier: Apache-2.0
#include "network/network_file.hpp"

#include "speciesnet/error.hpp"

#include "import/published_network.hpp"
#include "system/mapped_file.hpp"

#include <functional>
#include <string_view>
#include <utility>

namespace speciesnet {

NetworkFile::NetworkFile(const PackageFile& file)
    : file_(file), is_torchscript_(is_torchscript(file)) {}

graph::Graph& NetworkFile::published() {
    if (!published_) {
        published_ = read_published_network(file_).graph;
    }
    return *published_;
}

lowering::Lowered NetworkFile::lower(const CompiledFor& target, int threads) {
    if (!is_torchscript_) {
        return lower(published(), target, threads);
    }
    auto read = torch_plugin().read(file_);
    return read.graph ? lower(*read.graph, target, threads)
                      : lowering::Lowered{.plan = std::nullopt, .reason = std::move(read.reason)};
}

lowering::Lowered NetworkFile::lower(graph::Graph& graph, const CompiledFor& target,
                                     int threads) const {
    // Weights that are not in the file are in memory that cannot be read again.
    const auto release = [content = file_.content()](std::string_view bytes) {
        const std::less_equal<> not_behind;
        if (not_behind(content.data(), bytes.data()) &&
            not_behind(bytes.data() + bytes.size(), content.data() + content.size())) {
            release_pages(bytes);
        }
    };
    return lowering::lower(std::move(graph), {.kernels = target.kernels(),
                                              .precision = target.precision,
                                              .threads = threads,
                                              .release = release});
}

graph::Graph NetworkFile::graph() const {
    if (!is_torchscript_) {
        return read_published_network(file_).graph;
    }
    auto read = torch_plugin().read(file_);
    if (!read.graph) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + file_.origin() + "' has no graph: " + read.reason);
    }
    return *std::move(read.graph);
}

std::unique_ptr<TorchNetwork> NetworkFile::interpret(const TorchRunOptions& options) {
    return is_torchscript_ ? torch_plugin().load_file(file_, options)
                           : torch_plugin().load_graph(published(), options);
}

}  // namespace speciesnet
