"""What every explorer shows, without a browser: values in; words, table, code and file out."""

import io
import os
import re
import sys
import zipfile

import ipywidgets
import pandas as pd
import pytest

from hmcpsi_data import explorers
from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.explorers import AreaTimeline, FourRounds, RatingsExplorer, ThemeExplorer

FILTERS = [explorers.ActionsExplorer, AreaTimeline, FourRounds, RatingsExplorer, ThemeExplorer]
ALL = [*FILTERS, explorers.ComparisonExplorer, explorers.CrosswalkExplorer]


@pytest.fixture(autouse=True)
def no_pictures(request, monkeypatch):
    if "picture" not in request.node.name:
        monkeypatch.setattr(explorers.View, "picture_html", lambda *_: "")


def moves(explorer):
    """Some values of each control, one at a time, and how many rows each is to give."""
    for spec in explorer.form:
        options = [(one, n if spec["filters"] else None) for one, _, n in spec["options"] if n != 0]
        several = spec["kind"] == "several"
        for value, n in options[:: 1 + len(options) // 2]:
            yield {spec["name"]: [value] if several else value}, n
        if several:
            yield {spec["name"]: [value for value, _ in options[:2]]}, None
        if spec["kind"] == "search":
            yield from (({"search": text}, None) for text in ("COURT", "it's (", "zzzz"))


def run(code):
    lines, _, call = code.partition("\n\n")
    exec(lines, known := {})
    return eval(call, known)


def as_csv(explorer):
    _, data = explorer.download("csv")
    return pd.read_csv(io.BytesIO(data), dtype="string", keep_default_na=False, na_values=[""])


@pytest.mark.parametrize("kind", FILTERS)
def test_each_option_gives_as_many_rows_as_it_says_and_they_are_those_of_its_code_and_file(kind):
    explorer = kind()
    explorer.clear()
    cleared = explorer.values
    for move, count in moves(explorer):
        explorer.set(**cleared | move)
        assert explorer.error == "", move
        frame = explorer.frame
        given = run(explorer.shown["code"])
        assert sorted(map(str, given.iloc[:, 0])) == sorted(map(str, frame.iloc[:, 0])), move
        saved = as_csv(explorer)
        assert (list(saved), len(saved)) == (list(frame), len(frame))
        breaks = int(frame["kind"].eq("break").sum()) if kind is AreaTimeline else 0
        assert count in (None, len(frame) - breaks), move


@pytest.mark.parametrize("kind", ALL)
def test_every_explorer_goes_back_refuses_in_a_sentence_and_is_stored_without_controls(kind):
    explorer = kind(search="victim")
    start = explorer.values
    explorer.set(search="a text that nobody wrote")
    assert explorer.frame.empty or kind is explorers.CrosswalkExplorer
    if kind in FILTERS:
        assert explorer.shown["status"].startswith("0 ")
        assert "Clear" in explorer.shown["sentence"]
    explorer.reset()
    assert explorer.values == start
    explorer.clear()
    assert (explorer.search, explorer.shown["on"], explorer.frame.empty) == ("", [], False)
    before, values = explorer.shown, explorer.values
    with pytest.raises(HmcpsiError, match=r"^(Area|Translate ratings of) .*Atlantis") as told:
        explorer.set(area="Atlantis")
    assert (explorer.error, explorer.shown) == (str(told.value), before)
    with pytest.raises(HmcpsiError, match=r"^Search must be text"):
        explorer.search = 7
    with pytest.raises(UnknownValueError, match="control"):
        explorer.set(colour="red")
    explorer.set_state({"area": "atlantis_1999", "asked": 1})  # as the page sends it
    assert "atlantis_1999" in explorer.error
    assert (explorer.values, explorer.answered) == (values, 1)
    explorer.set_state({"search": "court", "asked": 2})
    assert (explorer.error, explorer.answered) == ("", 2)
    assert re.fullmatch(rf"{kind.__name__}\(.*\)", repr(explorer))
    data, _ = explorer._repr_mimebundle_()
    assert data.keys() >= {"text/plain", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"] == repr(explorer)
    for told in (explorer.title, "<table", "To use the filters, choose Run"):
        assert told in data["text/html"]
    assert not re.search(r"<(button|select|input|textarea)", data["text/html"])


def test_names_and_identifiers_are_both_understood_and_other_words_told_with_those_there_are():
    by_name = RatingsExplorer(area="Leicestershire", framework="OPA 2005-06", rating="poor")
    explorer = RatingsExplorer(area="leicestershire_1999", framework="opa_2005", rating=["Poor"])
    assert by_name.values == explorer.values
    assert by_name.frame["label"].tolist() == ["Managing magistrates' courts cases"]
    for one in (by_name, ThemeExplorer(area="Leicestershire", round="2005-06")):
        assert "June 2005 to December 2005 (fieldwork)" in one.shown["table"]
    with pytest.raises(UnknownValueError, match=r"^Critical aspects \"pie\" is not known\."):
        explorer.critical = "pie"
    explorer.framework = "aap_2016"  # the Area had ended: what came after it is named
    assert "East Midlands" in explorer.error
    assert (explorer.framework, explorer.frame.empty) == ("opa_2005", False)


def test_one_area_chosen_once_is_followed_by_every_explorer_that_is_linked():
    ratings, line, heard = RatingsExplorer(), AreaTimeline(), []
    ipywidgets.link((line, "area"), (ratings, "area"))
    ratings.observe(lambda change: heard.append(change["new"]), "area")
    line.area = "Essex"
    assert ratings.area == line.area == "essex_1999"
    assert heard == ["essex_1999"]
    assert set(ratings.frame["area"]) == {"Essex"}
    ratings.area = None
    assert re.fullmatch(r"[\d,]+ events: all Areas", line.shown["status"])
    assert "None" not in line.shown["table"]


def test_a_picture_is_drawn_only_where_it_differs():
    explorer, drawn = RatingsExplorer(framework="opa_2005", area="leicestershire_1999"), []
    explorer.observe(lambda _: drawn.append(1), "figure")
    explorer.search = "court"
    explorer.search = "COURT"
    assert len(drawn) == 1
    for kind, start in {"png": b"\x89PNG", "svg": b"<?xml"}.items():
        name, data = explorer.download(kind)
        assert name == f"hmcpsi-ratings.{kind}"
        assert data.startswith(start)
        assert f"&quot;{kind}&quot;" in explorer.figure  # a button below the picture
    assert "<button" not in explorer._repr_html_()


def test_a_conflict_has_both_sides_on_the_screen_and_in_each_file(monkeypatch):
    explorer = RatingsExplorer(area="Essex", framework="OPA 2007")
    assert "contradicted by another source and not counted" in explorer.shown["status"]
    for told in (explorer.shown["table"], explorer.cite):
        assert "contradicted: Poor or Fair or Good" in told
    columns = ["rating", "says_otherwise", "otherwise_source_id"]
    assert as_csv(explorer)[columns].values.tolist() == [["Poor", "Fair or Good", "s010"]]
    _, data = explorer.download("xlsx")
    texts = zipfile.ZipFile(io.BytesIO(data)).read("xl/sharedStrings.xml").decode()
    for told in (explorer.shown["status"], "Fair or Good"):
        assert told in texts
    monkeypatch.setitem(sys.modules, "gptables", None)
    explorer._command({"do": "save", "kind": "xlsx", "asked": 1})
    assert 'pip install "hmcpsi_data[export]"' in explorer.error


def test_a_citation_names_value_publisher_date_line_and_address_and_a_link_leads_to_the_site(
    monkeypatch,
):
    poor = RatingsExplorer(area="Leicestershire", framework="opa_2005", rating="Poor")
    value, whole = poor.cite.splitlines()
    assert re.match("Leicestershire, OPA 2005-06, Managing magis.*: Poor; HMCPSI", value)
    assert "14 March 2006, line 26." in value
    assert whole.startswith("The hmcpsi_data contributors (2026). Ratings: 1 rating. In: ")
    assert re.search(r"version 20\d\d\.\d+\.\d+, data of 20", whole)
    assert "; https://www." in explorers.ComparisonExplorer().cite.splitlines()[0]
    whole = RatingsExplorer()
    assert "Each row of the table names its source." in whole.cite
    assert whole.shown["link"] == ""
    site = "https://example.org/hmcpsi"
    monkeypatch.setenv("HMCPSI_SITE", f"{site}/")
    found = RatingsExplorer(area="Essex", framework="OPA 2007", rating="Poor")
    state = "area=Essex&framework=OPA%202007&rating=Poor"
    assert found.shown["link"] == f"{site}/ratings.html#{state}"
    assert ThemeExplorer(theme="disclosure").shown["link"] == f"{site}/themes/disclosure.html"
    found.rating = ["Good", "Fair"]  # the site takes one value of each filter
    for explorer in (found, RatingsExplorer(area="west_midlands_1999"), FourRounds()):
        assert explorer.shown["link"] == ""


def test_a_long_table_shows_a_hundred_rows_until_all_are_asked_for_and_is_sorted_by_a_heading():
    explorer = RatingsExplorer()
    n = len(explorer.frame)
    assert n > 100
    for heading in explorer.shown["headings"]:
        explorer.sort = f"-{heading}"
        assert explorer.error == ""
        assert explorer.shown["table"].count("<tr") < 110
    explorer._command({"do": "all", "asked": 1})
    assert explorer.shown["table"].count("<tr") > n
    explorer.set(framework="opa_2005", area="leicestershire_1999", level="aspect")
    explorer.sort = "-Rating"
    found = explorer.frame["rating"].tolist()
    assert found == ["Excellent"] * 2 + ["Good"] * 7 + ["Fair"] * 4 + ["Poor"]


class Toy(explorers.Explorer):
    TITLE = "<b>Title</b>"
    text = explorers.Text("Text")
    fail = explorers.Choice("Fail", options={"yes": "yes"})

    def show(self):
        if self.fail:
            raise ZeroDivisionError("by nothing")
        frame = pd.DataFrame({"typed": [self.text, "=1+1", "\uff1d1+1"]}, dtype="string")
        return explorers.View(frame, "3 rows")


def test_what_was_typed_is_text_and_no_formula_and_an_error_that_nobody_expected_a_sentence():
    explorer = Toy(text="<script>alert('x')</script> & \"")
    page = explorer._repr_html_() + explorer.shown["table"]
    assert not re.search("<script|<b>Title", page)
    assert "&lt;script&gt;" in page
    assert as_csv(explorer)["typed"].tolist()[1:] == ["'=1+1", "'\uff1d1+1"]
    explorer._command({"do": "format the disk", "asked": 0})
    assert "format the disk" in explorer.error
    explorer.set_state({"fail": "yes", "asked": 1})
    assert explorer.error.startswith("Fail: This did not work (ZeroDivisionError: by nothing)")
    assert (explorer.fail, explorer.shown["status"]) == (None, "3 rows")


def test_the_example_of_the_docs_runs(request):
    path = request.config.rootpath / "docs" / "5-explorers.md"
    code = re.search(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL).group(1)
    exec(code, known := {})
    poor = known["poor"]
    assert "Managing magistrates' courts cases" in poor.frame["label"].tolist()
    assert set(poor.frame["rating"]) == {"Poor"}
    assert run(poor.shown["code"])["rating_id"].tolist() == poor.frame["rating_id"].tolist()
    poor.area = "Essex"
    assert set(poor.frame["area"]) <= {"Essex"}
    assert len(re.search(r"class PoorExplorer.*?\n\n\npoor", code, re.DOTALL)[0].splitlines()) <= 32


def test_many_changes_end_in_what_the_last_one_shows():
    busy, areas = RatingsExplorer(), ["essex_1999", "leicestershire_1999", "south_west_2011"]
    for area in areas * (334 if os.environ.get("HMCPSI_TRUST") else 17):  # make trust: all of them
        busy.area = area
    calm = RatingsExplorer(area=areas[-1])
    assert busy.shown["status"] == calm.shown["status"]
    pd.testing.assert_frame_equal(busy.frame, calm.frame)
