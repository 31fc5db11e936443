"""Show as code: the lines, pasted where nothing is known, give the table that is downloaded."""

import pandas as pd
import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_editor import CrosswalkEditor
from hmcpsi_data.explorers import (
    AreaTimeline,
    ComparisonExplorer,
    CrosswalkExplorer,
    IssueTracker,
    ProgressTracker,
    RatingsExplorer,
    ThemeExplorer,
)
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.explorers.export import csv_bytes

OPA_2007 = "opa_2005 to opa_2007"
CASES = [
    (RatingsExplorer, {}),
    (RatingsExplorer, {"framework": "opa_2005", "rating": ["Poor", "Fair"], "search": "case's"}),
    (RatingsExplorer, {"theme": "disclosure", "tier": ["inspectorate"], "level": ["aspect"]}),
    (RatingsExplorer, {"critical": "other", "basis": ["stated"]}),
    (RatingsExplorer, {"critical": "critical", "speaker": ["inspectorate"], "picture": "strips"}),
    (RatingsExplorer, {"area": "essex_1999", "basis": ["contradicted"]}),
    (ComparisonExplorer, {}),
    (ComparisonExplorer, {"verdict": ["below it", "above it"], "search": "victims"}),
    (ComparisonExplorer, {"relation": ["overlaps", "equal"], "confidence": ["low"]}),
    (ComparisonExplorer, {"pair": OPA_2007, "confidence": ["high"], "search": "court"}),
    (CrosswalkExplorer, {}),
    (CrosswalkExplorer, {"pair": OPA_2007, "area": "leicestershire_1999"}),
    (CrosswalkExplorer, {"pair": OPA_2007, "link": "1", "relation": "overlaps", "low": "0.1"}),
    (AreaTimeline, {"relatives": "family", "kind": ["rating", "finding"], "search": "fair"}),
    (AreaTimeline, {"area": "south_west_2011", "each": "row", "search": "victim"}),
    (AreaTimeline, {"each": "row", "tier": ["inspectorate"], "basis": ["stated"]}),
    (ProgressTracker, {}),
    (ProgressTracker, {"kind": ["recommendation"], "progress": ["Achieved"], "search": "a"}),
    (IssueTracker, {"theme": "victim_letters"}),
    (IssueTracker, {"each": "commitment", "kind": ["training", "guidance"], "dated": "undated"}),
    (IssueTracker, {"each": "commitment", "watched_by": "nobody", "state": ["done"]}),
    (ThemeExplorer, {}),
    (ThemeExplorer, {"theme": ""}),
    (ThemeExplorer, {"theme": "", "round": "2016", "kind": ["finding"], "search": "letters"}),
    (ThemeExplorer, {"theme": "victim_letters", "speaker": ["inspected_body"], "search": "x"}),
]


@pytest.fixture(autouse=True)
def undrawn(monkeypatch):
    """Pictures have tests of their own, and take time."""
    monkeypatch.setattr(Explorer, "_draw", lambda *_: None)


def pasted(code):
    """What lines of Python give in a fresh place."""
    lines, _, last = code.rpartition("\n")
    known = {}
    exec(lines, known)
    return eval(last, known)


def as_downloaded(explorer):
    """The pasted lines of an explorer as the CSV that it gives, and that CSV."""
    given = pasted(explorer.view["code"])
    if isinstance(explorer, CrosswalkExplorer):
        pd.testing.assert_frame_equal(given, explorer.crosswalk.to_frame())
        return csv_bytes(given), csv_bytes(explorer.frame)
    return csv_bytes(given), explorer.download("csv")[1]


@pytest.mark.parametrize(("kind", "filters"), CASES)
def test_the_code_gives_what_is_downloaded(kind, filters):
    explorer = kind()
    explorer.set(**filters)
    assert explorer.error == ""
    given, downloaded = as_downloaded(explorer)
    assert given == downloaded


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the data of which the code must speak: its Area and themes have other names."""
    copy = Copy(tmp_path_factory.mktemp("own") / "it's mine")
    for table, column in (("areas", "name"), ("themes", "title"), ("actions", "topic")):
        header, *rows = copy.read(table)
        for row in rows:
            row[header.index(column)] += " as copied"
        copy.write(table, [header, *rows])
    header, *rows = copy.read("evidence")
    line = copy.line("ratings", basis="contradicted")
    essex = dict(copy.records("ratings"))[line]["rating_id"]
    new = dict(zip(header, rows[0], strict=True)) | {"table": "ratings", "row_id": essex}
    new |= {"theme_id": "disclosure"}
    copy.write("evidence", [header, *rows, list(new.values())])
    return copy.folder


@pytest.mark.parametrize(("kind", "filters"), CASES[::2])
def test_the_code_names_the_folder_that_is_shown(kind, filters, folder):
    explorer = kind(folder=folder)
    explorer.set(**filters)
    given, downloaded = as_downloaded(explorer)
    assert given == downloaded


def mine():
    """A shipped crosswalk with a row changed, one dropped and one added."""
    editor = CrosswalkEditor(Crosswalk.load("opa_2005", "aap_2016_east_midlands"))
    editor.change(0, share_high=0.8, justification='It\'s "ours"  # from here import there')
    editor.drop(13)
    editor.add("opa_2005_disclosure", "aap_2016_east_midlands_reviews_and_decisions")
    return editor.crosswalk


@pytest.mark.parametrize("kind", [ComparisonExplorer, CrosswalkExplorer])
def test_a_crosswalk_of_your_own_is_made_by_the_code_itself(kind):
    explorer = kind(crosswalk=mine())
    assert explorer.state["pair"].startswith("your ")
    given, downloaded = as_downloaded(explorer)
    assert given == downloaded
    explorer.set(**({"confidence": ["low"]} if kind is ComparisonExplorer else {"low": "0.2"}))
    given, downloaded = as_downloaded(explorer)
    assert given == downloaded


@pytest.mark.parametrize("kind", [ComparisonExplorer, CrosswalkExplorer])
def test_so_is_one_between_sets_that_no_folder_has(kind):
    aspects = pd.DataFrame({"aspect_id": ["a", "b"], "set_id": ["old", "new"]})
    row = {"source_set": "old", "source_aspect_id": "a", "target_set": "new"}
    row |= {"target_aspect_id": "b", "status": "mapped", "relation": "equal"}
    explorer = kind(crosswalk=Crosswalk(pd.DataFrame([row]), aspects=aspects))
    given, downloaded = as_downloaded(explorer)
    assert given == downloaded


def test_themes_have_their_columns_in_the_history_as_well():
    found = hd.theme_history(["disclosure", "victim_letters"])
    assert found["theme"].unique().tolist() == ["Disclosure", "Victim letters"]
    assert list(ThemeExplorer().frame) == list(found)
