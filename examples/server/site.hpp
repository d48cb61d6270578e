// The site: all paths, and what all answers have in common.
#pragma once

#include "access.hpp"
#include "allowed_root.hpp"
#include "http_server.hpp"
#include "log.hpp"
#include "refusal.hpp"
#include "service.hpp"

#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace server {

class Site {
public:
    /// Adds all routes to a server, which must not outlive this object.
    Site(HttpServer& http, Service& service, Log& log);
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

private:
    using Request = httplib::Request;
    using Response = httplib::Response;

    void add_common();
    void add_photos();
    void add_information();
    void add_pages();
    /// @param content must live as long as this object
    void add_page(const std::string& path, const std::string& type, std::string_view content);
    void get(const std::string& path,
             const std::function<void(const Request&, Response&)>& handler);
    /// @param handler is called once the client is known to be allowed to, and the model is ready
    void post_photos(const std::string& path, std::size_t body_limit,
                     const httplib::Server::HandlerWithContentReader& handler);

    bool answer_by_head(const Request& request, Response& response) const;
    bool answer_preflight(const Request& request, Response& response) const;
    bool redirect_to_slash(const Request& request, Response& response) const;
    void check_head(const Request& request) const;
    Refusal refusal_of_httplib(const Request& request, int status) const;
    void complete_headers(const Request& request, Response& response) const;
    void log_failure(const Request& request, const std::exception& error);
    void account_early(const EarlyAnswer& answer);
    void account(const Request& request, const Response& response);

    void upload(const Request& request, Response& response, const httplib::ContentReader& reader);
    void predict(const Request& request, Response& response, const httplib::ContentReader& reader);

    /// What a path takes, to refuse by a request's head whatever it does not.
    struct Path {
        std::set<std::string> methods;
        bool takes_photos = false;
        std::size_t body_limit = 0;
    };

    HttpServer& http_;
    Service& service_;
    Log& log_;
    Access access_;
    std::optional<AllowedRoot> allowed_root_;
    std::map<std::string, Path> paths_;
    std::string description_;  ///< What /openapi.json answers.
};

/// Writes a body of JSON.
void set_json(httplib::Response& response, int status, const std::string& text);

}  // namespace server
