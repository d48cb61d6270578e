// SPDX-License-Identifier: Apache-2.0
// The page contains its content security policy, because no server sends it.
#include "page_frame.hpp"

#include "drawing/utf8.hpp"
#include "page_text.hpp"

#include <array>
#include <cstdint>
#include <random>

namespace speciesnet::cli {

std::string random_nonce() {
    std::random_device random;
    std::array<std::uint32_t, 4> numbers{random(), random(), random(), random()};
    return base64({reinterpret_cast<const char*>(numbers.data()), sizeof numbers});
}

std::string page_head(std::string_view title, const std::string& nonce, std::string_view style) {
    const std::string named = "'nonce-" + nonce + "'";
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src "
           "data:; style-src " +
           named + "; script-src " + named +
           "; base-uri 'none'; form-action 'none'\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
           html_escaped(printable(title)) + "</title>\n<style nonce=\"" + nonce + "\">\n" +
           std::string(style) + "</style>\n</head>\n";
}

}  // namespace speciesnet::cli
