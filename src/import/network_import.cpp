// Puts the readers of this room and the writer of the network room together.
#include "import/network_import.hpp"

#include "speciesnet/error.hpp"

#include "import/checkpoint.hpp"
#include "import/invalid_model.hpp"
#include "import/onnx2torch.hpp"
#include "import/yolov5.hpp"
#include "import/zip_archive.hpp"
#include "network/torch_functions.hpp"
#include "system/mapped_file.hpp"
#include "system/new_file.hpp"
#include "system/pending_path.hpp"

#include <algorithm>
#include <chrono>

namespace speciesnet {
namespace {

void write_network(NetworkKind kind, std::string_view content,
                   const std::filesystem::path& output) {
    Checkpoint checkpoint(content);
    // float16 becomes float32; nothing grows more than that.
    const std::uint64_t most_bytes = 2 * std::uint64_t{content.size()};
    torch_functions().write_torchscript(kind == NetworkKind::detector
                                            ? read_yolov5(checkpoint, most_bytes)
                                            : read_onnx2torch(checkpoint, most_bytes),
                                        output, release_pages);
}

ImportedNetwork import_file(NetworkKind kind, const std::filesystem::path& published,
                            const std::filesystem::path& output) {
    const MappedFile file = map_file(published);
    PendingPath pending(output);
    auto imported = import_network(kind, file.content, published.string(), pending.path());
    pending.publish();
    return imported;
}

}  // namespace

bool is_torchscript(std::string_view file) {
    if (!ZipArchive::has_signature(file)) {
        return false;
    }
    const ZipArchive archive(file);
    return std::ranges::any_of(archive.entries(), [](const auto& entry) {
        return entry.first.ends_with("/constants.pkl");
    });
}

ImportedNetwork import_network(NetworkKind kind, std::string_view content,
                               const std::string& origin, const std::filesystem::path& output) {
    const auto start = std::chrono::steady_clock::now();
    try {
        if (is_torchscript(content)) {
            write_new_file(output, content);
        } else {
            write_network(kind, content, output);
        }
    } catch (const ModelError& error) {
        throw ModelError(error.code(), "'" + origin + "' cannot be imported: " + error.what());
    }
    return {origin, output.filename().string(), content.size(), std::filesystem::file_size(output),
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
