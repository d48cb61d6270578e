// SPDX-License-Identifier: Apache-2.0
// Writes one section for each command, from the parser's descriptions.
#include "manual_page.hpp"

#include "help_text.hpp"

#include <sstream>

namespace speciesnet::cli {
namespace {

/// Escapes text for troff: no escapes, hyphens that can be copied, no line that looks like a
/// request.
std::string troff_escaped(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        const bool at_line_start = escaped.empty() || escaped.back() == '\n';
        if (at_line_start && (c == '.' || c == '\'')) {
            escaped += "\\&";
        }
        if (c == '\\') {
            escaped += "\\e";
        } else if (c == '-') {
            escaped += "\\-";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

std::string entry(const std::string& name, const std::string& description) {
    return ".TP\n.B " + troff_escaped(name) + '\n' + troff_escaped(description) + '\n';
}

std::string verbatim(std::string_view text) {
    return ".PP\n.nf\n" + troff_escaped(text) + "\n.fi\n";
}

std::string command_section(const CommandOutline& command) {
    auto text = ".SH " + troff_escaped(command.path) + '\n' + troff_escaped(command.purpose) +
                ".\n.PP\n.B " + troff_escaped(usage_line(command)) + '\n';
    for (const auto& argument : command.arguments) {
        text += entry(flag_synopsis(argument), argument.description);
    }
    for (const auto& inner : command.commands) {
        text += entry(std::string(inner.name()), inner.purpose + '.');
    }
    std::string group;
    for (const auto& flag : command.flags) {
        if (flag.group != group) {
            group = flag.group;
            text += ".SS " + troff_escaped(group) + '\n';
        }
        text += entry(flag_synopsis(flag), flag.description + (flag.required ? " (required)" : ""));
    }
    return command.footer.empty() ? text : text + verbatim(command.footer);
}

}  // namespace

std::string manual_page(const CommandOutline& program, std::string_view version) {
    std::string page = ".TH SPECIESNET 1 \"\" \"SpeciesNet C++ " + std::string(version) +
                       "\" \"User Commands\"\n.SH NAME\nspeciesnet \\- " +
                       troff_escaped(program.purpose) + "\n.SH SYNOPSIS\n.B " +
                       troff_escaped(usage_line(program)) + '\n';
    for (const auto* const command : all_commands(program)) {
        page += command_section(*command);
    }
    page += ".SH ENVIRONMENT\n";
    page += entry("SPECIESNET_CACHE", "Folder of downloaded models, unless --cache names another.");
    page += entry("SPECIESNET_OFFLINE", "If it is 1, the network is never used.");
    return page;
}

}  // namespace speciesnet::cli
