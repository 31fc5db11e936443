"""Every function, picture and explorer takes a folder of one's own, where a document was added."""

import inspect
import os

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import actions, agreement, explorers, ordinal, pictures, results, show, timeline
from hmcpsi_data.documents.example import invented_notice
from hmcpsi_data.path import area_path
from hmcpsi_data.pictures.commitments import commitment_matrix
from hmcpsi_data.pictures.themes import theme_evidence

AREA = "inventshire_2016"
INSPECTION = "inventshire_aap_2016"
# What takes no folder: it makes one, reads no table, or is told in which folder by its argument.
NO_FOLDER = {
    "codebook", "copy_data", "read_document", "agreement_markdown", "narrowed", "relation_distance",
    "weighted_kappa",
}  # fmt: skip


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    folder = hd.copy_data(tmp_path_factory.mktemp("own") / "mine")
    hd.add_document(invented_notice(), folder, new_area=True)
    return folder


def functions():
    modules = (hd, actions, agreement, ordinal, results, show, timeline, pictures)
    return {
        f"{module.__name__}.{name}": getattr(module, name)
        for module in modules
        for name in module.__all__
        if inspect.isfunction(getattr(module, name)) and name not in NO_FOLDER
    }


@pytest.mark.parametrize("name", functions())
def test_every_public_function_takes_a_folder(name):
    assert "folder" in inspect.signature(functions()[name]).parameters


CALLS = {
    "load": lambda f: hd.load("ratings", f),
    "tables": lambda f: hd.tables(f),
    "areas": lambda f: hd.areas(f),
    "aspects": lambda f: hd.aspects("aap_2016_inventshire", f),
    "ratings": lambda f: hd.ratings("Inventshire", folder=f),
    "coverage": lambda f: hd.coverage(folder=f),
    "find_area": lambda f: hd.find_area("CPS Inventshire", folder=f),
    "lineage": lambda f: hd.lineage(AREA, folder=f),
    "predecessors": lambda f: hd.predecessors(AREA, folder=f),
    "successors": lambda f: hd.successors(AREA, folder=f),
    "compare": lambda f: hd.compare(folder=f),
    "theme_history": lambda f: hd.theme_history("disclosure", f),
    "check": lambda f: hd.check(f),
    "ordered": lambda f: hd.ordered(hd.ratings("Inventshire", folder=f), f),
    "counts": lambda f: ordinal.counts(hd.ratings("Inventshire", folder=f), f),
    "issues": lambda f: actions.issues("Inventshire", folder=f),
    "issues, each": lambda f: actions.issues("Inventshire", each="issue", folder=f),
    "progress": lambda f: actions.progress(area="Inventshire", folder=f),
    "timeline": lambda f: timeline.timeline("Inventshire", folder=f),
    "agreement": lambda f: agreement.agreement(f),
    "inspected": lambda f: show.inspected(folder=f),
    "coverage_matrix": lambda f: show.coverage_matrix(folder=f),
    "comparisons": lambda f: show.comparisons(f),
    "tensions": lambda f: show.tensions(f),
    "sources": lambda f: show.sources(folder=f),
    "glossary": lambda f: show.glossary(f),
    "results.rated": lambda f: results.rated(INSPECTION, folder=f),
    "results.issues": lambda f: results.issues(INSPECTION, folder=f),
    "results.numbers": lambda f: results.numbers(INSPECTION, folder=f),
    "results.progress": lambda f: results.progress(INSPECTION, folder=f),
    "results.findings": lambda f: results.findings(INSPECTION, folder=f),
    "results.methods": lambda f: results.methods(INSPECTION, folder=f),
}
# What tells of the new Area; the others are about what it has no part in.
TELLS = {
    "areas", "aspects", "ratings", "find_area", "lineage", "issues", "issues, each", "timeline",
    "inspected", "sources",
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_it_works_on_the_folder_and_tells_of_the_new_area(name, mine):
    found = CALLS[name](mine)
    text = found.to_csv() if isinstance(found, pd.DataFrame) else repr(found)
    assert name not in TELLS or "nventshire" in text


@pytest.mark.parametrize("name", CALLS)
def test_the_environment_names_the_folder_as_well(name, mine, monkeypatch):
    wanted = CALLS[name](mine)
    monkeypatch.setenv("HMCPSI_DATA", os.fspath(mine))
    found = CALLS[name](None)
    same = found.equals if hasattr(found, "equals") else lambda other: repr(found) == repr(other)
    assert same(wanted)


PICTURES = {
    "tile_matrix": lambda f: pictures.tile_matrix(hd.ratings("Inventshire", folder=f), folder=f),
    "unit_strips": lambda f: pictures.unit_strips(hd.ratings("Inventshire", folder=f), folder=f),
    "paired_matrix": lambda f: pictures.paired_matrix(
        hd.ratings("Leicestershire", framework="OPA 2006", folder=f),
        hd.ratings("Inventshire", folder=f),
        folder=f,
    ),
    "theme_matrix": lambda f: pictures.theme_matrix(theme_evidence(folder=f), folder=f),
    "interval_picture": lambda f: pictures.interval_picture(hd.compare(folder=f), folder=f),
    "lineage_picture": lambda f: pictures.lineage_picture(
        hd.load("areas", f), hd.load("area_lineage", f), "CPS Leicestershire", folder=f
    ),
    "commitment_matrix": lambda f: commitment_matrix(actions.issues(folder=f), folder=f),
    "area_map": lambda f: pictures.area_map(hd.coverage("opa_2005", folder=f), folder=f),
    "distribution_strips": lambda f: pictures.distribution_strips(hd.national(folder=f), folder=f),
    "path_picture": lambda f: pictures.path_picture(area_path("Leicestershire", f), folder=f),
    "crosswalk_picture": lambda f: pictures.crosswalk_picture(
        hd.Crosswalk.load("opa_2005", "opa_2007", f).to_frame(), folder=f
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_folder_is_drawn(name, mine):
    drawn = PICTURES[name](mine)
    assert drawn.words
    if name in ("tile_matrix", "unit_strips"):
        assert "CPS response to the inspection of CPS Inventshire" in drawn.source
        assert "Inventshire" in drawn.words


EXPLORERS = sorted(set(explorers.__all__) - {"AddDocument"})


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_explorer_takes_the_folder(name, mine):
    explorer = getattr(explorers, name)(folder=mine)
    assert explorer.error == ""
    assert explorer.view["status"]
    assert explorer.picture.startswith(("<figure", "<p>"))


@pytest.mark.parametrize("name", ["RatingsExplorer", "IssueTracker", "AreaTimeline"])
def test_the_new_area_is_found_in_the_explorers(name, mine):
    more = {"relatives": "none"} if name == "AreaTimeline" else {}
    explorer = getattr(explorers, name)(folder=mine, area=AREA, **more)
    assert explorer.error == ""
    assert set(explorer.frame["area_id"].dropna()) == {AREA}
    assert "Inventshire" in explorer.view["table"] + explorer.view["words"]
