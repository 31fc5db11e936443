"""Invented texts in the forms of each framework, read as their gold list has them.

Half of the texts were written before the reader, half after it; each says which.
"""

from collections import Counter

import pytest
from gold import score, texts

import hmcpsi_data as hd

TEXTS = texts()


@pytest.mark.parametrize("gold", TEXTS, ids=lambda gold: gold.name)
def test_nothing_is_invented_and_nothing_lost_in_silence(gold):
    document = hd.read_document(gold.text, gold.name)
    made = score(gold, document)
    assert made.invented == []
    assert made.silent == []
    assert made.missed == []


@pytest.mark.parametrize("gold", TEXTS, ids=lambda gold: gold.name)
def test_area_framework_and_date(gold):
    document = hd.read_document(gold.text, gold.name)
    assert (document.area, document.framework_id, document.published) == gold.front


def test_the_texts_are_many_and_half_of_them_came_before_the_reader():
    when = Counter(gold.when for gold in TEXTS)
    assert when.total() >= 44
    assert when["before"] >= 20
    assert when["after"] >= 20
    assert all("invented" in gold.text.casefold() for gold in TEXTS)


@pytest.mark.parametrize("name", ["shopping", "schools", "joint"])
def test_what_is_no_inspection_of_the_cps_gives_one_sentence(name):
    gold = next(gold for gold in TEXTS if gold.name == name)
    (row,) = hd.read_document(gold.text).claims.itertuples()
    assert not row.certain
    assert "nothing here looks like an inspection of the CPS" in row.why
