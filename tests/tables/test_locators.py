"""Locators are read, refused and written as the codebook says."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hmcpsi_data.errors import LocatorError
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.locators import Span, format_locator, lines_of, merged, parse

numbers = st.integers(1, 999_999)
pages = st.none() | numbers


spans = st.builds(lambda page, *ends: Span(page, *sorted(ends)), pages, numbers, numbers)


def test_lines_of_a_locator_and_of_several_together():
    for locator, lines in {
        "L20-L22;L30": [(None, 20), (None, 21), (None, 22), (None, 30)],
        "p3 L12-L13;L1": [(3, 12), (3, 13), (None, 1)],
    }.items():
        assert lines_of(locator) == lines
    assert merged(["p2 L3", "L26", "L20-L24", "L25;L30"]) == "L20-L26;L30;p2 L3"


def test_what_is_malformed_or_runs_backwards_is_refused_and_not_written():
    for locator in (
        "", "22", "l22", "L-1", "L2-3", "L2\u2013L3", "L2,L3", ";L2", "L2; L3", "L2\n", "p3L12",
        "P3 L12", "L\u0662", "L1000000", "L2-L3-L4", "L0-L2", "p0 L1", "L01",
    ):  # fmt: skip
        with pytest.raises(LocatorError, match=r"is not of the form L22, L20-L22, L3;L7 or p3 L12"):
            parse(locator)
    with pytest.raises(LocatorError, match="runs backwards"):
        parse("L1;p3 L5-L4")
    for spans in ([], [(None, 5, 4)], [(0, 1, 1)], [(None, 1, 10**6)]):
        with pytest.raises(LocatorError):
            format_locator(spans)


@given(st.lists(spans, min_size=1, max_size=5))
def test_what_is_written_is_read_again_and_has_the_form_of_the_description(spans):
    written = format_locator(spans)
    assert list(parse(written)) == spans
    assert re.fullmatch(table("findings").field("locator").pattern, written)
    few = [Span(span.page, span.first, min(span.last, span.first + 50)) for span in spans]
    assert len(lines_of(format_locator(few))) == sum(span.last - span.first + 1 for span in few)


# Hypothesis makes its table of all characters at the first text, which takes a busy machine longer
# than its own limit; that says nothing of locators.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(alphabet="pL0123456789-; ", max_size=20)
    | st.text(max_size=20)
    | st.from_regex(r"((p[0-9]{1,8} )?L[0-9]{1,7}(-L[0-9]{1,7})?;?){1,3}\n?")
)
def test_any_text_is_a_locator_or_a_locator_error(text):
    try:
        spans = parse(text)
    except LocatorError:
        return
    assert all(1 <= span.first <= span.last for span in spans)
    assert re.fullmatch(table("findings").field("locator").pattern, text)
