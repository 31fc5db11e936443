"""Whatever is read, it is a sound `Document` or a `DocumentError`, and nothing else.

10,000 documents in CI, 200 elsewhere: random ones, and invented ones that were cut, mixed, spoilt.
"""

import re
from pathlib import Path

import pandas as pd
import pytest
from conftest import IN_CI
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from papers import column, pdf, word

import hmcpsi_data as hd
from hmcpsi_data.documents.document import COLUMNS, KINDS
from hmcpsi_data.documents.text import printed

FOLDER = Path(__file__).parent / "documents"
TEXTS = [path.read_bytes() for path in sorted(FOLDER.iterdir())]
LINES = sorted({line for data in TEXTS for line in data.decode("latin-1").splitlines()})
PDF = pdf(
    column(
        60, 800, ["Invented: overall performance assessment of CPS Kent", "Aspect", "Leadership"]
    )
    + column(300, 800, ["", "Rating", "Good"]),
    [(60, 800, "CPS Kent has five offices.")],
)
DOCX = word(
    "Invented: CPS response to the Area Assurance inspection of CPS Wessex",
    "Issues to address",
    ("Write better letters", "List Number"),
    "CPS response: We will.",
    [["Aspect", "Rating"], ["Leadership", "Good"]],
)
FRAGMENTS = [
    "Good", "fair", "POOR", "Excellent", "Achieved", "Limited progress", "\t", "  ", "|", "\n",
    "\n\n", "1. ", "2. ", "10. ", "- ", ": ", "CPS response: ", "Recommendation 1", "Leadership",
    "Critical aspects", "Aspect\tRating", "Issues to address", "rated as 'Good'", "of which ",
    "CPS Kent", "Overall Performance Assessment", "Area Assurance", "follow-up inspection", "",
    "31/11/2016", "March 2006", "five hundred and ", "99,999,999 cases", "21.4%", "the Area",
    "in relation to ", "<table>", "</td>", "<td>", "<script>", "**", "\N{NO-BREAK SPACE}", "\u202e",
    "\ud800", "\0", "(" * 9, "a" * 400, "and " * 60, "the " * 60 + "Area was rated ", "1 " * 200,
    "... " * 100, "'" * 50,
]  # fmt: skip


def share(of):
    """Settings for a share of the 10,000 in CI and of the 200 elsewhere."""
    number = of if IN_CI else max(1, of // 50)
    return settings(max_examples=number, suppress_health_check=[HealthCheck.too_slow])


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
        for locator in frame["locator"]:
            assert any(map(str.strip, document.words(locator)))
        assert not frame["locator"].isna().any()
    assert set(document.ratings["rating"]) <= {"Excellent", "Good", "Fair", "Poor"}
    assert set(document.ratings["level"]) <= {"overall", "section", "criterion", "aspect"}
    for label, rating, locator in document.ratings[["label", "rating", "locator"]].values:
        words = squeezed(document, locator)
        assert rating.casefold() in words
        assert pd.isna(label) or set(plain(label).split()) <= set(words.split())
    assert not document.ratings[["label", "level"]].dropna().duplicated().any()
    for number, text in document.responses[["number", "text"]].values:
        assert number in set(document.actions["number"])
        assert text.strip()


def squeezed(document, locator):
    return plain(" ".join(map(printed, document.words(locator))))


def plain(text):
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


lines = st.lists(st.sampled_from(LINES) | st.sampled_from(FRAGMENTS), max_size=60)


@share(4_000)
@given(lines)
@example(["# Area Assurance inspection of CPS Kent", "(An n invented n label)", "Good"])
def test_lines_of_several_documents_in_any_order(chosen):
    read("\n".join(chosen))


@share(2_000)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=60).map("".join))
def test_fragments_put_together(text):
    read(text)


@share(500)
@given(st.text(max_size=400))
def test_any_text(text):
    read(text)


@share(500)
@given(st.binary(max_size=400), st.sampled_from([None, "a.txt", "a.html", "a.pdf", "a.docx"]))
def test_any_bytes(data, name):
    read(data, name)


@share(1_500)
@given(st.sampled_from(TEXTS).flatmap(mutated), st.sampled_from(["a.txt", "a.html", "a.md"]))
def test_documents_that_were_spoilt(data, name):
    read(data, name)


@share(1_000)
@given(mutated(PDF))
def test_a_pdf_that_was_spoilt(data):
    read(data, "a.pdf")


@share(500)
@given(mutated(DOCX))
def test_a_docx_that_was_spoilt(data):
    read(data, "a.docx")


@pytest.mark.parametrize("data", [PDF, DOCX])
def test_what_is_spoilt_was_sound(data):
    assert len(hd.read_document(data).ratings) == 1
