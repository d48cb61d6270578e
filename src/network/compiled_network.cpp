// SPDX-License-Identifier: Apache-2.0
// Validates the description, but not the values of weights: no value can make a kernel access
// memory outside its arrays.
#include "network/compiled_network.hpp"

#include "speciesnet/error.hpp"

#include "executor/restore_operation.hpp"
#include "model/network_files.hpp"
#include "system/files.hpp"
#include "text/parsed_json.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include <zlib.h>

namespace speciesnet {
namespace {

using executor::ConvolutionGeometry;
using executor::Numbers;
using executor::OperationRecord;
using executor::Plan;
using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "the file's numbers are little-endian");

constexpr std::string_view magic = "spnetcpl";
/// Must be increased whenever the meaning of a description or of its values changes.
constexpr std::uint64_t format = 7;
constexpr std::size_t page = 4096;
constexpr std::size_t numbers_alignment = 64;
constexpr std::uint64_t most_description = std::uint64_t{16} << 20U;
constexpr std::size_t head_size = magic.size() + sizeof(std::uint64_t);

constexpr std::array<std::pair<std::string_view, executor::Axes>, 3> axes_names{
    {{"picture", executor::Axes::picture},
     {"channels", executor::Axes::channels},
     {"pixels", executor::Axes::pixels}}};

std::size_t rounded_up(std::size_t value, std::size_t step) {
    return (value + step - 1) / step * step;
}

/// Returns a checksum of the end of an archive, which holds the directory with the checksums of all
/// entries. It identifies a network without reading all of it.
std::string fingerprint(std::string_view archive) {
    constexpr std::size_t most = std::size_t{1} << 20U;
    const auto end = archive.substr(archive.size() - std::min(archive.size(), most));
    const auto checksum =
        crc32(0, reinterpret_cast<const Bytef*>(end.data()), static_cast<uInt>(end.size()));
    return std::to_string(archive.size()) + "-" + std::to_string(checksum);
}

std::string layout_of(const executor::TileShape& tiles) {
    std::string layout = std::to_string(tiles.most_vectors);
    for (const int rows : tiles.rows) {
        layout += ' ' + std::to_string(rows);
    }
    return layout;
}

/// Returns the properties of kernels that determine the order of weights. It is text because it is
/// compared at each start, when memory may be short.
std::string layout_of(const executor::KernelSet& target) {
    const auto& kernels = target.layout;
    auto layout =
        "width " + std::to_string(kernels.width) + ", float32 " + layout_of(kernels.tiles);
    if (target.precision == Precision::bfloat16 && kernels.bfloat16->is_faster_than_winograd) {
        layout += ", bfloat16 instead of Winograd";
    }
    if (target.precision == Precision::int8) {
        layout += kernels.int8->multiplies_matrices ? ", int8 products"
                                                    : ", int8 " + layout_of(kernels.int8->tiles);
    }
    return layout;
}

/// Returns the network and kernels that a file is compiled for.
json purpose(const executor::KernelSet& target, const PackageFile& network) {
    return {{"format", format},
            {"network", fingerprint(network.content())},
            {"precision", name_of(target.precision)},
            {"layout", layout_of(target)}};
}

std::string reason_against(const json& description, const executor::KernelSet& target,
                           const PackageFile* network) {
    if (description.at("format") != format) {
        return "it was made by another version of this library";
    }
    if (description.at("precision") != std::string(name_of(target.precision))) {
        return "its precision is not " + std::string(name_of(target.precision));
    }
    if (description.at("layout") != layout_of(target)) {
        return "it was made for other instructions than " + std::string(target.name) +
               ", or by another version of this library";
    }
    if (network != nullptr && description.at("network") != fingerprint(network->content())) {
        return "it was compiled from another network than '" + network->origin() + "'";
    }
    return {};
}

// Writing.

/// Values that are written one after the other.
class NumberList {
public:
    /// @return the position and number of the values
    json add(const Numbers& numbers) {
        lists_.push_back(numbers);
        const json place{next_, numbers.size()};
        next_ += rounded_up(numbers.size() * sizeof(float), numbers_alignment);
        return place;
    }

    void write(NewFile& file) const {
        for (const auto& list : lists_) {
            const std::string_view bytes(reinterpret_cast<const char*>(list.data()),
                                         list.size() * sizeof(float));
            file.write(bytes);
            file.write(std::string(rounded_up(bytes.size(), numbers_alignment) - bytes.size(), 0));
        }
    }

private:
    std::vector<Numbers> lists_;
    std::size_t next_ = 0;
};

json describe(const executor::InputLayout& layout) {
    OperationRecord merged;
    if (layout.merged) {
        record_geometry(*layout.merged, merged);
    }
    // Operands are written as bits, because JSON has no infinity.
    json arithmetic = json::array();
    for (const auto& step : layout.arithmetic) {
        arithmetic.push_back({step.kind, std::bit_cast<std::uint32_t>(step.operand)});
    }
    return {{"channels", layout.channels}, {"arithmetic", arithmetic}, {"merged", merged.sizes}};
}

json describe(const executor::NetworkPlan& whole, NumberList& numbers) {
    const auto& plan = whole.plan;
    json description{{"channels_first", whole.channels_first}, {"buffers", json::array()}};
    for (const auto& [name, axes] : axes_names) {
        if (axes == whole.output) {
            description["axes"] = name;
        }
    }
    for (const auto& buffer : plan.buffers()) {
        json described{buffer.channels, static_cast<std::uint64_t>(buffer.element)};
        if (buffer.element == executor::Element::byte) {
            described.push_back(numbers.add(numbers_of(buffer.ranges)));
        }
        description["buffers"].push_back(std::move(described));
    }
    for (const auto& value : plan.values()) {
        description["values"].push_back({value.buffer, value.first_channel, value.channels});
    }
    for (const auto& step : plan.steps()) {
        const auto record = step.operation->record();
        json lists = json::array();
        for (const auto& list : record.numbers) {
            lists.push_back(numbers.add(list));
        }
        description["steps"].push_back({{"operation", record.kind},
                                        {"sizes", record.sizes},
                                        {"numbers", lists},
                                        {"inputs", step.inputs},
                                        {"output", step.output}});
    }
    description["input"] = describe(plan.inputs().front().layout);
    description["input"]["value"] = plan.inputs().front().value;
    description["output"] = plan.kept().front();
    return description;
}

// Reading.

[[noreturn]] void fail(const std::string& why) {
    throw InvalidArgument(why);
}

std::size_t size_of(const json& number) {
    if (!number.is_number_unsigned() ||
        number.get<std::uint64_t>() > std::numeric_limits<std::size_t>::max()) {
        fail("a size is not an unsigned integer that this machine can address");
    }
    return number.get<std::size_t>();
}

std::vector<std::size_t> sizes_of(const json& list) {
    std::vector<std::size_t> sizes;
    for (const auto& number : list) {
        sizes.push_back(size_of(number));
    }
    return sizes;
}

/// The values in a file.
class MappedNumbers {
public:
    MappedNumbers(std::string_view content, std::shared_ptr<const void> owner)
        : content_(content), owner_(std::move(owner)) {
        if (reinterpret_cast<std::uintptr_t>(content.data()) % alignof(float) != 0) {
            fail("it is not aligned in memory");
        }
    }

    Numbers at(const json& place) const {
        const std::size_t first = size_of(place.at(0));
        const std::size_t count = size_of(place.at(1));
        if (first % numbers_alignment != 0 || first > content_.size() ||
            count > (content_.size() - first) / sizeof(float)) {
            fail("weights lie outside the file");
        }
        return {{reinterpret_cast<const float*>(content_.data() + first), count}, owner_};
    }

private:
    std::string_view content_;
    std::shared_ptr<const void> owner_;
};

Plan::Buffer restore_buffer(const json& buffer, const executor::Kernels& kernels,
                            const MappedNumbers& numbers) {
    using executor::Element;
    constexpr std::size_t sizes = 2;
    OperationRecord record{
        .kind = {}, .sizes = {size_of(buffer.at(0)), size_of(buffer.at(1))}, .numbers = {}};
    for (std::size_t place = sizes; place < buffer.size(); ++place) {
        record.numbers.push_back(numbers.at(buffer.at(place)));
    }
    executor::RecordReader reader(record);
    Plan::Buffer restored{
        .channels = reader.size(0, executor::most_channels),
        .element = reader.element({Element::float32, Element::bfloat16, Element::byte})};
    if (restored.element == Element::byte) {
        if (kernels.int8 == nullptr) {
            fail("it has int8 feature maps, which its precision does not support");
        }
        restored.ranges = reader.ranges(restored.channels);
    }
    reader.end();
    return restored;
}

Plan::Step restore_step(const json& step, const executor::Kernels& kernels,
                        const MappedNumbers& numbers) {
    OperationRecord record{
        .kind = step.at("operation").get<std::string>(), .sizes = {}, .numbers = {}};
    for (const auto& number : step.at("sizes")) {
        record.sizes.push_back(size_of(number));
    }
    for (const auto& place : step.at("numbers")) {
        record.numbers.push_back(numbers.at(place));
    }
    auto inputs = sizes_of(step.at("inputs"));
    auto operation = restore_operation(record, kernels, inputs.size());
    return {std::move(operation), std::move(inputs), size_of(step.at("output"))};
}

std::vector<executor::ScalarArithmetic> restore_arithmetic(const json& list) {
    if (list.size() > executor::most_input_arithmetic) {
        fail("there is too much arithmetic before the first operation");
    }
    std::vector<executor::ScalarArithmetic> arithmetic;
    for (const auto& step : list) {
        using Kind = executor::ScalarArithmetic::Kind;
        const auto kind = size_of(step.at(0));
        const auto bits = size_of(step.at(1));
        if (kind > static_cast<std::size_t>(Kind::divide) ||
            bits > std::numeric_limits<std::uint32_t>::max()) {
            fail("the arithmetic before the first operation is unknown");
        }
        arithmetic.push_back({.kind = static_cast<Kind>(kind),
                              .operand = std::bit_cast<float>(static_cast<std::uint32_t>(bits))});
    }
    return arithmetic;
}

Plan::Input restore_input(const json& input) {
    const auto sizes = sizes_of(input.at("merged"));
    const OperationRecord merged{.kind = {}, .sizes = {sizes.begin(), sizes.end()}, .numbers = {}};
    const OperationRecord channels{
        .kind = {}, .sizes = {size_of(input.at("channels"))}, .numbers = {}};
    executor::InputLayout layout{.channels = executor::RecordReader(channels).channels(),
                                 .arithmetic = restore_arithmetic(input.at("arithmetic"))};
    if (!merged.sizes.empty()) {
        executor::RecordReader reader(merged);
        layout.merged = reader.geometry();
        reader.end();
    }
    return {layout, size_of(input.at("value"))};
}

executor::Axes axes_of(std::string_view name) {
    for (const auto& [known, axes] : axes_names) {
        if (known == name) {
            return axes;
        }
    }
    fail("the output has unknown axes");
}

executor::NetworkPlan restore(const json& description, const executor::Kernels& kernels,
                              const MappedNumbers& numbers) {
    executor::NetworkPlan whole{
        .plan = {}, .channels_first = description.at("channels_first").get<bool>(), .output = {}};
    whole.output = axes_of(description.at("axes").get<std::string>());
    std::vector<Plan::ValueEntry> values;
    for (const auto& value : description.at("values")) {
        values.push_back({.buffer = size_of(value.at(0)),
                          .first_channel = size_of(value.at(1)),
                          .channels = size_of(value.at(2))});
    }
    std::vector<Plan::Buffer> buffers;
    for (const auto& buffer : description.at("buffers")) {
        buffers.push_back(restore_buffer(buffer, kernels, numbers));
    }
    std::vector<Plan::Step> steps;
    for (const auto& step : description.at("steps")) {
        steps.push_back(restore_step(step, kernels, numbers));
    }
    whole.plan =
        Plan(std::move(values), std::move(buffers), std::move(steps),
             {restore_input(description.at("input"))}, {size_of(description.at("output"))});
    return whole;
}

/// Returns the description, and the offset of the values.
std::pair<ParsedJson, std::size_t> read_description(std::string_view content) {
    std::uint64_t size = 0;
    if (content.size() < head_size || !content.starts_with(magic)) {
        fail("it lacks the signature of compiled networks");
    }
    std::memcpy(&size, content.data() + magic.size(), sizeof(size));
    if (size > most_description || size > content.size() - head_size) {
        fail("it ends early");
    }
    auto description = ParsedJson::parse(content.substr(head_size, size));
    if (!description) {
        fail("its description is invalid");
    }
    return {std::move(*description), rounded_up(head_size + size, page)};
}

/// Passes the description of a file and the offset of its values to `use`. Converts errors to the
/// error that the file is damaged.
template <typename Use>
auto reading(const PackageFile& compiled, const Use& use) {
    try {
        const auto [description, begin] = read_description(compiled.content());
        return use(*description, begin);
    } catch (const json::exception& error) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + compiled.origin() + "' is damaged: its description is invalid (" +
                             error.what() + ")");
    } catch (const InvalidArgument& error) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + compiled.origin() + "' is damaged: " + error.what());
    }
}

}  // namespace

bool is_compiled_network(const PackageFile& file) noexcept {
    return file.content().starts_with(magic);
}

std::string compiled_file_name(std::string_view network_file, const executor::KernelSet& target) {
    return compiled_name(network_file,
                         std::string(target.name) + "-" + std::string(name_of(target.precision)));
}

void write_compiled_network(const executor::NetworkPlan& plan, const executor::KernelSet& target,
                            const PackageFile& network, const std::filesystem::path& file) {
    NumberList numbers;
    json description = purpose(target, network);
    const auto info = read_detector_info(network);
    description["image_size"] = info.image_size ? json(*info.image_size) : json();
    description["model_type"] = info.model_type;
    description["plan"] = describe(plan, numbers);
    const std::string text = description.dump();
    const std::uint64_t size = text.size();
    NewFile output(file);
    output.write(magic);
    output.write({reinterpret_cast<const char*>(&size), sizeof(size)});
    output.write(text);
    output.write(std::string(rounded_up(head_size + size, page) - head_size - size, 0));
    numbers.write(output);
    output.close();
}

std::string reason_against(const PackageFile& compiled, const executor::KernelSet& target,
                           const PackageFile* network) {
    return reading(compiled, [&](const json& description, std::size_t) {
        return reason_against(description, target, network);
    });
}

std::optional<executor::NetworkPlan> read_compiled_network(const PackageFile& compiled,
                                                           const executor::KernelSet& target,
                                                           const PackageFile* network) {
    return reading(
        compiled,
        [&](const json& description, std::size_t begin) -> std::optional<executor::NetworkPlan> {
            if (!reason_against(description, target, network).empty()) {
                return std::nullopt;
            }
            const auto content = compiled.content();
            const MappedNumbers numbers(content.substr(std::min(begin, content.size())),
                                        std::make_shared<const PackageFile>(compiled));
            return restore(description.at("plan"), target.table(), numbers);
        });
}

DetectorInfo compiled_detector_info(const PackageFile& compiled) {
    return reading(compiled, [](const json& description, std::size_t) {
        DetectorInfo info{.model_type = description.at("model_type").get<std::string>()};
        if (const auto& size = description.at("image_size"); !size.is_null()) {
            info.image_size = size.get<std::int64_t>();
        }
        return info;
    });
}

}  // namespace speciesnet
