// SPDX-License-Identifier: Apache-2.0
// There are many inputs and few outputs, so checking an input uses at most one system call.
#include "output_files.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

/// Returns an absolute path, with the links in its folders resolved.
fs::path absolute_path(const fs::path& file) {
    std::error_code problem;
    auto path = fs::weakly_canonical(fs::absolute(file), problem);
    return problem ? fs::absolute(file).lexically_normal() : path;
}

}  // namespace

const OutputFiles::Output* OutputFiles::find(const fs::path& file) const {
    const bool named_like_missing = missing_names_.contains(file.filename());
    if (present_.empty() && !named_like_missing) {
        return nullptr;
    }
    if (const auto id = file_id(file)) {
        const auto found = present_.find(*id);
        return found == present_.end() ? nullptr : &found->second;
    }
    if (!named_like_missing) {
        return nullptr;
    }
    const auto found = missing_.find(absolute_path(file));
    return found == missing_.end() ? nullptr : &found->second;
}

void OutputFiles::add(const std::string& flag, const fs::path& output) {
    if (const auto* const earlier = find(output)) {
        throw InvalidArgument(earlier->flag + ", " + flag + ": '" + utf8_text(output) +
                              "' is the output of both; name another file for one of them");
    }
    if (const auto id = file_id(output)) {
        present_.emplace(*id, Output{flag, output});
        return;
    }
    missing_.emplace(absolute_path(output), Output{flag, output});
    missing_names_.insert(output.filename());
}

void OutputFiles::check_input(const std::string& what, const std::string& input) const {
    if (input.empty()) {
        return;
    }
    if (const auto* const output = find(utf8_path(input))) {
        throw InvalidArgument(output->flag + ": writing '" + utf8_text(output->path) +
                              "' would destroy " + what + " '" + input +
                              "', which is an input; nothing was written. Name another file");
    }
}

}  // namespace speciesnet::cli
