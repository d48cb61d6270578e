// Names from files are reduced to letters, digits and underscores before they become part of the
// text.
#include "import/network_text.hpp"

#include "import/invalid_model.hpp"

#include <charconv>
#include <utility>

namespace speciesnet {
namespace {

std::string identifier(std::string_view path) {
    constexpr std::size_t longest = 200;
    // With a letter in front, it is no keyword and no name that LibTorch uses.
    std::string name = "w_";
    for (const char c : path.substr(0, longest)) {
        const bool allowed =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        name += allowed ? c : '_';
    }
    return name;
}

std::uint64_t float_bytes(const TensorView& tensor) {
    std::uint64_t bytes = sizeof(float);
    for (const auto size : tensor.shape) {
        bytes *= static_cast<std::uint64_t>(size);
    }
    return bytes;
}

}  // namespace

Term NetworkText::assign(std::string_view expression) {
    Term variable = "x" + std::to_string(++variables_);
    network_.forward += "    " + variable + " = " + std::string(expression) + "\n";
    return variable;
}

Term NetworkText::weight(std::string_view path, TensorView tensor) {
    if (!is_floating(tensor.type)) {
        invalid_model(printable(path) + " does not hold floating-point numbers");
    }
    bytes_ += float_bytes(tensor);
    if (bytes_ > most_bytes_) {
        invalid_model("the weights would be larger than the file can make them");
    }
    std::string name = identifier(path);
    while (!names_.insert(name).second) {
        name += "_" + std::to_string(names_.size());
    }
    network_.weights.push_back({name, std::move(tensor)});
    return "self." + name;
}

NetworkDefinition NetworkText::finish(const Term& result) && {
    network_.forward =
        "def forward(self, " + input() + "):\n" + network_.forward + "    return " + result + "\n";
    return std::move(network_);
}

std::string text_of(const std::vector<std::int64_t>& values) {
    std::string text;
    for (const auto value : values) {
        text += (text.empty() ? "" : ", ") + std::to_string(value);
    }
    return "[" + text + "]";
}

std::string text_of(double value) {
    char digits[32];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    const std::string text(std::begin(digits), end);
    if (text.find_first_not_of("-+.e0123456789") != std::string::npos) {
        invalid_model("a number of the network is not finite");
    }
    // TorchScript tells integers from real numbers.
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

}  // namespace speciesnet
