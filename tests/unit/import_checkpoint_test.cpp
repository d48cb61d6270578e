// SPDX-License-Identifier: Apache-2.0
// Tensors of torch.save files: their positions, and that none extends beyond its storage.
#include "import/checkpoint.hpp"
#include "rejects.hpp"
#include "stored_zip.hpp"

#include <ostream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

std::string text(std::string_view content) {
    return "X" + little_endian(content.size(), 4) + std::string(content);
}

std::string integer(std::int64_t value) {
    return "\x8a\x08" + little_endian(static_cast<std::uint64_t>(value), 8);
}

std::string tuple(const std::vector<std::int64_t>& values) {
    std::string program = "(";
    for (const auto value : values) {
        program += integer(value);
    }
    return program + "t";
}

/// A tensor as torch.save describes it: a float32 storage "0" with six values, viewed as 2 x 3.
struct Described {
    std::string type = "FloatStorage";
    std::int64_t elements = 6;
    std::int64_t offset = 0;
    std::vector<std::int64_t> shape = {2, 3};
    std::vector<std::int64_t> strides = {3, 1};
    std::size_t stored_bytes = 24;

    std::string pickled() const {
        return "\x80\x02"
               "ctorch._utils\n_rebuild_tensor_v2\n((" +
               text("storage") + "ctorch\n" + type + "\n" + text("0") + text("cpu") +
               integer(elements) + "tQ" + integer(offset) + tuple(shape) + tuple(strides) +
               "\x89"
               "ccollections\nOrderedDict\n)RtR.";
    }
    std::string file() const {
        return stored_zip(
            {{"x/data.pkl", pickled()}, {"x/data/0", std::string(stored_bytes, 'a')}});
    }
};

std::string why_rejected(const Described& described) {
    const std::string file = described.file();
    return rejection([&] {
        Checkpoint checkpoint(file);
        (void)checkpoint.tensor(checkpoint.root());
    });
}

}  // namespace

TEST_CASE("a tensor is a view of its storage") {
    Described described;
    described.offset = 1;
    described.shape = {2, 2};
    const std::string file = described.file();
    Checkpoint checkpoint(file);
    REQUIRE(Checkpoint::is_tensor(checkpoint.root()));
    const auto tensor = checkpoint.tensor(checkpoint.root());
    CHECK(tensor.type == ElementType::float32);
    CHECK(tensor.shape == std::vector<std::int64_t>{2, 2});
    CHECK(tensor.strides == std::vector<std::int64_t>{3, 1});
    // From element 1 to element 1 + 3 + 1, inclusive.
    CHECK(tensor.bytes.size() == 5 * sizeof(float));
    CHECK(tensor.bytes.data() == file.data() + file.find("aaaa") + sizeof(float));
}

TEST_CASE("scalars and empty tensors are tensors") {
    CHECK(why_rejected({.shape = {}, .strides = {}}).empty());
    CHECK(why_rejected({.shape = {0, 5}, .strides = {5, 1}}).empty());
    CHECK(why_rejected({.offset = 6, .shape = {0}, .strides = {1}}).empty());
}

TEST_CASE("a tensor that reaches beyond its storage is refused") {
    const auto beyond = [](const Described& described) {
        return why_rejected(described).find("beyond its storage") != std::string::npos;
    };
    CHECK(beyond({.shape = {2, 4}, .strides = {3, 1}}));
    CHECK(beyond({.offset = 1}));
    CHECK(beyond({.offset = -1}));
    CHECK(beyond({.offset = 6, .shape = {}, .strides = {}}));
    CHECK(beyond({.offset = 7, .shape = {0}, .strides = {1}}));
    CHECK(beyond({.shape = {2, 3}, .strides = {3}}));
    CHECK(beyond({.shape = {2}, .strides = {6}}));
    CHECK(why_rejected({.shape = {2}, .strides = {5}}).empty());
    // Strides of zero would turn a single value into a huge tensor.
    CHECK(beyond({.shape = {1'000'000, 1'000'000}, .strides = {0, 0}}));
}

TEST_CASE("sizes that overflow are refused") {
    const std::int64_t huge = std::int64_t{1} << 62;
    CHECK(why_rejected({.shape = {huge, 4}}).find("the size or stride") != std::string::npos);
    CHECK(why_rejected({.strides = {huge, 4}}).find("the size or stride") != std::string::npos);
    CHECK(why_rejected({.shape = {-1, 4}}).find("the size or stride") != std::string::npos);
    CHECK(why_rejected({.shape = std::vector<std::int64_t>(9, 1)}).find("9 dimensions") !=
          std::string::npos);
}

TEST_CASE("a storage whose size differs from the pickle's is refused") {
    CHECK(why_rejected({.elements = 7}).find("does not have the size") != std::string::npos);
    CHECK(why_rejected({.type = "HalfStorage"}).find("does not have the size") !=
          std::string::npos);
    CHECK(why_rejected({.elements = -1}).find("does not have the size") != std::string::npos);
    CHECK(why_rejected({.stored_bytes = 25}).find("does not have the size") != std::string::npos);
    CHECK(why_rejected({.type = "QInt8Storage"}).find("no model package needs") !=
          std::string::npos);
    CHECK(why_rejected({.type = "Size"}).find("type Size are not supported") != std::string::npos);
}

TEST_CASE("files that are not from torch.save are refused") {
    for (const auto& [file, words] : {
             std::pair{std::string("GIF89a"), "not written by torch.save"},
             std::pair{std::string(), "not written by torch.save"},
             std::pair{stored_zip({{"a/other", ""}}), "no data.pkl"},
             std::pair{stored_zip({{"data.pkl", ""}}), "no data.pkl"},
             std::pair{stored_zip({{"a/b/data.pkl", ""}}), "no data.pkl"},
             std::pair{stored_zip({{"a/data.pkl", "N."}, {"b/data.pkl", "N."}}), "two pickles"},
             std::pair{stored_zip({{"a/data.pkl", "N."}, {"a/byteorder", "big"}}), "big-endian"},
         }) {
        CHECK(rejects([&, &bytes = file] { Checkpoint checkpoint(bytes); }, words));
    }
}

TEST_CASE("the legacy format has storages after the pickle, in the order of a list of keys") {
    const std::string head =
        std::string("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.") +
        "\x80\x02M\xe9\x03.\x80\x02}.";
    const std::string keys = "\x80\x02](" + text("0") + "e.";
    const std::string storage = little_endian(6, 8) + std::string(24, 'a');
    const std::string file = head + Described().pickled() + keys + storage;
    Checkpoint checkpoint(file);
    const auto tensor = checkpoint.tensor(checkpoint.root());
    CHECK(tensor.shape == std::vector<std::int64_t>{2, 3});
    CHECK(tensor.bytes == std::string(24, 'a'));

    for (std::size_t size = 0; size < file.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(rejection([&, cut = std::string_view(file).substr(0, size)] {
                        Checkpoint shorter(cut);
                    }).empty());
    }
    const std::string unknown =
        head + Described().pickled() + "\x80\x02](" + text("1") + "e." + storage;
    CHECK(rejects([&] { Checkpoint other(unknown); }, "its pickle does not name"));
    const std::string huge = head + Described().pickled() + keys + std::string(8, '\xff');
    CHECK(rejects([&] { Checkpoint other(huge); }, "ends within a storage"));
}

TEST_CASE("classes of the legacy format are read although their source is stored outside") {
    // ("module", class, file, source) as a reference, then called
    const std::string program = "\x80\x02(" + text("module") + "cmodels.common\nConv\n" +
                                text("common.py") + text("class Conv: ...") + "tQ)\x81.";
    const pickle::Document document(program);
    CHECK(document.root().made_by() == pickle::Global{"models.common", "Conv"});
    CHECK(document.references().empty());
}
