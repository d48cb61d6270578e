# SPDX-License-Identifier: Apache-2.0
# The package's functions; src/speciesnetr.c calls the C ABI.

sn_load <- function(model = "demo",
        # <options r-arguments load> by scripts/generate_options
        threads = 0, precision = c("fp32", "bf16", "int8", "auto"), geofence = TRUE, offline = FALSE,
        detector = NULL,
        # </options>
        species_list = NULL, geofence_overlay = NULL) {
    # <options r-choices load> by scripts/generate_options
    check_number(threads, "threads", 0, 1024)
    precision <- match.arg(precision)
    check_flag(geofence, "geofence")
    check_flag(offline, "offline")
    check_path(detector, "detector")
    choices <- list(as.integer(threads),
                    match(precision, c("fp32", "bf16", "int8", "auto")) - 1L,
                    geofence,
                    offline,
                    if (is.null(detector)) "" else enc2native(path.expand(detector)))
    # </options>
    check_string(model, "model")
    if (!is.null(species_list) && (!is.character(species_list) || anyNA(species_list))) {
        stop("species_list must be a character vector of names without NA; see readLines() for those of a file", call. = FALSE)
    }
    if (!is.null(geofence_overlay) && !is.data.frame(geofence_overlay)) {
        stop("geofence_overlay must be a data.frame with the columns taxon and action; see read.csv()", call. = FALSE)
    }
    pointer <- .Call(C_load, enc2utf8(path.expand(model)), choices,
                     if (!is.null(species_list)) enc2utf8(paste(species_list, collapse = "\n")),
                     if (!is.null(geofence_overlay)) csv_of(geofence_overlay))
    structure(list(pointer = pointer), class = "sn_ensemble")
}

sn_predict <- function(ensemble, photos, country = NULL, admin1_region = NULL, latitude = NULL, longitude = NULL,
        # <options r-arguments predict> by scripts/generate_options
        explain = FALSE, detection_threshold = 0.01, classification_threshold = 0.1,
        coordinates_from_exif = FALSE,
        # </options>
        progress = interactive(), output = c("data.frame", "list")) {
    output <- match.arg(output)
    if (!inherits(ensemble, "sn_ensemble")) {
        stop("ensemble must be the result of sn_load(), not ", class(ensemble)[1], call. = FALSE)
    }
    if (!is.character(photos) || anyNA(photos)) {
        stop("photos must be paths, as a character vector without NA; see sn_photos() for those of a folder", call. = FALSE)
    }
    # <options r-choices predict> by scripts/generate_options
    check_flag(explain, "explain")
    check_number(detection_threshold, "detection_threshold", 0.01, 1)
    check_number(classification_threshold, "classification_threshold", 0, 1)
    check_flag(coordinates_from_exif, "coordinates_from_exif")
    choices <- list(explain,
                    as.double(detection_threshold),
                    as.double(classification_threshold),
                    coordinates_from_exif)
    # </options>
    check_flag(progress, "progress")
    count <- length(photos)
    bar <- if (progress && count > 0) txtProgressBar(max = count, style = 3) else NULL
    if (!is.null(bar)) {
        on.exit(close(bar))
    }
    report <- if (is.null(bar)) NULL else function(done) setTxtProgressBar(bar, done)
    predictions <- .Call(C_predict, ensemble$pointer, enc2utf8(path.expand(photos)),
                         for_each(country, photos, "country", "character"),
                         for_each(admin1_region, photos, "admin1_region", "character"),
                         for_each(latitude, photos, "latitude", "double"),
                         for_each(longitude, photos, "longitude", "double"),
                         choices, report)
    predictions <- structure(predictions, class = "sn_predictions")
    if (output == "list") predictions else as.data.frame(predictions)
}

# Returns whether `speciesnet visualize` drew an image; examples/cli/drawing/jpeg_writer.hpp has the
# same mark. Pipes and devices have no size, so they are not opened.
is_annotated_copy <- function(photo) {
    isTRUE(file.size(photo) > 0) && length(grepRaw("Drawn by SpeciesNet C++ (speciesnet visualize)",
        tryCatch(readBin(photo, "raw", 256L), error = function(e) raw(), warning = function(w) raw()), fixed = TRUE)) > 0
}

sn_photos <- function(folder, recursive = TRUE) {
    check_string(folder, "folder")
    if (!dir.exists(folder)) {
        stop("there is no folder '", folder, "'", call. = FALSE)
    }
    # Only some builds read these; values are the library's numbers of formats.
    extensions <- c("jpe?g", "png", "tiff?", "webp", if (.Call(C_can_decode, 7L)) c("hei[cf]", "hif"),
                    if (.Call(C_can_decode, 8L)) "avif")
    photos <- list.files(folder, pattern = paste0("\\.(", paste(extensions, collapse = "|"), ")$"), recursive = recursive,
                         ignore.case = TRUE)
    # Folders of thumbnails and deleted files. list.files() omits hidden ones.
    system_folders <- c("@eaDir", "@Recycle", "#recycle", "$RECYCLE.BIN", "RECYCLER", "System Volume Information",
                        "__MACOSX", "lost+found")
    is_photo <- vapply(strsplit(dirname(photos), "/", fixed = TRUE), function(parts) !any(parts %in% system_folders), NA)
    photos <- file.path(folder, photos[is_photo])
    sort(photos[!vapply(photos, is_annotated_copy, NA)], method = "radix")
}

sn_labels <- function(ensemble) {
    if (!inherits(ensemble, "sn_ensemble")) {
        stop("ensemble must be the result of sn_load()", call. = FALSE)
    }
    .Call(C_labels, ensemble$pointer)
}

sn_version <- function() .Call(C_version)

as.data.frame.sn_predictions <- function(x, row.names = NULL, optional = FALSE, ...) {
    detections <- lapply(x, function(prediction) prediction$detections)
    # A photo without detections also has a row, so that no photo is lost.
    rows <- vapply(detections, function(found) max(1L, length(found$conf)), integer(1))
    photo <- function(field) rep(vapply(x, function(p) p[[field]], NA_character_, USE.NAMES = FALSE), rows)
    column <- function(field, missing) {
        unlist(lapply(detections, function(found) if (length(found$conf) == 0) missing else found[[field]]),
               use.names = FALSE) %||% missing[0]
    }
    data.frame(
        filepath = photo("filepath"),
        failures = photo("failures"),
        failure_reason = photo("failure_reason"),
        country = photo("country"),
        admin1_region = photo("admin1_region"),
        detection = unlist(lapply(detections, function(found) {
            if (length(found$conf) == 0) NA_integer_ else seq_along(found$conf)
        })) %||% integer(),
        category = column("category", NA_character_),
        conf = column("conf", NA_real_),
        xmin = column("xmin", NA_real_), ymin = column("ymin", NA_real_),
        width = column("width", NA_real_), height = column("height", NA_real_),
        label = column("label", NA_character_),
        name = column("name", NA_character_),
        common_name = column("common_name", NA_character_),
        score = column("score", NA_real_),
        source = column("source", NA_character_),
        reason = column("reason", NA_character_),
        model_version = photo("model_version"),
        row.names = row.names, stringsAsFactors = FALSE
    )
}

print.sn_ensemble <- function(x, ...) {
    description <- .Call(C_describe, x$pointer)
    cat("SpeciesNet model ", description$version, " (", description$type, "), ", description$labels, " labels\n", sep = "")
    if (description$demo) {
        cat("This is the demonstration model: its answers are not SpeciesNet's.\n")
    }
    invisible(x)
}

print.sn_predictions <- function(x, ...) {
    failed <- sum(!is.na(vapply(x, function(p) p$failures, NA_character_)))
    cat("Predictions of", length(x), "photos,", failed, "failed; as.data.frame() makes a table\n")
    invisible(x)
}

`%||%` <- function(value, otherwise) if (is.null(value)) otherwise else value

# Writes a table as comma-separated values; missing values are empty.
csv_of <- function(table) {
    lines <- character()
    connection <- textConnection("lines", "w", local = TRUE, encoding = "UTF-8")
    utils::write.csv(table, connection, row.names = FALSE, na = "")
    close(connection)
    enc2utf8(paste(lines, collapse = "\n"))
}

# Returns one value for each photo: given once, for each, or not at all.
for_each <- function(value, photos, name, mode) {
    if (is.null(value)) {
        return(NULL)
    }
    if (!length(value) %in% c(1L, length(photos))) {
        stop(name, " has ", length(value), " values; give one, or one for each of the ", length(photos), " photos",
             call. = FALSE)
    }
    if (mode == "double" && !(is.numeric(value) || all(is.na(value)))) {
        stop(name, " is not numeric", call. = FALSE)
    }
    value <- rep_len(as.vector(value, mode), length(photos))
    if (mode == "character") enc2utf8(value) else value
}

check_flag <- function(value, name) {
    if (!is.logical(value) || length(value) != 1 || is.na(value)) {
        stop(name, " must be TRUE or FALSE", call. = FALSE)
    }
}

check_string <- function(value, name) {
    if (!is.character(value) || length(value) != 1 || is.na(value)) {
        stop(name, " must be one string", call. = FALSE)
    }
}

check_path <- function(value, name) {
    if (!is.null(value)) {
        check_string(value, name)
    }
}

check_number <- function(value, name, least, most) {
    if (!is.numeric(value) || length(value) != 1 || is.na(value) || value < least || value > most) {
        stop(name, " must be one number from ", least, " to ", most, call. = FALSE)
    }
}
