"""Filters know what they are asked for by any name, and refuse what nobody knows."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hmcpsi_data as hd
from hmcpsi_data.record.filters import choose, options, search
from hmcpsi_data.words import plain

THEMES = hd.load("themes")
NAMES = ["area", "framework", "theme", "level", "rating", "speaker", "tier", "basis", "kind",
         "round", "progress", "state", "monitored_by", "commitment"]  # fmt: skip
INVISIBLE = ["\u00ad", "\u200b", "\u200c", "\u200d", "\u061c", "\u2060", "\U000e0041"]


def test_a_round_is_known_by_its_span_and_by_each_year_in_it():
    assert "opa_2005" in choose("framework", "2006")
    assert choose("round", "2005") == choose("round", 2006) == ["2005-06"]
    for label in hd.load("frameworks")["round"].unique():
        assert choose("round", label)[0] == label
        year = label[:4]
        if year.isdigit():  # a year that is itself the label of a round means that round alone
            assert choose("round", year) == [year] or label in choose("round", year)
    for year in ("1999", "2055", "twenty"):
        with pytest.raises(hd.UnknownValueError, match=r"^round "):
            choose("round", year)


@given(st.sampled_from(THEMES["title"].tolist()), st.sampled_from(INVISIBLE), st.data())
def test_characters_that_nobody_sees_make_no_difference(title, invisible, data):
    at = data.draw(st.integers(0, len(title)))
    written = title[:at] + invisible + title[at:]
    assert choose("theme", written.swapcase()) == choose("theme", title)


@pytest.mark.parametrize("name", [*NAMES, "set_id", "aspect"])
def test_a_value_that_no_filter_knows_is_refused_everywhere_alike(name):
    for wrong in ("", "zzz", 3.5, True, pd.NA, float("nan"), b"Good", object()):
        for asked in (wrong, [wrong]):
            with pytest.raises(hd.UnknownValueError) as caught:
                choose(name, asked)
            assert caught.value.argument == name
            assert str(caught.value).isprintable()


@given(st.sampled_from(THEMES["covers"].tolist()), st.randoms(use_true_random=False))
def test_the_words_of_a_cell_in_any_order_find_its_row(covers, random):
    words = plain(covers).split()
    random.shuffle(words)
    marks = [random.choice([" ", ", ", "-", " / "]) for _ in words]
    text = "".join(word.upper() + mark for word, mark in zip(words, marks, strict=True))
    assert covers in set(search(THEMES, text)["covers"])


def test_what_is_no_text_is_refused_with_a_sentence():
    asked = [lambda: search(THEMES, 5)]
    asked += [lambda view=view: view(search=["disclosure"]) for view in
              (hd.timeline, hd.ratings, hd.facts, hd.actions)]  # fmt: skip
    for ask in asked:
        with pytest.raises(hd.HmcpsiError, match=r"^search takes a text"):
            ask()


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_a_value_that_its_filter_knows(name):
    found = options(name)
    assert found
    assert len({value for value, _, _ in found}) == len(found)
    for value, label, n in found:
        assert value in choose(name, value)
        assert label
        assert n == 0
    if name != "round":
        labels = [plain(label) for _, label, _ in found]
        assert labels == sorted(labels)


def test_options_are_counted_in_the_rows_that_are_given():
    opa = {"framework": "opa_2005", "level": "aspect"}
    rows = hd.ratings("Leicestershire", **opa)
    counts = {value: n for value, _, n in options("rating", frame=rows)}
    assert (counts["Good"], sum(counts.values())) == (7, 14)
    themes = {value: n for value, _, n in options("theme", frame=rows)}
    assert themes["disclosure"] == len(hd.ratings("Leicestershire", theme="disclosure", **opa))
    kinds = {value: n for value, _, n in options("kind", frame=hd.facts("Leicestershire"))}
    assert kinds["progress"] == 9
