// Paths for those who run the server: whether it lives, whether it has room, what it is, how it is
// doing.
#include "speciesnet/version.hpp"

#include "answer.hpp"
#include "refusal.hpp"
#include "site.hpp"

namespace server {

void Site::add_information() {
    get("/healthz", [](const Request&, Response& response) {
        set_json(response, 200, to_text({{"status", "ok"}}));
    });
    get("/readyz", [this](const Request&, Response& response) {
        if (http_.draining()) {
            throw busy_refusal("The server is shutting down");
        }
        service_.model().check();
        if (!service_.has_room()) {
            throw busy_refusal("Too many photos are waiting");
        }
        set_json(response, 200, to_text({{"status", "ready"}}));
    });
    get("/version", [this](const Request&, Response& response) {
        Json body = {{"version", speciesnet::version}, {"model_version", nullptr}};
        if (const auto* const ensemble = service_.model().get_if_ready()) {
            const auto& model = ensemble->info();
            body["model_version"] = model.version;
            body["demo"] = model.demo;
            if (model.demo) {
                body["notice"] = demo_notice;
            }
        }
        set_json(response, 200, to_text(body));
    });
    get("/metrics", [this](const Request&, Response& response) {
        auto gauges = service_.gauges();
        gauges.connections = http_.connections();
        response.set_content(service_.metrics().text(gauges), "text/plain; version=0.0.4");
    });
}

}  // namespace server
