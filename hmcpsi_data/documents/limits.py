"""How much of a document is read at most, so that none takes all time or all memory.

A press notice has 7 kB and 70 lines, a full inspection report some 100 pages. What passes a limit
is refused with a `DocumentError` before it is parsed, or as soon as it is seen.
"""

__all__ = [
    "MAX_ACTIONS",
    "MAX_BYTES",
    "MAX_CELLS",
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "MAX_FORMS",
    "MAX_HTML",
    "MAX_LINE",
    "MAX_LINES",
    "MAX_NUMBERS",
    "MAX_PAGES",
    "MAX_PAGE_BYTES",
    "MAX_PARTS",
    "MAX_PROBLEMS",
    "MAX_SENTENCE",
    "MAX_SENTENCES",
    "MAX_UNPACKED",
    "MAX_WORK",
    "MAX_XML",
]

MAX_BYTES = 10_000_000
"""Bytes of a file as it is given."""

MAX_CHARACTERS = 500_000
"""Characters of the text as read."""

MAX_LINES = 15_000
"""Lines of the text as read."""

MAX_HTML = 2_000_000
"""Characters of an HTML page with its tags and scripts."""

MAX_LINE = 10_000
"""Characters of one line; a longer line is a problem and is not read for its meaning."""

MAX_CELLS = 50
"""Cells of one row of a table."""

MAX_DEPTH = 200
"""Elements within elements in HTML; the libraries refuse more than 256 in DOCX."""

MAX_PAGES = 300
"""Pages of a PDF."""

MAX_PAGE_BYTES = 700_000
"""Bytes of one unpacked stream of a PDF."""

MAX_FORMS = 20
"""Forms (drawings within drawings) that one page of a PDF may call."""

MAX_WORK = 3_000_000
"""Work that a PDF may be, in unpacked bytes of drawing instructions (`pdf` says how it counts).

It is reached by some 100 pages of nothing but small print, and by more pages of a usual report;
reading takes about five seconds then.
"""

MAX_PARTS = 1_000
"""Parts of a DOCX."""

MAX_XML = 5_000_000
"""Bytes of the unpacked XML of a DOCX."""

MAX_UNPACKED = 20_000_000
"""Bytes of all that is unpacked of a DOCX or of one stream of a PDF."""

MAX_SENTENCE = 1_000
"""Characters of a sentence that is searched for ratings, or for names of police forces."""

MAX_SENTENCES = 300
"""Sentences with rating words that are searched for ratings."""

MAX_NUMBERS = 10_000
"""Numbers of a document that are looked at for their unit."""

MAX_ACTIONS = 500
"""Issues, recommendations or aspects for improvement of one document."""

MAX_PROBLEMS = 200
"""Problems that are listed; the last one says how many more there are."""
