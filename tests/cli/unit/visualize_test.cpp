// SPDX-License-Identifier: Apache-2.0
// People are blurred, copies keep their paths, originals stay unchanged, reports may contain any
// text.
#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"
#include "speciesnet/utf8_path.hpp"

#include "drawing/jpeg_writer.hpp"
#include "files/text_file.hpp"
#include "report/page_text.hpp"
#include "report/report_writer.hpp"
#include "temporary_folder.hpp"
#include "visualize/copy_file.hpp"
#include "visualize/ordered_jobs.hpp"
#include "visualize/people.hpp"
#include "visualize/photo_tree.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

namespace speciesnet::cli {
namespace {

/// Stripes, which make any pixelation visible.
Canvas striped() {
    Canvas canvas(200, 100);
    for (int x = 0; x < 200; x += 2) {
        canvas.fill({x, 0, 1, 100}, {255, 255, 255});
    }
    return canvas;
}

bool is_blurred(const Canvas& canvas, int x, int y) {
    return canvas.color(x, y) == canvas.color(x + 1, y);
}

ClassifiedDetection detection(Category category, double conf, BoundingBox bbox = {0, 0, 0.2, 0.2}) {
    return {.detection = {category, conf, bbox},
            .classification = std::nullopt,
            .answer = std::nullopt,
            .explanation = std::nullopt};
}

Prediction photo(std::vector<ClassifiedDetection> entries) {
    Prediction prediction;
    prediction.model_version = "4.0.1a";
    prediction.detections = std::move(entries);
    return prediction;
}

bool left_is_blurred(const Prediction& prediction) {
    auto canvas = striped();
    blur_people(canvas, prediction);
    return is_blurred(canvas, 10, 10);
}

bool all_is_blurred(const Prediction& prediction) {
    auto canvas = striped();
    blur_people(canvas, prediction);
    return is_blurred(canvas, 10, 10) && is_blurred(canvas, 180, 90);
}

}  // namespace

TEST_CASE("people are blurred with a margin, animals and vehicles are not") {
    auto canvas = striped();
    blur_people(canvas, photo({detection(Category::human, 0.9, {0.5, 0.3, 0.2, 0.4})}));
    CHECK(is_blurred(canvas, 120, 50));
    CHECK(is_blurred(canvas, 92, 50));
    CHECK_FALSE(is_blurred(canvas, 10, 50));
    CHECK_FALSE(left_is_blurred(photo({detection(Category::animal, 0.9)})));
    CHECK_FALSE(left_is_blurred(photo({detection(Category::vehicle, 0.9)})));
    CHECK_FALSE(left_is_blurred(photo({})));
}

TEST_CASE("a person that is hardly one is blurred, too, below what is drawn") {
    CHECK(left_is_blurred(photo({detection(Category::human, 0.05)})));
    CHECK_FALSE(left_is_blurred(photo({detection(Category::human, 0.04)})));
}

TEST_CASE("what the classifier calls human is blurred whatever the detector says") {
    auto answered = detection(Category::animal, 0.9);
    answered.answer = Answer{std::string(labels::human), 0.9, "classifier"};
    CHECK(left_is_blurred(photo({answered})));
    auto classified = detection(Category::animal, 0.9);
    classified.classification = Classification{.classes = {std::string(labels::human)},
                                               .scores = {0.6},
                                               .target_classes = {},
                                               .target_logits = {}};
    CHECK(left_is_blurred(photo({classified})));
}

TEST_CASE("where people may be anywhere, all of the photo is blurred") {
    Prediction failed;
    failed.failures.detector = true;
    CHECK(all_is_blurred(failed));

    auto whole = detection(Category::whole_image, 1, {});
    whole.answer = Answer{std::string(labels::human), 0.9, "classifier"};
    CHECK(all_is_blurred(photo({whole})));
    CHECK_FALSE(all_is_blurred(photo({whole, detection(Category::human, 0.9)})));
    CHECK(left_is_blurred(photo({whole, detection(Category::human, 0.9)})));

    auto classifier_alone = photo({detection(Category::whole_image, 1, {})});
    classifier_alone.model_version.clear();
    CHECK(all_is_blurred(classifier_alone));
}

TEST_CASE("copies keep names and folders below what all photos share") {
    PhotoTree tree("/photos");
    for (const auto* file : {"site/a/1.jpg", "site/b/2.PNG", "/photos/site/x/../c/3.JPEG"}) {
        tree.add(file);
    }
    CHECK(tree.copy_name("site/a/1.jpg") == "a/1.jpg");
    CHECK(tree.copy_name("site/b/2.PNG") == "b/2.PNG.jpg");
    CHECK(tree.copy_name("/photos/site/x/../c/3.JPEG") == "c/3.JPEG");
    CHECK(tree.photo("site/a/../a/1.jpg") == "/photos/site/a/1.jpg");
}

TEST_CASE("no photo's path leads out of the output folder") {
    PhotoTree tree("/photos");
    for (const auto* file : {"../../etc/passwd", "/", "..", "", "a/../../b.jpg"}) {
        tree.add(file);
    }
    for (const auto* file : {"../../etc/passwd", "/", "..", "", "a/../../b.jpg"}) {
        const auto copy =
            utf8_text(("/out" / tree.copy_name(file)).lexically_normal().generic_u8string());
        CHECK_MESSAGE(copy.starts_with("/out/"), copy);
    }
}

TEST_CASE("a copy replaces an older copy, never anything else") {
    const TemporaryFolder folder;
    const auto jpeg = encode_jpeg(Canvas(8, 8), 90, jpeg_mark);
    const std::filesystem::path copy = folder.path() + "/deep/er/a.jpg";
    write_copy(copy, jpeg);
    CHECK_NOTHROW(write_copy(copy, jpeg));

    const auto original = folder.write("original.jpg", encode_jpeg(Canvas(8, 8), 90, "a camera"));
    const auto before = read_text_file(original);
    CHECK_THROWS_AS(write_copy(original, jpeg), IoError);
    CHECK(read_text_file(original) == before);

    std::filesystem::create_symlink(original, folder.path() + "/link.jpg");
    CHECK_THROWS_AS(write_copy(folder.path() + "/link.jpg", jpeg), IoError);
    CHECK_THROWS_AS(write_copy(original + "/below.jpg", jpeg), IoError);
}

TEST_CASE("results of jobs come in order, and no more than the limit run") {
    std::vector<int> received;
    std::atomic<int> running = 0;
    std::atomic<int> most = 0;
    OrderedJobs<int> jobs(3, [&](int&& result) { received.push_back(result); });
    for (int i = 0; i < 50; ++i) {
        jobs.submit([&, i] {
            const int now = ++running;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
            }
            --running;
            return i;
        });
    }
    jobs.finish();
    REQUIRE(received.size() == 50);
    CHECK(std::is_sorted(received.begin(), received.end()));
    CHECK(most <= 3);
}

TEST_CASE("text in pages is text, whatever it holds") {
    CHECK(html_escaped("<a b=\"c\" d='e'>&amp;") ==
          "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
    CHECK(script_escaped(R"("</script><!--&")") == R"("\u003c/script\u003e\u003c!--\u0026")");
    CHECK(relative_url("javascript:alert(1)") == "./javascript%3Aalert%281%29");
    CHECK(relative_url("a b/\xff\"<.jpg") == "./a%20b/%FF%22%3C.jpg");
}

TEST_CASE("base64 pads what is no multiple of three") {
    CHECK(base64("").empty());
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo\xff") == "Zm9v/w==");
}

TEST_CASE("each report has its own nonce, and its data is written in blocks") {
    const auto write = [](std::size_t photos) {
        std::string page;
        ReportWriter writer("t", Names::common, [&page](std::string_view piece) { page += piece; });
        for (std::size_t i = 0; i < photos; ++i) {
            writer.add({.filepath = "f",
                        .answers = {},
                        .failure = {},
                        .taken = {},
                        .station = {},
                        .video = {},
                        .seconds = {},
                        .copy = {},
                        .thumbnail_jpeg = {}});
        }
        writer.finish();
        return page;
    };
    const auto nonce_of = [](const std::string& page) {
        const auto start = page.find("'nonce-");
        return page.substr(start, page.find('\'', start + 1) - start);
    };
    CHECK(nonce_of(write(0)).size() > 20);
    CHECK(nonce_of(write(0)) != nonce_of(write(0)));
    const auto blocks = [](const std::string& page) {
        std::size_t count = 0;
        for (auto at = page.find("class=\"photos\">["); at != std::string::npos;
             at = page.find("class=\"photos\">[", at + 1)) {
            ++count;
        }
        return count;
    };
    CHECK(blocks(write(0)) == 0);
    CHECK(blocks(write(50)) == 1);
    CHECK(blocks(write(51)) == 2);
}

}  // namespace speciesnet::cli
