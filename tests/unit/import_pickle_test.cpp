// SPDX-License-Identifier: Apache-2.0
// The pickle reader: programs of a few operations, written as Python's pickle module writes them.
#include "import/pickle.hpp"
#include "import/pickle_limits.hpp"
#include "rejects.hpp"
#include "stored_zip.hpp"

#include <cstdint>
#include <limits>
#include <ostream>
#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace std::string_literals;

namespace {

const std::string protocol2 = "\x80\x02";

std::string text(std::string_view content) {
    return "X" + little_endian(content.size(), 4) + std::string(content);
}

std::string why_rejected(const std::string& program) {
    return rejection([&] { pickle::Document document(program); });
}

}  // namespace

TEST_CASE("constants are read") {
    // pickle.dumps((None, True, False, 1, 256, -2, 2**40, -1, 0.5, 'abc', b'x'), 4), without memo
    const std::string program = "\x80\x04(N\x88\x89K\1M\0\1J\xfe\xff\xff\xff\x8a\6\0\0\0\0\0\1"s +
                                "\x8a\1\xffG\x3f\xe0\0\0\0\0\0\0\x8c\3abc"s + "C\1xt."s;
    const pickle::Document document(program);
    const auto root = document.root();
    REQUIRE(root.size() == 11);
    CHECK(root.item(0).is_none());
    CHECK(root.item(1).boolean());
    CHECK_FALSE(root.item(2).boolean());
    CHECK(root.item(3).integer() == 1);
    CHECK(root.item(4).integer() == 256);
    CHECK(root.item(5).integer() == -2);
    CHECK(root.item(6).integer() == std::int64_t{1} << 40);
    CHECK(root.item(7).integer() == -1);
    CHECK(root.item(8).real() == 0.5);
    CHECK(root.item(3).real() == 1.0);
    CHECK(root.item(9).text() == "abc");
    CHECK(root.item(10).bytes() == "x");
    CHECK(rejects([&] { (void)root.item(9).integer(); }, "where an integer is expected"));
    CHECK(rejects([&] { (void)root.item(11); }, "too few items"));
    CHECK(document.size() == program.size());
}

TEST_CASE("the last of two entries with one key counts, as in Python") {
    const std::string program = protocol2 + "}(" + text("a") + "K\1" + text("b") + "]" + text("a") +
                                "K\2u" + text("c") + "K\3s.";
    const pickle::Document document(program);
    const auto root = document.root();
    CHECK(root.find("a")->integer() == 2);
    CHECK(root.find("b")->size() == 0);
    CHECK(root.find("c")->integer() == 3);
    CHECK_FALSE(root.find("d"));
    CHECK(root.entry(0).first.text() == "a");
}

TEST_CASE("a value recalled from the memo is the same value") {
    const std::string program = protocol2 + "](]q\1h\1]e.";
    const pickle::Document document(program);
    CHECK(document.root().item(0) == document.root().item(1));
    CHECK_FALSE(document.root().item(0) == document.root().item(2));
}

TEST_CASE("an object is its class, arguments and state, and an OrderedDict is a dict") {
    const std::string program = protocol2 + "ctorch.nn.modules.conv\nConv2d\n)\x81}" +
                                text("weights") + "ccollections\nOrderedDict\n)R" + text("x") +
                                "K\7ssb.";
    const pickle::Document document(program);
    const auto root = document.root();
    CHECK(root.made_by() == pickle::Global{"torch.nn.modules.conv", "Conv2d"});
    CHECK(root.arguments().size() == 0);
    CHECK(root.state()->find("weights")->find("x")->integer() == 7);
    CHECK_FALSE(root.state()->made_by());
}

TEST_CASE("protocol 4 names globals by two texts") {
    const std::string program =
        "\x80\x04\x95\0\0\0\0\0\0\0\0\x8c\5torch\x94\x8c\4Size\x94\x93\x94)R."s;
    const pickle::Document document(program);
    CHECK(document.root().made_by() == pickle::Global{"torch", "Size"});
}

TEST_CASE("references to storages are kept as keys") {
    const std::string program = protocol2 + "(" + text("storage") + "K\1tQ.";
    const pickle::Document document(program);
    CHECK(document.root().persistent_key().item(0).text() == "storage");
    CHECK(document.references().size() == 1);
}

TEST_CASE("a global that no package needs is refused by name, and nothing is run") {
    CHECK(why_rejected(protocol2 + "cos\nsystem\n(" + text("true") + "tR.") ==
          "the pickle names os.system, which no model package needs; nothing was executed");
    CHECK(why_rejected("\x80\x04\x8c\2os\x8c\6system\x93."s).find("os.system") !=
          std::string::npos);
    for (const char* global : {"posix\nsystem", "builtins\neval", "builtins\nexec",
                               "__builtin__\n__import__", "torch.hub\nload", "torch\nload",
                               "subprocess\nPopen", "modelsevil\nx", "collections\ndeque"}) {
        CAPTURE(global);
        CHECK(why_rejected(protocol2 + "c" + global + "\n.").find("no model package needs") !=
              std::string::npos);
    }
    // Python resolves dotted names: this one would be os.system, reached through an allowed module.
    CHECK(why_rejected("\x80\x04\x8c\6models\x8c\x0bx.os.system\x93."s)
              .find("no model package needs") != std::string::npos);
}

TEST_CASE("getattr is accepted only on torch's functions") {
    const std::string function = protocol2 + "c__builtin__\ngetattr\n";
    const std::string program =
        function + "ctorch._C\n_VariableFunctionsClass\n" + text("mul") + "\x86R.";
    const pickle::Document document(program);
    CHECK(document.root().arguments().item(1).text() == "mul");
    CHECK(why_rejected(function + "ctorch\nSize\n" + text("mul") + "\x86R.")
              .find("getattr on torch.Size") != std::string::npos);
    CHECK(why_rejected(function + "]" + text("mul") + "\x86R.").find("getattr on a value") !=
          std::string::npos);
}

TEST_CASE("a call of something without a name is refused") {
    CHECK(why_rejected(protocol2 + "])R.").find("has no name") != std::string::npos);
    CHECK(why_rejected(protocol2 + "ctorch\nSize\n]R.").find("has no name") != std::string::npos);
    CHECK(why_rejected(protocol2 + "ctorch\nSize\n)R)R.").find("has no name") != std::string::npos);
}

TEST_CASE("a value that contains itself is refused") {
    CHECK(why_rejected(protocol2 + "]q\0h\0a."s).find("contains itself") != std::string::npos);
    CHECK(why_rejected(protocol2 + "}q\0"s + text("x") + "]h\0as."s).find("contains itself") !=
          std::string::npos);
    CHECK(
        why_rejected(protocol2 + "cmodels.common\nConv\n)\x81q\0h\0b."s).find("contains itself") !=
        std::string::npos);
}

TEST_CASE("deep nesting is refused, whichever way it is built") {
    std::string inside_out = protocol2 + ")";
    std::string outside_in = protocol2;
    std::string closing;
    for (std::size_t i = 0; i < pickle::most_depth; ++i) {
        inside_out += "\x85";
        outside_in += "]";
        closing += "a";
    }
    CHECK(why_rejected(inside_out + ".").find("deep") != std::string::npos);
    CHECK(why_rejected(outside_in + "]" + closing + ".").find("deep") != std::string::npos);
    CHECK(why_rejected(outside_in + closing.substr(1) + ".").empty());
    // The depth of a shared part is that of its deepest use.
    CHECK(why_rejected(protocol2 + "(" + inside_out.substr(2, 150) + "q\0h\0"s +
                       inside_out.substr(3, 100) + "t.")
              .find("deep") != std::string::npos);
}

TEST_CASE("a pickle that is truncated anywhere is refused") {
    const std::string program = protocol2 + "}(" + text("a") + "K\1" + text("b") +
                                "ctorch.nn.modules.conv\nConv2d\n)\x81q\1G\0\0\0\0\0\0\0\0u."s;
    REQUIRE(why_rejected(program).find("sets entries") != std::string::npos);
    for (std::size_t size = 0; size < program.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(why_rejected(program.substr(0, size)).empty());
    }
}

TEST_CASE("sizes beyond the file are refused without allocating them") {
    CHECK(why_rejected(protocol2 + "X\xff\xff\xff\xff.").find("ends too early") !=
          std::string::npos);
    CHECK(why_rejected("\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff."s).find("ends too early") !=
          std::string::npos);
    CHECK(why_rejected(protocol2 + "Nr\xff\xff\xff\xff.").find("memo index") != std::string::npos);
    CHECK(why_rejected(protocol2 + "Nr" + little_endian(pickle::most_operations, 4) + ".")
              .find("memo index") != std::string::npos);
    CHECK(why_rejected(protocol2 + "Nr" + little_endian(pickle::most_operations - 1, 4) + ".")
              .empty());
    CHECK(why_rejected(protocol2 + "h\7.").find("which is empty") != std::string::npos);
}

TEST_CASE("integers of more than 64 bits are kept as bytes") {
    const pickle::Document eight("\x80\x02\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f."s);
    CHECK(eight.root().integer() == std::numeric_limits<std::int64_t>::max());
    const pickle::Document nine("\x80\x02\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\0."s);
    CHECK(nine.root().bytes().size() == 9);
}

TEST_CASE("a reference is a class only if it states that") {
    const auto reference = [](std::string_view kind) {
        return protocol2 + "(" + text(kind) + "K\1K\2K\3tQ.";
    };
    const std::string storage = reference("storage");
    const pickle::Document document(storage);
    CHECK(document.references().size() == 1);
    CHECK(document.root().persistent_key().item(0).text() == "storage");
    const std::string module = reference("module");
    CHECK(pickle::Document(module).root().integer() == 1);
}

TEST_CASE("more operations than any package has are refused") {
    std::string program = protocol2;
    for (std::size_t i = 0; i < pickle::most_operations / 2; ++i) {
        program += "N0";
    }
    CHECK(why_rejected(program + "N.").find("operations") != std::string::npos);
}

TEST_CASE("malformed programs are refused") {
    for (const auto& [program, words] : {
             std::pair{"."s, "uses a value"},
             std::pair{"NN."s, "left over"},
             std::pair{"(N."s, "left over"},
             std::pair{"N(."s, "uses a value"},
             std::pair{"Nt."s, "without a mark"},
             std::pair{"NNa."s, "not a list"},
             std::pair{"NNNs."s, "not a dict"},
             std::pair{"}(Nu."s, "not a dict"},
             std::pair{"NNb."s, "not an object"},
             std::pair{"i."s, "not supported"},
             std::pair{"\x80\x01N."s, "protocol 1"},
             std::pair{"\x80\x06N."s, "protocol 6"},
             std::pair{"cmodels"s, "within a line"},
             std::pair{"N]\x93."s, "not a string"},
             std::pair{"ctorch\nSize\n)RNbNb."s, "twice"},
             std::pair{"ccollections\nOrderedDict\n]\x85R."s, "OrderedDict"},
         }) {
        const auto& wanted = words;
        CAPTURE(wanted);
        CHECK(why_rejected(program).find(wanted) != std::string::npos);
    }
}
