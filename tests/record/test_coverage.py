"""The coverage matrix has every combination, and says why what is absent is absent."""

import pandas as pd
import pytest
from editing import Copy

import hmcpsi_data as hd

FRAME = hd.coverage(by="measure")
AREAS = hd.load("areas").query("kind == 'area'")["area_id"]


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path / "data")


def status(frame, area, framework, measure):
    here = (frame["area_id"] == area) & (frame["framework_id"] == framework)
    return frame.loc[here & (frame["measure"] == measure), ["n", "status"]].iloc[0].tolist()


def test_there_is_one_row_for_every_area_framework_and_measure():
    assert FRAME.notna().all(axis=None)
    statuses = {"contradicted", "known", "not_in_framework", "not_found", "not_applicable"}
    assert set(FRAME["status"]) <= statuses
    assert ((FRAME["n"] > 0) == (FRAME["status"] == "known")).all()
    allowed = hd.codebook("framework_measures").set_index("field").loc["measure", "allowed"]
    measures = [*allowed.split(", "), "finding", "number"]
    keys = pd.MultiIndex.from_frame(FRAME[["area_id", "framework_id", "measure"]])
    frameworks = hd.load("frameworks")["framework_id"]
    assert [*keys] == [*pd.MultiIndex.from_product([AREAS, frameworks, measures])]


def test_why_nothing_is_known_and_how_much_is():
    leicestershire, east_midlands = "leicestershire_1999", "east_midlands_2011"
    for area, framework, measure, expected in (
        (leicestershire, "aap_2016", "criterion_rating", "not_applicable"),
        (east_midlands, "opa_2005", "overall_rating", "not_applicable"),
        (east_midlands, "aap_2016", "overall_rating", "not_in_framework"),
        (leicestershire, "aei_2008", "aspect_rating", "not_found"),
        (leicestershire, "aei_2008", "progress_rating", "not_in_framework"),
    ):
        assert status(FRAME, area, framework, measure) == [0, expected]
    rated = hd.undisputed(hd.ratings()).dropna(subset="rating")
    rated = rated[rated["area_id"].isin(AREAS)]
    for (area, framework, level), rows in rated.groupby(["area_id", "framework_id", "level"]):
        assert status(FRAME, area, framework, f"{level}_rating") == [len(rows), "known"]
    # progress counts where it was rated, the request where it was made
    actions = hd.load("actions").dropna(subset="progress")
    n = actions["inspection_id"].str.startswith("leicestershire").sum()
    assert status(FRAME, leicestershire, "follow_up_2010", "progress_rating") == [n, "known"]
    assert status(FRAME, leicestershire, "aei_2008", "recommendation")[1] == "known"
    assert status(FRAME, leicestershire, "follow_up_2010", "recommendation")[1] != "known"


def test_not_applicable_only_where_the_two_periods_cannot_have_met(copy):
    area = copy.line("areas", area_id="east_midlands_2011")
    framework = copy.line("frameworks", framework_id="aip_2021")
    for valid_to, in_force_from, met in (
        ("2015-12-31", "2016", False), ("2016-01-01", "2016", True), ("2016", "2016-09", True),
        ("2016-08", "2016-09", False), ("2016-09-30", "2016-09", True), ("", "2016-09", True),
        ("2011-03-31", "", True),
    ):  # fmt: skip
        copy.put("areas", area, valid_to=valid_to)
        copy.put("frameworks", framework, in_force_from=in_force_from, in_force_to="")
        frame = hd.coverage("aip_2021", by="measure", record=copy.folder)
        found = status(frame, "east_midlands_2011", "aip_2021", "overall_rating")[1]
        assert (found != "not_applicable") == met


def test_the_bounds_are_what_the_published_facts_allow():
    """Counted out over all divisions of the 35 Areas that are neither Poor nor Excellent."""
    allowed = [good for good in range(36) if good >= 10 and 35 - good >= 7 and 39 - good > 42 / 2]
    found = hd.national("opa_2005").query("n_units == 42").set_index("rating")
    assert found.loc["Good", ["n_low", "n_high"]].tolist() == [min(allowed), max(allowed)]
    other = [35 - max(allowed), 35 - min(allowed)]
    assert found.loc["Fair", ["n_low", "n_high"]].tolist() == other


def test_a_contradicted_rating_is_covered_as_such_and_takes_part_in_no_count(copy):
    """An invented copy in which the Poor aspect of 2006 is contradicted."""
    line = copy.line("ratings", rating="Poor", inspection_id="leicestershire_opa_2005")
    rating_id = copy.records("ratings")[line - 2][1]["rating_id"]
    copy.put("ratings", line, basis="contradicted")
    seen = hd.coverage("opa_2005", "measure", copy.folder).query("area == 'Leicestershire'")
    assert seen.loc[seen["measure"] == "aspect_rating", "n"].item() == 13
    known = hd.coverage("opa_2005", record=copy.folder).set_index("rating_id")
    assert known.loc[rating_id, "status"] == "contradicted"
    told = hd.timeline("Leicestershire", kind="rating", relatives="none", record=copy.folder)
    said = "Poor, contradicted (another source says otherwise): not counted"
    assert told["what"].str.endswith(said).sum() == 1
    assert "13 aspects: Fair 4, Good 7, Excellent 2" in told["what"].tolist()


def test_by_aspect_every_area_of_the_time_has_every_aspect_once():
    frame = hd.coverage("opa_2005")
    whole = frame[frame["kind"].eq("area")]
    assert whole["area_id"].nunique() == 42
    assert not whole.duplicated(["area_id", "aspect_id"]).any()
    assert len(whole) == 42 * len(hd.aspects("opa_2005"))
    assert frame["status"].notna().all()
    rated = frame["status"].isin(["stated", "derived", "contradicted"])
    assert frame["rating"].notna().equals(rated)
