#include "import/published_network.hpp"

#include "speciesnet/error.hpp"

#include "import/checkpoint.hpp"
#include "import/onnx2torch.hpp"
#include "import/yolov5.hpp"
#include "import/zip_archive.hpp"

#include <algorithm>
#include <memory>

namespace speciesnet {

PublishedNetwork read_published_network(NetworkKind kind, const PackageFile& file) {
    try {
        Checkpoint checkpoint(file.content(), std::make_shared<const PackageFile>(file));
        // float16 becomes float32; nothing grows more than that.
        const std::uint64_t most_bytes = 2 * std::uint64_t{file.content().size()};
        return {kind == NetworkKind::detector ? read_yolov5(checkpoint, most_bytes)
                                              : read_onnx2torch(checkpoint, most_bytes)};
    } catch (const ModelError& error) {
        throw ModelError(error.code(),
                         "'" + file.origin() + "' cannot be imported: " + error.what());
    }
}

bool is_torchscript(std::string_view file) {
    if (!ZipArchive::has_signature(file)) {
        return false;
    }
    const ZipArchive archive(file);
    return std::ranges::any_of(archive.entries(), [](const auto& entry) {
        return entry.first.ends_with("/constants.pkl");
    });
}

}  // namespace speciesnet
