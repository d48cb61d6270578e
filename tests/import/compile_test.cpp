// SPDX-License-Identifier: Apache-2.0
// Packages with compiled networks give the same answers.
#include "speciesnet/compile.hpp"

#include "speciesnet/ensemble.hpp"
#include "speciesnet/error.hpp"

#include "detector/detector.hpp"
#include "executor/kernels.hpp"
#include "executor/observed_ranges.hpp"
#include "model_copy.hpp"
#include "network/compiled_network.hpp"
#include "network/network_file.hpp"
#include "network/precision.hpp"
#include "published_networks.hpp"
#include "unit/compiled_file.hpp"
#include "unit/executor_fixtures.hpp"
#include "unit/reduced_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

const std::filesystem::path demo = std::filesystem::path(SPECIESNET_SOURCE_DIR) / "examples/demo";

std::vector<Prediction> answers(const ModelCopy& model, Precision precision = Precision::float32) {
    const auto ensemble = Ensemble::load(model.path(), {.precision = precision});
    std::vector<Prediction> answers;
    for (const auto* photo : {"zebra.jpg", "leopard_night.jpg"}) {
        answers.push_back(ensemble.predict(decode_file((demo / "photos" / photo).string()), {},
                                           {.format = ResultFormat::per_image}));
    }
    return answers;
}

/// Returns the messages about skipped files when loading.
std::vector<std::string> notes_of(const ModelCopy& model,
                                  Precision precision = Precision::float32) {
    std::vector<std::string> notes;
    static_cast<void>(Ensemble::load(
        model.path(),
        {.precision = precision, .log = [&](LogLevel level, std::string_view message) {
             if (level == LogLevel::warning) {
                 notes.emplace_back(message);
             }
         }}));
    return notes;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

void remove_networks(const ModelCopy& model) {
    model.remove("detector.pt");
    model.remove("classifier.pt");
}

/// Returns the plan that a network of the demonstration model is lowered to.
std::string lowered(const PackageFile& network, const executor::KernelSet& target) {
    auto plan = NetworkFile(network).lower(target, 2).plan;
    REQUIRE(plan.has_value());
    return compiled_bytes(*plan, target, network);
}

/// Returns all kernels that this CPU supports.
std::vector<const executor::KernelSet*> kernels_here() {
    std::vector<const executor::KernelSet*> sets;
    for (const auto& set : executor::kernel_sets()) {
        if (set.supported()) {
            sets.push_back(&set);
        }
    }
    return sets;
}

std::set<std::string> files_of(const ModelCopy& model) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(model.path())) {
        names.insert(entry.path().filename().string());
    }
    return names;
}

/// Returns the error of compiling or loading.
template <typename Action>
std::string failure(ErrorCode code, Action&& action) {
    try {
        action();
    } catch (const ModelError& error) {
        CHECK(error.code() == code);
        return error.what();
    }
    return {};
}

void cut(const std::filesystem::path& file) {
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
}

}  // namespace

TEST_CASE("compiled networks give bit-identical answers") {
    std::vector<Precision> precisions{Precision::float32};
    for (const auto precision : {Precision::int8, Precision::bfloat16}) {
        if (executor::best_kernel_set(precision) != nullptr) {
            precisions.push_back(precision);
        }
    }
    for (const auto precision : precisions) {
        const auto name = std::string(name_of(precision));
        CAPTURE(name);
        const ModelCopy model(demo / "model");
        const auto before = files_of(model);
        const auto expected = answers(model, precision);
        REQUIRE(expected.front().detections->front().classification.has_value());
        std::vector<std::string> told;
        const auto report = compile_package(
            model.path(), {.precision = precision,
                           .progress = [&](std::string_view file) { told.emplace_back(file); }});
        CHECK(told == std::vector<std::string>{"detector.pt", "classifier.pt"});
        REQUIRE(report.size() == 2);
        for (std::size_t i = 0; i < report.size(); ++i) {
            CHECK(report[i].network == told[i]);
            CHECK(report[i].compiled.ends_with("-" + name + ".compiled"));
            CHECK(report[i].bytes == std::filesystem::file_size(model.file(report[i].compiled)));
            CHECK(report[i].seconds > 0);
        }
        // Only the two files are new.
        CHECK(files_of(model).size() == before.size() + 2);
        CHECK(answers(model, precision) == expected);
        // They are used.
        for (const auto& network : report) {
            cut(model.file(network.compiled));
            const auto message =
                failure(ErrorCode::model_invalid, [&] { answers(model, precision); });
            CHECK(message.find(network.compiled + "' is damaged") != std::string::npos);
            std::filesystem::remove(model.file(network.compiled));
        }
        CHECK(answers(model, precision) == expected);
    }
}

TEST_CASE("compiled networks of another precision are ignored" * executor::needs_int8()) {
    const ModelCopy model(demo / "model");
    for (const auto& network : compile_package(model.path(), {.precision = Precision::int8})) {
        cut(model.file(network.compiled));
    }
    CHECK_NOTHROW(Ensemble::load(model.path()));
    CHECK_THROWS_AS(Ensemble::load(model.path(), {.precision = Precision::int8}), ModelError);
}

TEST_CASE("a replaced network is used instead of the old compiled form") {
    const ModelCopy model(demo / "model");
    const auto report = compile_package(model.path());
    std::filesystem::copy_file(published("detector.pt"), model.file("detector.pt"),
                               std::filesystem::copy_options::overwrite_existing);
    const auto found = answers(model);
    std::filesystem::remove(model.file(report[0].compiled));
    CHECK(found == answers(model));
}

TEST_CASE("compiling again replaces the compiled files") {
    const ModelCopy model(demo / "model");
    const auto report = compile_package(model.path());
    const auto files = files_of(model);
    const auto detector = bytes_of(model.file(report[0].compiled));
    cut(model.file(report[0].compiled));
    compile_package(model.path());
    CHECK(bytes_of(model.file(report[0].compiled)) == detector);
    CHECK(files_of(model) == files);
}

TEST_CASE("interrupted compiling leaves no partial file") {
    const ModelCopy model(demo / "model");
    const auto before = files_of(model);
    const auto stop_at = [&](std::string_view last) {
        CHECK_THROWS_AS(compile_package(model.path(), {.progress =
                                                           [&](std::string_view file) {
                                                               if (file == last) {
                                                                   throw std::runtime_error("stop");
                                                               }
                                                           }}),
                        std::runtime_error);
    };
    SUBCASE("the listener throws at once") {
        stop_at("detector.pt");
        CHECK(files_of(model) == before);
    }
    SUBCASE("the listener throws when one network is done") {
        stop_at("classifier.pt");
        CHECK(files_of(model) == before);
    }
    SUBCASE("a network is none") {
        model.replace("detector.pt", "nothing of the kind");
        CHECK(failure(ErrorCode::model_invalid, [&] {
                  compile_package(model.path());
              }).find("detector.pt") != std::string::npos);
        CHECK(files_of(model) == before);
    }
    SUBCASE("a file is where the new one would be, and cannot be replaced") {
        const auto compiled = compile_package(model.path()).front().compiled;
        std::filesystem::remove(model.file(compiled));
        std::filesystem::create_directories(model.file(compiled) / "mine");
        const auto files = files_of(model);
        CHECK_THROWS_AS(compile_package(model.path()), IoError);
        CHECK(files_of(model) == files);
    }
}

TEST_CASE("a network with operations left to LibTorch is not compiled, the other one is" *
          doctest::test_suite("LibTorch")) {
    const ModelCopy model(demo / "model");
    std::filesystem::copy_file(published("foreign.pt"), model.file("detector.pt"),
                               std::filesystem::copy_options::overwrite_existing);
    const auto before = files_of(model);
    const auto report = compile_package(model.path());
    REQUIRE(report.size() == 2);
    CHECK(report[0].compiled == "");
    CHECK(report[0].reason.find("aten::") != std::string::npos);
    CHECK(report[1].compiled != "");
    CHECK(report[1].reason == "");
    CHECK(files_of(model).size() == before.size() + 1);
    CHECK_NOTHROW(answers(model));
}

TEST_CASE("compiling for another machine gives the same file as on that machine") {
    const auto package = Package::open(std::string(demo_model_name));
    for (const auto& name : {package.info().detector, package.info().classifier}) {
        const auto network = package.read(name);
        for (const auto* const set : kernels_here()) {
            const auto variant = compiled_file_name(name, *set);
            CAPTURE(variant);
            const executor::KernelSet elsewhere{set->name, set->precision, [] { return false; },
                                                nullptr, set->layout};
            CHECK(lowered(network, elsewhere) == lowered(network, *set));
        }
    }
}

TEST_CASE("each target has its own files, also for other families of CPUs") {
    const ModelCopy model(demo / "model");
    for (const auto& set : executor::kernel_sets()) {
        const auto report = compile_package(
            model.path(), {.precision = set.precision, .target = std::string(set.name)});
        CHECK(report.front().compiled == compiled_file_name("detector.pt", set));
        CHECK(std::filesystem::exists(model.file(report.back().compiled)));
    }
    CHECK(compile_package(model.path(), {.precision = Precision::automatic, .target = "avx2"})
              .front()
              .compiled == "detector.avx2-fp32.compiled");
    CHECK(compile_package(model.path(), {.precision = Precision::automatic, .target = "amx"})
              .front()
              .compiled == "detector.amx-bf16.compiled");
    CHECK(contains(failure(ErrorCode::unsupported_hardware,
                           [&] {
                               compile_package(model.path(), {.precision = Precision::bfloat16,
                                                              .target = "avx2"});
                           }),
                   "avx2 has no bf16; it has fp32 and int8"));
    CHECK_THROWS_WITH_AS(
        compile_package(model.path(), {.target = "sse2"}),
        "unknown target 'sse2': expected amx or avx2 or avx512 or neon or portable",
        InvalidArgument);
}

TEST_CASE("compiled files replace missing networks on every CPU that can run them") {
    const auto threads = std::make_shared<NetworkThreads>(2);
    const auto package = Package::open(std::string(demo_model_name));
    const auto expected = answers(ModelCopy(demo / "model"));
    for (const auto* const set : executor::float32_kernel_sets()) {
        const auto target = std::string(set->name);
        CAPTURE(target);
        const ModelCopy model(demo / "model");
        compile_package(model.path(), {.target = target});
        remove_networks(model);
        CHECK(notes_of(model).empty());
        const auto found = answers(model);
        REQUIRE(found.size() == expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK(found[i].detections->front().answer->label ==
                  expected[i].detections->front().answer->label);
            CHECK(found[i].detections->front().answer->score ==
                  doctest::Approx(expected[i].detections->front().answer->score).epsilon(1e-4));
        }
        if (set == executor::best_kernel_set(Precision::float32)) {
            CHECK(found == expected);
        }
        // The same bits as the network itself with these kernels.
        const auto photo = decode_file((demo / "photos/zebra.jpg").string());
        const Detector itself(package.read("detector.pt"), threads, {.kernels = set});
        CHECK(Ensemble::load(model.path()).detect(photo) == itself.detect(photo));
    }
}

TEST_CASE("the best file that the CPU can run replaces a missing network") {
    const ModelCopy model(demo / "model");
    const auto expected = answers(model);
    for (const auto* const target : {"portable", "neon", "avx2", "avx512"}) {
        compile_package(model.path(), {.target = target});
    }
    remove_networks(model);
    CHECK(answers(model) == expected);
    // Files for kernels that the CPU lacks are not even opened.
    cut(model.file(executor::best_kernel_set(Precision::float32)->name == "neon"
                       ? "detector.avx512-fp32.compiled"
                       : "detector.neon-fp32.compiled"));
    CHECK(answers(model) == expected);
}

TEST_CASE("the automatic precision uses whichever compiled files exist, the faster ones first") {
    const ModelCopy model(demo / "model");
    const auto loaded_precision = [&] {
        return Ensemble::load(model.path(), {.precision = Precision::automatic}).precision();
    };
    const auto fastest = executor::automatic_kernel_set()->precision;
    CHECK(loaded_precision() == fastest);
    if (executor::best_kernel_set(Precision::bfloat16) != nullptr) {
        compile_package(model.path(), {.precision = Precision::bfloat16});
        remove_networks(model);
        CHECK(loaded_precision() == Precision::bfloat16);
        std::filesystem::copy_file(demo / "model/detector.pt", model.file("detector.pt"));
        std::filesystem::copy_file(demo / "model/classifier.pt", model.file("classifier.pt"));
    }
    compile_package(model.path(), {});
    remove_networks(model);
    CHECK(loaded_precision() == fastest);
}

TEST_CASE("a package without a usable network lists the files that it has") {
    const ModelCopy model(demo / "model");
    const std::string foreign =
        executor::best_kernel_set(Precision::float32)->name == "neon" ? "avx512" : "neon";
    compile_package(model.path(), {.target = foreign});
    remove_networks(model);
    const auto message =
        failure(ErrorCode::model_incomplete, [&] { Ensemble::load(model.path()); });
    CHECK(contains(message, "has no '"));
    CHECK(contains(message, "." + foreign + "-fp32.compiled' is not used: this CPU cannot run " +
                                foreign + ", fp32"));
    CHECK(contains(message, "--target"));
}

TEST_CASE("a skipped compiled file is reported with the reason and what to do") {
    const auto& best = *executor::best_kernel_set(Precision::float32);
    const auto best_name = std::string(best.name);
    const ModelCopy model(demo / "model");
    const auto expected = answers(model);
    CHECK(notes_of(model).empty());
    const std::string other = best_name == "portable" ? "neon" : "portable";
    compile_package(model.path(), {.target = other});
    auto notes = notes_of(model);
    REQUIRE(notes.size() == 2);
    std::sort(notes.begin(), notes.end());
    CHECK(contains(notes[1], "detector." + other + "-fp32.compiled' is not used: it is for " +
                                 other + ", fp32, and this run uses " + best_name + ", fp32"));
    CHECK(contains(notes[1], "`speciesnet model compile`"));
    CHECK(answers(model) == expected);
    // If the right one is present, the others are for other machines.
    const auto report = compile_package(model.path());
    CHECK(notes_of(model).empty());
    // Compiled from another network.
    std::filesystem::copy_file(published("detector.pt"), model.file("detector.pt"),
                               std::filesystem::copy_options::overwrite_existing);
    notes = notes_of(model);
    CHECK(std::ranges::any_of(notes, [&](const std::string& note) {
        return contains(note,
                        report[0].compiled + "' is not used: it was compiled from another network");
    }));
}

TEST_CASE("the compiled form of a replaced detector is used beside it") {
    const ModelCopy model(demo / "model");
    const auto report = compile_package(model.path());
    const auto load = [&] {
        static_cast<void>(Ensemble::load(
            "demo", {.components = Components::detector, .detector = model.file("detector.pt")}));
    };
    CHECK_NOTHROW(load());
    cut(model.file(report.front().compiled));
    CHECK(contains(failure(ErrorCode::model_invalid, load), "is damaged"));
}

TEST_CASE("a folder that is not a package is not compiled") {
    CHECK_THROWS_AS(compile_package("/nowhere"), IoError);
    const TemporaryFolder folder;
    CHECK_THROWS_AS(compile_package(folder.path()), ModelError);
}

TEST_CASE("a calibrated detector finds what the float32 one finds, on every CPU") {
    const auto threads = std::make_shared<NetworkThreads>(2);
    const auto network = Package::open(std::string(demo_model_name)).read("detector.pt");
    executor::ObservedRanges ranges;
    const Detector observed(network, threads,
                            {.feature_maps = [&](const executor::Plan& plan, std::size_t step,
                                                 const executor::ConstPicture& output) {
                                ranges.observe(plan, step, output);
                            }});
    std::vector<Image> photos;
    std::vector<std::vector<Detection>> expected;
    for (const auto* const name : {"zebra.jpg", "leopard_night.jpg", "elephant.jpg"}) {
        photos.push_back(decode_file((demo / "photos" / name).string()));
        expected.push_back(observed.detect(photos.back()));
    }
    std::vector<const executor::KernelSet*> sets{&executor::plain_int8_kernels()};
    if (const auto* const best = executor::best_kernel_set(Precision::int8)) {
        sets.push_back(best);
    }
    for (const auto* const set : sets) {
        const auto lowered = NetworkFile(network).lower(*set, 2, &ranges);
        REQUIRE(lowered.plan.has_value());
        CHECK(std::ranges::any_of(lowered.plan->plan.buffers(),
                                  [](const executor::Plan::Buffer& buffer) {
                                      return buffer.element == executor::Element::byte;
                                  }));
        const auto compiled = file_in_memory(compiled_bytes(*lowered.plan, *set, network));
        const Detector calibrated(compiled, threads,
                                  {.kernels = set, .precision = Precision::int8});
        for (std::size_t i = 0; i < photos.size(); ++i) {
            const auto found = calibrated.detect(photos[i]);
            for (const auto& detection : expected[i]) {
                if (detection.conf < 0.3) {
                    continue;
                }
                CHECK(std::ranges::any_of(found, [&](const Detection& other) {
                    return other.category == detection.category &&
                           std::abs(other.conf - detection.conf) < 0.1 &&
                           std::abs(other.bbox.xmin - detection.bbox.xmin) < 0.02 &&
                           std::abs(other.bbox.width - detection.bbox.width) < 0.02;
                }));
            }
        }
    }
}

TEST_CASE("networks are calibrated by photos, which are told like the networks") {
    const ModelCopy model(demo / "model");
    const auto photo = (demo / "photos/zebra.jpg").string();
    std::vector<std::string> told;
    const CompileOptions options{
        .precision = Precision::int8,
        .target = "avx512",
        .calibration_photos = std::vector{photo, photo},
        .progress = [&](std::string_view file) { told.emplace_back(file); }};
    const auto report = compile_package(model.path(), options);
    CHECK(told == std::vector<std::string>{photo, photo, "detector.pt", "classifier.pt"});
    const auto detector = bytes_of(model.file(report.front().compiled));
    CHECK(contains(detector, "calibrated convolution"));
    CHECK(contains(bytes_of(model.file(report.back().compiled)), "calibrated convolution"));
    compile_package(model.path(), options);
    CHECK(bytes_of(model.file(report.front().compiled)) == detector);
}

TEST_CASE("what cannot be calibrated is refused, and nothing is left of it") {
    const ModelCopy model(demo / "model");
    const auto before = files_of(model);
    const auto compile = [&](Precision precision, std::vector<std::string> photos) {
        compile_package(
            model.path(),
            {.precision = precision, .target = "avx512", .calibration_photos = std::move(photos)});
    };
    CHECK_THROWS_WITH_AS(compile(Precision::float32, {"a.jpg"}),
                         "only precision int8 can be calibrated, not fp32", InvalidArgument);
    CHECK_THROWS_WITH_AS(compile(Precision::int8, {}), "there are no photos for calibration",
                         InvalidArgument);
    CHECK_THROWS_AS(compile(Precision::int8, {model.file("none.jpg").string()}), IoError);
    const auto labels = model.file("labels.txt").string();
    try {
        compile(Precision::int8, {labels});
        FAIL("a text is no photo");
    } catch (const InvalidImage& error) {
        CHECK(contains(error.what(), "the photo '" + labels + "' cannot be used for calibration"));
    }
    CHECK(files_of(model) == before);
}
