"""Whatever is read, it is a sound `Document` or a `DocumentError`, and nothing else.

Random documents, and invented ones that were cut, mixed and spoilt; `make trust` reads 10,000.
"""

import re

import pandas as pd
import pytest
from gold import texts
from hypothesis import example, given
from hypothesis import strategies as st
from papers import column, pdf, word

import hmcpsi_data as hd
from hmcpsi_data.documents.claims import COLUMNS
from hmcpsi_data.documents.front import KINDS

TEXTS = [gold.text.encode() for gold in texts()]
LINES = sorted({line for text in TEXTS for line in text.decode().splitlines()})
PDF = pdf(
    column(
        60, 800, ["Invented: overall performance assessment of CPS Kent", "Aspect", "Leadership"]
    )
    + column(380, 800, ["", "Rating", "Good"]),
    [(60, 800, "CPS Kent has five offices.")],
)
DOCX = word(
    "Invented: CPS response to the Area Assurance inspection of CPS Wessex",
    "Issues to address",
    ("Write better letters", "List Number"),
    "CPS response: We will.",
    [["Criteria", "Score"], ["Effective leadership", "Good"]],
)
FRAGMENTS = [
    "Good", "fair", "POOR", "Excellent", "Achieved", "Limited progress", "\t", "  ", "|", "\n",
    "\n\n", "1. ", "2. ", "10. ", "- ", ": ", "CPS response: ", "Recommendation 1", "Leadership",
    "Critical aspects", "Aspect\tRating", "Issues to address", "rated as 'Good'", "of which ",
    "CPS Kent", "Overall Performance Assessment", "Area Assurance", "follow-up inspection", "",
    "31/11/2016", "March 2006", "five hundred and ", "99,999,999 cases", "21.4%", "the Area",
    "in relation to ", "<table>", "</td>", "<td>", "<script>", "**", "\N{NO-BREAK SPACE}", "\u202e",
    "\ud800", "\0", "(" * 9, "a" * 400, "and " * 60, "the " * 60 + "Area was rated ", "1 " * 200,
    "... " * 100, "'" * 50, "£2.5 million", "all four sections were rated as 'fair'",
]  # fmt: skip


def read(source, name=None):
    """Read and look the result over."""
    try:
        document = hd.read_document(source, name)
    except hd.DocumentError as error:
        assert "\n" not in str(error)  # noqa: PT017
        return
    assert document.kind in KINDS
    assert sum(document.pages) in {0, len(document.lines)}
    for table, columns in COLUMNS.items():
        frame = getattr(document, table)
        assert {name: str(frame[name].dtype) for name in frame} == columns
    for claim in document.claims.itertuples():
        assert any(map(str.strip, document.words(claim.locator)))
        assert claim.certain == pd.isna(claim.why)
    assert set(document.ratings["rating"]) <= {"Excellent", "Good", "Fair", "Poor"}
    for label, rating, locator in document.ratings[["label", "rating", "locator"]].values:
        words = plain(" ".join(document.words(locator)))
        assert rating.casefold() in words
        assert pd.isna(label) or set(plain(label).split()) <= set(words.split())
    known = document.ratings[["label", "level"]].dropna()
    assert not known.apply(lambda part: part.str.casefold()).duplicated().any()
    for number, text in document.responses[["number", "text"]].values:
        assert number in set(document.claims["row"].map(lambda row: row.get("number")))
        assert text.strip()


def plain(text):
    text = re.sub(
        r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0e-\x1b\x7f*_]", "", text
    )
    return " ".join(re.findall(r"\w+", text.casefold()))


def mutated(data):
    """Bytes that were cut, doubled, and changed in places."""
    place = st.integers(0, max(0, len(data) - 1))
    change = st.tuples(place, st.integers(1, 40), st.binary(max_size=12))

    def spoil(changes):
        spoilt = bytearray(data)
        for at, length, new in changes:
            spoilt[at : at + length] = new
        return bytes(spoilt)

    return st.lists(change, min_size=1, max_size=6).map(spoil)


@given(st.lists(st.sampled_from(LINES) | st.sampled_from(FRAGMENTS), max_size=60))
@example(["# Area Assurance inspection of CPS Kent", "(An n invented n label)", "Good"])
def test_lines_of_several_documents_in_any_order(chosen):
    read("\n".join(chosen))


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=60).map("".join))
def test_fragments_put_together(text):
    read(text)


@given(st.text(max_size=400) | st.binary(max_size=400), st.sampled_from([None, "a.txt", "a.html"]))
def test_any_text_and_any_bytes(data, name):
    read(data, name)


@given(st.sampled_from(TEXTS).flatmap(mutated), st.sampled_from(["a.txt", "a.html", "a.md"]))
def test_documents_that_were_spoilt(data, name):
    read(data, name)


@pytest.mark.parametrize("data", [PDF, DOCX])
def test_what_is_spoilt_was_sound(data):
    assert len(hd.read_document(data).ratings) == 1


@pytest.mark.parametrize(("data", "name"), [(PDF, "a.pdf"), (DOCX, "a.docx")])
@pytest.mark.parametrize("step", range(6))
def test_a_pdf_or_docx_that_was_spoilt(data, name, step):
    at = len(data) * (step + 1) // 7
    read(data[:at] + b"%" * 20 + data[at + 20 :], name)
    read(data[:at] + data[at // 2 :], name)
