// SPDX-License-Identifier: Apache-2.0
// Fuzzes read_yolo() and read_onnx2torch(). Input: the pickle of a network; its storages are made
// up. Checks that weights lie within the file, that the generated TorchScript has a fixed form and
// set of characters, that the dump is printable, and that lowering gives a plan or a reason.
#include "speciesnet/error.hpp"

#include "executor/kernel_tables.hpp"
#include "fuzz/agreement.hpp"
#include "graph/dump.hpp"
#include "graph/torchscript_text.hpp"
#include "import/checkpoint.hpp"
#include "import/onnx2torch.hpp"
#include "import/yolo.hpp"
#include "lowering/lowering.hpp"
#include "unit/stored_zip.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace {

using namespace speciesnet;

/// Returns a checkpoint with this pickle and the storages that it names, as far as they are small.
std::string checkpoint_of(std::string_view bytes) {
    constexpr std::uint64_t most_bytes = 1U << 17U;
    std::vector<StoredEntry> entries{{"x/data.pkl", std::string(bytes)}};
    std::set<std::string_view> keys;
    std::uint64_t left = most_bytes;
    const pickle::Document document(bytes);
    for (const auto& reference : document.references()) {
        const auto key = reference.persistent_key();
        const auto elements = static_cast<std::uint64_t>(key.item(4).integer());
        const std::uint64_t element_size = size_of(element_type(key.item(1).global()));
        if (elements <= left / element_size && keys.insert(key.item(2).text()).second) {
            left -= elements * element_size;
            entries.push_back({"x/data/" + std::string(key.item(2).text()),
                               std::string(elements * element_size, '\1')});
        }
    }
    return stored_zip(entries);
}

void check(const graph::Graph& graph, std::string_view file) {
    const auto text = graph::to_torchscript(graph);
    constexpr std::string_view others = "_.,()[]=:- \n";
    fuzz::require(std::ranges::all_of(text.forward,
                                      [&](char c) {
                                          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                                 (c >= '0' && c <= '9') ||
                                                 others.find(c) != std::string_view::npos;
                                      }),
                  "the text has only the allowed characters");
    fuzz::require(text.forward.starts_with("def forward(self, x):\n"), "the text is one function");
    std::size_t lines = 0;
    std::size_t begin = 0;
    for (std::size_t end = text.forward.find('\n'); end != std::string::npos;
         begin = end + 1, end = text.forward.find('\n', begin)) {
        const auto line = std::string_view(text.forward).substr(begin, end - begin);
        fuzz::require(lines++ == 0 || line.starts_with("    x") || line.starts_with("    return "),
                      "a line sets a variable or returns");
    }
    fuzz::require(std::ranges::all_of(graph::dump(graph),
                                      [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }),
                  "the dump is printable");
    for (const auto& weight : text.weights) {
        fuzz::require(fuzz::is_within(weight.tensor.bytes, file) ||
                          weight.name.starts_with("w_anchors_") ||
                          weight.name.starts_with("w_bins"),
                      "a weight lies within the file");
        fuzz::require(weight.name.starts_with("w_"), "the name of a weight has the prefix w_");
    }
}

/// Checks that lowering gives a plan or a reason.
void lower(graph::Graph graph) {
    const auto& kernels = executor::best_kernel_set(Precision::float32)->table();
    const auto lowered = lowering::lower(std::move(graph), {.kernels = kernels});
    fuzz::require(lowered.plan.has_value() == lowered.reason.empty(),
                  "there is either a plan or a reason");
}

template <typename Read>
void import_as(Read read, std::string_view file) {
    try {
        Checkpoint checkpoint(file);
        auto graph = read(checkpoint, 2 * file.size());
        check(graph, file);
        lower(std::move(graph));
    } catch (const ModelError&) {
        return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const std::string file = checkpoint_of(fuzz::text(data, size));
        import_as(read_yolo, file);
        import_as(read_onnx2torch, file);
    } catch (const ModelError&) {
        return 0;
    }
    return 0;
}
