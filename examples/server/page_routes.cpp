// SPDX-License-Identifier: Apache-2.0
// Serves pages and the OpenAPI description, which are embedded in the program.
#include "site.hpp"

#include <string>
#include <string_view>

extern "C" {
#define SPECIESNET_EMBEDDED(symbol)     \
    extern const char symbol##_begin[]; \
    extern const char symbol##_end[]
SPECIESNET_EMBEDDED(speciesnet_page_index);
SPECIESNET_EMBEDDED(speciesnet_page_app);
SPECIESNET_EMBEDDED(speciesnet_page_session_table);
SPECIESNET_EMBEDDED(speciesnet_page_countries);
SPECIESNET_EMBEDDED(speciesnet_page_style);
SPECIESNET_EMBEDDED(speciesnet_page_icon);
SPECIESNET_EMBEDDED(speciesnet_page_docs);
SPECIESNET_EMBEDDED(speciesnet_page_docs_script);
SPECIESNET_EMBEDDED(speciesnet_page_openapi);
SPECIESNET_EMBEDDED(speciesnet_sample_zebra);
SPECIESNET_EMBEDDED(speciesnet_sample_leopard_night);
SPECIESNET_EMBEDDED(speciesnet_sample_person);
#undef SPECIESNET_EMBEDDED
}

namespace server {
namespace {

/// Removes a path that this server does not have from the description. Relies on the indentation of
/// our own text, in which the path is not the last one.
std::string without_path(std::string_view description, const std::string& path) {
    static constexpr std::string_view last_line = "\n    },\n";
    std::string text(description);
    const auto begin = text.find("    \"" + path + "\": {\n");
    const auto end = text.find(last_line, begin) + last_line.size();
    return text.erase(begin, end - begin);
}

}  // namespace

void Site::add_page(const std::string& path, const std::string& type, std::string_view content) {
    // Photos are shown from memory (blob:); all other resources must come from this server.
    const auto policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors " +
        service_.options().frame_ancestors;
    get(path, [type, content, policy] {
        return Response{.status = 200,
                        .type = type,
                        .body = std::string(content),
                        .headers = {{"Content-Security-Policy", policy},
                                    {"Referrer-Policy", "no-referrer"},
                                    {"Cache-Control", "no-cache"}}};
    });
}

void Site::add_pages() {
    static constexpr const char* html = "text/html; charset=utf-8";
    static constexpr const char* script = "text/javascript; charset=utf-8";
    static constexpr const char* jpeg = "image/jpeg";
    const auto embedded = [](const char* begin, const char* end) {
        return std::string_view(begin, static_cast<std::size_t>(end - begin));
    };
    add_page("/", html, embedded(speciesnet_page_index_begin, speciesnet_page_index_end));
    add_page("/app.js", script, embedded(speciesnet_page_app_begin, speciesnet_page_app_end));
    add_page("/session_table.js", script,
             embedded(speciesnet_page_session_table_begin, speciesnet_page_session_table_end));
    add_page("/countries.js", script,
             embedded(speciesnet_page_countries_begin, speciesnet_page_countries_end));
    add_page("/style.css", "text/css; charset=utf-8",
             embedded(speciesnet_page_style_begin, speciesnet_page_style_end));
    add_page("/favicon.ico", "image/svg+xml",
             embedded(speciesnet_page_icon_begin, speciesnet_page_icon_end));
    add_page("/samples/zebra.jpg", jpeg,
             embedded(speciesnet_sample_zebra_begin, speciesnet_sample_zebra_end));
    add_page("/samples/leopard_night.jpg", jpeg,
             embedded(speciesnet_sample_leopard_night_begin, speciesnet_sample_leopard_night_end));
    add_page("/samples/person.jpg", jpeg,
             embedded(speciesnet_sample_person_begin, speciesnet_sample_person_end));
    add_page("/docs", html, embedded(speciesnet_page_docs_begin, speciesnet_page_docs_end));
    add_page("/docs.js", script,
             embedded(speciesnet_page_docs_script_begin, speciesnet_page_docs_script_end));
    const auto description = embedded(speciesnet_page_openapi_begin, speciesnet_page_openapi_end);
    description_ = allowed_root_ ? std::string(description) : without_path(description, "/predict");
    add_page("/openapi.json", "application/json", description_);
}

}  // namespace server
