// Imported networks answer what PyTorch answers on the published ones.
#include "speciesnet/error.hpp"
#include "speciesnet/import.hpp"

#include "graph/torchscript_text.hpp"
#include "import/checkpoint.hpp"
#include "import/yolov5.hpp"
#include "published_networks.hpp"
#include "temporary_folder.hpp"

#include <filesystem>

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("a YOLOv5 checkpoint in float16 gives PyTorch's boxes") {
    const TemporaryFolder folder;
    const auto file = std::filesystem::path(folder.path()) / "detector.torchscript.pt";
    const auto imported = import_detector(published("detector.pt"), file);
    CHECK(imported.published_bytes == std::filesystem::file_size(published("detector.pt")));
    CHECK(imported.imported_bytes == std::filesystem::file_size(file));
    CHECK(imported.imported == "detector.torchscript.pt");
    const auto output = run(file, test_input({2, 3, 64, 128}));
    CHECK(output.shape == std::vector<std::int64_t>{2, 504, 8});
    CHECK(difference(output.values, numbers_of(published("detector.expected"))) < 1e-5F);
}

TEST_CASE("a legacy YOLOv5 checkpoint gives PyTorch's boxes") {
    const TemporaryFolder folder;
    const auto file = std::filesystem::path(folder.path()) / "detector.torchscript.pt";
    import_detector(published("detector_legacy.pt"), file);
    const auto output = run(file, test_input({1, 3, 128, 64}));
    CHECK(output.shape == std::vector<std::int64_t>{1, 486, 8});
    CHECK(difference(output.values, numbers_of(published("detector_legacy.expected"))) < 1e-5F);
}

TEST_CASE("an imported detector takes pictures of any size in steps of its stride") {
    const TemporaryFolder folder;
    const auto file = std::filesystem::path(folder.path()) / "detector.torchscript.pt";
    import_detector(published("detector.pt"), file);
    for (const std::int64_t height : {32, 64, 160}) {
        for (const std::int64_t width : {32, 96}) {
            const auto output = run(file, test_input({1, 3, height, width}));
            const std::int64_t cells = height * width / (32 * 32);
            CHECK(output.shape == std::vector<std::int64_t>{1, 3 * cells * (1 + 4 + 16), 8});
        }
    }
}

TEST_CASE("a GraphModule of onnx2torch gives PyTorch's logits") {
    const TemporaryFolder folder;
    const auto file = std::filesystem::path(folder.path()) / "classifier.torchscript.pt";
    import_classifier(published("classifier.pt"), file);
    const auto output = run(file, test_input({2, 12, 12, 3}));
    CHECK(output.shape == std::vector<std::int64_t>{2, 5});
    CHECK(difference(output.values, numbers_of(published("classifier.expected"))) < 1e-5F);
    // Any number of pictures.
    CHECK(run(file, test_input({5, 12, 12, 3})).shape == std::vector<std::int64_t>{5, 5});
}

TEST_CASE("weights keep their names and the layers their order") {
    const auto bytes = bytes_of(published("detector.pt"));
    Checkpoint checkpoint(bytes);
    const auto network = read_yolov5(checkpoint, 1U << 20U);
    const auto text = graph::to_torchscript(network);
    CHECK(text.weights.front().name == "w_model_model_0_conv_weight");
    CHECK(text.weights.front().tensor.type == ElementType::float16);
    CHECK(text.forward.starts_with(
        "def forward(self, x):\n"
        "    x1 = torch.conv2d(x, self.w_model_model_0_conv_weight, None, [2, 2], [2, 2], [1, 1], "
        "1)\n"
        "    x2 = torch.batch_norm(x1, self.w_model_model_0_bn_weight,"));
}

TEST_CASE("a detector is no classifier, and a classifier no detector") {
    const TemporaryFolder folder;
    const auto file = std::filesystem::path(folder.path()) / "network.pt";
    CHECK_THROWS_WITH_AS(import_classifier(published("detector.pt"), file),
                         doctest::Contains("no torch.fx GraphModule"), ModelError);
    CHECK_THROWS_WITH_AS(import_detector(published("classifier.pt"), file),
                         doctest::Contains("no YOLOv5 checkpoint"), ModelError);
    CHECK(std::filesystem::is_empty(folder.path()));
}
