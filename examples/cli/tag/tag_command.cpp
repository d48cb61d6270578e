// SPDX-License-Identifier: Apache-2.0
// Never modifies photos: metadata goes to sidecars or copies.
#include "tag_command.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/metadata.hpp"
#include "speciesnet/utf8_path.hpp"

#include "drawing/utf8.hpp"
#include "files/atomic_file.hpp"
#include "files/text_file.hpp"
#include "flags/progress_flag.hpp"
#include "jpeg_packet.hpp"
#include "results/model_names.hpp"
#include "results/results_flags.hpp"
#include "terminal/interrupt_watch.hpp"
#include "terminal/progress_display.hpp"
#include "terminal/standard_output.hpp"
#include "video/frame_name.hpp"
#include "video/frames_together.hpp"
#include "visualize/photo_tree.hpp"
#include "xmp_packet.hpp"

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

struct TagArguments {
    ResultsArguments results;
    fs::path photos_folder;
    fs::path output;
    bool embed = false;
    bool progress_bars = true;
};

/// Covers the segments before the pixels of a JPEG file, which contain packets.
constexpr std::size_t beginning = std::size_t{512} * 1024;

bool is_ours(const fs::path& file) {
    const auto bytes = read_beginning(file, beginning);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return text.find("x:xmptk=\"" + std::string(xmp_toolkit)) != std::string_view::npos;
}

void check_replaceable(const fs::path& file) {
    if (fs::exists(fs::symlink_status(file)) && !is_ours(file)) {
        throw IoError(ErrorCode::io, "'" + utf8_text(file) +
                                         "' was not written by this program; it is not changed");
    }
}

StoredPicture picture_of(std::span<const std::byte> bytes) {
    const auto info = validate(bytes);
    return {.width = info.width,
            .height = info.height,
            .orientation = read_metadata(bytes).orientation};
}

/// Writes the metadata of photos.
class Tagging {
public:
    Tagging(const TagArguments& arguments, const Results& results)
        : arguments_(arguments), tree_(arguments.photos_folder) {
        results.for_each([&](const Prediction& prediction) {
            tree_.add(prediction.filepath);
            model_.add(prediction);
        });
        for_each_file(results,
                      [this](const std::string&, std::span<const Prediction>) { ++total_; });
        model_.add(results.run());
    }

    void run(const Results& results) {
        const InterruptWatch watch;
        ProgressDisplay display(std::cerr, arguments_.progress_bars
                                               ? ProgressDisplay::style_for_stderr()
                                               : ProgressDisplay::Style::hidden);
        for_each_file(results, [&](const std::string& file, std::span<const Prediction> of_file) {
            const auto& prediction = of_file.front();
            if (watch.token().stop_requested()) {
                throw Interrupted{watch.signal()};
            }
            try {
                if (parse_frame_name(prediction.filepath)) {
                    ++videos_;
                } else if (answers_of(prediction, arguments_.results.threshold).empty()) {
                    ++without_answer_;
                } else {
                    write(prediction);
                    ++tagged_;
                }
            } catch (const Error& error) {
                ++failed_;
                display.message("speciesnet: failed: '" + printable(file) +
                                "': " + printable(error.what()));
            }
            display.update(tagged_ + videos_ + without_answer_ + failed_, total_);
        });
    }

    std::string summary() const {
        std::string text = std::to_string(tagged_) +
                           (tagged_ == 1 ? " photo has" : " photos have") +
                           (arguments_.embed ? " a copy with metadata" : " a sidecar") + '\n';
        if (videos_ > 0) {
            text += std::to_string(videos_) + (videos_ == 1 ? " video has" : " videos have") +
                    " none: metadata is written for photos\n";
        }
        if (without_answer_ > 0) {
            text += std::to_string(without_answer_) +
                    " have no answer to write: they failed in the run\n";
        }
        return text;
    }

    bool all_fine() const noexcept { return failed_ + without_answer_ == 0; }

private:
    void write(const Prediction& prediction) const {
        const auto photo = tree_.photo(prediction.filepath);
        if (arguments_.embed) {
            write_copy(prediction, photo);
            return;
        }
        auto sidecar = arguments_.output.empty()
                           ? photo
                           : arguments_.output / tree_.relative(prediction.filepath);
        sidecar += ".xmp";
        check_replaceable(sidecar);
        const auto text = packet(prediction, read_beginning(photo, beginning));
        make_folder(sidecar.parent_path());
        write_text_file(sidecar, text + '\n');
    }

    void write_copy(const Prediction& prediction, const fs::path& photo) const {
        const auto copy = arguments_.output / tree_.relative(prediction.filepath);
        std::error_code error;
        if (fs::equivalent(copy, photo, error)) {
            throw IoError(ErrorCode::io, "its copy would replace it; name another --output");
        }
        check_replaceable(copy);
        const auto bytes = read_encoded_file(photo);
        const auto content = with_xmp(bytes, packet(prediction, bytes));
        make_folder(copy.parent_path());
        write_text_file(copy, content);
        fs::last_write_time(copy, fs::last_write_time(photo), error);
    }

    std::string packet(const Prediction& prediction, std::span<const std::byte> bytes) const {
        return xmp_packet(prediction, picture_of(bytes), model_.text(), arguments_.results.names,
                          arguments_.results.threshold);
    }

    const TagArguments& arguments_;
    PhotoTree tree_;
    ModelNames model_;
    std::size_t total_ = 0;
    std::size_t tagged_ = 0;
    std::size_t videos_ = 0;
    std::size_t without_answer_ = 0;
    std::size_t failed_ = 0;
};

ExitStatus tag(const TagArguments& arguments) {
    if (arguments.embed && arguments.output.empty()) {
        throw InvalidArgument("--embed needs --output, a folder for the copies");
    }
    const CorrectedDocument results(arguments.results.predictions_json,
                                    arguments.results.corrections(), "--predictions_json");
    Tagging tagging(arguments, results);
    tagging.run(results);
    print(tagging.summary());
    return tagging.all_fine() ? ExitStatus::all_fine : ExitStatus::some_images_failed;
}

}  // namespace

Command add_tag_command(CLI::App& program) {
    const auto arguments = std::make_shared<TagArguments>();
    auto* const command = program.add_subcommand(
        "tag", "Writes answers as XMP metadata, for digiKam, Lightroom and other photo managers");
    add_results_flags(*command, arguments->results);
    add_photos_folder_flag(*command, arguments->photos_folder);
    command
        ->add_option("--output", arguments->output,
                     "Folder for the sidecars or copies, with the photos' subfolders; by default "
                     "sidecars are written beside the photos")
        ->type_name("FOLDER")
        ->group("Output");
    command
        ->add_flag("--embed,!--noembed", arguments->embed,
                   "Write copies of the JPEG photos with the metadata inside, into --output")
        ->group("Output");
    add_progress_flag(*command, arguments->progress_bars);
    command->footer(
        "Examples:\n"
        "  speciesnet tag card_speciesnet/predictions.json\n"
        "  speciesnet tag card_speciesnet/predictions.json --embed --output tagged\n\n"
        "Exit status: 0 all fine, 1 some photos have no metadata, 2 wrong usage, 3 could not run.");
    return {command, [arguments] { return tag(*arguments); }};
}

}  // namespace speciesnet::cli
