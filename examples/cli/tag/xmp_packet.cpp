// SPDX-License-Identifier: Apache-2.0
// Sources: XMP Specification parts 1 and 3 (Adobe, 2012); Guidelines for Handling Image
// Metadata 2.0 (Metadata Working Group, 2010), 5.9; the namespaces of Lightroom and digiKam.
#include "xmp_packet.hpp"

#include "speciesnet/version.hpp"

#include "drawing/utf8.hpp"
#include "formats/label_names.hpp"
#include "report/page_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

namespace speciesnet::cli {
namespace {

constexpr std::size_t most_bytes = 60'000;
constexpr std::size_t longest_name = 200;
constexpr std::string_view namespaces =
    "    xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
    "    xmlns:lr=\"http://ns.adobe.com/lightroom/1.0/\"\n"
    "    xmlns:digiKam=\"http://www.digikam.org/ns/1.0/\"\n"
    "    xmlns:mwg-rs=\"http://www.metadataworkinggroup.com/schemas/regions/\"\n"
    "    xmlns:stDim=\"http://ns.adobe.com/xap/1.0/sType/Dimensions#\"\n"
    "    xmlns:stArea=\"http://ns.adobe.com/xmp/sType/Area#\"\n"
    "    xmlns:speciesnet=\"urn:speciesnet-cpp:xmp:1.0\"";

/// Escapes text. If the text was cut inside its last character, that character is replaced.
std::string escaped(std::string_view text) {
    return html_escaped(printable(printable(text).substr(0, longest_name)));
}

std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.6f", value);
    return text.data();
}

void add_unique(std::vector<std::string>& list, std::string text) {
    if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) {
        list.push_back(std::move(text));
    }
}

/// Returns a tag path from "SpeciesNet" to the answer; class, order and so on come from the label.
std::string tag_path(const PhotoAnswer& answer, Names names, char separator) {
    std::string path = "SpeciesNet";
    const auto add = [&](std::string_view part) {
        if (!part.empty()) {
            auto name = std::string(part);
            std::replace(name.begin(), name.end(), separator, ' ');
            path += separator + name;
        }
    };
    if (const auto parts = label_parts(answer.label)) {
        // The species itself is added below.
        for (const auto rank : {parts->class_, parts->order, parts->family}) {
            add(rank);
        }
    }
    add(display_name(answer.label, names));
    return path;
}

std::string list(std::string_view element, std::string_view container,
                 const std::vector<std::string>& items) {
    std::string text =
        "   <" + std::string(element) + ">\n    <rdf:" + std::string(container) + ">\n";
    for (const auto& item : items) {
        text += "     <rdf:li>" + escaped(item) + "</rdf:li>\n";
    }
    return text + "    </rdf:" + std::string(container) + ">\n   </" + std::string(element) + ">\n";
}

std::string region(const ClassifiedDetection& entry, const StoredPicture& picture,
                   const std::string& model, Names names) {
    const auto box = stored_box(entry.detection.bbox, picture.orientation);
    const auto label = shown_label(entry);
    const double score = entry.answer ? entry.answer->score : entry.detection.conf;
    return "      <rdf:li>\n"
           "       <rdf:Description mwg-rs:Name=\"" +
           escaped(display_name(label, names)) +
           // The standard has no type for vehicles, and for people only one that means a face.
           (entry.detection.category == Category::animal ? "\" mwg-rs:Type=\"Pet" : "") +
           "\" mwg-rs:Description=\"" + escaped(two_decimals(score) + " by " + model) +
           "\">\n"
           "        <mwg-rs:Area stArea:x=\"" +
           number(box.xmin + box.width / 2) + "\" stArea:y=\"" + number(box.ymin + box.height / 2) +
           "\" stArea:w=\"" + number(box.width) + "\" stArea:h=\"" + number(box.height) +
           "\" stArea:unit=\"normalized\"/>\n"
           "       </rdf:Description>\n"
           "      </rdf:li>\n";
}

/// Returns the boxes that count, most confident first.
std::vector<const ClassifiedDetection*> boxes_of(const Prediction& prediction, double threshold) {
    std::vector<const ClassifiedDetection*> boxes;
    if (!prediction.detections) {
        return boxes;
    }
    for (const auto& entry : *prediction.detections) {
        if (entry.detection.conf >= threshold &&
            entry.detection.category != Category::whole_image) {
            boxes.push_back(&entry);
        }
    }
    std::stable_sort(boxes.begin(), boxes.end(), [](const auto* one, const auto* other) {
        return one->detection.conf > other->detection.conf;
    });
    return boxes;
}

std::string regions(const Prediction& prediction, const StoredPicture& picture,
                    const std::string& model, Names names, double threshold, std::size_t room) {
    const auto boxes = boxes_of(prediction, threshold);
    if (boxes.empty()) {
        return {};
    }
    std::string text =
        "   <mwg-rs:Regions rdf:parseType=\"Resource\">\n"
        "    <mwg-rs:AppliedToDimensions stDim:w=\"" +
        std::to_string(picture.width) + "\" stDim:h=\"" + std::to_string(picture.height) +
        "\" stDim:unit=\"pixel\"/>\n"
        "    <mwg-rs:RegionList>\n"
        "     <rdf:Bag>\n";
    for (const auto* const box : boxes) {
        const auto one = region(*box, picture, model, names);
        if (text.size() + one.size() > room) {
            break;
        }
        text += one;
    }
    return text +
           "     </rdf:Bag>\n"
           "    </mwg-rs:RegionList>\n"
           "   </mwg-rs:Regions>\n";
}

}  // namespace

BoundingBox stored_box(const BoundingBox& upright, int orientation) noexcept {
    const auto& [x, y, width, height] = upright;
    const double right = 1 - x - width;
    const double below = 1 - y - height;
    switch (orientation) {
        case 2:
            return {right, y, width, height};
        case 3:
            return {right, below, width, height};
        case 4:
            return {x, below, width, height};
        case 5:
            return {y, x, height, width};
        case 6:
            return {y, right, height, width};
        case 7:
            return {below, right, height, width};
        case 8:
            return {below, x, height, width};
        default:
            return upright;
    }
}

std::string xmp_packet(const Prediction& prediction, const StoredPicture& picture,
                       const std::string& model, Names names, double threshold) {
    const auto answers = answers_of(prediction, threshold);
    std::vector<std::string> keywords;
    std::vector<std::string> by_bar;
    std::vector<std::string> by_slash;
    for (const auto& answer : answers) {
        add_unique(keywords, display_name(answer.label, names));
        add_unique(keywords, scientific_name(answer.label));
        add_unique(by_bar, tag_path(answer, names, '|'));
        add_unique(by_slash, tag_path(answer, names, '/'));
    }
    std::string text =
        "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"" +
        std::string(xmp_toolkit) + ' ' + std::string(version) +
        "\">\n"
        " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
        "  <rdf:Description rdf:about=\"\"\n" +
        std::string(namespaces) + "\n    speciesnet:Model=\"" + escaped(model) + '"';
    if (!answers.empty()) {
        text += "\n    speciesnet:Prediction=\"" + escaped(answers.front().label) +
                "\"\n    speciesnet:Score=\"" + number(answers.front().score) + '"';
    }
    text += ">\n";
    if (!answers.empty()) {
        text += list("dc:subject", "Bag", keywords);
        text += list("lr:hierarchicalSubject", "Bag", by_bar);
        text += list("digiKam:TagsList", "Seq", by_slash);
    }
    constexpr std::string_view end =
        "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>";
    /// Size of the end of the list of regions.
    constexpr std::size_t closing = 200;
    const auto used = text.size() + end.size() + closing;
    text += regions(prediction, picture, model, names, threshold,
                    used < most_bytes ? most_bytes - used : 0);
    return text + std::string(end);
}

}  // namespace speciesnet::cli
