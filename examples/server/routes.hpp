// The service's paths: who answers what, and what all answers have in common.
#pragma once

#include "http_server.hpp"
#include "log.hpp"
#include "service.hpp"

namespace server {

/// Adds all routes to a server. `service` and `log` must outlive it.
void add_routes(HttpServer& http, Service& service, Log& log);

}  // namespace server
