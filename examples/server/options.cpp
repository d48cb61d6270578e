// SPDX-License-Identifier: Apache-2.0
// Parses the flags, which options/options.toml lists with their environment variables.
#include "options.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/version.hpp"

#include "command_line.hpp"

#include <algorithm>
#include <iostream>
#include <utility>

namespace server {
namespace {

constexpr int usage_error = 2;
constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

constexpr const char* no_model =
    "--model is required. Choose one of\n"
    "  --model kaggle:google/speciesnet/pyTorch/v4.0.1a\n"
    "                  SpeciesNet, as published by Google; downloaded once\n"
    "  --model FOLDER  a package that you have downloaded and unpacked\n"
    "  --model demo    the demonstration model inside this program. It is not SpeciesNet: it was\n "
    "                 trained on drawn scenes only\n";

/// Options in seconds are stored as durations.
template <typename Duration>
CLI::Option* add_seconds(CLI::App& app, const std::string& flag, Duration& duration,
                         const std::string& help) {
    return app
        .add_option_function<int>(
            flag, [&duration](int seconds) { duration = std::chrono::seconds(seconds); }, help)
        ->type_name("SECONDS")
        ->default_str(
            std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()));
}

/// Options in MiB are stored as bytes.
template <typename Bytes>
CLI::Option* add_mebibytes(CLI::App& app, const std::string& flag, Bytes& bytes,
                           const std::string& help) {
    return app
        .add_option_function<Bytes>(
            flag, [&bytes](Bytes count) { bytes = count * mebibyte; }, help)
        ->type_name("MIB")
        ->default_str(std::to_string(bytes / mebibyte));
}

/// @throws InvalidArgument for options that contradict each other
void check_options(const Options& options) {
    speciesnet::check_location(options.location);
    // A body is collected in memory, and doubling that buffer can take twice its size.
    if (options.server.memory < 2 * options.upload.body_bytes()) {
        throw speciesnet::InvalidArgument(
            "--connection-memory is less than twice --upload-limit; raise it or lower the limit");
    }
}

void add_flags(CLI::App& app, Options& options) {
    // clang-format off
    // <options server options> by scripts/generate_options
    app.add_option("--model", options.model,
        "Model: folder of a package, kaggle:…, hf:…, or demo")
        ->envname("SPECIESNET_MODEL");
    app.add_flag("--lazy", options.lazy = false,
        "Download and load the model when the first photo arrives; photos get status 503 until "
        "it is loaded")
        ->envname("SPECIESNET_LAZY")
        ->default_str("");
    app.add_option("--host", options.host = "127.0.0.1",
        "Address to listen on; 0.0.0.0 or :: to accept connections from other machines")
        ->envname("HOST")
        ->capture_default_str();
    app.add_option("--port", options.port = 8000,
        "Port to listen on; 0 for any free port")
        ->envname("PORT")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    app.add_option("--temporary-folder", options.temporary_folder = "tmp_speciesnet",
        "Folder for temporary copies of photos; the only folder that the server writes to")
        ->envname("SPECIESNET_TEMPORARY_FOLDER")
        ->capture_default_str();
    app.add_option("--country", options.location.country,
        "Country (ISO 3166-1 alpha-3) of photos whose request gives none")
        ->envname("SPECIESNET_COUNTRY");
    app.add_option("--admin1_region", options.location.admin1_region,
        "First-level region (two letters) of photos whose request gives none")
        ->envname("SPECIESNET_ADMIN1_REGION");
    app.add_flag("--geofence,!--nogeofence", options.load.geofence,
        "Whether to exclude species that do not live at the photo's location")
        ->envname("SPECIESNET_GEOFENCE")
        ->default_str("");
    app.add_option("--species-list", options.species_list,
        "File that lists the only animals living where the photos were taken, one name per line")
        ->envname("SPECIESNET_SPECIES_LIST");
    app.add_option("--geofence-overlay", options.geofence_overlay,
        "CSV file of taxa to allow or block by place, overriding the model's geofence")
        ->envname("SPECIESNET_GEOFENCE_OVERLAY");
    app.add_option("--detection-threshold", options.predict.detection_threshold,
        "Minimum confidence of reported detections")
        ->envname("SPECIESNET_DETECTION_THRESHOLD")
        ->check(CLI::Range(0.01, 1.0))
        ->capture_default_str();
    app.add_option("--classification-threshold", options.predict.classification_threshold,
        "Minimum confidence of detections that are classified separately")
        ->envname("SPECIESNET_CLASSIFICATION_THRESHOLD")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_option("--threads", options.load.threads,
        "Number of threads for the networks; 0 for one per core")
        ->envname("SPECIESNET_THREADS")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    app.add_option("--precision", options.precision = "fp32",
        "Precision of the networks: fp32 (the reference's answers), bf16 or int8 (faster, "
        "different answers; requires CPU support), or auto (bf16 where the CPU multiplies it "
        "faster, else fp32)")
        ->envname("SPECIESNET_PRECISION")
        ->check(CLI::IsMember({"fp32", "bf16", "int8", "auto"}))
        ->capture_default_str();
    app.add_option("--device", options.device = "cpu",
        "Device that runs the networks: cpu, cuda or cuda:N; CUDA requires a LibTorch built for"
        " it")
        ->envname("SPECIESNET_DEVICE")
        ->capture_default_str();
    app.add_option("--detector", options.load.detector,
        "Detector file that replaces the model's own, such as a release of MegaDetector")
        ->envname("SPECIESNET_DETECTOR");
    app.add_option("--workers", options.workers = 2,
        "Number of photos processed in parallel: one is decoded while another is in the "
        "networks")
        ->envname("SPECIESNET_WORKERS")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    app.add_option("--queue", options.queue = 16,
        "Maximum number of waiting photos; further ones get status 503")
        ->envname("SPECIESNET_QUEUE")
        ->check(CLI::Range(0, 100000))
        ->capture_default_str();
    app.add_option("--connections", options.server.connections = 1024,
        "Maximum number of connections; a further one replaces the one idle longest, or gets "
        "status 503")
        ->envname("SPECIESNET_CONNECTIONS")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str();
    add_mebibytes(app, "--connection-memory", options.server.memory = 256 * mebibyte,
        "Maximum memory for the requests and answers of all connections; further requests get "
        "status 503")
        ->envname("SPECIESNET_CONNECTION_MEMORY")
        ->check(CLI::Range(1, 65536));
    add_mebibytes(app, "--upload-limit", options.upload.file_bytes = 5 * mebibyte,
        "Maximum size of a photo")
        ->envname("SPECIESNET_UPLOAD_LIMIT")
        ->check(CLI::Range(1, 65536));
    app.add_option("--pixels", options.decode.max_pixels = 64'000'000,
        "Maximum width times height of a photo; limits the memory of a worker")
        ->envname("SPECIESNET_PIXELS")
        ->check(CLI::Range(1, 1000000000))
        ->capture_default_str();
    add_mebibytes(app, "--photo-memory", options.decode.max_memory = 640 * mebibyte,
        "Maximum memory of each worker for decoding a photo")
        ->envname("SPECIESNET_PHOTO_MEMORY")
        ->check(CLI::Range(1, 65536));
    add_seconds(app, "--deadline", options.server.conversation.work = std::chrono::seconds(30),
        "Maximum time from the arrival of a photo to its answer; after that, status 504")
        ->envname("SPECIESNET_DEADLINE")
        ->check(CLI::Range(1, 3600));
    add_seconds(app, "--drain", options.drain = std::chrono::seconds(30),
        "Maximum time for finishing open requests after SIGTERM or SIGINT")
        ->envname("SPECIESNET_DRAIN")
        ->check(CLI::Range(1, 3600));
    add_seconds(app, "--load-deadline", options.load_deadline = std::chrono::seconds(600),
        "Maximum time for reading the model, not counting its download; after that, the server "
        "exits")
        ->envname("SPECIESNET_LOAD_DEADLINE")
        ->check(CLI::Range(1, 3600));
    add_seconds(app, "--head-timeout", options.server.conversation.head = std::chrono::seconds(10),
        "Maximum time for the head of a request to arrive")
        ->envname("SPECIESNET_HEAD_TIMEOUT")
        ->check(CLI::Range(1, 3600));
    add_seconds(app, "--body-timeout", options.server.conversation.body = std::chrono::seconds(60),
        "Maximum time for the body of a request to arrive")
        ->envname("SPECIESNET_BODY_TIMEOUT")
        ->check(CLI::Range(1, 3600));
    app.add_option("--api-key", options.access.api_key,
        "Key that requests with photos must present; prefer the environment variable, which "
        "other users cannot see")
        ->envname("SPECIESNET_API_KEY");
    app.add_option("--cors-origin", options.access.origins,
        "Web sites whose pages may call the server, separated by commas, or *")
        ->envname("SPECIESNET_CORS_ORIGIN")
        ->delimiter(',');
    app.add_option("--photos-per-minute", options.access.photos_per_minute = 0,
        "Maximum number of requests with photos per client and minute; 0 for no limit")
        ->envname("SPECIESNET_PHOTOS_PER_MINUTE")
        ->check(CLI::Range(0, 1000000))
        ->capture_default_str();
    app.add_flag("--behind-proxy", options.access.behind_proxy = false,
        "Identify clients by the X-Forwarded-For header that your proxy sets")
        ->envname("SPECIESNET_BEHIND_PROXY")
        ->default_str("");
    app.add_option("--allow-root", options.allowed_root,
        "Folder of the files that POST /predict may name; without it, /predict does not exist")
        ->envname("SPECIESNET_ALLOW_ROOT");
    app.add_option("--frame-ancestors", options.frame_ancestors = "'none'",
        "Web sites that may embed the page in a frame, in the syntax of Content-Security-Policy")
        ->envname("SPECIESNET_FRAME_ANCESTORS")
        ->capture_default_str();
    // </options>
    // clang-format on
}

}  // namespace

std::optional<Options> parse_options(std::vector<std::string> arguments, int& exit_code) {
    Options options;
    CLI::App app(
        "Identifies animals in camera-trap photos over HTTP. See docs/reference/server.md.",
        "speciesnet-server");
    // A path may begin with a slash, on Windows, too.
    app.allow_windows_style_options(false);
    app.set_version_flag("--version", std::string(speciesnet::version));
    add_flags(app, options);
    try {
        // CLI11 takes the last argument first.
        std::reverse(arguments.begin(), arguments.end());
        app.parse(std::move(arguments));
        check_options(options);
        options.location = speciesnet::normalize_location(std::move(options.location));
    } catch (const CLI::Success& done) {
        exit_code = app.exit(done);
        return std::nullopt;
    } catch (const CLI::Error& error) {
        std::cerr << "speciesnet-server: " << error.what() << '\n';
        exit_code = usage_error;
        return std::nullopt;
    } catch (const speciesnet::InvalidArgument& error) {
        std::cerr << "speciesnet-server: " << error.what() << '\n';
        exit_code = usage_error;
        return std::nullopt;
    }
    if (options.model.empty()) {
        std::cerr << "speciesnet-server: " << no_model;
        exit_code = usage_error;
        return std::nullopt;
    }
    return options;
}

}  // namespace server
