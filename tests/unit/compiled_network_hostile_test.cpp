// SPDX-License-Identifier: Apache-2.0
// Damaged and hostile compiled networks are refused when they are read or, at the latest, when they
// run. Memory outside them is never accessed.
#include "speciesnet/error.hpp"

#include "compiled_file.hpp"
#include "network/compiled_network.hpp"
#include "network_plan_fixtures.hpp"
#include "rejects.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace speciesnet;
using nlohmann::json;

namespace {

/// Every CPU supports these kernels.
const executor::KernelSet& target = executor::kernel_sets().front();
const PackageFile network("the TorchScript", "network.pt", nullptr);

std::string small_file(executor::Axes axes = executor::Axes::pixels) {
    return compiled_bytes(small_network_plan(target.table(), axes), target, network);
}

std::optional<executor::NetworkPlan> read(const std::string& file) {
    return read_compiled_network(file_in_memory(file), target, &network);
}

bool is_refused(const std::string& file, const std::string& words = "is damaged") {
    return rejects([&] { read(file); }, words);
}

/// A small file whose description tests can change.
class Changed {
public:
    explicit Changed(executor::Axes axes = executor::Axes::pixels)
        : parts_(CompiledParts::of(small_file(axes))), whole_(json::parse(parts_.description)) {}

    json& whole() { return whole_; }
    json& plan() { return whole_["plan"]; }
    json& value(std::size_t index) { return plan()["values"][index]; }
    json& step(std::size_t index) { return plan()["steps"][index]; }

    std::string file() const {
        auto parts = parts_;
        parts.description = whole_.dump();
        return parts.file();
    }

private:
    CompiledParts parts_;
    json whole_;
};

/// Returns a small feature map.
FloatArray small_picture() {
    const std::vector<std::int64_t> shape{1, 3, 8, 8};
    return {shape, executor::numbers(std::size_t{3} * 8 * 8, 1)};
}

/// Runs a plan that was read. @return whether it computed an answer
bool run(executor::NetworkPlan plan) {
    const auto input = small_picture();
    executor::Workspace workspace(1);
    PlanNetwork runnable(std::move(plan), target.table(), workspace);
    try {
        const auto shape = runnable.output_shape(input.shape);
        CHECK(runnable.forward(input, {}).shape == shape);
        return true;
    } catch (const InvalidArgument&) {
        return false;
    }
}

/// As run(), but skips files that are refused when read, or would take long.
void run_if_possible(const std::string& file) {
    constexpr double most = 1e6;
    try {
        auto plan = read(file);
        if (plan && cost_of(plan->plan, {1, 8, 8, 3}) < most) {
            run(std::move(*plan));
        }
    } catch (const InvalidArgument&) {
        // cost_of() queries sizes, which operations may refuse.
        return;
    } catch (const ModelError& error) {
        CHECK(error.code() == ErrorCode::model_invalid);
    }
}

/// Collects each number below a node.
void collect_numbers(json& node, std::vector<json*>& numbers) {
    if (node.is_number()) {
        numbers.push_back(&node);
        return;
    }
    if (node.is_structured()) {
        for (auto& child : node) {
            collect_numbers(child, numbers);
        }
    }
}

}  // namespace

TEST_CASE("a compiled file that ends early is refused") {
    const auto file = small_file();
    const auto parts = CompiledParts::of(file);
    const auto begin = file.size() - parts.numbers.size();
    std::set<std::size_t> sizes{begin - 1, begin, begin + 1};
    for (std::size_t size = 0; size < begin; size += size < 64 ? 1 : 97) {
        sizes.insert(size);
    }
    const auto description = json::parse(parts.description);
    std::size_t end = 0;
    for (const auto& step : description["plan"]["steps"]) {
        for (const auto& place : step["numbers"]) {
            const auto first = begin + place[0].get<std::size_t>();
            const auto last = first + place[1].get<std::size_t>() * sizeof(float);
            sizes.insert({first, first + 1, last - 1});
            end = std::max(end, last);
        }
    }
    for (const auto size : sizes) {
        CAPTURE(size);
        CHECK(is_refused(file.substr(0, size)));
    }
    // After the last value there is only padding.
    CHECK(read(file.substr(0, end)).has_value());
    CHECK_FALSE(is_refused(file + "more"));
}

TEST_CASE("another kind of file, or one with too large a description, is refused") {
    const auto file = small_file();
    auto other = file;
    other[0] = 'S';
    CHECK(is_refused(other, "lacks the signature"));
    CHECK(is_refused("", "lacks the signature"));
    const auto rest = file.size() - CompiledParts::head;
    for (const std::uint64_t size :
         {std::uint64_t{rest} + 1, std::uint64_t{16} << 20U, (std::uint64_t{16} << 20U) + 1,
          std::uint64_t{1} << 63U, std::numeric_limits<std::uint64_t>::max()}) {
        auto changed = file;
        changed.replace(CompiledParts::head / 2, 8, little_endian(size, 8));
        CHECK(is_refused(changed, "ends early"));
    }
    auto shorter = file;
    shorter.replace(CompiledParts::head / 2, 8, little_endian(0, 8));
    CHECK(is_refused(shorter, "description is invalid"));
    // Makes the values part of the description, so that none remain.
    shorter.replace(CompiledParts::head / 2, 8, little_endian(rest, 8));
    CHECK(is_refused(shorter));
}

TEST_CASE("a description that is not JSON of this format is refused") {
    auto parts = CompiledParts::of(small_file());
    for (const std::string text : {"", "{", "[]", "7", "null", "\"text\"", "{}", "\xff"}) {
        CAPTURE(text);
        parts.description = text;
        CHECK(is_refused(parts.file(), "description is invalid"));
    }
    parts.description = std::string(100'000, '[');
    CHECK(is_refused(parts.file(), "description is invalid"));
}

TEST_CASE("a description with a missing part, or one of another type, is refused") {
    Changed original;
    // No structured binding, because CAPTURE() is a lambda, which cannot capture one in clang 14.
    for (const auto& item : original.plan().items()) {
        const auto& name = item.key();
        CAPTURE(name);
        Changed without;
        without.plan().erase(name);
        CHECK(is_refused(without.file()));
        for (const json& other : {json("text"), json(-1)}) {
            Changed changed;
            changed.plan()[name] = other;
            CHECK(is_refused(changed.file()));
        }
    }
    for (const auto& item : original.step(0).items()) {
        const auto& name = item.key();
        CAPTURE(name);
        Changed without;
        without.step(0).erase(name);
        CHECK(is_refused(without.file()));
    }
    Changed axes;
    axes.plan()["axes"] = "rows";
    CHECK(is_refused(axes.file(), "unknown axes"));
    Changed kind;
    kind.step(0)["operation"] = "deconvolution";
    CHECK(is_refused(kind.file(), "no operation 'deconvolution'"));
}

TEST_CASE("a size that is not a natural number is refused in each field") {
    std::vector<json*> all;
    Changed changed;
    collect_numbers(changed.plan(), all);
    REQUIRE(all.size() > 100);
    for (auto* const number : all) {
        const json before = *number;
        for (const json& other :
             {json(-1), json(1.0), json("1"), json(nullptr), json(true), json::array({1})}) {
            *number = other;
            CHECK(is_refused(changed.file()));
        }
        *number = before;
    }
    CHECK_FALSE(is_refused(changed.file()));
}

TEST_CASE("a size that is far too large is refused in each field") {
    for (const auto axes : {executor::Axes::pixels, executor::Axes::channels}) {
        std::vector<json*> all;
        Changed changed(axes);
        collect_numbers(changed.plan(), all);
        for (auto* const number : all) {
            const json before = *number;
            // Some of these are small again after multiplication by 4 or 64 pixels.
            for (const std::uint64_t size :
                 {std::uint64_t{1} << 40U, std::uint64_t{1} << 58U, std::uint64_t{1} << 62U,
                  std::numeric_limits<std::uint64_t>::max()}) {
                *number = size;
                CHECK(is_refused(changed.file()));
            }
            *number = before;
        }
    }
}

TEST_CASE("ranges that bytes cannot have are refused, in buffers and in operations") {
    const auto& bytes = executor::plain_int8_kernels();
    const auto parts =
        CompiledParts::of(compiled_bytes(calibrated_network_plan(bytes.table()), bytes, network));
    const auto description = json::parse(parts.description);
    const auto refusal = [&](const CompiledParts& changed) {
        return rejects(
            [&] { read_compiled_network(file_in_memory(changed.file()), bytes, &network); },
            "is damaged: a calibrated range");
    };
    CHECK_FALSE(refusal(parts));
    constexpr float beyond = std::numeric_limits<float>::infinity();
    constexpr float none = std::numeric_limits<float>::quiet_NaN();
    const auto& buffer = description["plan"]["buffers"][1][2];
    const auto& operation = description["plan"]["steps"][1]["numbers"][2];
    for (const auto& place : {buffer, operation}) {
        REQUIRE(place[1] == 16);
        for (const auto& range :
             {std::array{0.0F, 0.0F}, std::array{none, 1.0F}, std::array{-1.0F, none},
              std::array{-beyond, 1.0F}, std::array{0.0F, beyond}, std::array{1.0F, 2.0F},
              std::array{2.0F, -1.0F}}) {
            CAPTURE(range[0]);
            CAPTURE(range[1]);
            auto changed = parts;
            std::memcpy(changed.numbers.data() + place[0].get<std::size_t>() + 8, range.data(),
                        sizeof(range));
            CHECK(refusal(changed));
        }
    }
}

TEST_CASE("buffers of bytes are refused where kernels have none, and where channels are torn") {
    Changed changed;
    changed.plan()["buffers"][1] = {8, 2, {0, 16}};
    CHECK(is_refused(changed.file()));
    const auto& bytes = executor::plain_int8_kernels();
    auto parts =
        CompiledParts::of(compiled_bytes(calibrated_network_plan(bytes.table()), bytes, network));
    auto description = json::parse(parts.description);
    // The channels of a value; those of a buffer; the element of a buffer that has ranges.
    for (const auto& [key, place, number] :
         {std::tuple{"values", 2, 6}, std::tuple{"buffers", 0, 10}, std::tuple{"buffers", 1, 1}}) {
        auto torn = description;
        torn["plan"][key][1][place] = number;
        parts.description = torn.dump();
        CHECK(rejects([&] { read_compiled_network(file_in_memory(parts.file()), bytes, &network); },
                      "is damaged"));
    }
}

TEST_CASE("values outside the file, or not aligned, are refused") {
    const auto numbers = CompiledParts::of(small_file()).numbers.size();
    const auto refused_at = [](std::uint64_t first) {
        Changed changed;
        changed.step(0)["numbers"][1][0] = first;
        const bool is_addressable = first <= std::numeric_limits<std::size_t>::max();
        return is_refused(changed.file(), is_addressable ? "outside the file" : "can address");
    };
    for (const std::uint64_t first :
         {std::uint64_t{1}, std::uint64_t{4}, std::uint64_t{32}, std::uint64_t{numbers},
          std::uint64_t{numbers} + 64, std::uint64_t{1} << 40U,
          std::numeric_limits<std::uint64_t>::max() - 63}) {
        CAPTURE(first);
        CHECK(refused_at(first));
    }
    Changed many;
    many.step(0)["numbers"][1][1] = numbers / sizeof(float) + 1;
    CHECK(is_refused(many.file(), "outside the file"));
    // Any values are accepted if their number is right.
    Changed others;
    others.step(0)["numbers"][1][0] = 0;
    CHECK_FALSE(is_refused(others.file()));
}

TEST_CASE("values, buffers and steps that contradict each other are refused") {
    const auto refused_with = [](auto change) {
        Changed changed;
        change(changed);
        return is_refused(changed.file(), "are inconsistent");
    };
    const auto values = Changed().plan()["values"].size();
    const auto buffers = Changed().plan()["buffers"].size();
    const auto input = Changed().plan()["input"]["value"].get<std::size_t>();
    // Values in buffers.
    CHECK(refused_with([&](Changed& it) { it.value(1)[0] = buffers; }));
    CHECK(refused_with([&](Changed& it) { it.value(1)[2] = 0; }));
    CHECK(refused_with([&](Changed& it) { it.value(1)[2] = 9; }));
    CHECK(refused_with([&](Changed& it) { it.value(1)[1] = 1; }));
    CHECK(refused_with(
        [&](Changed& it) { it.plan()["buffers"][it.value(1)[0].get<std::size_t>()][0] = 7; }));
    // Steps, their inputs and outputs.
    CHECK(refused_with([&](Changed& it) { it.step(1)["inputs"][0] = values; }));
    CHECK(refused_with([&](Changed& it) { it.step(1)["output"] = values; }));
    CHECK(refused_with([&](Changed& it) { it.step(1)["output"] = it.step(0)["output"]; }));
    CHECK(refused_with([&](Changed& it) { it.step(1)["output"] = input; }));
    // The input and the output.
    CHECK(refused_with([&](Changed& it) { it.plan()["input"]["value"] = values; }));
    CHECK(refused_with([&](Changed& it) { it.plan()["input"]["value"] = 1; }));
    CHECK(refused_with([&](Changed& it) { it.plan()["input"]["channels"] = 4; }));
    CHECK(refused_with([&](Changed& it) { it.plan()["input"]["merged"] = json::array(); }));
    CHECK(refused_with([&](Changed& it) { it.value(1)[0] = it.value(input)[0]; }));
    CHECK(refused_with(
        [&](Changed& it) { it.plan()["buffers"][it.value(input)[0].get<std::size_t>()][0] = 10; }));
    CHECK(refused_with([&](Changed& it) { it.plan()["output"] = values; }));
    CHECK_FALSE(refused_with([](Changed&) {}));
}

TEST_CASE("plans that do not suit a feature map are refused when they run") {
    const auto runs = [](auto change) {
        Changed changed;
        change(changed);
        auto plan = read(changed.file());
        REQUIRE(plan.has_value());
        return run(std::move(*plan));
    };
    CHECK(runs([](Changed&) {}));
    SUBCASE("what was not computed before is taken") {
        CHECK_FALSE(runs([](Changed& it) { std::swap(it.step(0), it.step(1)); }));
        CHECK_FALSE(runs([](Changed& it) { it.step(0)["inputs"][0] = it.step(0)["output"]; }));
        CHECK_FALSE(runs([](Changed& it) { it.plan()["steps"].erase(0); }));
        CHECK_FALSE(runs([](Changed& it) { it.plan()["steps"] = json::array(); }));
    }
    SUBCASE("an operation gives other channels than its value has") {
        CHECK_FALSE(runs([](Changed& it) { it.value(1)[2] = 7; }));
    }
    SUBCASE("pictures of different sizes are in one buffer") {
        CHECK_FALSE(runs([](Changed& it) {
            const auto pooled = it.step(1)["output"].get<std::size_t>();
            it.value(it.step(0)["output"].get<std::size_t>())[0] = it.value(pooled)[0];
        }));
    }
    SUBCASE("what is given has other axes") {
        CHECK_FALSE(runs([](Changed& it) { it.plan()["axes"] = "channels"; }));
    }
    SUBCASE("the feature map is larger than a network's") {
        CHECK_FALSE(runs([](Changed& it) { it.plan()["channels_first"] = false; }));
    }
}

TEST_CASE("a plan that needs excessive memory is refused when it runs") {
    // Feature maps of the maximum size and width.
    constexpr std::size_t widest = std::size_t{1} << 20U;
    Changed changed(executor::Axes::picture);
    auto& plan = changed.plan();
    auto last = plan["output"].get<std::size_t>();
    for (const json& sizes : {json{64, 64}, json{64, 64}, json{4, 2}}) {
        plan["buffers"].push_back({widest, 0});
        plan["values"].push_back({plan["buffers"].size() - 1, 0, plan["values"][last][2]});
        const auto next = plan["values"].size() - 1;
        plan["steps"].push_back({{"operation", "nearest upsample"},
                                 {"sizes", sizes},
                                 {"numbers", json::array()},
                                 {"inputs", {last}},
                                 {"output", next}});
        last = next;
    }
    plan["output"] = last;
    auto read_plan = read(changed.file());
    REQUIRE(read_plan.has_value());
    CHECK_FALSE(run(std::move(*read_plan)));
    plan["buffers"].back()[0] = widest + 1;
    CHECK(is_refused(changed.file(), "record of an operation is damaged"));
}

TEST_CASE("thousands of changes to a description do no harm") {
    constexpr int changes = 4000;
    std::mt19937 random(1);
    // std::uniform_int_distribution differs between standard libraries.
    const auto below = [&](std::size_t end) { return random() % end; };
    constexpr std::string_view likely = "0123456789,[]{}\"-.e ";
    const auto original = CompiledParts::of(small_file());
    const auto plan = original.description.find("\"plan\"");
    REQUIRE(plan != std::string::npos);
    for (int i = 0; i < changes; ++i) {
        auto parts = original;
        for (std::size_t count = 1 + below(3); count > 0; --count) {
            // The part before the plan only determines whether the file is used at all.
            const auto place = below(8) == 0 ? below(parts.description.size())
                                             : plan + below(parts.description.size() - plan);
            char& byte = parts.description[place];
            byte = below(4) == 0 ? static_cast<char>(byte ^ (1 << below(8)))
                                 : likely[below(likely.size())];
        }
        CAPTURE(i);
        run_if_possible(parts.file());
    }
}

TEST_CASE("thousands of changed sizes do no harm") {
    constexpr int changes = 4000;
    std::mt19937 random(2);
    const auto below = [&](std::size_t end) { return random() % end; };
    int answers = 0;
    for (const auto axes :
         {executor::Axes::pixels, executor::Axes::channels, executor::Axes::picture}) {
        Changed changed(axes);
        std::vector<json*> all;
        collect_numbers(changed.plan(), all);
        for (int i = 0; i < changes / 3; ++i) {
            std::vector<std::pair<json*, json>> before;
            for (std::size_t count = 1 + below(3); count > 0; --count) {
                auto* const number = all[below(all.size())];
                before.emplace_back(number, *number);
                *number = below(20);
            }
            const auto file = changed.file();
            run_if_possible(file);
            try {
                answers += read(file).has_value() ? 1 : 0;
            } catch (const ModelError&) {
                // Only the other outcomes are counted.
            }
            while (!before.empty()) {
                *before.back().first = before.back().second;
                before.pop_back();
            }
        }
    }
    // Some changes are so small that the file is accepted, and then it runs.
    CHECK(answers > changes / 100);
}
