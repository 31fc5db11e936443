"""Every function, picture and explorer takes a folder of one's own, where a document was added."""

import inspect
import os

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import assessment, explorers, pictures, show

AREA, INSPECTION = "inventshire_2016", "inventshire_aap_2016"
# What takes no record: it makes a folder, is given one, or works on what it is given alone.
WITHOUT = {
    "add_document", "claims", "codebook", "copy_data", "invented_notice", "reach", "undisputed"
}  # fmt: skip
# What a function must be given, by the names of its parameters.
GIVEN = {
    "name": lambda _: "ratings",
    "area": lambda _: AREA,
    "theme": lambda _: "disclosure",
    "inspection": lambda _: INSPECTION,
    "rows": lambda f: hd.ratings(AREA, record=f),
    "ratings": lambda f: hd.ratings(AREA, record=f),
    "left": lambda f: hd.ratings("Leicestershire", framework="opa_2005", record=f),
    "right": lambda f: hd.ratings(AREA, record=f),
    "known": lambda f: hd.coverage("opa_2005", record=f),
    "events": lambda f: hd.timeline(AREA, record=f),
    "statements": lambda f: hd.facts(AREA, record=f),
    "comparison": lambda f: hd.compare(record=f),
    "profile": lambda f: assessment.profile("Leicestershire", record=f),
}
OTHERWISE = {
    "find_area": {"name": lambda _: "CPS Inventshire"},
    "distribution_strips": {"rows": lambda f: hd.national(record=f)},
    "crosswalk_picture": {"crosswalk": lambda f: hd.Crosswalk.load("opa_2005", "opa_2007", f)},
    "changes": {
        "crosswalk": lambda f: hd.Crosswalk.load("opa_2005", "aap_2016_sections", f),
        "other": lambda f: hd.Crosswalk.load("opa_2005", "aap_2016_sections", f),
    },
    "sensitivity": {
        "crosswalk": lambda f: hd.Crosswalk.load("opa_2005", "aap_2016_sections", f),
        "ratings": lambda f: hd.ratings("Leicestershire", framework="opa_2005", record=f),
        "profile": lambda f: assessment.profile("Leicestershire", record=f),
    },
}
SLOW = {"export", "read_document", "show_words"}  # have tests of their own


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    folder = hd.copy_data(tmp_path_factory.mktemp("own") / "mine")
    hd.add_document(hd.invented_notice(), folder, new_area=True)
    return folder


FUNCTIONS = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in (hd, show, pictures, assessment)
    for name in module.__all__
    if inspect.isfunction(getattr(module, name)) and name not in WITHOUT
}


def parameters(function):
    named = inspect.signature(function).parameters.values()
    return [one for one in named if one.kind is not one.VAR_KEYWORD]


def called(name, folder, record):
    """What a function gives for the folder, which the environment names where `record` is None."""
    function = FUNCTIONS[name]
    given = GIVEN | (OTHERWISE.get(function.__name__, {}) if name != "hmcpsi_data.changes" else {})
    needed = [one.name for one in parameters(function) if one.default is one.empty]
    return function(**{one: given[one](folder) for one in needed}, record=record)


def as_text(found):
    if isinstance(found, pd.DataFrame):
        return found.to_csv()
    page = getattr(found, "_repr_html_", None)
    return str(page()) if page else repr(getattr(found, "alt", found))


TELL = {
    "hmcpsi_data.areas", "hmcpsi_data.ratings", "hmcpsi_data.facts", "hmcpsi_data.actions",
    "hmcpsi_data.timeline", "hmcpsi_data.find_area", "hmcpsi_data.lineage",
    "hmcpsi_data.show.area", "hmcpsi_data.show.inspected",
    "hmcpsi_data.pictures.tile_matrix",
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_folder_gives_what_it_holds_however_it_is_named(name, mine, monkeypatch):
    assert "record" in [one.name for one in parameters(FUNCTIONS[name])]
    if name.rpartition(".")[2] in SLOW:
        return
    wanted = as_text(called(name, mine, mine))
    assert name not in TELL or "nventshire" in wanted
    monkeypatch.setenv("HMCPSI_DATA", os.fspath(mine))
    assert as_text(called(name, mine, None)) == wanted


EXPLORERS = [
    name
    for name in explorers.__all__
    if inspect.isclass(getattr(explorers, name))
    and issubclass(getattr(explorers, name), explorers.Explorer)
    and name != "Explorer"
]


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_explorer_takes_the_folder_and_finds_the_new_area(name, mine):
    assert getattr(explorers, name)(record=mine).error == ""
    if name in ("RatingsExplorer", "ActionsExplorer", "AreaTimeline"):
        explorer = getattr(explorers, name)(record=mine, area=AREA)
        assert explorer.error == ""
        assert "Inventshire" in str(explorer.shown)
