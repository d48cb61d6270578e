// SPDX-License-Identifier: Apache-2.0
// Copies weights into LibTorch's memory and releases the pages of the file.
#include "torch_plugin/archive.hpp"

#include "speciesnet/error.hpp"

#include "system/memory.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include <caffe2/serialize/read_adapter_interface.h>
#include <torch/script.h>

namespace speciesnet {
namespace {

/// Lets LibTorch read an archive directly from mapped or embedded memory.
class MemoryReader final : public caffe2::serialize::ReadAdapterInterface {
public:
    explicit MemoryReader(std::string_view content) : content_(content) {}

    std::size_t size() const override { return content_.size(); }

    std::size_t read(std::uint64_t position, void* buffer, std::size_t count,
                     const char* what) const override {
        if (position > content_.size() || count > content_.size() - position) {
            throw ModelError(ErrorCode::model_invalid,
                             std::string("archive ends early while reading ") + what);
        }
        advise_huge_pages(buffer, count);
        std::memcpy(buffer, content_.data() + position, count);
        // Releases a weight that has been copied: otherwise the whole file would be in memory
        // twice.
        constexpr std::size_t large = std::size_t{1} << 20U;
        if (count >= large) {
            release_pages(content_.substr(position, count));
        }
        return count;
    }

private:
    std::string_view content_;
};

}  // namespace

torch::jit::Module load_module(const PackageFile& file) {
    if (!file.content().starts_with("PK\x03\x04")) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + file.origin() + "' is not a TorchScript archive");
    }
    auto module = torch::jit::load(std::make_shared<MemoryReader>(file.content()), c10::kCPU);
    release_pages(file.content());
    module.eval();
    return module;
}

}  // namespace speciesnet
