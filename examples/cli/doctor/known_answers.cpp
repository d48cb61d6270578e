// SPDX-License-Identifier: Apache-2.0
// Source: PyPI speciesnet 5.0.6, detector_test.py (test_detections) and classifier_test.py
// (test_classifications): values of the published weights, detections with a confidence of at least
// 0.2. This project could not run those weights.
#include "known_answers.hpp"

#include "speciesnet/taxonomy.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace speciesnet::cli {
namespace {

constexpr double box_tolerance = 0.005;

constexpr std::array african_elephants{
    KnownDetection{Category::animal, {0.7041, 0.4765, 0.1108, 0.125}},
    KnownDetection{Category::animal, {0.5644, 0.4218, 0.08496, 0.1673}},
    KnownDetection{Category::animal, {0.8291, 0.511, 0.1044, 0.1106}},
    KnownDetection{Category::animal, {0.9418, 0.4674, 0.0581, 0.1673}},
    KnownDetection{Category::animal, {0.854, 0.4785, 0.08593, 0.08268}},
    KnownDetection{Category::animal, {0.3403, 0.4433, 0.08349, 0.09114}}};
constexpr std::array african_elephants_bw{
    KnownDetection{Category::animal, {0.7031, 0.4765, 0.1118, 0.1256}},
    KnownDetection{Category::animal, {0.8295, 0.511, 0.1044, 0.1113}},
    KnownDetection{Category::animal, {0.5644, 0.4173, 0.09423, 0.1705}},
    KnownDetection{Category::animal, {0.9414, 0.468, 0.05859, 0.1692}},
    KnownDetection{Category::animal, {0.8525, 0.4791, 0.08691, 0.09635}},
    KnownDetection{Category::animal, {0.3378, 0.4316, 0.08447, 0.1035}}};
constexpr std::array african_elephants_cmyk{
    KnownDetection{Category::animal, {0.7041, 0.4765, 0.1108, 0.125}},
    KnownDetection{Category::animal, {0.5644, 0.4218, 0.08496, 0.1673}},
    KnownDetection{Category::animal, {0.8295, 0.511, 0.104, 0.1106}},
    KnownDetection{Category::animal, {0.9418, 0.4674, 0.0581, 0.1679}},
    KnownDetection{Category::animal, {0.854, 0.4785, 0.08593, 0.08268}},
    KnownDetection{Category::animal, {0.3403, 0.4433, 0.08349, 0.09114}}};
constexpr std::array african_elephants_truncated_file{
    KnownDetection{Category::animal, {0.7045, 0.4759, 0.1103, 0.1256}},
    KnownDetection{Category::animal, {0.5644, 0.4218, 0.08496, 0.1666}},
    KnownDetection{Category::animal, {0.83, 0.5117, 0.1035, 0.11}},
    KnownDetection{Category::animal, {0.9414, 0.4674, 0.05859, 0.1679}},
    KnownDetection{Category::animal, {0.854, 0.4785, 0.08593, 0.08333}},
    KnownDetection{Category::animal, {0.3403, 0.444, 0.08398, 0.08789}}};
constexpr std::array african_elephants_with_exif_orientation{
    KnownDetection{Category::animal, {0.7041, 0.4765, 0.1108, 0.125}},
    KnownDetection{Category::animal, {0.5644, 0.4218, 0.08496, 0.1673}},
    KnownDetection{Category::animal, {0.8295, 0.511, 0.104, 0.1106}},
    KnownDetection{Category::animal, {0.9418, 0.4674, 0.0581, 0.1673}},
    KnownDetection{Category::animal, {0.854, 0.4785, 0.08593, 0.08268}},
    KnownDetection{Category::animal, {0.3398, 0.4433, 0.08398, 0.09179}}};
constexpr std::array american_black_bear{
    KnownDetection{Category::animal, {0.4331, 0.4283, 0.3232, 0.3222}}};
constexpr std::array domestic_cattle{
    KnownDetection{Category::animal, {0.3803, 0.4348, 0.1176, 0.1575}},
    KnownDetection{Category::animal, {0.5791, 0.3723, 0.07617, 0.1295}},
    KnownDetection{Category::animal, {0.8886, 0.483, 0.1113, 0.1093}}};
constexpr std::array domestic_dog{
    KnownDetection{Category::animal, {0.2377, 0.08398, 0.5161, 0.6497}}};
constexpr std::array gazelles_and_zebra{
    KnownDetection{Category::animal, {0.2749, 0.4687, 0.2788, 0.3854}},
    KnownDetection{Category::animal, {0.1265, 0.4225, 0.0962, 0.2409}},
    KnownDetection{Category::animal, {0.9678, 0.4538, 0.0322, 0.1029}}};
constexpr std::array human{KnownDetection{Category::human, {0.7115, 0.4976, 0.0664, 0.2424}}};
constexpr std::array human_and_dog{
    KnownDetection{Category::human, {0.6964, 0.3965, 0.0771, 0.2521}},
    KnownDetection{Category::animal, {0.5229, 0.5646, 0.1307, 0.0965}}};
constexpr std::array ocelot{KnownDetection{Category::animal, {0.0478, 0.5548, 0.521, 0.2743}}};
constexpr std::array vehicle{KnownDetection{Category::vehicle, {0, 0.02083, 1.0, 0.6816}}};

constexpr std::string_view elephant_label =
    "55631055-3e0e-4b7a-9612-dedebe9f78b0;mammalia;proboscidea;elephantidae;loxodonta;africana;"
    "african elephant";

constexpr std::array<KnownAnswers, 16> answers{{
    {"blank.jpg", {}, {0.0, 0.0, 1.0, 1.0}, labels::blank},
    {"blank2.jpg", {}, {0.0, 0.0, 1.0, 1.0}, labels::blank},
    {"blank3.jpg", {}, {0.0009191, 0, 0.996, 0.9571}, labels::blank},
    {"african_elephants.jpg", african_elephants, {0.7041, 0.4765, 0.1108, 0.125}, elephant_label},
    {"african_elephants_bw.jpg",
     african_elephants_bw,
     {0.7031, 0.4765, 0.1118, 0.1256},
     elephant_label},
    {"african_elephants_cmyk.jpg",
     african_elephants_cmyk,
     {0.7041, 0.4765, 0.1108, 0.125},
     elephant_label},
    {"african_elephants_truncated_file.jpg",
     african_elephants_truncated_file,
     {0.7045, 0.4759, 0.1103, 0.1256},
     elephant_label},
    {"african_elephants_with_exif_orientation.jpg",
     african_elephants_with_exif_orientation,
     {0.7041, 0.4765, 0.1108, 0.125},
     elephant_label},
    {"american_black_bear.jpg",
     american_black_bear,
     {0.4331, 0.4283, 0.3232, 0.3222},
     "436ddfdd-bc43-44c3-a25d-34671d3430a0;mammalia;carnivora;ursidae;ursus;americanus;american "
     "black bear"},
    {"domestic_cattle.jpg",
     domestic_cattle,
     {0.3803, 0.4348, 0.1176, 0.1575},
     "aca65aaa-8c6d-4b69-94de-842b08b13bd6;mammalia;artiodactyla;bovidae;bos;taurus;domestic "
     "cattle"},
    {"domestic_dog.jpg",
     domestic_dog,
     {0.2377, 0.08398, 0.5161, 0.6497},
     "3d80f1d6-b1df-4966-9ff4-94053c7a902a;mammalia;carnivora;canidae;canis;familiaris;domestic "
     "dog"},
    {"gazelles_and_zebra.jpg",
     gazelles_and_zebra,
     {0.2749, 0.4687, 0.2788, 0.3854},
     "dc5dbe17-a8ca-40a6-ac6a-3b6b1d63e6d6;mammalia;artiodactyla;bovidae;eudorcas;thomsonii;"
     "thomson's gazelle"},
    {"human.jpg", human, {0.7115, 0.4976, 0.0664, 0.2424}, labels::human},
    {"human_and_dog.jpg", human_and_dog, {0.6964, 0.3965, 0.0771, 0.2521}, labels::human},
    {"ocelot.jpg",
     ocelot,
     {0.0478, 0.5548, 0.521, 0.2743},
     "22976d14-d424-4f18-a67a-d8e1689cefcc;mammalia;carnivora;felidae;leopardus;pardalis;ocelot"},
    {"vehicle.jpg", vehicle, {0, 0.02083, 1.0, 0.6816}, labels::vehicle},
}};

bool is_near(const BoundingBox& one, const BoundingBox& other) {
    const auto near = [](double left, double right) {
        return std::abs(left - right) <= box_tolerance;
    };
    return near(one.xmin, other.xmin) && near(one.ymin, other.ymin) &&
           near(one.width, other.width) && near(one.height, other.height);
}

}  // namespace

std::span<const KnownAnswers> known_answers() {
    return answers;
}

std::string differences(const KnownAnswers& known, std::span<const Detection> found,
                        const std::optional<Classification>& classification) {
    const auto missing = std::count_if(
        known.detections.begin(), known.detections.end(), [&](const KnownDetection& expected) {
            return std::none_of(found.begin(), found.end(), [&](const Detection& detection) {
                return detection.category == expected.category &&
                       is_near(detection.bbox, expected.box);
            });
        });
    std::string text;
    if (missing > 0) {
        text = std::to_string(missing) + " of " + std::to_string(known.detections.size()) +
               " known detections are missing";
    }
    const std::string_view first = classification && !classification->classes.empty()
                                       ? std::string_view(classification->classes.front())
                                       : std::string_view("nothing");
    if (first != known.first_class) {
        text += (text.empty() ? "" : "; ") + std::string("the class is ") + std::string(first) +
                ", not " + std::string(known.first_class);
    }
    return text;
}

}  // namespace speciesnet::cli
