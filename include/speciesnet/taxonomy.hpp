// SPDX-License-Identifier: Apache-2.0
// Labels and their ancestors. Needs no network.
#pragma once

#include "speciesnet/export.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// Special labels. Source: speciesnet/constants.py, enum Classification.
namespace labels {
inline constexpr std::string_view blank = "f1856211-cfb7-4a5b-9158-c0f72fd09ee6;;;;;;blank";
inline constexpr std::string_view animal = "1f689929-883d-4dae-958c-3d57ab5b6c16;;;;;;animal";
inline constexpr std::string_view human =
    "990ae9dd-7a59-4344-afcb-1b7b21368000;mammalia;primates;hominidae;homo;sapiens;human";
inline constexpr std::string_view vehicle = "e2895ed5-780b-48f6-8a11-9e27cb594511;;;;;;vehicle";
inline constexpr std::string_view unknown =
    "f2efdae9-efb8-48fb-8a91-eccf79ab4ffb;no cv result;no cv result;no cv result;no cv result;no "
    "cv result;"
    "no cv result";
}  // namespace labels

/// Ranks to which labels are rolled up, from the narrowest. Kingdom is "animal".
enum class TaxonomyLevel : std::int32_t { species = 1, genus, family, order, class_, kingdom };

/// Returns the reference's name of a level: "species", "genus", "family", "order", "class",
/// "kingdom".
SPECIESNET_EXPORT std::string_view taxonomy_level_name(TaxonomyLevel level) noexcept;

/// The parts of a label `uuid;class;order;family;genus;species;common name`, as views into it.
struct LabelParts {
    std::string_view uuid, class_, order, family, genus, species, common_name;
};

/// Splits a label.
/// @throws InvalidArgument if it does not have exactly seven parts
SPECIESNET_EXPORT LabelParts split_label(std::string_view label);

/// Returns parts 2 to 6 of a label, `class;order;family;genus;species`: the key of taxonomies and
/// geofences.
/// @return a view into `label`
/// @throws InvalidArgument if the label does not have exactly seven parts
SPECIESNET_EXPORT std::string_view full_class_string(std::string_view label);

/// Returns a short readable name: `genus_species` in lower case, else the last
/// non-empty rank above species, else the common name, with underscores for spaces. Humans are
/// "homo_sapiens", unknown is "no_cv_result".
/// @throws InvalidArgument if the label does not have exactly seven parts
SPECIESNET_EXPORT std::string short_name(std::string_view label);

/// The labels of each level. Immutable, cheap to copy, thread-safe.
class SPECIESNET_EXPORT Taxonomy {
public:
    /// Reads a taxonomy: one label per line. As in the reference, blank, vehicle and unknown
    /// entries are removed and the human and animal entries are the constants above.
    /// @param text   the content of the file, UTF-8
    /// @param origin name used in error messages
    /// @throws ModelError (model_invalid) naming the line that does not have seven parts
    static Taxonomy parse(std::string_view text, std::string_view origin = "taxonomy");

    /// Reads a file. @throws IoError, ModelError
    static Taxonomy load(const std::filesystem::path& file);

    /// Returns the label of an ancestor, or the label itself at its own level.
    /// @return nothing if the label has no name at that level or the taxonomy no such entry; the
    /// view lives as long as any copy of this taxonomy
    /// @throws InvalidArgument if the label does not have exactly seven parts
    std::optional<std::string_view> ancestor_at(std::string_view label, TaxonomyLevel level) const;

    /// Finds the labels of a name: a UUID, a label or its ranks, a scientific name
    /// ("Panthera leo", "Panthera sp.", "felidae"), or a common name, ignoring case,
    /// accents and punctuation. "puma" is a genus and a species.
    /// @return sorted; empty if the name is unknown; the views live as long as any copy of this
    /// taxonomy
    /// @since 0.1.0
    std::vector<std::string_view> find(std::string_view name) const;

    /// Returns the known name most similar to an unknown one; empty if none is similar.
    /// @since 0.1.0
    std::string nearest_name(std::string_view name) const;

    /// Returns the number of entries.
    std::size_t size() const noexcept;

private:
    struct Entries;
    explicit Taxonomy(std::shared_ptr<const Entries> entries);
    std::shared_ptr<const Entries> entries_;
};

}  // namespace speciesnet
