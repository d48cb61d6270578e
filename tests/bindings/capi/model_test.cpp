// SPDX-License-Identifier: Apache-2.0
// Models by name, without a network.
#include "handles.hpp"
#include "needs.hpp"
#include "temporary_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace speciesnet::capi_test;

namespace {

speciesnet_fetch_options offline(const std::string& cache) {
    speciesnet_fetch_options options;
    speciesnet_fetch_options_init(&options, sizeof options);
    options.cache = cache.c_str();
    options.offline = 1;
    return options;
}

std::vector<std::string> compiled_files(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".compiled") {
            names.push_back(entry.path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// Returns a package in which both networks are the small detector of the tests.
std::string small_package(const std::string& folder) {
    namespace fs = std::filesystem;
    auto package = folder + "/package";
    fs::copy(SPECIESNET_DEMO "/model", package);
    for (const auto* const network : {"/detector.pt", "/classifier.pt"}) {
        fs::copy_file(SPECIESNET_PUBLISHED "/detector.pt", package + network,
                      fs::copy_options::overwrite_existing);
    }
    return package;
}

speciesnet_status load_detector(const std::string& package) {
    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.components = SPECIESNET_COMPONENTS_DETECTOR;
    speciesnet_ensemble* ensemble = nullptr;
    const auto status = speciesnet_ensemble_load(package.c_str(), &options, &ensemble, nullptr);
    speciesnet_ensemble_free(ensemble);
    return status;
}

}  // namespace

TEST_CASE("the demonstration model and a folder resolve to themselves") {
    for (const std::string name : {"demo", SPECIESNET_DEMO "/model"}) {
        char* text = nullptr;
        speciesnet_error error;
        REQUIRE_MESSAGE(
            speciesnet_model_resolve(name.c_str(), nullptr, &text, &error) == SPECIESNET_OK,
            error.message);
        const auto resolved = take_text(text);
        speciesnet_ensemble* ensemble = nullptr;
        CHECK(speciesnet_ensemble_load(resolved.c_str(), nullptr, &ensemble, nullptr) ==
              SPECIESNET_OK);
        speciesnet_ensemble_free(ensemble);
    }
}

TEST_CASE("a folder needs no networks if only rules are loaded") {
    const speciesnet::TemporaryFolder folder;
    for (const auto* const file : {"info.json", "taxonomy.txt", "geofence.json"}) {
        std::filesystem::copy(std::filesystem::path(SPECIESNET_DEMO "/model") / file,
                              folder.path());
    }
    const auto resolve = [&](std::int32_t networks) {
        speciesnet_fetch_options options;
        speciesnet_fetch_options_init(&options, sizeof options);
        options.networks = networks;
        char* text = nullptr;
        const auto status =
            speciesnet_model_resolve(folder.path().c_str(), &options, &text, nullptr);
        take_text(text);
        return status;
    };
    CHECK(resolve(1) == SPECIESNET_ERROR_MODEL_INCOMPLETE);
    CHECK(resolve(0) == SPECIESNET_OK);
    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.components = SPECIESNET_COMPONENTS_RULES;
    speciesnet_ensemble* ensemble = nullptr;
    CHECK(speciesnet_ensemble_load(folder.path().c_str(), &options, &ensemble, nullptr) ==
          SPECIESNET_OK);
    speciesnet_ensemble_free(ensemble);
}

TEST_CASE("offline, a model that is not in the cache is not found" *
          speciesnet::Needs(SPECIESNET_HAS_DOWNLOAD != 0, "support of downloads")) {
    const speciesnet::TemporaryFolder cache;
    const auto options = offline(cache.path());
    char* text = nullptr;
    CHECK(speciesnet_model_resolve("hf:owner/repository", &options, &text, nullptr) ==
          SPECIESNET_ERROR_NOT_FOUND);
    CHECK(text == nullptr);
}

TEST_CASE("malformed names, and options out of range, are refused") {
    const speciesnet::TemporaryFolder cache;
    auto options = offline(cache.path());
    char* text = nullptr;
    CHECK(speciesnet_model_resolve("hf:no-owner", &options, &text, nullptr) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
    options.newest = 16;
    CHECK(speciesnet_model_resolve("demo", &options, &text, nullptr) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
    options.newest = 0;
    options.retries = -1;
    CHECK(speciesnet_model_resolve("demo", &options, &text, nullptr) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
}

TEST_CASE("a published package is exported atomically" * doctest::test_suite("LibTorch")) {
    const speciesnet::TemporaryFolder folder;
    std::vector<std::string> files;
    const auto listen = [](void* user_data, const char* file) -> std::int32_t {
        static_cast<std::vector<std::string>*>(user_data)->emplace_back(file);
        return 0;
    };
    const auto output = folder.path() + "/exported";
    speciesnet_error error;
    const auto package = small_package(folder.path());
    const auto status =
        speciesnet_model_export(package.c_str(), output.c_str(), listen, &files, &error);
    REQUIRE_MESSAGE(status == SPECIESNET_OK, error.message);
    CHECK(files.size() == 2);
    CHECK(load_detector(output) == SPECIESNET_OK);

    const auto refuse = [](void*, const char*) -> std::int32_t { return 1; };
    const auto none = folder.path() + "/none";
    CHECK(speciesnet_model_export(package.c_str(), none.c_str(), refuse, nullptr, nullptr) ==
          SPECIESNET_ERROR_CANCELLED);
    CHECK_FALSE(std::filesystem::exists(none));
}

TEST_CASE("an export without LibTorch is unsupported hardware and leaves no folder" *
          doctest::test_suite("no LibTorch")) {
    const speciesnet::TemporaryFolder folder;
    const auto output = folder.path() + "/exported";
    const auto package = small_package(folder.path());
    CHECK(speciesnet_model_export(package.c_str(), output.c_str(), nullptr, nullptr, nullptr) ==
          SPECIESNET_ERROR_UNSUPPORTED_HARDWARE);
    CHECK_FALSE(std::filesystem::exists(output));
}

namespace {

template <typename Change>
speciesnet_compile_options compiling(const Change& change) {
    speciesnet_compile_options options;
    speciesnet_compile_options_init(&options, sizeof options);
    change(options);
    return options;
}

}  // namespace

TEST_CASE("a package is compiled in its folder, for ensembles of the same precision") {
    const speciesnet::TemporaryFolder folder;
    const auto package = small_package(folder.path());
    std::vector<std::string> files;
    const auto listen = [](void* user_data, const char* file) -> std::int32_t {
        static_cast<std::vector<std::string>*>(user_data)->emplace_back(file);
        return 0;
    };
    speciesnet_error error;
    const auto options = compiling([](auto& given) { given.threads = 2; });
    const auto status = speciesnet_model_compile(package.c_str(), &options, listen, &files, &error);
    REQUIRE_MESSAGE(status == SPECIESNET_OK, error.message);
    CHECK(files == std::vector<std::string>{"detector.pt", "classifier.pt"});
    const auto compiled = compiled_files(package);
    CHECK(compiled.size() == 2);
    CHECK(load_detector(package) == SPECIESNET_OK);
    for (const auto& file : compiled) {
        CHECK(file.find("-fp32.compiled") != std::string::npos);
        std::ofstream(package + "/" + file) << "damaged";
    }
    CHECK(load_detector(package) == SPECIESNET_ERROR_MODEL_INVALID);
}

TEST_CASE("a portable compiled file suffices by itself, and skipped files are logged") {
    const speciesnet::TemporaryFolder folder;
    const auto package = small_package(folder.path());
    const auto compile = [&](const char* target) {
        const auto options = compiling([&](auto& given) {
            given.threads = 1;
            given.target = target;
        });
        return speciesnet_model_compile(package.c_str(), &options, nullptr, nullptr, nullptr);
    };
    CHECK(compile("sse2") == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(compile("") == SPECIESNET_OK);
    for (const auto& file : compiled_files(package)) {
        std::filesystem::remove(package + "/" + file);
    }
#if defined(__aarch64__)
    const std::string foreign = "avx512";
#else
    const std::string foreign = "neon";
#endif
    REQUIRE(compile(foreign.c_str()) == SPECIESNET_OK);
    speciesnet_load_options options;
    speciesnet_load_options_init(&options, sizeof options);
    options.components = SPECIESNET_COMPONENTS_DETECTOR;
    std::string warnings;
    options.log_user_data = &warnings;
    options.log = [](void* user_data, std::int32_t level, const char* message) {
        if (level == SPECIESNET_LOG_WARNING) {
            static_cast<std::string*>(user_data)->append(message).append(1, '\n');
        }
    };
    speciesnet_ensemble* ensemble = nullptr;
    REQUIRE(speciesnet_ensemble_load(package.c_str(), &options, &ensemble, nullptr) ==
            SPECIESNET_OK);
    speciesnet_ensemble_free(ensemble);
    CHECK(warnings.find("detector." + foreign + "-fp32.compiled' is not used") !=
          std::string::npos);
    REQUIRE(compile("portable") == SPECIESNET_OK);
    for (const auto* const network : {"/detector.pt", "/classifier.pt"}) {
        std::filesystem::remove(package + network);
    }
    warnings.clear();
    REQUIRE(speciesnet_ensemble_load(package.c_str(), &options, &ensemble, nullptr) ==
            SPECIESNET_OK);
    speciesnet_ensemble_free(ensemble);
    CHECK(warnings == "");
}

TEST_CASE("a callback can stop compiling") {
    const speciesnet::TemporaryFolder folder;
    const auto package = small_package(folder.path());
    const auto refuse = [](void*, const char*) -> std::int32_t { return 1; };
    const auto options =
        compiling([](auto& given) { given.precision = SPECIESNET_PRECISION_AUTOMATIC; });
    const auto status =
        speciesnet_model_compile(package.c_str(), &options, refuse, nullptr, nullptr);
    CHECK(
        (status == SPECIESNET_ERROR_CANCELLED || status == SPECIESNET_ERROR_UNSUPPORTED_HARDWARE));
    CHECK(compiled_files(package).empty());
}

TEST_CASE("a failed compilation has its status and leaves nothing behind") {
    const auto compile = [](const std::string& package, std::int32_t precision,
                            std::int32_t threads) {
        const auto options = compiling([&](auto& given) {
            given.precision = precision;
            given.threads = threads;
        });
        return speciesnet_model_compile(package.c_str(), &options, nullptr, nullptr, nullptr);
    };
    constexpr auto fp32 = SPECIESNET_PRECISION_FLOAT32;
    const speciesnet::TemporaryFolder folder;
    CHECK(compile(folder.path(), fp32, 1) == SPECIESNET_ERROR_MODEL_INCOMPLETE);
    const auto demonstration = folder.path() + "/demonstration";
    const auto calibrated = [](std::int32_t precision, std::size_t photo_count) {
        const char* const photo = "/nowhere.jpg";
        const auto options = compiling([&](auto& given) {
            given.precision = precision;
            given.target = "avx512";
            given.calibration_photos = &photo;
            given.calibration_photos_count = photo_count;
        });
        return speciesnet_model_compile("/nowhere", &options, nullptr, nullptr, nullptr);
    };
    CHECK(calibrated(fp32, 1) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(calibrated(SPECIESNET_PRECISION_INT8, 0) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(calibrated(SPECIESNET_PRECISION_INT8, 1) == SPECIESNET_ERROR_NOT_FOUND);
    CHECK(compile(demonstration, fp32, 1) == SPECIESNET_ERROR_NOT_FOUND);
    CHECK_FALSE(std::filesystem::exists(demonstration));
    std::filesystem::copy(SPECIESNET_DEMO "/model", demonstration);
    CHECK(compile(demonstration, fp32, -1) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(compile(demonstration, SPECIESNET_PRECISION_AUTOMATIC + 1, 1) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
    for (const auto* const network : {"/detector.pt", "/classifier.pt"}) {
        std::filesystem::copy_file(SPECIESNET_PUBLISHED "/foreign.pt", demonstration + network,
                                   std::filesystem::copy_options::overwrite_existing);
    }
    const auto status = compile(demonstration, fp32, 1);
    CHECK((status == SPECIESNET_ERROR_MODEL_CONTRACT ||
           status == SPECIESNET_ERROR_UNSUPPORTED_HARDWARE));
    CHECK(compiled_files(demonstration).empty());
}

TEST_CASE("a cache is listed, and models are removed from it") {
    const speciesnet::TemporaryFolder cache;
    speciesnet_model_list* list = nullptr;
    REQUIRE(speciesnet_model_list_new(cache.path().c_str(), &list, nullptr) == SPECIESNET_OK);
    CHECK(speciesnet_model_list_count(list) == 0);
    CHECK(speciesnet_model_list_name(list, 0) == nullptr);
    speciesnet_model_list_free(list);
    CHECK(speciesnet_model_remove("hf:owner/repository", cache.path().c_str(), nullptr) ==
          SPECIESNET_ERROR_NOT_FOUND);
    CHECK(std::string(speciesnet_model_default_name()).find("kaggle:google/speciesnet/") == 0);
}

TEST_CASE("a package is compared with its recorded checksums" *
          speciesnet::Needs(SPECIESNET_HAS_DOWNLOAD != 0, "support of downloads")) {
    const speciesnet::TemporaryFolder folder;
    CHECK(speciesnet_model_verify(folder.path().c_str(), nullptr) == SPECIESNET_ERROR_NOT_FOUND);
    // The digest of an empty file.
    folder.write("SHA256SUMS",
                 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.txt\n");
    folder.write("a.txt", "");
    CHECK(speciesnet_model_verify(folder.path().c_str(), nullptr) == SPECIESNET_OK);
    folder.write("a.txt", "changed");
    speciesnet_error error;
    CHECK(speciesnet_model_verify(folder.path().c_str(), &error) == SPECIESNET_ERROR_MODEL_INVALID);
    CHECK(error.message == std::string("a.txt differs from the downloaded file"));
}
