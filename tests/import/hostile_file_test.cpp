// SPDX-License-Identifier: Apache-2.0
// Broken and hostile files give a typed error that names the file.
#include "speciesnet/error.hpp"

#include "import/published_network.hpp"
#include "import/zip_archive.hpp"
#include "published_networks.hpp"
#include "unit/stored_zip.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// Returns the error of reading these bytes; empty for success.
std::string outcome(const std::string& bytes) {
    try {
        read_published_network({bytes, "published.pt", nullptr});
    } catch (const ModelError& error) {
        CHECK(error.code() == ErrorCode::model_invalid);
        CHECK(std::string(error.what()).starts_with("'published.pt' cannot be read: "));
        return error.what();
    }
    return {};
}

/// Returns a checkpoint with another pickle.
std::string with_pickle(const std::string& pickle) {
    return stored_zip({{"x/data.pkl", pickle}});
}

std::string replaced(std::string bytes, const std::string& old, const std::string& with) {
    REQUIRE(old.size() == with.size());
    const auto found = bytes.find(old);
    REQUIRE(found != std::string::npos);
    return bytes.replace(found, old.size(), with);
}

/// Returns a detector of tests/fixtures/detectors with one text of its pickle replaced.
std::string with_text(const std::string& name, const std::string& old, const std::string& with) {
    const auto bytes = bytes_of(published("../detectors/" + name));
    const ZipArchive archive(bytes);
    std::vector<StoredEntry> entries;
    for (const auto& [entry, stored] : archive.entries()) {
        const std::string content(stored.content);
        entries.push_back({std::string(entry),
                           entry.ends_with("data.pkl") ? replaced(content, old, with) : content});
    }
    return stored_zip(entries);
}

}  // namespace

TEST_CASE("unsupported modules of anchor-free detectors are refused by name") {
    using namespace std::string_literals;
    CHECK(outcome(with_text("md_yolo11.pt", "Attention", "Attention")).empty());
    const auto refusal = [](const std::string& name, const std::string& old,
                            const std::string& with, const std::string& what) {
        const auto message = outcome(with_text(name, old, with));
        CAPTURE(message);
        return message.find(what) != std::string::npos;
    };
    CHECK(refusal("md_yolo11.pt", "\nAttention\n", "\nAttrition\n",
                  "model.model.7.m.0.attn (ultralytics.nn.modules.block.Attrition) is not "
                  "supported"));
    CHECK(refusal("md_yolo11.pt", "num_headsru\n\0\0K\2"s, "num_headsru\n\0\0K\0"s,
                  "model.model.7.m.0.attn (ultralytics.nn.modules.block.Attention) has a number of "
                  "heads"));
    CHECK(refusal("md_yolo11.pt", "key_dimrw\n\0\0K\4"s, "key_dimrw\n\0\0K\0"s,
                  "has a number of heads"));
    CHECK(refusal("md_yolo11.pt", "reg_maxr[\x14\0\0K\4"s, "reg_maxr[\x14\0\0K\5"s,
                  "(ultralytics.nn.modules.head.Detect) has bins of distances of another shape"));
    CHECK(refusal("md_yolo11.pt", "\3\0\0\0cv3"s, "\3\0\0\0cv9"s, "has no part cv3"));
    CHECK(refusal("md_yolov9c.pt", "\nADown\n", "\nAMown\n",
                  "(ultralytics.nn.modules.block.AMown) is not supported"));
    CHECK(refusal("md_dual.pt", "\nCBFuse\n", "\nCBFoes\n", "has several inputs"));
    CHECK(refusal("md_dual.pt", "\nCBLinear\n", "\nCBLineup\n",
                  "(models.common.CBLineup) is not supported"));
    CHECK(refusal("md_gelan.pt", "\nDDetect\n", "\nDDefect\n",
                  "(models.yolo.DDefect) is not supported"));
    CHECK(refusal("md_gelan.pt", "\nRepConvN\n", "\nRepConvM\n",
                  "(models.common.RepConvM) is not supported"));
}

TEST_CASE("a file that is truncated is refused") {
    for (const auto* name : {"detector.pt", "detector_legacy.pt", "classifier.pt",
                             "../detectors/md_yolo11.pt", "../detectors/md_gelan.pt"}) {
        const auto bytes = bytes_of(published(name));
        for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 40) {
            CAPTURE(size);
            CHECK_FALSE(outcome(bytes.substr(0, size)).empty());
        }
    }
}

TEST_CASE("a flipped bit in a zip file is refused, or is in an unused byte") {
    const auto bytes = bytes_of(published("classifier.pt"));
    int refused = 0;
    constexpr std::size_t step = 293;
    for (std::size_t position = 0; position < bytes.size(); position += step) {
        std::string flipped = bytes;
        flipped[position] = static_cast<char>(flipped[position] ^ (1 << (position % 8)));
        refused += outcome(flipped).empty() ? 0 : 1;
    }
    // The rest of the file is alignment, dates and entries that no tensor uses.
    CHECK(refused > static_cast<int>(bytes.size() / step / 2));
}

TEST_CASE("flipped bits in a legacy file, which has no checksums, do no harm") {
    const auto bytes = bytes_of(published("detector_legacy.pt"));
    for (std::size_t position = 0; position < bytes.size(); position += 997) {
        std::string flipped = bytes;
        flipped[position] = static_cast<char>(flipped[position] ^ (1 << (position % 8)));
        (void)outcome(flipped);
    }
}

TEST_CASE("a pickle that would run a command is refused by name") {
    const auto file = with_pickle(
        "\x80\x02"
        "cos\nsystem\nX\4\0\0\0true\x85R.");
    CHECK(outcome(with_pickle("\x80\x02"
                              "cos\nsystem\n."))
              .find("os.system") != std::string::npos);
    CHECK(outcome(file).find("os.system") != std::string::npos);
}

TEST_CASE("source other than a list of calls is refused") {
    // The pickle's checksum matches the changed text, as an attacker would ensure.
    const auto bytes = bytes_of(published("classifier.pt"));
    const std::string pickle(ZipArchive(bytes).read("classifier/data.pkl"));
    const auto refused =
        outcome(with_pickle(replaced(pickle, "return net_1_gemm", "os.system(\"true\")")));
    CHECK(refused.find("of the graph's source") != std::string::npos);
    CHECK(outcome(with_pickle(replaced(pickle, "self.Conv(", "math.Conv(")))
              .find("operation math.Conv at node conv is not supported") != std::string::npos);
}

TEST_CASE("a module nested exponentially often is refused") {
    // Sequential of two, nested thirty times, with equal pairs: 2^30 modules in a few kilobytes.
    const auto text = [](const std::string& content) {
        return "X" + little_endian(content.size(), 4) + content;
    };
    std::string layer = "ctorch.nn.modules.linear\nIdentity\n)\x81}b";
    for (int depth = 0; depth < 30; ++depth) {
        const std::string memo = std::string("q") + static_cast<char>(depth);
        const std::string recall = std::string("h") + static_cast<char>(depth);
        layer = "ctorch.nn.modules.container\nSequential\n)\x81}" + text("_modules") + "}(" +
                text("0") + layer + memo + text("1") + recall + "usb";
    }
    // The outermost one is the first layer of a detector.
    const std::string first = "ctorch.nn.modules.container\nSequential\n)\x81}(" + text("f") +
                              "J\xff\xff\xff\xff" + text("_modules") + "}" + text("0") + layer +
                              "sub";
    const std::string pickle = "\x80\x02}" + text("model") + "cmodels.yolo\nModel\n)\x81}" +
                               text("_modules") + "}" + text("model") +
                               "ctorch.nn.modules.container\nSequential\n)\x81}" +
                               text("_modules") + "}" + text("0") + first + "ssbssbs.";
    CHECK(outcome(with_pickle(pickle)).find("is one of more than 20000 modules") !=
          std::string::npos);
}

TEST_CASE("a file that is not a model is refused") {
    CHECK_FALSE(outcome("").empty());
    CHECK_FALSE(outcome(std::string(1000, 'x')).empty());
    CHECK_FALSE(outcome(with_pickle("N.")).empty());
}
