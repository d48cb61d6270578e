// SPDX-License-Identifier: Apache-2.0
// HTTP GET with libcurl. No other file includes libcurl.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace speciesnet {

/// Sent to the host of the request alone, not where it redirects to.
struct Credentials {
    std::string user;    ///< Empty: the secret is a bearer token.
    std::string secret;  ///< Empty: none are sent.
};

struct HttpRequest {
    std::string url;
    Credentials credentials;
    /// First byte of the requested range; 0 requests everything.
    std::uint64_t first_byte = 0;
    /// The range holds only if the file still has this ETag or date; needed if first_byte is not 0.
    std::string validator;
};

/// What this project reads of a final response's head.
struct HttpResponse {
    long status = 0;  ///< 200, 206 or 416.
    std::optional<std::uint64_t> content_length;
    std::string content_range;
    std::string etag;
    std::string last_modified;
    std::string goog_hash;  ///< X-Goog-Hash of Google's storage.
    std::string link;
};

struct HttpOptions {
    /// Gives up when less than a kilobyte per second has come for so long.
    std::chrono::seconds stall_timeout{30};
    /// Failures in a row, without a byte gained, after which a task is given up.
    int retries = 4;
    std::stop_token stop;
};

/// Keeps connections open between requests. Used by one thread.
///
/// Proxies are taken from http_proxy, https_proxy, all_proxy and no_proxy, certificate authorities
/// from CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR or the system, as by the program curl.
class HttpClient {
public:
    explicit HttpClient(HttpOptions options);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Receives the body of a response of status 200 or 206 piece by piece; may throw.
    using BodySink = std::function<void(const HttpResponse& head, std::string_view piece)>;

    /// Follows at most 10 redirects, from https to https only.
    /// @return the head; its status is 200, 206 or 416 (range not satisfiable)
    /// @throws TransientFailure, IoError (not_found for 404 and 410), Cancelled; what the sink
    /// throws
    HttpResponse get(const HttpRequest& request, const BodySink& sink);

    /// The body of a small document, asked for again after transient failures.
    /// @throws IoError as get(), also if it is larger than 8 MiB; Cancelled
    std::string get_text(const HttpRequest& request, HttpResponse* head = nullptr);

    const HttpOptions& options() const noexcept { return options_; }

private:
    struct Handle;
    HttpOptions options_;
    std::unique_ptr<Handle> handle_;
};

}  // namespace speciesnet
