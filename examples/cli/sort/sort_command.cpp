// SPDX-License-Identifier: Apache-2.0
// Plans all operations before changing files.
#include "sort_command.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"
#include "speciesnet/utf8_path.hpp"

#include "drawing/utf8.hpp"
#include "files/atomic_file.hpp"
#include "files/portable_name.hpp"
#include "flags/flag_checks.hpp"
#include "flags/naming_flag.hpp"
#include "flags/progress_flag.hpp"
#include "move_log.hpp"
#include "placement.hpp"
#include "results/model_names.hpp"
#include "results/photo_answers.hpp"
#include "results/results_flags.hpp"
#include "terminal/interrupt_watch.hpp"
#include "terminal/progress_display.hpp"
#include "terminal/standard_output.hpp"
#include "video/frames_together.hpp"
#include "visualize/people.hpp"
#include "visualize/photo_tree.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

enum class SortBy { species, folder };

struct SortArguments {
    ResultsArguments results;
    fs::path photos_folder;
    fs::path output;
    SortBy by = SortBy::species;
    Placing method = Placing::copy;
    bool people_apart = false;
    fs::path undo;
    bool progress_bars = true;
};

constexpr const char* log_name = "speciesnet_moves.csv";
/// Number of moves that are synced to disk together.
constexpr std::size_t moves_at_once = 64;

bool shows_people(const Prediction& prediction) {
    if (!prediction.detections) {
        return false;
    }
    return std::any_of(
        prediction.detections->begin(), prediction.detections->end(),
        [](const ClassifiedDetection& entry) {
            return entry.detection.conf >= people_threshold &&
                   (entry.detection.category == Category::human || is_human(shown_label(entry)));
        });
}

/// Returns the folder for a photo or video; nothing if it failed.
std::optional<std::string> group_of(std::span<const Prediction> of_file,
                                    const SortArguments& arguments) {
    if (arguments.people_apart && std::any_of(of_file.begin(), of_file.end(), shows_people)) {
        return portable_name(display_name(labels::human, arguments.results.names));
    }
    const auto answer = file_answer(of_file, arguments.results.threshold);
    if (!answer) {
        return std::nullopt;
    }
    return portable_name(display_name(answer->label, arguments.results.names));
}

struct SortPlan {
    std::vector<MoveLog::Move> moves;
    std::vector<std::string> groups;  ///< One for each move.
    std::size_t failed = 0;
    ModelNames model;
};

SortPlan plan_of(const SortArguments& arguments) {
    const CorrectedDocument results(arguments.results.predictions_json,
                                    arguments.results.corrections(), "--predictions_json");
    PhotoTree tree(arguments.photos_folder);
    SortPlan plan;
    results.for_each([&](const Prediction& prediction) {
        tree.add(prediction.filepath);
        plan.model.add(prediction);
    });
    plan.model.add(results.run());
    std::set<fs::path> targets;
    const auto output = fs::absolute(arguments.output).lexically_normal();
    for_each_file(results, [&](const std::string& file, std::span<const Prediction> of_file) {
        const auto group = group_of(of_file, arguments);
        if (!group) {
            ++plan.failed;
            return;
        }
        const auto relative = tree.relative(file);
        const auto target =
            arguments.by == SortBy::species
                ? output / utf8_path(*group) / relative
                : output / relative.parent_path() / utf8_path(*group) / relative.filename();
        if (!targets.insert(target).second) {
            throw InvalidArgument("two photos would be sorted to '" + utf8_text(target) +
                                  "'; nothing was changed. Use --by species");
        }
        plan.moves.emplace_back(tree.photo(file), target);
        plan.groups.push_back(*group);
    });
    return plan;
}

/// Counts operations and prints them.
class Progress {
public:
    Progress(const SortArguments& arguments, std::size_t total)
        : total_(total),
          display_(std::cerr, arguments.progress_bars ? ProgressDisplay::style_for_stderr()
                                                      : ProgressDisplay::Style::hidden) {}

    void add(const MoveLog::Move& move, const std::string& group, Placing method) {
        try {
            (place(move.first, move.second, method) ? placed_ : present_) += 1;
            ++groups_[group];
        } catch (const IoError& error) {
            ++failed_;
            display_.message(std::string("speciesnet: failed: ") + printable(error.what()));
        }
        display_.update(placed_ + present_ + failed_, total_);
    }

    std::size_t failed() const noexcept { return failed_; }
    std::size_t present() const noexcept { return present_; }
    /// Returns the number of photos in each group's folder so far.
    const std::map<std::string, std::size_t>& groups() const noexcept { return groups_; }

private:
    std::size_t total_;
    std::size_t placed_ = 0;
    std::size_t present_ = 0;
    std::size_t failed_ = 0;
    std::map<std::string, std::size_t> groups_;
    ProgressDisplay display_;
};

std::string count_of_photos(std::size_t photos) {
    return std::to_string(photos) + (photos == 1 ? " photo" : " photos");
}

std::string summary_of(const SortArguments& arguments, const SortPlan& plan,
                       const Progress& progress) {
    std::string text;
    if (!plan.model.version().empty()) {
        text += "Sorted by answers of " + printable(plan.model.text()) + '\n';
    }
    for (const auto& [group, photos] : progress.groups()) {
        text += count_of_photos(photos) + (photos == 1 ? ":  " : ": ") + printable(group) + '\n';
    }
    if (plan.failed > 0) {
        text += count_of_photos(plan.failed) + " without an answer: left where they are\n";
    }
    if (progress.failed() > 0) {
        text += count_of_photos(progress.failed()) + " could not be sorted\n";
    }
    if (progress.present() > 0) {
        text += std::to_string(progress.present()) + " were in their folders already\n";
    }
    if (arguments.method == Placing::move) {
        text += "To move all back: speciesnet sort --undo '" +
                utf8_text(arguments.output / log_name) + "'\n";
    }
    return text;
}

/// Returns the moves that are possible, because the log must not name a file that already existed.
std::vector<MoveLog::Move> possible(std::vector<MoveLog::Move> moves) {
    std::erase_if(moves, [](const MoveLog::Move& move) {
        std::error_code error;
        return fs::exists(fs::symlink_status(move.second, error));
    });
    return moves;
}

ExitStatus sort(const SortArguments& arguments) {
    const auto plan = plan_of(arguments);
    naming_flag("--output", [&] { make_folder(arguments.output); });
    std::optional<MoveLog> log;
    if (arguments.method == Placing::move) {
        log.emplace(arguments.output / log_name);
    }
    const InterruptWatch watch;
    Progress progress(arguments, plan.moves.size());
    for (std::size_t first = 0; first < plan.moves.size(); first += moves_at_once) {
        if (watch.token().stop_requested()) {
            throw Interrupted{watch.signal()};
        }
        const auto begin = plan.moves.begin() + static_cast<std::ptrdiff_t>(first);
        const std::vector<MoveLog::Move> moves(
            begin, begin + static_cast<std::ptrdiff_t>(
                               std::min(moves_at_once, plan.moves.size() - first)));
        if (log) {
            log->add(possible(moves));
        }
        for (std::size_t i = 0; i < moves.size(); ++i) {
            progress.add(moves[i], plan.groups[first + i], arguments.method);
        }
    }
    print(summary_of(arguments, plan, progress));
    return progress.failed() + plan.failed > 0 ? ExitStatus::some_images_failed
                                               : ExitStatus::all_fine;
}

/// Removes empty folders, up to the folder that photos were sorted into.
void remove_empty_folders(const std::vector<MoveLog::Move>& moves, const fs::path& output) {
    for (const auto& [from, to] : moves) {
        std::error_code error;
        auto folder = to.parent_path();
        while (folder != output.parent_path() && fs::remove(folder, error)) {
            folder = folder.parent_path();
        }
    }
}

ExitStatus undo(const SortArguments& arguments) {
    const auto moves = MoveLog::read(arguments.undo);
    std::size_t back = 0;
    std::vector<MoveLog::Move> left;
    for (auto move = moves.rbegin(); move != moves.rend(); ++move) {
        std::error_code error;
        if (move_back(move->second, move->first)) {
            ++back;
        } else if (fs::exists(move->second, error) || !fs::exists(move->first, error)) {
            left.push_back(*move);
        }
    }
    for (const auto& [from, to] : left) {
        std::cerr << "speciesnet: failed: '" << printable(utf8_text(to))
                  << "' cannot be moved back to '" << printable(utf8_text(from))
                  << "': it no longer exists, or another file is in that place\n";
    }
    if (left.empty()) {
        fs::remove(arguments.undo);
    }
    remove_empty_folders(moves, fs::absolute(arguments.undo).lexically_normal().parent_path());
    print(std::to_string(back) + (back == 1 ? " photo is" : " photos are") +
          " where they were before\n");
    return left.empty() ? ExitStatus::all_fine : ExitStatus::some_images_failed;
}

ExitStatus run(const SortArguments& arguments) {
    if (!arguments.undo.empty()) {
        return undo(arguments);
    }
    if (arguments.results.predictions_json.empty() || arguments.output.empty()) {
        throw InvalidArgument("expected a predictions document and --output, or --undo");
    }
    return sort(arguments);
}

}  // namespace

Command add_sort_command(CLI::App& program) {
    const auto arguments = std::make_shared<SortArguments>();
    auto* const command = program.add_subcommand("sort", "Sorts photos into folders by species");
    add_results_flags(*command, arguments->results);
    command->get_option("--predictions_json")->required(false);
    add_photos_folder_flag(*command, arguments->photos_folder);
    command
        ->add_option("--output", arguments->output,
                     "Folder for the sorted photos; their original folders are kept below it")
        ->type_name("FOLDER")
        ->group("Output");
    command
        ->add_option("--by", arguments->by,
                     "species (default): OUTPUT/lion/site1/a.jpg; folder: OUTPUT/site1/lion/a.jpg")
        ->transform(one_of<SortBy>({{"species", SortBy::species}, {"folder", SortBy::folder}}))
        ->type_name("WHAT")
        ->group("Output");
    command
        ->add_option("--method", arguments->method,
                     "copy (default), link (hard links: no space, same file system), or move, "
                     "which --undo reverses")
        ->transform(one_of<Placing>(
            {{"copy", Placing::copy}, {"link", Placing::link}, {"move", Placing::move}}))
        ->type_name("HOW")
        ->group("Output");
    command
        ->add_flag("--people_apart,!--nopeople_apart", arguments->people_apart,
                   "Place every photo that may show a person in the folder for people")
        ->group("Output");
    command
        ->add_option("--undo", arguments->undo,
                     "Move the photos of a log back, and do nothing else")
        ->type_name("FILE")
        ->group("Output");
    add_progress_flag(*command, arguments->progress_bars);
    command->footer(
        "Examples:\n"
        "  speciesnet sort card_speciesnet/predictions.json --output sorted\n"
        "  speciesnet sort card_speciesnet/predictions.json --output sorted --method move\n"
        "  speciesnet sort --undo sorted/speciesnet_moves.csv\n\n"
        "Exit status: 0 all fine, 1 some photos could not be sorted, 2 wrong usage, 3 could not "
        "run.");
    return {command, [arguments] { return run(*arguments); }};
}

}  // namespace speciesnet::cli
