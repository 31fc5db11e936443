"""What explorers, views and pictures say: words instead of codes, and numbers that agree."""

import re
from html.parser import HTMLParser

import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data import results, show
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers import (
    AreaTimeline,
    ComparisonExplorer,
    CrosswalkExplorer,
    IssueTracker,
    ProgressTracker,
    RatingsExplorer,
    ThemeExplorer,
)
from hmcpsi_data.pictures import (
    crosswalk_picture,
    interval_picture,
    lineage_picture,
    theme_matrix,
    tile_matrix,
)
from hmcpsi_data.wording import rated_in_words, record_in_words

CODE = re.compile(r"\b(?!doc_)[a-z0-9]+_[a-z0-9_]+\b")
# "1 new aspects" and "1 themes", but not "1 of 9 issues", "Progress 1" or "in 1 to 2 parts"
ONE_OF_MANY = re.compile(
    r"(?<![\w.,:;/-])1 (?:new |old )?(?:themes|rounds|pieces|aspects|issues|rows|links|events|"
    r"inspections|units|ratings|commitments|numbers|findings|sources|frameworks|others|sections|"
    r"criteria|subjects|statements|answers|recommendations|pairs)\b"
)
SHOWN = [
    (RatingsExplorer, {}),
    (RatingsExplorer, {"framework": "aap_pilot_2016"}),
    (RatingsExplorer, {"framework": "opa_2005", "search": "disclosure"}),
    (RatingsExplorer, {"framework": "aip_2021"}),
    (RatingsExplorer, {"area": "essex_1999"}),
    (ComparisonExplorer, {"search": "victims"}),
    (ComparisonExplorer, {"pair": "opa_2005 to opa_2007", "search": "disclosure"}),
    (CrosswalkExplorer, {"aspect": "old opa_2005_leadership"}),
    (AreaTimeline, {"relatives": "family"}),
    (AreaTimeline, {"area": "essex_1999", "each": "row"}),
    (AreaTimeline, {"area": "wessex_2011"}),
    (ProgressTracker, {"kind": ["recommendation"], "progress": ["Achieved"]}),
    (ProgressTracker, {}),
    (IssueTracker, {}),
    (IssueTracker, {"each": "commitment"}),
    (IssueTracker, {"search": "escalation process"}),
    (ThemeExplorer, {}),
    (ThemeExplorer, {"theme": ""}),
    (ThemeExplorer, {"theme": "custody_time_limits", "round": "2005-06"}),
    (ThemeExplorer, {"theme": "custody_time_limits", "kind": ["rating"]}),
]


class Text(HTMLParser):
    """Everything that HTML says, also where it is heard or stands in a tooltip."""

    def __init__(self, html):
        super().__init__()
        self.said, self.titles = [], []
        self.feed(html)

    def handle_data(self, data):
        self.said.append(data)

    def handle_starttag(self, _tag, attrs):
        found = dict(attrs)
        self.said += [found[name] for name in ("alt", "aria-label") if name in found]
        self.titles += [found["title"]] if "title" in found else []


def everything(explorer):
    """All that a reader of an explorer meets, but for its code and its downloads."""
    view = explorer.view
    labels = [label for spec in explorer.controls for _, label in spec["options"]]
    html = [part for text in (view["table"], explorer.picture) for part in Text(text).said]
    return " | ".join([view["status"], view["words"], *labels, *html])


@pytest.mark.parametrize(("kind", "state"), SHOWN)
def test_an_explorer_speaks_in_words_and_counts_as_people_do(kind, state):
    explorer = kind(**state)
    said = everything(explorer)
    assert len(said) > 200
    assert CODE.findall(said) == []
    assert ONE_OF_MANY.findall(said) == []


def test_the_pattern_finds_what_it_is_for():
    assert ONE_OF_MANY.search("Of 1 new aspects: Good 1")
    assert ONE_OF_MANY.search("1 themes, 2 rounds")
    assert not ONE_OF_MANY.search("2 of 1 aspect; Poor 1, Fair 21 aspects, 0.1 links")


def test_views_and_pictures_count_one_thing_as_one():
    one = hd.compare().head(1)
    leadership = hd.ratings("Leicestershire", framework="opa_2005").head(2).tail(1)
    subject = hd.ratings("South West", framework="aip_2021").head(1)
    crosswalk = hd.Crosswalk.load("opa_2005", "aap_2016_east_midlands").to_frame().head(1)
    limits = hd.theme_history("custody_time_limits").head(1)
    lineage = hd.load("area_lineage")
    pair = ["leicestershire_1999", "derbyshire_1999"]
    lineage = lineage[lineage["predecessor_id"].isin(pair)]
    areas = hd.load("areas")
    pictures = [
        interval_picture(one),
        crosswalk_picture(crosswalk),
        theme_matrix(limits),
        tile_matrix(leadership),
        tile_matrix(subject),
        lineage_picture(areas, lineage, "leicestershire_1999", whole=False),
    ]
    said = [f"{picture.title} {picture.words}" for picture in pictures]
    said += [
        rated_in_words(subject),
        record_in_words(subject),
        show.evidence("victim_letters").words,
    ]
    said += [results.issues(row).words for row in hd.load("inspections")["inspection_id"]]
    said += [results.numbers(row).words for row in hd.load("inspections")["inspection_id"]]
    said += [
        show.inspected(name).words for name in ("derbyshire_1999", "essex_1999", "wessex_2011")
    ]
    assert [text for text in said if ONE_OF_MANY.search(text)] == []
    assert "Of 1 new aspect:" in pictures[0].title
    assert "with 1 other" in pictures[-1].title


@pytest.mark.parametrize(
    "kind",
    [
        RatingsExplorer,
        ComparisonExplorer,
        CrosswalkExplorer,
        AreaTimeline,
        ProgressTracker,
        IssueTracker,
        ThemeExplorer,
    ],
)
def test_a_link_is_named_by_its_document_and_a_source_without_address_says_so(kind, tmp_path):
    copy = Copy(tmp_path / "data")
    header, *rows = copy.read("sources")
    for row in rows:
        row[header.index("title")] += ' <b>"x"</b>'
        row[header.index("archived_address")] = ""
        known = row[header.index("source_id")] == "doc_aap_2016"
        row[header.index("address")] = "https://example.org/" if known else ""
    copy.write("sources", [header, *rows])
    explorer = kind(folder=copy.folder)
    html = explorer.view["table"]
    places = [title for title in Text(html).titles if title.endswith('<b>"x"</b>')]
    assert places
    assert "<b>" not in html
    leads = html.count('href="https://example.org/"')
    lines = html.count("<small>no address</small>")
    assert leads + lines == len(places)
    assert lines > 0
    assert explorer.view["table"].count("Press notice: Area Assurance inspection") == leads


@pytest.mark.parametrize(
    ("explorer", "told"),
    [
        (RatingsExplorer(framework="aap_2016"), "names 7 sources: the picture shows"),
        (IssueTracker(), "names 34 sources: the picture shows commitments alone."),
        (
            IssueTracker(each="commitment"),
            "names 34 sources: the picture shows commitments alone.",
        ),
        (
            RatingsExplorer(framework="opa_2005"),
            "Sources: 10; each row of the data names its own; 1 of them with lines.",
        ),
    ],
)
def test_a_picture_that_names_other_sources_than_the_table_says_why(explorer, told):
    assert told in explorer._now.picture().source


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        ("actions", [ProgressTracker, IssueTracker, ThemeExplorer]),
        ("evidence", [ThemeExplorer]),
        ("findings", [ThemeExplorer, AreaTimeline]),
        ("ratings", [ThemeExplorer, ComparisonExplorer, RatingsExplorer]),
        ("responses", [IssueTracker, AreaTimeline]),
    ],
)
def test_a_folder_whose_table_is_empty_is_shown_all_the_same(table, kinds, tmp_path):
    copy = Copy(tmp_path / "data")
    header, *_ = copy.read(table)
    copy.write(table, [header])
    for kind in kinds:
        explorer = kind(folder=copy.folder)
        assert explorer.error == ""
        assert explorer.view["words"]


def test_without_a_crosswalk_both_explorers_ask_for_one(tmp_path):
    copy = Copy(tmp_path / "data")
    header, *_ = copy.read("crosswalk")
    copy.write("crosswalk", [header])
    mine = hd.Crosswalk.load("opa_2005", "opa_2007")
    for kind in (ComparisonExplorer, CrosswalkExplorer):
        with pytest.raises(HmcpsiError, match="no crosswalk in this data folder"):
            kind(folder=copy.folder)
        assert kind(crosswalk=mine, folder=copy.folder).error == ""


@pytest.mark.parametrize("kind", [AreaTimeline, ComparisonExplorer])
def test_lines_that_cannot_be_read_are_shown_as_they_stand(kind, tmp_path):
    copy = Copy(tmp_path / "data")
    header, *rows = copy.read("ratings")
    for row in rows:
        row[header.index("locator")] = "near the end"
    copy.write("ratings", [header, *rows])
    assert "near the end" in kind(folder=copy.folder).view["table"]
