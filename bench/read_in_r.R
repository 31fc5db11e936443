# Reads all tables in R with the types of their description, and compares counts.
# A check outside `make test`, from the folder of the project: Rscript bench/read_in_r.R [FOLDER]
# It needs R and its package jsonlite (Debian: r-base-core, r-cran-jsonlite) and nothing else.

folder <- c(commandArgs(trailingOnly = TRUE), "data")[1]
package <- jsonlite::fromJSON(file.path(folder, "datapackage.json"), simplifyVector = FALSE)
kinds <- list(string = as.character, integer = as.integer, number = as.numeric,
              boolean = function(cells) c(true = TRUE, false = FALSE)[cells])
problems <- character()
told <- function(...) problems <<- c(problems, paste0(...))
key_of <- function(rows, columns) do.call(paste, c(unname(rows[unlist(columns)]), sep = "; "))

tables <- list()
for (resource in package$resources) {
  name <- resource$name
  fields <- resource$schema$fields
  names(fields) <- vapply(fields, `[[`, "", "name")
  rows <- read.csv(file.path(folder, resource$path), colClasses = "character", na.strings = "",
                   fileEncoding = "UTF-8", check.names = FALSE)
  if (!identical(names(rows), names(fields))) told(name, ": other columns than described")
  for (field in fields) {
    cells <- rows[[field$name]]
    typed <- suppressWarnings(kinds[[field$type]](cells))
    if (any(is.na(typed) & !is.na(cells))) told(name, ".", field$name, ": not ", field$type)
    if (isTRUE(field$constraints$required) && anyNA(cells)) told(name, ".", field$name, ": empty")
    words <- unlist(field$constraints$enum)
    if (length(words) && !all(cells[!is.na(cells)] %in% words)) told(name, ".", field$name, ": other word")
    rows[[field$name]] <- unname(typed)
  }
  if (nrow(rows) != resource$rows) told(name, ": ", nrow(rows), " rows, described are ", resource$rows)
  if (anyDuplicated(key_of(rows, resource$schema$primaryKey))) told(name, ": a key stands twice")
  tables[[name]] <- rows
}
for (resource in package$resources) {
  for (key in resource$schema$foreignKeys) {
    other <- if (nzchar(key$reference$resource)) key$reference$resource else resource$name
    own <- tables[[resource$name]][[unlist(key$fields)]]
    known <- tables[[other]][[unlist(key$reference$fields)]]
    if (!all(own[!is.na(own)] %in% known)) told(resource$name, ".", unlist(key$fields), ": not in ", other)
  }
}
for (name in names(tables)) cat(sprintf("%-20s %5d rows, %2d columns\n", name, nrow(tables[[name]]), ncol(tables[[name]])))
rated <- merge(tables$ratings, tables$inspections[c("inspection_id", "framework_id")])
print(table(rated$framework_id, rated$rating))
if (length(problems)) { cat(problems, sep = "\n"); quit(status = 1) }
cat("Read in R ", as.character(getRversion()), ": ", length(tables), " tables, no problem.\n", sep = "")
