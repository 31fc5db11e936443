"""Every function, picture and explorer takes a folder of one's own, where a document was added."""

import inspect

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import assessment, explorers, pictures, show

AREA, INSPECTION = "inventshire_2016", "inventshire_aap_2016"
# What takes no record: it makes a folder, or works on what it is given.
WITHOUT = ("add_document", "claims", "codebook", "copy_data", "invented_notice", "undisputed")
SLOW = {"export", "read_document", "show_words"}  # have tests of their own
FUNCTIONS = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in (hd, show, pictures, assessment)
    for name in module.__all__
    if inspect.isfunction(getattr(module, name)) and name not in WITHOUT
}
TELL = {"areas", "ratings", "facts", "actions", "timeline", "find_area", "lineage", "inspected"}
EXPLORERS = [one for one in explorers.__all__ if getattr(vars(explorers)[one], "TITLE", "")]
EXPLORERS.remove("Explorer")


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """The record of such a folder, which the environment names too."""
    folder = hd.copy_data(tmp_path_factory.mktemp("own") / "mine")
    hd.add_document(hd.invented_notice(), folder, new_area=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HMCPSI_DATA", str(folder))
        yield hd.Record(folder)


@pytest.fixture(scope="module")
def given(mine):
    """What a function must be given, by its parameters or by its name and them."""
    invented = hd.ratings(AREA, record=mine)
    old = hd.ratings("Leicestershire", framework="opa_2005", record=mine)
    crosswalk = hd.Crosswalk.load("opa_2005", "aap_2016_sections", mine)
    return {
        "name": "ratings", "area": AREA, "theme": "disclosure", "inspection": INSPECTION,
        "rows": invented, "ratings": old, "left": old, "right": invented,
        "known": hd.coverage("opa_2005", record=mine), "comparison": hd.compare(record=mine),
        "profile": assessment.profile("Leicestershire", record=mine),
        "crosswalk": crosswalk, "other": crosswalk, "find_area name": AREA,
        "distribution_strips rows": hd.national(record=mine),
    }  # fmt: skip


def as_text(found):
    if isinstance(found, pd.DataFrame):
        return found.to_csv()
    return found._repr_html_() if hasattr(found, "_repr_html_") else repr(found)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_folder_gives_what_it_holds_however_it_is_named(name, mine, given):
    function, short = FUNCTIONS[name], name.rpartition(".")[2]
    wanted = inspect.signature(function).parameters
    assert "record" in wanted
    if short not in SLOW:
        needed = {one: given.get(f"{short} {one}", given.get(one)) for one, how in wanted.items()
                  if how.default is how.empty and how.kind is not how.VAR_KEYWORD}  # fmt: skip
        found = as_text(function(**needed, record=mine))
        assert short not in TELL or "nventshire" in found
        assert as_text(function(**needed, record=None)) == found


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_explorer_takes_the_folder_and_finds_the_new_area(name, mine):
    by_area = name in ("RatingsExplorer", "ActionsExplorer", "AreaTimeline")
    explorer = getattr(explorers, name)(record=mine, **({"area": AREA} if by_area else {}))
    assert explorer.error == ""
    assert not by_area or "Inventshire" in str(explorer.shown)
