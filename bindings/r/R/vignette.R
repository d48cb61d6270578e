# SPDX-License-Identifier: Apache-2.0
# The engine of this package's vignette, which needs only base R: an HTML page whose <r> elements
# are run and replaced by their code and output.

.onLoad <- function(libname, pkgname) {
    tools::vignetteEngine("page", weave = weave_page, tangle = tangle_page, pattern = "[.]page$", package = pkgname)
}

escape_html <- function(text) gsub("<", "&lt;", gsub("&", "&amp;", text, fixed = TRUE), fixed = TRUE)

page_chunks <- function(lines) {
    starts <- which(lines == "<r>")
    ends <- which(lines == "</r>")
    if (length(starts) != length(ends) || any(ends <= starts)) {
        stop("a page has an <r> without its </r>", call. = FALSE)
    }
    Map(function(start, end) list(start = start, end = end, code = lines[seq_len(end - start - 1) + start]), starts, ends)
}

weave_page <- function(file, ...) {
    lines <- readLines(file, encoding = "UTF-8")
    workspace <- new.env(parent = globalenv())
    output <- character()
    done <- 0
    for (chunk in page_chunks(lines)) {
        printed <- utils::capture.output(
            for (expression in parse(text = chunk$code, keep.source = FALSE)) {
                shown <- withVisible(eval(expression, workspace))
                if (shown$visible) print(shown$value)
            }
        )
        results <- if (length(printed) > 0) paste("#&gt;", escape_html(printed))
        output <- c(output, lines[seq_len(chunk$start - 1 - done) + done], "<pre>", escape_html(chunk$code), results, "</pre>")
        done <- chunk$end
    }
    target <- sub("[.]page$", ".html", basename(file))
    writeLines(c(output, lines[seq_len(length(lines) - done) + done]), target, useBytes = TRUE)
    target
}

tangle_page <- function(file, ...) {
    target <- sub("[.]page$", ".R", basename(file))
    code <- lapply(page_chunks(readLines(file, encoding = "UTF-8")), function(chunk) c(chunk$code, ""))
    writeLines(unlist(code), target, useBytes = TRUE)
    target
}
