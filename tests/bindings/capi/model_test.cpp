// Models by name, without a network.
#include "handles.hpp"
#include "temporary_folder.hpp"

using namespace speciesnet::capi_test;

namespace {

speciesnet_fetch_options offline(const std::string& cache) {
    speciesnet_fetch_options options;
    speciesnet_fetch_options_init(&options, sizeof options);
    options.cache = cache.c_str();
    options.flags = SPECIESNET_FETCH_OFFLINE;
    return options;
}

}  // namespace

TEST_CASE("the demonstration model and a converted folder are what they are called") {
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

TEST_CASE("offline, a model that is not in the cache is not found") {
    const speciesnet::TemporaryFolder cache;
    const auto options = offline(cache.path());
    char* text = nullptr;
    CHECK(speciesnet_model_resolve("hf:owner/repository", &options, &text, nullptr) ==
          SPECIESNET_NOT_FOUND);
    CHECK(text == nullptr);
}

TEST_CASE("a name of no known form, and options out of range, are refused") {
    const speciesnet::TemporaryFolder cache;
    auto options = offline(cache.path());
    char* text = nullptr;
    CHECK(speciesnet_model_resolve("hf:no-owner", &options, &text, nullptr) ==
          SPECIESNET_INVALID_ARGUMENT);
    options.flags = 8;
    CHECK(speciesnet_model_resolve("demo", &options, &text, nullptr) ==
          SPECIESNET_INVALID_ARGUMENT);
    options.flags = 0;
    options.retries = -1;
    CHECK(speciesnet_model_resolve("demo", &options, &text, nullptr) ==
          SPECIESNET_INVALID_ARGUMENT);
}
