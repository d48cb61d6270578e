// SPDX-License-Identifier: Apache-2.0
#include "speciesnet/error.hpp"

#include "download/model_name.hpp"
#include "temporary_folder.hpp"
#include "text/url.hpp"

#include <string>
#include <variant>

#include <doctest/doctest.h>

namespace speciesnet {

TEST_CASE("a Kaggle name has four parts and optionally a version") {
    const auto plain =
        std::get<KaggleModel>(parse_model_name("kaggle:google/speciesnet/pyTorch/v4.0.1a"));
    CHECK(plain.owner == "google");
    CHECK(plain.model == "speciesnet");
    CHECK(plain.framework == "pyTorch");
    CHECK(plain.variation == "v4.0.1a");
    CHECK_FALSE(plain.version.has_value());
    const auto versioned =
        std::get<KaggleModel>(parse_model_name("kaggle:google/speciesnet/pyTorch/v4.0.3a/12"));
    CHECK(versioned.version == 12U);
}

TEST_CASE("a Hugging Face name has an owner and a repository") {
    const auto model = std::get<HuggingFaceModel>(parse_model_name("hf:Addax/SpeciesNet_v4.0.1a"));
    CHECK(model.owner == "Addax");
    CHECK(model.repository == "SpeciesNet_v4.0.1a");
}

TEST_CASE("hub names that could become other paths or URLs are refused") {
    for (const std::string name :
         {"kaggle:", "kaggle:a/b/c", "kaggle:a/b/c/d/e", "kaggle:a/b/c/d/0", "kaggle:a/b/c/d/1x",
          "kaggle:a/b/c/d/99999999999", "kaggle:a/b/c/d/1/2", "kaggle:a/b/c/../1", "kaggle:a/b//d",
          "kaggle:a/b/c/d?x", "hf:", "hf:a", "hf:a/b/c", "hf:../b", "hf:a/b c", "hf:a/b%2f",
          "hf:a/b\n", ""}) {
        CAPTURE(name);
        CHECK_THROWS_AS(parse_model_name(name), InvalidArgument);
    }
    CHECK_THROWS_AS(parse_model_name("hf:a/" + std::string(97, 'b')), InvalidArgument);
}

TEST_CASE("other names are URLs, archives, folders or the demonstration") {
    const TemporaryFolder folder;
    const auto file = folder.write("package.zip", "x");
    CHECK(std::holds_alternative<ArchiveUrl>(parse_model_name("https://example.org/a.tar.gz")));
    CHECK(std::holds_alternative<ArchiveFile>(parse_model_name(file)));
    CHECK(std::holds_alternative<ModelFolder>(parse_model_name(folder.path())));
    CHECK(std::holds_alternative<ModelFolder>(parse_model_name("no/such/folder")));
    CHECK(std::holds_alternative<ModelFolder>(parse_model_name("./demo")));
    CHECK(std::holds_alternative<DemoModel>(parse_model_name("demo")));
}

TEST_CASE("messages show URLs without possible secrets") {
    CHECK(shown_url("https://a.org/b/c.zip?X-Signature=secret#d") == "https://a.org/b/c.zip");
    CHECK(shown_url("https://user:secret@a.org/b") == "https://a.org/b");
    CHECK(shown_url("https://user:se@cret@a.org") == "https://a.org");
    CHECK(shown_url("https://a.org/b@c") == "https://a.org/b@c");
}

TEST_CASE("paths in URLs keep slashes and encode special characters") {
    CHECK(escape_path("a/b-c_d.e~") == "a/b-c_d.e~");
    CHECK(escape_path("a b?%\xC3\xA4") == "a%20b%3F%25%C3%A4");
}

}  // namespace speciesnet
