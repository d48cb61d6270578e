// SPDX-License-Identifier: Apache-2.0
// Published networks as graphs.
#include "speciesnet/error.hpp"

#include "graph/dump.hpp"
#include "import/published_network.hpp"
#include "rejects.hpp"
#include "stored_zip.hpp"
#include "system/memory.hpp"

#include <cstddef>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

std::string bytes_of(const char* name) {
    return std::string(
        map_file(std::filesystem::path(SPECIESNET_FIXTURES) / "import" / name).content);
}

/// @param watch observes the memory that the graph keeps alive
graph::Graph read(std::string bytes, std::weak_ptr<const std::string>* watch = nullptr) {
    const auto owner = std::make_shared<const std::string>(std::move(bytes));
    if (watch != nullptr) {
        *watch = owner;
    }
    return read_published_network({*owner, "network.pt", owner});
}

const graph::YoloBoxes& boxes_of(const graph::Graph& graph) {
    return std::get<graph::YoloBoxes>(graph.nodes()[graph.output()].operation);
}

std::string raw(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

}  // namespace

TEST_CASE("a detector's boxes have the strides and anchors of the file") {
    const auto network = read(bytes_of("detector.pt"));
    const auto& boxes = boxes_of(network);
    CHECK(boxes.box_channels == 8);
    REQUIRE(boxes.grids.size() == 3);
    CHECK(boxes.grids[0].stride == 8);
    CHECK(boxes.grids[1].stride == 16);
    CHECK(boxes.grids[2].stride == 32);
    for (const auto& grid : boxes.grids) {
        CHECK(grid.anchors.size() == 3);
    }
    CHECK(boxes.grids[0].anchors[0].width == 4);
    CHECK(boxes.grids[0].anchors[0].height == 5);
    CHECK(boxes.grids[2].anchors[2].width == 335);
    CHECK(boxes.grids[2].anchors[2].height == 433);
}

TEST_CASE("grids that a detector's file stores are ignored") {
    const auto stored = bytes_of("detector_grids.pt");
    const auto plain = bytes_of("detector.pt");
    const std::string sevens = raw(std::vector<float>(9, 32839));  // 18 times 7 in float16
    REQUIRE(stored.find(sevens) != std::string::npos);
    REQUIRE(plain.find(sevens) == std::string::npos);
    CHECK(graph::dump(read(stored)) == graph::dump(read(plain)));
}

TEST_CASE("weights are views into the file, which they keep alive, with the file's names") {
    std::weak_ptr<const std::string> file;
    {
        const auto network = read(bytes_of("detector.pt"), &file);
        REQUIRE_FALSE(file.expired());
        const auto& convolution = std::get<graph::Convolution>(network.nodes()[1].operation);
        CHECK(convolution.weights.name == "model.model.0.conv.weight");
        CHECK(convolution.weights.tensor.type == ElementType::float16);
        CHECK(convolution.weights.tensor.shape == std::vector<std::int64_t>{8, 3, 6, 6});
        CHECK(convolution.padding == graph::Pair{2, 2});
        CHECK_FALSE(convolution.bias);
        const auto bytes = convolution.weights.tensor.bytes;
        const auto content = file.lock();
        CHECK(bytes.data() >= content->data());
        CHECK(bytes.data() + bytes.size() <= content->data() + content->size());
    }
    CHECK(file.expired());
}

TEST_CASE("anchors that are not positive are refused") {
    const std::string bytes = bytes_of("detector_legacy.pt");
    const std::vector<float> anchors{0.5F, 0.625F, 1, 1.25F, 1.625F, 2};
    const auto place = bytes.find(raw(anchors));
    REQUIRE(place != std::string::npos);
    for (const float wrong : {0.0F, -1.0F, std::numeric_limits<float>::quiet_NaN(),
                              std::numeric_limits<float>::infinity()}) {
        std::string changed = bytes;
        changed.replace(place, sizeof(float), raw({wrong}));
        CHECK(rejects([&] { (void)read(changed); }, "not positive"));
    }
    std::string changed = bytes;
    changed.replace(place, sizeof(float), raw({0.75F}));
    CHECK(boxes_of(read(changed)).grids[0].anchors[0].width == 6);
}

TEST_CASE("a classifier's constants and operations come in the order of its source") {
    const auto network = read(bytes_of("classifier.pt"));
    const auto& nodes = network.nodes();
    CHECK(network.output() == nodes.size() - 1);
    CHECK(std::get<graph::Permute>(nodes[1].operation).axes ==
          std::vector<std::int64_t>{0, 3, 1, 2});
    CHECK(std::get<graph::Pad>(nodes[2].operation).bottom == 1);
    CHECK(std::get<graph::Convolution>(nodes[6].operation).groups == 8);
    CHECK(std::get<graph::Constant>(nodes[7].operation).value.name ==
          "self.initializers.onnx_initializer_0");
    CHECK(std::get<graph::Arithmetic>(nodes[20].operation).kind == graph::Arithmetic::Kind::divide);
    CHECK(std::get<graph::Linear>(nodes.back().operation).bias);
}

TEST_CASE("errors name the file") {
    CHECK(rejects([] { (void)read("no network"); }, "'network.pt' cannot be read: "));
    CHECK(rejects(
        [] {
            (void)read(stored_zip({{"x/data.pkl", "N."}}));
        },
        "'network.pt' cannot be read: "));
}
