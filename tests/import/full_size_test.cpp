// A package of full size, if there is one: scripts/check_import names it, and what PyTorch
// answered.
#include "speciesnet/import.hpp"
#include "speciesnet/model.hpp"

#include "published_networks.hpp"
#include "temporary_folder.hpp"

#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// What the project promises; memory in sizes of the published networks.
void check_cost(const ImportReport& report) {
    std::uint64_t published_bytes = 0;
    for (const auto& network : report.networks) {
        MESSAGE(network.published << ": " << network.seconds << " s");
        published_bytes += network.published_bytes;
    }
    const double memory =
        static_cast<double>(report.peak_memory_bytes) / static_cast<double>(published_bytes);
    MESSAGE("package: " << report.seconds << " s, " << report.peak_memory_bytes
                        << " bytes of memory, " << memory << " times the networks");
    CHECK(report.seconds < 60);
    CHECK(memory < 1.5);
}

void check_answer(const std::filesystem::path& network, const FloatArray& input,
                  const std::filesystem::path& expected) {
    const float differing = difference(run(network, input).values, numbers_of(expected));
    MESSAGE(network.filename().string() << " differs by " << differing);
    CHECK(differing < 1e-5F);
}

}  // namespace

TEST_CASE("a full-size package is imported at the promised cost and gives PyTorch's answers") {
    const char* const folder = std::getenv("SPECIESNET_FULL_SIZE");
    if (folder == nullptr) {
        MESSAGE("skipped: scripts/check_import runs this");
        return;
    }
    const std::filesystem::path expected(folder);
    const TemporaryFolder place;
    const auto report =
        import_package(expected / "package", std::filesystem::path(place.path()) / "imported");
    check_cost(report);
    const auto info = Package::open(report.folder.string()).info();
    check_answer(report.folder / info.detector, test_input({1, 3, 256, 320}),
                 expected / "detector.expected");
    check_answer(report.folder / info.classifier, test_input({1, 480, 480, 3}),
                 expected / "classifier.expected");
}
