// SPDX-License-Identifier: Apache-2.0
// Writes the file to disk, keeps small fields in memory, and discards other parts.
#include "upload.hpp"

#include "header_value.hpp"
#include "multipart.hpp"
#include "refusal.hpp"

#include <string_view>
#include <utility>

namespace server {
namespace {

constexpr std::string_view file_field = "file";

Refusal missing_file() {
    return field_refusal("missing", file_field, "Field required");
}

/// Receives the parts of one form.
class FormReceiver {
public:
    FormReceiver(const TemporaryFolder& folder, const UploadLimits& limits)
        : folder_(folder), limits_(limits) {}

    PartReceiver receiver() {
        return {.begin = [this](const PartHeader& header) { begin(header); },
                .data = [this](std::string_view bytes) { take(bytes); },
                .end = [this] { end(); }};
    }

    Upload finish() && {
        // A browser sends an empty file without a name if no file was selected.
        if (!file_ || (file_->size() == 0 && filename_.empty())) {
            throw missing_file();
        }
        return {.file = std::move(*file_),
                .filename = std::move(filename_),
                .declared_type = std::move(declared_type_),
                .fields = std::move(fields_)};
    }

private:
    enum class Target { nowhere, file, field };

    void begin(const PartHeader& header) {
        if (header.name == file_field) {
            begin_file(header);
        } else if (!header.filename) {
            target_ = Target::field;
            field_ = header.name;
            value_.clear();
        } else {
            target_ = Target::nowhere;
        }
    }

    void begin_file(const PartHeader& header) {
        if (!header.filename) {
            throw field_refusal("value_error", file_field,
                                "Value error, Expected UploadFile, received a field without a "
                                "file name");
        }
        if (file_) {
            throw field_refusal("too_long", file_field, "Only one file is accepted");
        }
        if (header.content_type && !header.filename->empty() &&
            !media_type(*header.content_type).starts_with("image/")) {
            throw Refusal(
                415,
                "The file is declared as " + *header.content_type +
                    ", which is not an image type; declare its real type, for instance image/jpeg");
        }
        file_.emplace(folder_.create());
        filename_ = *header.filename;
        declared_type_ = header.content_type;
        target_ = Target::file;
    }

    void take(std::string_view bytes) {
        if (target_ == Target::file) {
            if (bytes.size() > limits_.file_bytes - file_->size()) {
                throw Refusal(413, "The file is larger than " + std::to_string(limits_.file_bytes) +
                                       " bytes");
            }
            file_->append(bytes);
            return;
        }
        if (target_ == Target::field) {
            if (bytes.size() > limits_.field_bytes - value_.size()) {
                throw field_refusal("string_too_long", field_,
                                    "String should have at most " +
                                        std::to_string(limits_.field_bytes) + " characters");
            }
            value_ += bytes;
        }
    }

    void end() {
        if (target_ == Target::field) {
            fields_.insert_or_assign(field_, value_);
        }
    }

    const TemporaryFolder& folder_;
    const UploadLimits& limits_;
    std::optional<TemporaryFile> file_;
    std::string filename_;
    std::optional<std::string> declared_type_;
    std::map<std::string, std::string> fields_;
    Target target_ = Target::nowhere;
    std::string field_;
    std::string value_;
};

}  // namespace

Upload read_upload(const Request& request, const TemporaryFolder& folder,
                   const UploadLimits& limits) {
    const auto boundary = multipart_boundary(request.header("content-type"));
    if (!boundary || request.body.empty()) {
        throw missing_file();
    }
    FormReceiver form(folder, limits);
    MultipartParser parser(*boundary, form.receiver());
    parser.feed(request.body);
    if (!parser.complete()) {
        throw Refusal(400, "There was an error parsing the body: it ends within a part");
    }
    return std::move(form).finish();
}

}  // namespace server
