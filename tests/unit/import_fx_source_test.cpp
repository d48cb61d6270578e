// SPDX-License-Identifier: Apache-2.0
// The reader of torch.fx's generated Python.
#include "import/fx_source.hpp"
#include "rejects.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

fx::Function parse_body(const std::string& body) {
    return fx::parse("\n\n\ndef forward(self, input_1):\n" + body);
}

const fx::Call& call_of(const fx::Assignment& assignment) {
    return std::get<fx::Call>(assignment.value.value);
}

}  // namespace

TEST_CASE("module calls, attributes and the result are read; releases are left out") {
    const auto function = parse_body(
        "    conv__1 = self.Conv__1(input_1);  input_1 = None\n"
        "    weights = self.initializers.onnx_initializer_0\n"
        "    tiny_mul = getattr(self, \"tiny/mul\")(conv__1, weights);  conv__1 = weights = None\n"
        "    return tiny_mul\n    ");
    CHECK(function.inputs == std::vector<std::string>{"input_1"});
    REQUIRE(function.assignments.size() == 3);
    CHECK(function.assignments[0].target == "conv__1");
    CHECK(call_of(function.assignments[0]).callee.path == std::vector<std::string>{"Conv__1"});
    const auto& weights = std::get<fx::Attribute>(function.assignments[1].value.value);
    CHECK(weights.root == "self");
    CHECK(weights.path == std::vector<std::string>{"initializers", "onnx_initializer_0"});
    CHECK(call_of(function.assignments[2]).callee.path == std::vector<std::string>{"tiny/mul"});
    REQUIRE(call_of(function.assignments[2]).arguments.size() == 2);
    CHECK(std::get<fx::Name>(call_of(function.assignments[2]).arguments[1].value).name ==
          "weights");
    CHECK(std::get<fx::Name>(function.result.value).name == "tiny_mul");
}

TEST_CASE("getattr may be followed by further parts") {
    const auto function = parse_body(
        "    a = getattr(getattr(self.block, \"0\"), \"x/y\").conv(input_1)\n    return a");
    CHECK(call_of(function.assignments[0]).callee.path ==
          std::vector<std::string>{"block", "0", "x/y", "conv"});
    CHECK(fx::to_text(call_of(function.assignments[0]).callee) == "self.block.0.x/y.conv");
}

TEST_CASE("literals and named arguments are read") {
    const auto function = parse_body(
        "    a = torch.pad(input_1, [1, -2], (0.5, 1e-05), mode = 'con\\'st', flag = True)\n"
        "    return (a,)");
    const auto& call = call_of(function.assignments[0]);
    CHECK(fx::to_text(call.callee) == "torch.pad");
    const auto literal = [](const fx::Expression& expression) {
        return std::get<fx::Literal>(expression.value).value;
    };
    const auto& integers = std::get<fx::Sequence>(call.arguments[1].value).items;
    CHECK(std::get<std::int64_t>(literal(integers[0])) == 1);
    CHECK(std::get<std::int64_t>(literal(integers[1])) == -2);
    const auto& numbers = std::get<fx::Sequence>(call.arguments[2].value).items;
    CHECK(std::get<double>(literal(numbers[0])) == 0.5);
    CHECK(std::get<double>(literal(numbers[1])) == 1e-05);
    CHECK(call.named_arguments[0].first == "mode");
    CHECK(std::get<std::string>(literal(call.named_arguments[0].second)) == "con'st");
    CHECK(std::get<bool>(literal(call.named_arguments[1].second)));
    CHECK(std::get<fx::Sequence>(function.result.value).items.size() == 1);
}

TEST_CASE("imports, comments and annotations are skipped") {
    const auto function = fx::parse(
        "import torch\nfrom torch import device\n# generated\n"
        "def forward(self, x : torch.Tensor, y) -> torch.Tensor:\n"
        "    # a comment\n    a : torch.Tensor = self.f(x)  # another\n    return a\n");
    CHECK(function.inputs == std::vector<std::string>{"x", "y"});
    CHECK(function.assignments.size() == 1);
}

TEST_CASE("anything else is refused, naming the line") {
    for (const auto& [body, words] : {
             std::pair{"    a = input_1 + 1\n    return a", "line 5"},
             std::pair{"    a = self.f(input_1)\n    return a; b = a", "code after return"},
             std::pair{"    a = self.f(input_1)\n", "no return"},
             std::pair{"    import os\n    return a", "'=' is missing"},
             std::pair{"    os.system('x')\n    return a", "'=' is missing"},
             std::pair{"    a = getattr(self.f(x), 'b')\n    return a", "called on a value"},
             std::pair{"    a = getattr(self, b)\n    return a", "name of an attribute"},
             std::pair{"    a = b = self.f(x)\n    return a", "two names"},
             std::pair{"    a = self.f(x)(y)\n    return a", "line 5"},
             std::pair{"    a = self.f(x", "',' is missing"},
             std::pair{"    a = 'text\n    return a", "not terminated"},
             std::pair{"    a = 'te\nxt'\n    return a", "not terminated"},
             std::pair{"    a = 'te\\n'\n    return a", "not terminated"},
             std::pair{"    a = lambda x: x\n    return a", "line 5"},
             std::pair{"    a = self.f(x) b = self.f(x)\n    return a", "end of a statement"},
             std::pair{"    a = 1.2.3\n    return a", "malformed"},
             std::pair{"    a = x[0]\n    return a", "line 5"},
             std::pair{"    a = \xc3\xa4\n    return a", "is unexpected"},
         }) {
        const std::string text = body;
        CAPTURE(text);
        const auto parse = [&text] { parse_body(text); };
        CHECK_MESSAGE(rejects(parse, words), rejection(parse));
    }
    CHECK(rejects([] { fx::parse("os.system('x')\n"); }, "a function is missing"));
    CHECK(rejects([] { fx::parse("def backward(self):\n return 1"); }, "called forward"));
    CHECK(rejects([] { fx::parse("def forward(x):\n return x"); }, "self is missing"));
}

TEST_CASE("deep nesting and long sources are refused") {
    const std::string deep(100'000, '[');
    CHECK(rejects([&] { parse_body("    a = " + deep + "\n"); }, "too deeply"));
    const std::string calls = "    a = " + std::string(100, 'f') + "(g(h(" + std::string(200, '(');
    CHECK(rejects([&] { parse_body(calls); }, "too deeply"));
    std::string attributes = "    a = self";
    for (int i = 0; i < 100; ++i) {
        attributes += ".b";
    }
    CHECK(rejects([&] { parse_body(attributes + "\n    return a"); }, "too many parts"));
    CHECK(rejects([] { fx::parse(std::string((16U << 20U) + 1, '\n')); }, "longer than"));
    std::string assignments;
    for (int i = 0; i < 20'000; ++i) {
        assignments += "a=b\n";
    }
    CHECK(parse_body(assignments + "return a").assignments.size() == 20'000);
    CHECK(rejects([&] { parse_body(assignments + "a=b\nreturn a"); }, "too long"));
}
