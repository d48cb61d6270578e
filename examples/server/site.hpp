// SPDX-License-Identifier: Apache-2.0
// All paths, and the properties common to all answers.
#pragma once

#include "access.hpp"
#include "allowed_root.hpp"
#include "http_server.hpp"
#include "log.hpp"
#include "refusal.hpp"
#include "service.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>

namespace server {

/// The service's workers process photos; everything else is answered at once from memory.
class Site final : public Application {
public:
    /// @param state of the server that calls this; it, service and log must outlive this object
    Site(const ServerState& state, Service& service, Log& log);

    HeadDecision decide(Request& head) override;
    std::optional<Response> serve(Request request, const Reply& reply) override;
    void complete(Request& request, Response& response) override;

private:
    using Work = std::function<Response(const Request&, const std::stop_token&)>;

    /// The properties of a path, and its handler.
    struct Path {
        std::set<std::string> methods;
        std::size_t body_limit = 0;
        std::function<Response()> answer;  ///< Called at once.
        Work work;                         ///< Runs on a worker; exactly one of the two is set.
    };

    void add_photos();
    void add_information();
    void add_pages();
    /// @param content must outlive this object
    void add_page(const std::string& path, const std::string& type, std::string_view content);
    void get(const std::string& path, std::function<Response()> answer);
    void post_photos(const std::string& path, std::size_t body_limit, Work work);

    std::optional<Response> answer_preflight(const Request& request) const;
    std::optional<Response> redirect_to_slash(const Request& request) const;
    void check_head(const Request& request);
    bool submit(const Path& path, Request request, const Reply& reply);
    Response answered(const Request& request, const std::function<Response()>& answer);
    void log_failure(const Request& request, const std::exception& error);
    void account(const Request& request, const Response& response);

    Response upload(const Request& request, const std::stop_token& stop);
    Response predict(const Request& request, const std::stop_token& stop);

    const ServerState& state_;
    Service& service_;
    Log& log_;
    Access access_;
    std::optional<AllowedRoot> allowed_root_;
    std::map<std::string, Path, std::less<>> paths_;
    std::string description_;  ///< The answer of /openapi.json.
};

}  // namespace server
