// SPDX-License-Identifier: Apache-2.0
// Uses one easy handle, converts errors, and restricts redirects.
#include "download/http_client.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/version.hpp"

#include "download/retries.hpp"
#include "system/environment.hpp"
#include "text/url.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <exception>
#include <filesystem>
#include <new>
#include <system_error>
#include <utility>

#include <curl/curl.h>

namespace speciesnet {
namespace {

constexpr long most_redirects = 10;
constexpr long connect_seconds = 30;
constexpr long slowest_bytes_per_second = 1024;
constexpr std::size_t largest_text = std::size_t{8} << 20;

/// A running request, which callbacks update. Exceptions must not pass through libcurl.
struct Transfer {
    CURL* curl;
    const HttpClient::BodySink& sink;
    std::stop_token stop;
    HttpResponse head;
    std::exception_ptr error;
};

bool has_body(long status) {
    return status == 200 || status == 206;
}

void read_header(HttpResponse& head, std::string_view name, std::string_view value) {
    if (name == "content-length") {
        std::uint64_t length = 0;
        if (std::from_chars(value.data(), value.data() + value.size(), length).ec == std::errc()) {
            head.content_length = length;
        }
    } else if (name == "content-range") {
        head.content_range = value;
    } else if (name == "etag") {
        head.etag = value;
    } else if (name == "last-modified") {
        head.last_modified = value;
    } else if (name == "x-goog-hash") {
        // Google sends one line for each algorithm.
        head.goog_hash += (head.goog_hash.empty() ? "" : ",") + std::string(value);
    } else if (name == "link") {
        head.link = value;
    }
}

std::size_t on_header(const char* data, std::size_t, std::size_t size, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    try {
        std::string_view line(data, size);
        // Every response in a chain of redirects passes here; only the last one counts.
        if (line.starts_with("HTTP/")) {
            transfer.head = {};
            return size;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) {
            return size;
        }
        std::string name(line.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char letter) { return std::tolower(letter); });
        line.remove_prefix(colon + 1);
        const auto begin = std::min(line.find_first_not_of(" \t"), line.size());
        line.remove_prefix(begin);
        line = line.substr(0, line.find_last_not_of(" \t\r\n") + 1);
        read_header(transfer.head, name, line);
        return size;
    } catch (...) {
        transfer.error = std::current_exception();
        return 0;
    }
}

std::size_t on_body(const char* data, std::size_t, std::size_t size, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    try {
        curl_easy_getinfo(transfer.curl, CURLINFO_RESPONSE_CODE, &transfer.head.status);
        if (has_body(transfer.head.status)) {
            transfer.sink(transfer.head, {data, size});
        }
        return size;
    } catch (...) {
        transfer.error = std::current_exception();
        return CURL_WRITEFUNC_ERROR;
    }
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const Transfer*>(user)->stop.stop_requested() ? 1 : 0;
}

bool may_pass(CURLcode code) {
    constexpr std::array codes{
        CURLE_COULDNT_RESOLVE_PROXY,
        CURLE_COULDNT_RESOLVE_HOST,
        CURLE_COULDNT_CONNECT,
        CURLE_PARTIAL_FILE,
        CURLE_OPERATION_TIMEDOUT,
        CURLE_SSL_CONNECT_ERROR,
        CURLE_GOT_NOTHING,
        CURLE_SEND_ERROR,
        CURLE_RECV_ERROR,
        CURLE_HTTP2,
        CURLE_HTTP2_STREAM,
    };
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

[[noreturn]] void fail_transfer(CURLcode code, const std::string& url, std::string_view detail) {
    const std::string message = "cannot download " + shown_url(url) + ": " +
                                (detail.empty() ? curl_easy_strerror(code) : std::string(detail));
    if (may_pass(code)) {
        throw TransientFailure(message);
    }
    if (code == CURLE_UNSUPPORTED_PROTOCOL && is_https(url)) {
        throw IoError(ErrorCode::io,
                      message + " (redirects from https to another protocol are not followed)");
    }
    throw IoError(ErrorCode::io, message);
}

void check_status(CURL* curl, long status, const std::string& url) {
    constexpr long range_not_satisfiable = 416;
    if (has_body(status) || status == range_not_satisfiable) {
        return;
    }
    const std::string message =
        "cannot download " + shown_url(url) + ": the server answers " + std::to_string(status);
    switch (status) {
        case 401:
        case 403:
            throw IoError(
                ErrorCode::io,
                message +
                    " (access denied; docs/reference/models.md describes how to use a token)");
        case 404:
        case 410:
            throw IoError(ErrorCode::not_found, message + " (the file does not exist)");
        case 408:
        case 429:
        case 500:
        case 502:
        case 503:
        case 504: {
            curl_off_t seconds = 0;
            curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
            throw TransientFailure(message, std::chrono::seconds(seconds));
        }
        default:
            throw IoError(ErrorCode::io, message);
    }
}

/// Where Debian, Fedora, SUSE and Alpine keep the certificates of authorities.
constexpr std::array certificate_files{
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

bool exists(const char* file) {
    std::error_code error;
    return std::filesystem::exists(file, error);
}

/// libcurl has the path of the system on which it was built, which may differ from this one.
void use_certificates_of_this_system(CURL* curl) {
    const char* const known = curl_version_info(CURLVERSION_NOW)->cainfo;
    if (known == nullptr || exists(known)) {
        return;
    }
    for (const auto* file : certificate_files) {
        if (exists(file)) {
            curl_easy_setopt(curl, CURLOPT_CAINFO, file);
            return;
        }
    }
}

void use_certificates(CURL* curl) {
    use_certificates_of_this_system(curl);
    for (const char* const name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
        if (const auto file = environment_variable(name); !file.empty()) {
            curl_easy_setopt(curl, CURLOPT_CAINFO, file.c_str());
            break;
        }
    }
    if (const auto folder = environment_variable("SSL_CERT_DIR"); !folder.empty()) {
        curl_easy_setopt(curl, CURLOPT_CAPATH, folder.c_str());
    }
}

void use_credentials(CURL* curl, const Credentials& credentials) {
    if (credentials.secret.empty()) {
        return;
    }
    if (credentials.user.empty()) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, credentials.secret.c_str());
    } else {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(curl, CURLOPT_USERNAME, credentials.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, credentials.secret.c_str());
    }
}

using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

HeaderList range_headers(const HttpRequest& request) {
    if (request.first_byte == 0) {
        return {nullptr, curl_slist_free_all};
    }
    return {curl_slist_append(nullptr, ("If-Range: " + request.validator).c_str()),
            curl_slist_free_all};
}

}  // namespace

struct HttpClient::Handle {
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{curl_easy_init(), curl_easy_cleanup};
};

HttpClient::HttpClient(HttpOptions options)
    : options_(std::move(options)), handle_(std::make_unique<Handle>()) {
    if (handle_->curl == nullptr) {
        throw std::bad_alloc();
    }
}

HttpClient::~HttpClient() = default;

HttpResponse HttpClient::get(const HttpRequest& request, const BodySink& sink) {
    CURL* const curl = handle_->curl.get();
    // Clears the previous request, especially credentials, but keeps its connection.
    curl_easy_reset(curl);
    Transfer transfer{curl, sink, options_.stop, {}, nullptr};
    std::array<char, CURL_ERROR_SIZE> detail{};
    const auto headers = range_headers(request);
    const std::string range = std::to_string(request.first_byte) + "-";
    const char* const protocols = is_https(request.url) ? "https" : "http,https";

    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, most_redirects);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, ("speciesnet-cpp/" + std::string(version)).c_str());
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, slowest_bytes_per_second);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
                     static_cast<long>(options_.stall_timeout.count()));
    // Signals belong to the program.
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data());
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    use_certificates(curl);
    use_credentials(curl, request.credentials);
    if (headers != nullptr) {
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(curl, CURLOPT_RANGE, range.c_str());
    }

    const CURLcode code = curl_easy_perform(curl);
    if (transfer.error != nullptr) {
        std::rethrow_exception(transfer.error);
    }
    if (options_.stop.stop_requested()) {
        throw Cancelled();
    }
    if (code != CURLE_OK) {
        fail_transfer(code, request.url, detail.data());
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &transfer.head.status);
    check_status(curl, transfer.head.status, request.url);
    return transfer.head;
}

std::string HttpClient::get_text(const HttpRequest& request, HttpResponse* head) {
    Retries retries(options_.retries, options_.stop);
    while (true) {
        std::string text;
        try {
            auto response = get(request, [&](const HttpResponse&, std::string_view piece) {
                if (text.size() + piece.size() > largest_text) {
                    throw IoError(ErrorCode::io,
                                  "the answer of " + shown_url(request.url) + " is too long");
                }
                text += piece;
            });
            if (head != nullptr) {
                *head = std::move(response);
            }
            return text;
        } catch (const TransientFailure& failure) {
            retries.wait_after(failure);
        }
    }
}

}  // namespace speciesnet
