# SPDX-License-Identifier: Apache-2.0
# Tests the functions with the demonstration model, and their errors.
library(speciesnetr)

message_of <- function(expression) tryCatch({ expression; "" }, error = conditionMessage)
expect <- function(...) stopifnot(...)

zebra <- system.file("photos", "zebra.jpg", package = "speciesnetr")
model <- sn_load("demo", threads = 2)

# One row for each detection, with its answer.
found <- sn_predict(model, zebra, country = "KEN")
expect(nrow(found) == 2, all(found$name == "equus_quagga"), all(found$common_name == "plains zebra"))
expect(all(found$category == "animal"), all(found$conf > 0.9), all(found$country == "KEN"), all(found$detection == 1:2))
expect(all(found$xmin >= 0 & found$xmin + found$width <= 1.001), identical(found$failures, c(NA_character_, NA_character_)))
expect(startsWith(found$model_version, "demo"))

# A location for each photo; a zebra in the USA is rolled up.
two <- sn_predict(model, c(zebra, zebra), country = c("KEN", "USA"), explain = TRUE)
expect(nrow(two) == 4, all(two$name[3:4] == "equidae"), all(nchar(two$reason) > 10))

# A missing photo keeps its row and does not stop the others.
mixed <- sn_predict(model, c("nowhere.jpg", zebra))
expect(nrow(mixed) == 3, mixed$failures[1] == "CLASSIFIER,DETECTOR", grepl("nowhere.jpg", mixed$failure_reason[1]))
expect(is.na(mixed$conf[1]), all(!is.na(mixed$conf[2:3])))

# No photos give an empty table with the same columns.
none <- sn_predict(model, character())
expect(nrow(none) == 0, identical(names(none), names(found)), identical(lapply(none, class), lapply(found, class)))

# A list, and its conversion to a table.
listed <- sn_predict(model, zebra, country = "KEN", output = "list")
expect(inherits(listed, "sn_predictions"), length(listed) == 1, identical(as.data.frame(listed), found))
expect(any(grepl("1 photos, 0 failed", capture.output(print(listed)))))

# The progress bar counts photos.
shown <- capture.output(again <- sn_predict(model, zebra, country = "KEN", progress = TRUE))
expect(identical(again, found), any(grepl("100%", shown)))

# Folders.
expect(basename(sn_photos(dirname(zebra))) == "zebra.jpg")
folder <- tempfile("photos")
dir.create(file.path(folder, "b"), recursive = TRUE)
invisible(file.create(file.path(folder, c("x.JPG", "b/y.png", "._x.JPG", "notes.txt"))))
expect(identical(basename(sn_photos(folder)), c("y.png", "x.JPG")))
dir.create(file.path(folder, "@eaDir"))
invisible(file.create(file.path(folder, "@eaDir", "thumbnail.jpg")))
expect(identical(basename(sn_photos(folder)), c("y.png", "x.JPG")))
expect(grepl("there is no folder", message_of(sn_photos("nowhere"))))
writeBin(c(as.raw(c(0xff, 0xd8)), charToRaw("Drawn by SpeciesNet C++ (speciesnet visualize)")), file.path(folder, "drawn.jpg"))
writeBin(charToRaw("a photo"), file.path(folder, "z.jpg"))
expect(identical(basename(sn_photos(folder)), c("y.png", "x.JPG", "z.jpg")))
expect(identical(sn_photos(tempdir(), recursive = FALSE), character()))

# Models.
expect(length(sn_labels(model)) > 10, nzchar(sn_version()))
expect(any(grepl("demonstration model", capture.output(print(model)))))
expect(grepl("nowhere", message_of(sn_load("/nowhere"))))
saved <- tempfile()
saveRDS(model, saved)
expect(grepl("load it again", message_of(sn_predict(readRDS(saved), zebra))))

# A species list is applied.
elephants <- sn_load("demo", species_list = c("african elephant", "Panthera leo"))
unlisted <- sn_predict(elephants, zebra, country = "KEN", explain = TRUE)
expect(!any(unlisted$name == "equus_quagga"), all(grepl("not_in_species_list", unlisted$reason)))
overlay <- data.frame(taxon = c("equus quagga", "lion"), action = "block", country = c("KEN", NA))
blocked <- sn_predict(sn_load("demo", geofence_overlay = overlay), zebra, country = c("KEN"))
expect(all(blocked$name == "equidae"))
expect(grepl("'plains zebar', did you mean", message_of(sn_load("demo", species_list = "plains zebar"))))
expect(grepl("character vector", message_of(sn_load("demo", species_list = 7))))
expect(grepl("data.frame", message_of(sn_load("demo", geofence_overlay = "lion"))))

# Detections with a low confidence are not reported.
conf <- max(found$conf)
sure <- sn_predict(model, zebra, detection_threshold = conf)
expect(nrow(sure) < nrow(found), all(sure$conf >= conf))
unclassified <- sn_predict(model, zebra, classification_threshold = 1)
expect(nrow(unclassified) == nrow(found), all(is.na(unclassified$label) | unclassified$conf >= 1))

# Invalid arguments give a clear message.
expect(grepl("what sn_load\\(\\) returns", message_of(sn_predict("demo", zebra))))
expect(grepl("photos must be paths", message_of(sn_predict(model, 7))))
expect(grepl("country has 3 values", message_of(sn_predict(model, zebra, country = c("KEN", "UGA", "TZA")))))
expect(grepl("detection_threshold", message_of(sn_predict(model, zebra, detection_threshold = 7))))
expect(grepl("precision|arg", message_of(sn_load("demo", precision = "fp8"))))
expect(grepl("threads", message_of(sn_load("demo", threads = -1))))
expect(nzchar(message_of(sn_predict(model, zebra, country = "Nowhere"))))

# The memory of results belongs to R, so the model may be released.
rm(model)
invisible(gc())
expect(nrow(found) == 2)
