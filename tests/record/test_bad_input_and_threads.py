"""Whatever is typed gives a result or a sentence; what is handed out is the caller's own."""

from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from sweep import faults

import hmcpsi_data as hd
from hmcpsi_data import show
from hmcpsi_data.tables.record import Record

FRAME = hd.ratings("Leicestershire")
FUNCTIONS = {
    hd.find_area: {"name": "Kent"},
    hd.lineage: {"area": "Kent"},
    hd.predecessors: {"area": "Kent"},
    hd.successors: {"area": "Kent"},
    hd.areas: {},
    hd.aspects: {},
    hd.ratings: {},
    hd.undisputed: {"rows": FRAME},
    hd.facts: {},
    hd.theme_history: {"theme": "disclosure"},
    hd.actions: {},
    hd.timeline: {"area": "Kent"},
    hd.coverage: {},
    hd.national: {},
    hd.citations: {"rows": FRAME},
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_whatever_is_typed_gives_a_result_or_a_sentence_and_what_is_given_is_the_callers(function):
    given = FUNCTIONS[function]
    assert faults(function, given) == []
    first = function(**given)
    if isinstance(first, pd.DataFrame) and first is not FRAME:
        kept = first.copy(deep=True)
        first.iloc[:, 0] = pd.NA
        first["extra"] = 1
        pd.testing.assert_frame_equal(function(**given), kept)


def test_32_threads_share_one_record():
    """All begin on a record of which nothing has been read yet, and get what one alone gets."""
    record = Record()
    alone = Record()
    asked = [
        lambda one: hd.ratings("Leicestershire", search="court", record=one),
        lambda one: hd.facts(theme="disclosure", record=one),
        lambda one: hd.actions(state="done", each="commitment", record=one),
        lambda one: hd.timeline("South West", record=one),
        lambda one: hd.coverage(by="measure", record=one),
        lambda one: hd.national(record=one),
        lambda one: hd.lineage("London South", record=one),
        lambda one: show.coverage_matrix("Kent", one).frame,
    ]
    expected = [ask(alone) for ask in asked]
    with ThreadPoolExecutor(32) as pool:
        found = list(pool.map(lambda n: asked[n % len(asked)](record), range(32)))
    for n, frame in enumerate(found):
        pd.testing.assert_frame_equal(frame, expected[n % len(asked)])
