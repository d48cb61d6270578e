// Puts the readers of this room and the writer of TorchScript together.
#include "import/network_import.hpp"

#include "graph/torchscript_text.hpp"
#include "network/torch_functions.hpp"
#include "system/mapped_file.hpp"
#include "system/new_file.hpp"
#include "system/pending_path.hpp"

#include <chrono>
#include <utility>

namespace speciesnet {
namespace {

void write_network(NetworkKind kind, const PackageFile& file, const std::filesystem::path& output) {
    auto text = graph::to_torchscript(read_published_network(kind, file).graph);
    NetworkDefinition network{.forward = std::move(text.forward), .weights = {}};
    for (auto& weight : text.weights) {
        network.weights.push_back({std::move(weight.name), std::move(weight.tensor)});
    }
    torch_functions().write_torchscript(network, output, release_pages);
}

ImportedNetwork import_file(NetworkKind kind, const std::filesystem::path& published,
                            const std::filesystem::path& output) {
    const MappedFile file = map_file(published);
    PendingPath pending(output);
    auto imported =
        import_network(kind, {file.content, published.string(), file.owner}, pending.path());
    pending.publish();
    return imported;
}

}  // namespace

ImportedNetwork import_network(NetworkKind kind, const PackageFile& file,
                               const std::filesystem::path& output) {
    const auto start = std::chrono::steady_clock::now();
    if (is_torchscript(file.content())) {
        write_new_file(output, file.content());
    } else {
        write_network(kind, file, output);
    }
    return {file.origin(), output.filename().string(), file.content().size(),
            std::filesystem::file_size(output),
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
}

ImportedNetwork import_detector(const std::filesystem::path& published,
                                const std::filesystem::path& output) {
    return import_file(NetworkKind::detector, published, output);
}

ImportedNetwork import_classifier(const std::filesystem::path& published,
                                  const std::filesystem::path& output) {
    return import_file(NetworkKind::classifier, published, output);
}

}  // namespace speciesnet
