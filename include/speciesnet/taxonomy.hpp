// SPDX-License-Identifier: Apache-2.0
// Labels and their ancestors. Usable without any network.
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

/// Labels with a meaning of their own. Source: speciesnet/constants.py, enum Classification.
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

/// Ranks at which labels are rolled up, from the narrowest. Kingdom stands for "animal".
enum class TaxonomyLevel : std::int32_t { species = 1, genus, family, order, class_, kingdom };

/// The reference's name of a level: "species", "genus", "family", "order", "class", "kingdom".
SPECIESNET_EXPORT std::string_view taxonomy_level_name(TaxonomyLevel level) noexcept;

/// The parts of a label `uuid;class;order;family;genus;species;common name`; views into the string
/// that was split.
struct LabelParts {
    std::string_view uuid, class_, order, family, genus, species, common_name;
};

/// Splits a label.
/// @throws InvalidArgument if it does not have exactly seven parts
SPECIESNET_EXPORT LabelParts split_label(std::string_view label);

/// Parts 2 to 6 of a label, `class;order;family;genus;species`: the key of taxonomies and
/// geofences.
/// @return a view into `label`
/// @throws InvalidArgument if the label does not have exactly seven parts
SPECIESNET_EXPORT std::string_view full_class_string(std::string_view label);

/// A short name for people and simple clients: `genus_species` in lower case, else the last
/// non-empty rank above species, else the common name; blanks within become underscores. Humans are
/// "homo_sapiens", unknown is "no_cv_result".
/// @throws InvalidArgument if the label does not have exactly seven parts
SPECIESNET_EXPORT std::string short_name(std::string_view label);

/// Which labels exist at each level. Immutable, cheap to copy, thread-safe.
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

    /// The label of an ancestor, or of the label itself at its own level.
    /// @return nothing if the label has no name at that level or the taxonomy no such entry; the
    /// view lives as long as
    ///         any copy of this taxonomy
    /// @throws InvalidArgument if the label does not have exactly seven parts
    std::optional<std::string_view> ancestor_at(std::string_view label, TaxonomyLevel level) const;

    /// The labels that a name stands for: a UUID, a label or its ranks, a scientific name
    /// ("Panthera leo", "Panthera sp.", "felidae"), or a common name, without regard to case,
    /// accents and punctuation. "puma" is a genus and a species.
    /// @return sorted; empty if nothing has this name; the views live as long as any copy of this
    /// taxonomy
    /// @since 0.1.0
    std::vector<std::string_view> find(std::string_view name) const;

    /// The name that is most like one that find() does not know; empty if none is near.
    /// @since 0.1.0
    std::string nearest_name(std::string_view name) const;

    /// Number of entries.
    std::size_t size() const noexcept;

private:
    struct Entries;
    explicit Taxonomy(std::shared_ptr<const Entries> entries);
    std::shared_ptr<const Entries> entries_;
};

}  // namespace speciesnet
