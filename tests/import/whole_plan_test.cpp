// Published networks are plans from their input to their output, and can be kept as such.
#include "speciesnet/error.hpp"
#include "speciesnet/import.hpp"

#include "compilable_package.hpp"
#include "network/compiled_network.hpp"
#include "network/network.hpp"
#include "published_networks.hpp"
#include "temporary_folder.hpp"
#include "unit/executor_fixtures.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

PackageFile file_of(const std::filesystem::path& path) {
    const auto mapped = map_file(path);
    return {mapped.content, path.string(), mapped.owner};
}

Network load(const std::filesystem::path& file, const NetworkOptions& options) {
    return {file_of(file), std::make_shared<NetworkThreads>(2), options};
}

/// A network is a whole plan on all kernels, and what is compiled of it gives the same bits.
void check_compiled(const std::filesystem::path& file, const std::vector<std::int64_t>& shape) {
    CAPTURE(file.string());
    CHECK(load(file, {.instruction_set = std::nullopt}).whole_plan() == nullptr);
    const TemporaryFolder folder;
    for (const auto set : executor::instruction_sets()) {
        NetworkOptions options{.instruction_set = set};
        const auto network = load(file, options);
        REQUIRE(network.whole_plan() != nullptr);
        const auto compiled = std::filesystem::path(folder.path()) /
                              compiled_file_name("network.pt", *compiled_for(options));
        write_compiled_network(*network.whole_plan(), *compiled_for(options), file_of(file),
                               compiled);
        options.compiled = file_of(compiled);
        const auto mapped = load(file, options);
        const auto input = test_input(shape);
        const auto expected = network.forward(input);
        CHECK(mapped.forward(input).values == expected.values);
        CHECK(mapped.output_shape(shape) == expected.shape);
        CHECK(mapped.is_planned());
    }
}

}  // namespace

TEST_CASE("published networks become whole plans") {
    const TemporaryFolder folder;
    const auto detector = std::filesystem::path(folder.path()) / "detector.pt";
    import_detector(published("detector.pt"), detector);
    check_compiled(detector, {2, 3, 64, 96});
    const auto classifier = std::filesystem::path(folder.path()) / "classifier.pt";
    write_small_classifier(classifier);
    check_compiled(classifier, {3, 480, 480, 3});
}

TEST_CASE("networks with operations that are left to LibTorch are no whole plans") {
    const auto model = std::filesystem::path(SPECIESNET_SOURCE_DIR) / "examples/demo/model";
    CHECK(load(model / "detector.pt", {}).whole_plan() == nullptr);
}

TEST_CASE("what is compiled of one network is not taken for another") {
    if (!executor::best_instruction_set()) {
        return;
    }
    const TemporaryFolder folder;
    const auto detector = std::filesystem::path(folder.path()) / "detector.pt";
    const auto legacy = std::filesystem::path(folder.path()) / "legacy.pt";
    import_detector(published("detector.pt"), detector);
    import_detector(published("detector_legacy.pt"), legacy);
    NetworkOptions options;
    const auto compiled = std::filesystem::path(folder.path()) / "detector.compiled";
    write_compiled_network(*load(detector, options).whole_plan(), *compiled_for(options),
                           file_of(detector), compiled);
    const auto input = test_input({1, 3, 128, 64});
    const auto expected = load(legacy, options).forward(input);
    options.compiled = file_of(compiled);
    CHECK(load(legacy, options).forward(input).values == expected.values);
}
