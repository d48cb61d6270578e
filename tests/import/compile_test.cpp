// SPDX-License-Identifier: Apache-2.0
// Packages whose networks are compiled answer as before.
#include "speciesnet/compile.hpp"

#include "speciesnet/ensemble.hpp"
#include "speciesnet/error.hpp"

#include "executor/kernels.hpp"
#include "model_copy.hpp"
#include "network/precision.hpp"
#include "published_networks.hpp"
#include "torch_needed.hpp"
#include "unit/reduced_kernels.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>
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

std::set<std::string> files_of(const ModelCopy& model) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(model.path())) {
        names.insert(entry.path().filename().string());
    }
    return names;
}

/// The error that compiling or loading ends with.
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

TEST_CASE("an ensemble answers with compiled networks what it answers without, bit by bit") {
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
        // Nothing but the two files is new.
        CHECK(files_of(model).size() == before.size() + 2);
        CHECK(answers(model, precision) == expected);
        // They are what is used.
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

TEST_CASE("compiled networks of another precision are not looked at" * executor::needs_vnni()) {
    const ModelCopy model(demo / "model");
    for (const auto& network : compile_package(model.path(), {.precision = Precision::int8})) {
        cut(model.file(network.compiled));
    }
    CHECK_NOTHROW(Ensemble::load(model.path()));
    CHECK_THROWS_AS(Ensemble::load(model.path(), {.precision = Precision::int8}), ModelError);
}

TEST_CASE("a network that was replaced is used instead of what was compiled of the old one") {
    const ModelCopy model(demo / "model");
    const auto report = compile_package(model.path());
    std::filesystem::copy_file(published("detector.pt"), model.file("detector.pt"),
                               std::filesystem::copy_options::overwrite_existing);
    const auto found = answers(model);
    std::filesystem::remove(model.file(report[0].compiled));
    CHECK(found == answers(model));
}

TEST_CASE("what was compiled is replaced when it is compiled again") {
    const ModelCopy model(demo / "model");
    const auto report = compile_package(model.path());
    const auto files = files_of(model);
    const auto detector = bytes_of(model.file(report[0].compiled));
    cut(model.file(report[0].compiled));
    compile_package(model.path());
    CHECK(bytes_of(model.file(report[0].compiled)) == detector);
    CHECK(files_of(model) == files);
}

TEST_CASE("compiling that ends early leaves no part of a file") {
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

TEST_CASE("a network with operations that are left to LibTorch is not compiled, the other one is") {
    if (!has_torch()) {
        return;
    }
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

TEST_CASE("what is no package is not compiled") {
    CHECK_THROWS_AS(compile_package("/nowhere"), IoError);
    const TemporaryFolder folder;
    CHECK_THROWS_AS(compile_package(folder.path()), ModelError);
}
