// SPDX-License-Identifier: Apache-2.0
// Iterates over the results twice: first to find the common folder of all photos, then to draw.
#include "visualize_command.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "copy_file.hpp"
#include "drawing/utf8.hpp"
#include "files/atomic_file.hpp"
#include "files/text_file.hpp"
#include "flags/naming_flag.hpp"
#include "ordered_jobs.hpp"
#include "output/output_files.hpp"
#include "photo_tree.hpp"
#include "photos/photo_paths.hpp"
#include "picture.hpp"
#include "report/report_writer.hpp"
#include "results/model_names.hpp"
#include "stations/station_photos.hpp"
#include "terminal/interrupt_watch.hpp"
#include "terminal/progress_display.hpp"
#include "video/frame_name.hpp"
#include "visualize_arguments.hpp"

#include <iostream>
#include <memory>
#include <optional>
#include <utility>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

/// A photo between the workers and the files.
struct DrawnPhoto {
    Prediction prediction;
    Picture picture;
};

/// The report that is being written.
class ReportFile {
public:
    ReportFile(const VisualizeArguments& arguments, const std::string& model)
        : file_(arguments.report_html),
          writer_(utf8_text(utf8_path(arguments.results.predictions_json).filename()) +
                      " – answers of " + model,
                  arguments.results.names, [this](std::string_view piece) { file_.write(piece); }) {
    }

    void add(const ReportedPhoto& photo) { writer_.add(photo); }
    void publish() {
        writer_.finish();
        file_.publish();
    }

private:
    AtomicFile file_;
    ReportWriter writer_;
};

/// Writes drawn photos, in order, to copies and report; counts and names failures.
class Outputs {
public:
    /// @param stations may be empty; must outlive this object, as must the others
    Outputs(const VisualizeArguments& arguments, const PhotoTree& tree,
            const StationTable& stations, std::size_t total, const ModelNames& model)
        : arguments_(arguments),
          tree_(tree),
          stations_(stations),
          total_(total),
          display_(std::cerr, arguments.progress_bars ? ProgressDisplay::style_for_stderr()
                                                      : ProgressDisplay::Style::hidden) {
        if (!arguments.report_html.empty()) {
            report_.emplace(arguments, model.text());
        }
    }

    void add(DrawnPhoto&& drawn) {
        auto& [prediction, picture] = drawn;
        const auto copy = write_copy_of(prediction.filepath, picture);
        write_crops_of(prediction.filepath, picture);
        if (report_) {
            add_to_report(prediction, picture, copy);
        }
        if (!picture.problem.empty()) {
            ++failed_;
            display_.message("speciesnet: failed: " + printable(prediction.filepath) + ": " +
                             picture.problem);
        }
        display_.update(++done_, total_);
    }

    /// @return number of photos that failed
    std::size_t publish() {
        if (report_) {
            report_->publish();
        }
        return failed_;
    }

private:
    /// @return path of the copy; empty if there is none
    fs::path write_copy_of(const std::string& filepath, Picture& picture) const {
        if (picture.copy_jpeg.empty()) {
            return {};
        }
        auto copy = arguments_.output_folder / tree_.copy_name(filepath);
        try {
            write_copy(copy, picture.copy_jpeg);
            return copy;
        } catch (const IoError& error) {
            picture.problem = error.what();
            return {};
        }
    }

    void write_crops_of(const std::string& filepath, Picture& picture) const {
        const auto photo = arguments_.crops_folder / tree_.relative(filepath);
        for (const auto& crop : picture.crops) {
            try {
                write_copy(utf8_text(photo) + crop.name, crop.jpeg);
            } catch (const IoError& error) {
                picture.problem = error.what();
            }
        }
    }

    /// Returns the camera's folder relative to the common folder of all photos.
    std::string folder_of(const std::string& filepath) const {
        const auto path = utf8_text(tree_.relative(filepath).generic_u8string());
        const auto folder = camera_folder(folder_part(path));
        return folder.empty() ? "." : std::string(folder.substr(0, folder.size() - 1));
    }

    void add_place_and_time(ReportedPhoto& photo, const Prediction& prediction,
                            const Picture& picture) {
        const auto match = match_photo(stations_, utf8_text(tree_.photo(prediction.filepath)),
                                       tree_.with_slashes(prediction.filepath), facts_reader_);
        photo.station = match.row != nullptr
                            ? match.row->station
                            : prediction.location.station.value_or(folder_of(prediction.filepath));
        if (picture.time.taken) {
            photo.taken = to_iso8601(stations_.corrected(*picture.time.taken, match.row));
        }
        if (auto frame = frame_of(prediction.filepath)) {
            photo.video = std::move(frame->video);
            photo.seconds = picture.time.seconds;
        }
    }

    void add_to_report(const Prediction& prediction, const Picture& picture, const fs::path& copy) {
        ReportedPhoto photo{.filepath = prediction.filepath,
                            .answers = answers_of(prediction, arguments_.results.threshold),
                            .failure = failure_text(prediction),
                            .truncated = prediction.truncated,
                            .taken = {},
                            .station = {},
                            .video = {},
                            .seconds = {},
                            .original = {},
                            .copy = {},
                            .thumbnail_jpeg = picture.thumbnail_jpeg};
        if (photo.failure.empty() && !picture.problem.empty()) {
            photo.failure = "cannot be shown: " + picture.problem;
        }
        if (!copy.empty()) {
            photo.copy = path_from_report(copy);
        }
        // The original shows people that the report hides.
        if (photo.failure.empty() && !arguments_.blur_people) {
            photo.original = path_from_report(file_of(utf8_text(tree_.photo(prediction.filepath))));
        }
        add_place_and_time(photo, prediction, picture);
        report_->add(photo);
    }

    std::string path_from_report(const fs::path& file) const {
        const auto report = fs::absolute(arguments_.report_html).lexically_normal();
        const auto path =
            fs::absolute(file).lexically_normal().lexically_relative(report.parent_path());
        return utf8_text(path.generic_u8string());
    }

    const VisualizeArguments& arguments_;
    const PhotoTree& tree_;
    const StationTable& stations_;
    FactsReader facts_reader_;
    std::size_t total_;
    std::size_t done_ = 0;
    std::size_t failed_ = 0;
    std::optional<ReportFile> report_;
    ProgressDisplay display_;
};

/// Checks that copies and report replace no input. @throws InvalidArgument
void check_spares(const OutputFiles& outputs, const PhotoTree& tree,
                  const VisualizeArguments& arguments, const std::string& filepath) {
    const auto photo = tree.photo(filepath);
    outputs.check_input("the photo", file_of(utf8_text(photo)));
    if (!arguments.output_folder.empty() &&
        tree.is_copy_of_another(photo, arguments.output_folder)) {
        throw InvalidArgument("--output_folder: a copy would replace the photo '" +
                              utf8_text(photo) + "'; nothing was written. Name another folder");
    }
}

void draw_all(const VisualizeArguments& arguments, const Results& results, const PhotoTree& tree,
              const ModelNames& model, Outputs& outputs) {
    const InterruptWatch watch;
    const Font font;
    OrderedJobs<DrawnPhoto> jobs(arguments.jobs,
                                 [&](DrawnPhoto&& drawn) { outputs.add(std::move(drawn)); });
    std::size_t thumbnails_left = arguments.report_html.empty() ? 0 : arguments.max_thumbnails;
    results.for_each([&](const Prediction& prediction) {
        if (watch.token().stop_requested()) {
            throw Interrupted{watch.signal()};
        }
        const auto thumbnail = thumbnails_left > 0 ? Thumbnail::wanted : Thumbnail::left_out;
        thumbnails_left -= thumbnails_left > 0 ? 1 : 0;
        jobs.submit([&, thumbnail, prediction] {
            return DrawnPhoto{prediction, draw_picture(tree.photo(prediction.filepath), prediction,
                                                       arguments, model, font, thumbnail)};
        });
    });
    jobs.finish();
}

}  // namespace

ExitStatus visualize(const VisualizeArguments& arguments) {
    check_visualize_arguments(arguments);
    if (!arguments.report_html.empty()) {
        naming_flag("--report_html", [&] { check_writable(arguments.report_html); });
    }
    OutputFiles files;
    if (!arguments.report_html.empty()) {
        files.add("--report_html", arguments.report_html);
    }
    files.check_input("--predictions_json", arguments.results.predictions_json);
    files.check_input("--stations", arguments.stations.stations);
    const auto stations = read_stations(arguments.stations);
    PhotoTree tree(arguments.photos_folder);
    std::size_t total = 0;
    ModelNames model;
    const CorrectedDocument results(arguments.results.predictions_json,
                                    arguments.results.corrections(), "--predictions_json");
    results.for_each([&](const Prediction& prediction) {
        tree.add(prediction.filepath);
        model.add(prediction);
        ++total;
    });
    results.for_each([&](const Prediction& prediction) {
        check_spares(files, tree, arguments, prediction.filepath);
    });
    model.add(results.run());
    Outputs outputs(arguments, tree, stations, total, model);
    draw_all(arguments, results, tree, model, outputs);
    const auto failed = outputs.publish();
    if (failed > 0) {
        std::cerr << "speciesnet: " << failed << " of " << total << " photos could not be shown\n";
        return ExitStatus::some_images_failed;
    }
    return ExitStatus::all_fine;
}

Command add_visualize_command(CLI::App& program) {
    const auto arguments = std::make_shared<VisualizeArguments>();
    auto* const command = program.add_subcommand(
        "visualize", "Draws results on copies of photos, and writes a report for the browser");
    add_visualize_flags(*command, *arguments);
    command->footer(
        "Examples:\n"
        "  speciesnet visualize out.json --output_folder annotated\n"
        "  speciesnet visualize out.json --crops_folder crops\n"
        "  speciesnet visualize out.json --report_html report.html "
        "--blur_people\n\n"
        "Exit status: 0 all fine, 1 some photos could not be shown, 2 wrong usage, 3 could not "
        "run.");
    return {command, [arguments] { return visualize(*arguments); }};
}

}  // namespace speciesnet::cli
