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

/// Sent only to the host of the request, not to redirect targets.
struct Credentials {
    std::string user;    ///< Empty if the secret is a bearer token.
    std::string secret;  ///< Empty to send no credentials.
};

struct HttpRequest {
    std::string url;
    Credentials credentials;
    /// First byte of the requested range; 0 requests everything.
    std::uint64_t first_byte = 0;
    /// The range applies only if the file still has this ETag or date; required if first_byte is
    /// not 0.
    std::string validator;
};

/// The fields of a final response's head that this project uses.
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
    /// Gives up after less than a kilobyte per second for this time.
    std::chrono::seconds stall_timeout{30};
    /// Consecutive failures without progress after which a task is given up.
    int retries = 4;
    std::stop_token stop;
};

/// Keeps connections open between requests. Not thread-safe.
///
/// Uses proxies from http_proxy, https_proxy, all_proxy and no_proxy, and certificate authorities
/// from CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR or the system, as the program curl does.
class HttpClient {
public:
    explicit HttpClient(HttpOptions options);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Receives the body of a response with status 200 or 206 in pieces; may throw.
    using BodySink = std::function<void(const HttpResponse& head, std::string_view piece)>;

    /// Follows at most 10 redirects, from https only to https.
    /// @return the head; its status is 200, 206 or 416 (range not satisfiable)
    /// @throws TransientFailure, IoError (not_found for 404 and 410), Cancelled; what the sink
    /// throws
    HttpResponse get(const HttpRequest& request, const BodySink& sink);

    /// Returns the body of a small document. Retries after transient failures.
    /// @throws IoError as get(), also if it is larger than 8 MiB; Cancelled
    std::string get_text(const HttpRequest& request, HttpResponse* head = nullptr);

    const HttpOptions& options() const noexcept { return options_; }

private:
    struct Handle;
    HttpOptions options_;
    std::unique_ptr<Handle> handle_;
};

}  // namespace speciesnet
