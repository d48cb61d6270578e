// SPDX-License-Identifier: Apache-2.0
// Serves the page until it is stopped. Each decision is synced to disk before it is acknowledged.
#include "review_command.hpp"

#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/utf8_path.hpp"

#include "drawing/utf8.hpp"
#include "files/text_file.hpp"
#include "flags/naming_flag.hpp"
#include "http_server.hpp"
#include "results/model_names.hpp"
#include "results/predictions_file.hpp"
#include "results/results_flags.hpp"
#include "review_session.hpp"
#include "review_site.hpp"
#include "terminal.hpp"
#include "terminal/interrupt_watch.hpp"
#include "terminal/standard_output.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <stop_token>
#include <string>
#include <vector>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

struct ReviewArguments {
    fs::path results;
    fs::path photos_folder;
    std::string reviewer;
    std::string model;
    int port = 0;
    Names names = Names::common;
    double threshold = usual_threshold;
};

std::string reviewer_name() {
    auto name = user_name();
    return name.empty() ? "somebody" : name;
}

/// Returns the random part of the address.
std::string random_token() {
    std::random_device random;
    std::string token;
    for (int part = 0; part < 4; ++part) {
        std::array<char, 9> digits{};
        std::snprintf(digits.data(), digits.size(), "%08x", random());
        token += digits.data();
    }
    return token;
}

fs::path document_of(const fs::path& results) {
    return fs::is_directory(results) ? results / "predictions.json" : results;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.push_back(strip(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// Returns the labels of a model on this computer; without one, only the document's labels are
/// offered.
std::vector<std::string> labels_of_model(const ReviewArguments& arguments, bool demo) {
    const bool named = !arguments.model.empty();
    const auto name = named  ? arguments.model
                      : demo ? std::string("demo")
                             : std::string(default_model_name);
    try {
        FetchOptions fetching;
        fetching.offline = true;
        fetching.networks = false;
        const auto package = Package::open(resolve_model(name, fetching));
        const auto taxonomy = package.read(package.info().taxonomy);
        const auto text = taxonomy.content();
        return lines_of({reinterpret_cast<const char*>(text.data()), text.size()});
    } catch (const Error& error) {
        if (named) {
            throw InvalidArgument(std::string("--model: ") + error.what());
        }
        std::cerr << "speciesnet: note: the taxonomy of " << name
                  << " is not on this computer, so only labels of the document can be chosen; get "
                     "it with `speciesnet model download`, or give another with --model\n";
        return {};
    }
}

ExitStatus review(const ReviewArguments& arguments) {
    const auto document = document_of(arguments.results);
    const PredictionsFile results(utf8_text(document));
    ModelNames model;
    results.for_each([&model](const Prediction& prediction) { model.add(prediction); });
    model.add(results.run());
    ReviewSession session(document, results, labels_of_model(arguments, model.demo()),
                          {.by = arguments.reviewer.empty() ? reviewer_name() : arguments.reviewer,
                           .names = arguments.names,
                           .threshold = arguments.threshold,
                           .photos_folder = arguments.photos_folder});
    if (session.damaged() > 0) {
        std::cerr << "speciesnet: note: " << session.damaged() << " damaged lines of '"
                  << utf8_text(review_journal_of(document)) << "' were skipped\n";
    }

    const auto token = random_token();
    ReviewSite site(session, token);
    server::ServerState state;
    server::ServerLimits limits;
    limits.conversation.requests = 100'000;
    server::HttpServer http(site, state, limits);
    const InterruptWatch watch;
    const int port = naming_flag("--port", [&] { return http.open("127.0.0.1", arguments.port); });
    site.set_port(port);
    print(std::to_string(session.photos()) + " photos, " + std::to_string(session.decided()) +
          " decided. Open this address in a browser on this computer; Ctrl-C ends:\n"
          "  http://127.0.0.1:" +
          std::to_string(port) + '/' + token + "/\n");
    {
        const std::stop_callback end(watch.token(), [&http] { http.abort(); });
        http.serve();
    }
    print("\n" + std::to_string(session.decided()) + " of " + std::to_string(session.photos()) +
          " photos are decided: '" + utf8_text(review_journal_of(document)) +
          "'\nTables with them: speciesnet convert '" + utf8_text(document) +
          "' --csv photos.csv\n");
    return ExitStatus::all_fine;
}

}  // namespace

Command add_review_command(CLI::App& program) {
    const auto arguments = std::make_shared<ReviewArguments>();
    auto* const command = program.add_subcommand(
        "review", "Shows photos and answers in the browser, to confirm or correct them");
    command
        ->add_option("RESULTS", arguments->results,
                     "Folder written by `speciesnet run`, or a predictions document")
        ->type_name("FOLDER")
        ->required()
        ->group("Results");
    add_photos_folder_flag(*command, arguments->photos_folder);
    add_names_flag(*command, arguments->names)->group("Results");
    add_threshold_flag(*command, arguments->threshold)->group("Results");
    command
        ->add_option("--reviewer", arguments->reviewer,
                     "Name of the reviewer in exports; the user's name unless given")
        ->type_name("NAME")
        ->group("Deciding");
    command
        ->add_option("--model", arguments->model,
                     "Model on this computer whose labels can be chosen; by default that of the "
                     "document, if it is the default model or the demonstration")
        ->type_name("MODEL")
        ->group("Deciding");
    command
        ->add_option("--port", arguments->port,
                     "Port of the page on this computer; any free port unless given")
        ->type_name("N")
        ->check(CLI::Range(0, 65535))
        ->group("Page");
    command->footer(
        "Examples:\n"
        "  speciesnet review season_speciesnet\n"
        "  speciesnet review out.json --reviewer \"A. Mwangi\"\n\n"
        "Decisions are saved at once beside the document. convert, summary, visualize, sort and "
        "tag apply them.\n\n"
        "Exit status: 0 all fine, 2 wrong usage or document, 3 could not run.");
    return {command, [arguments] { return review(*arguments); }};
}

}  // namespace speciesnet::cli
