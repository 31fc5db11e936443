"""Whatever is read, it is a sound `Document` or a `DocumentError`, and nothing else.

Random documents, and invented ones that were cut, mixed and spoilt; `make trust` reads 10,000.
"""

import pytest
from hostile import DOCX, FRAGMENTS, LINES, PDF, TEXTS, random_documents, told
from hypothesis import example, given
from hypothesis import strategies as st

import hmcpsi_data as hd


@given(st.lists(st.sampled_from(LINES) | st.sampled_from(FRAGMENTS), max_size=60))
@example(["# Area Assurance inspection of CPS Northmarch", "(An n invented n label)", "Good"])
def test_lines_of_several_documents_in_any_order(chosen):
    assert told("\n".join(chosen)) == "clear"


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=60).map("".join))
def test_fragments_put_together(text):
    assert told(text) == "clear"


@given(st.text(max_size=400) | st.binary(max_size=400), st.sampled_from([None, "a.txt", "a.html"]))
def test_any_text_and_any_bytes(data, name):
    assert told(data, name) == "clear"


@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 40), st.binary(max_size=12)), max_size=6),
    st.sampled_from(["a.txt", "a.html", "a.md"]),
)
def test_documents_that_were_spoilt(text, changes, name):
    data = bytearray(text.encode())
    for place, length, new in changes:
        at = int(place * len(data))
        data[at : at + length] = new
    assert told(bytes(data), name) == "clear"


@pytest.mark.parametrize("data", [PDF, DOCX])
def test_what_is_spoilt_was_sound(data):
    assert len(hd.read_document(data).ratings) == 1


def test_random_documents_of_every_kind():
    kinds = set()
    for kind, source, name in random_documents(120, seed=0):
        assert told(source, name) == "clear"
        kinds.add(kind)
    assert len(kinds) == 6
