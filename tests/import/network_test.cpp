// SPDX-License-Identifier: Apache-2.0
// Published networks give PyTorch's answers, both with the executor and with LibTorch.
#include "speciesnet/error.hpp"

#include "executor/kernels.hpp"
#include "graph/torchscript_text.hpp"
#include "import/checkpoint.hpp"
#include "import/yolo.hpp"
#include "published_networks.hpp"
#include "unit/executor_fixtures.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// The executor, and LibTorch.
std::vector<NetworkOptions> ways() {
    std::vector<NetworkOptions> ways;
#if SPECIESNET_HAS_TORCH
    ways.push_back({.kernels = nullptr});
#endif
    for (const auto* const set : executor::float32_kernel_sets()) {
        ways.push_back({.kernels = set});
    }
    return ways;
}

}  // namespace

TEST_CASE("networks that need LibTorch give typed errors in a build without it" *
          doctest::test_suite("no LibTorch")) {
    const auto check_refused = [](const std::filesystem::path& file,
                                  const NetworkOptions& options) {
        try {
            load(file, options);
            FAIL("loaded");
        } catch (const ModelError& error) {
            CHECK(error.code() == ErrorCode::unsupported_hardware);
            CHECK(std::string(error.what()).find("this build does not include LibTorch") == 0);
        }
    };
    check_refused(published("foreign.pt"), network_options(Precision::float32, {}));
    check_refused(published("detector.pt"), {.device = {.is_cuda = true}});
    check_refused(published("detector.pt"), {.kernels = nullptr});
}

TEST_CASE("a YOLOv5 checkpoint in float16 gives PyTorch's boxes") {
    for (const auto& way : ways()) {
        const auto output = run(published("detector.pt"), test_input({2, 3, 64, 128}), way);
        CHECK(output.shape == std::vector<std::int64_t>{2, 504, 8});
        CHECK(difference(output.values, numbers_of(published("detector.expected"))) < 1e-5F);
    }
}

TEST_CASE("grids that a detector's file stores change nothing") {
    const auto input = test_input({2, 3, 64, 128});
    CHECK(run(published("detector_grids.pt"), input).values ==
          run(published("detector.pt"), input).values);
}

TEST_CASE("a legacy YOLOv5 checkpoint gives PyTorch's boxes") {
    for (const auto& way : ways()) {
        const auto output = run(published("detector_legacy.pt"), test_input({1, 3, 128, 64}), way);
        CHECK(output.shape == std::vector<std::int64_t>{1, 486, 8});
        CHECK(difference(output.values, numbers_of(published("detector_legacy.expected"))) < 1e-5F);
    }
}

TEST_CASE("a detector takes images of any size in steps of its stride") {
    const auto detector = load(published("detector.pt"));
    for (const std::int64_t height : {32, 64, 160}) {
        for (const std::int64_t width : {32, 96}) {
            const std::int64_t cells = height * width / (32 * 32);
            const std::vector<std::int64_t> shape{1, 3 * cells * (1 + 4 + 16), 8};
            CHECK(detector.forward(test_input({1, 3, height, width})).shape == shape);
            CHECK(detector.output_shape({1, 3, height, width}) == shape);
        }
    }
}

TEST_CASE("a GraphModule of onnx2torch gives PyTorch's logits") {
    for (const auto& way : ways()) {
        const auto output = run(published("classifier.pt"), test_input({2, 12, 12, 3}), way);
        CHECK(output.shape == std::vector<std::int64_t>{2, 5});
        CHECK(difference(output.values, numbers_of(published("classifier.expected"))) < 1e-5F);
        // Accepts any number of images.
        CHECK(run(published("classifier.pt"), test_input({5, 12, 12, 3}), way).shape ==
              std::vector<std::int64_t>{5, 5});
    }
}

TEST_CASE("published networks are plans") {
    for (const std::string name : {"detector.pt", "detector_legacy.pt", "classifier.pt"}) {
        CAPTURE(name);
        const auto network = load(published(name));
        CHECK(network.reason_without_plan() == "");
        CHECK(network.plan() != nullptr);
    }
}

TEST_CASE("weights keep their names and the layers their order") {
    const auto bytes = bytes_of(published("detector.pt"));
    Checkpoint checkpoint(bytes);
    const auto network = read_yolo(checkpoint, 1U << 20U);
    const auto text = graph::to_torchscript(network);
    CHECK(text.weights.front().name == "w_model_model_0_conv_weight");
    CHECK(text.weights.front().tensor.type == ElementType::float16);
    CHECK(text.forward.starts_with(
        "def forward(self, x):\n"
        "    x1 = torch.conv2d(x, self.w_model_model_0_conv_weight, None, [2, 2], [2, 2], [1, 1], "
        "1)\n"
        "    x2 = torch.batch_norm(x1, self.w_model_model_0_bn_weight,"));
}
