"""The shipped crosswalk: valid, justified sentence by sentence, and every disagreement settled."""

import re

import pytest

import hmcpsi_data as hd
from hmcpsi_data import Crosswalk
from hmcpsi_data.tables.description import shipped_folder

PAIRS = [
    ("opa_2005", "aap_2016_east_midlands"),
    ("opa_2005", "aap_2016_wessex"),
    ("opa_2005", "aap_2016_sections"),
    ("opa_2005", "opa_2007"),
    ("opa_2005", "follow_up_2010_subjects"),
    ("aap_2016_east_midlands", "aip_2021_subjects"),
]
# rows of each pair: mapped, remainder, no_counterpart, undetermined
STATUSES = ["mapped", "remainder", "no_counterpart", "undetermined"]
ROWS = dict(
    zip(
        PAIRS,
        [(13, 5, 5, 0), (18, 7, 4, 0), (8, 4, 0, 7), (15, 3, 0, 2), (11, 7, 7, 0), (12, 2, 4, 0)],
        strict=True,
    )
)
COMBINATION = ["source_set", "source_aspect_id", "target_set", "target_aspect_id"]
# What a later reading changed in both passes, or added to them, with its reason.
LATER = [
    "opa_2005_leadership_to_aap_2016_sections_success_of_cps_people",
    "opa_2005_managing_resources_to_aap_2016_sections_continuously_improving",
    "opa_2005_disclosure_to_aap_2016_sections_high_quality_casework",
    "opa_2005_managing_performance_to_improve_to_aap_2016_sections_continuously_improving",
    (
        "opa_2005_managing_magistrates_courts_cases"
        "_to_opa_2007_ensuring_successful_outcomes_magistrates_courts"
    ),
    "opa_2005_managing_crown_court_cases_to_opa_2007_ensuring_successful_outcomes_crown_court",
    (
        "aap_2016_east_midlands_case_preparation_and_progress_magistrates_courts"
        "_to_nothing_in_aip_2021_subjects"
    ),
]


@pytest.fixture(scope="module")
def crosswalk():
    return hd.load("crosswalk")


@pytest.fixture(scope="module")
def review():
    return hd.load("crosswalk_review")


@pytest.fixture(scope="module")
def rated():
    aspects = hd.load("aspects")
    return aspects[aspects["level"] != "overall"].set_index("aspect_id")


def of_pair(frame, pair):
    return frame[(frame["source_set"] == pair[0]) & (frame["target_set"] == pair[1])]


# ---------------------------------------------------------------- validity


def test_rows_per_pair_and_status_are_pinned(crosswalk):
    found = {
        pair: tuple(int((of_pair(crosswalk, pair)["status"] == s).sum()) for s in STATUSES)
        for pair in PAIRS
    }
    assert found == ROWS
    assert len(crosswalk) == sum(map(sum, ROWS.values())) == 134


@pytest.mark.parametrize("pair", PAIRS)
def test_the_one_checker_finds_nothing(pair):
    shipped = Crosswalk.load(*pair)
    assert shipped.is_valid()
    assert shipped.diagnose().empty
    assert len(shipped.to_frame()) == sum(ROWS[pair])


@pytest.mark.parametrize("pair", PAIRS)
def test_every_aspect_of_both_sets_appears_and_belongs_to_its_set(pair, crosswalk, rated):
    rows = of_pair(crosswalk, pair)
    for set_id, column in zip(pair, ["source_aspect_id", "target_aspect_id"], strict=True):
        assert set(rows[column].dropna()) == set(rated.index[rated["set_id"] == set_id])


# ---------------------------------------------------------------- words


def words(text):
    """The words of a text in small letters, without punctuation."""
    return re.findall(r"[a-z0-9']+", text.replace("\u2019", "'").casefold())


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("crosswalk", "justification"),
        ("crosswalk_review", "reason"),
        ("crosswalk_rules", "statement"),
    ],
)
def test_what_is_said_is_one_sentence_of_its_own(name, column):
    sentences = hd.load(name)[column].dropna()
    assert sentences.is_unique
    assert sentences.str.fullmatch(r"[A-Z][^.!?]+\.").all()
    assert max(len(words(sentence)) for sentence in sentences) <= 45


def test_every_judgement_is_the_projects_own(crosswalk, review):
    for frame in (crosswalk, review, hd.load("crosswalk_rules")):
        assert set(frame["basis"]) == {"inferred"}
        assert set(frame["speaker"]) == {"project"}
    assert set(crosswalk["curated_by"]) == {"hmcpsi_data contributors"}
    assert set(crosswalk["reviewed_by"].dropna()) == {"hmcpsi_data contributors (second pass)"}
    assert (crosswalk["justification"].notna() & crosswalk["confidence"].notna()).all()


# ---------------------------------------------------------------- the review


def test_the_identifiers_are_made_of_the_aspects(crosswalk, review):
    for frame, column in [(crosswalk, "crosswalk_id"), (review, "review_id")]:
        source = frame["source_aspect_id"].fillna("nothing_in_" + frame["source_set"])
        target = frame["target_aspect_id"].fillna("nothing_in_" + frame["target_set"])
        assert (frame[column] == source + "_to_" + target).all()
        assert frame[column].is_unique


def test_the_review_settles_exactly_what_the_crosswalk_says(crosswalk, review):
    settled = review.dropna(subset=["settled_status"]).set_index("review_id")
    rows = crosswalk.set_index("crosswalk_id")
    assert settled.index.tolist() == rows.index.tolist()
    for column in ("status", "relation"):
        assert (settled[f"settled_{column}"].fillna("") == rows[column].fillna("")).all()


def test_agreed_means_the_same_status_and_relation(review):
    said = [
        review[[f"{p}_status", f"{p}_relation"]].fillna("").agg("/".join, axis=1)
        for p in ("first", "second")
    ]
    assert (review["agreed"] == (said[0] == said[1])).all()
    settled = review[["settled_status", "settled_relation"]].fillna("").agg("/".join, axis=1)
    later = review["review_id"].isin(LATER)
    assert (settled == said[0])[review["agreed"] & ~later].all()
    assert (review["reason"].notna() == (~review["agreed"] | later)).all()
    assert ((~review["agreed"]).sum(), len(review)) == (34, 148)


def test_what_was_changed_after_its_review_is_not_called_reviewed(crosswalk):
    later = crosswalk["curated_on"] > "2026-11-22"
    assert later.sum() == 29
    for column in ("reviewed_by", "reviewed_on"):
        assert (crosswalk[column].isna() == later).all()
    changes = hd.changes().query("table == 'crosswalk' and not column.str.startswith('reviewed_')")
    assert set(changes["row_id"]) <= set(crosswalk.loc[later, "crosswalk_id"])
    told = (shipped_folder() / "README.md").read_text(encoding="utf-8")
    assert "The third reading was made by the same project, and nobody has reviewed it" in told


def test_what_no_document_decides_is_undetermined(crosswalk):
    casework = "aap_2016_sections_high_quality_casework"
    improving = "aap_2016_sections_continuously_improving"
    outcomes = "opa_2007_ensuring_successful_outcomes"
    open_rows = crosswalk[crosswalk["status"] == "undetermined"]
    source = open_rows["source_aspect_id"].str.removeprefix("opa_2005_")
    assert dict(zip(source, open_rows["target_aspect_id"], strict=True)) == {
        "ensuring_successful_outcomes": casework,
        "leadership": "aap_2016_sections_success_of_cps_people",
        "managing_resources": improving,
        "handling_sensitive_cases_and_hate_crimes": casework,
        "custody_time_limits": casework,
        "disclosure": casework,
        "managing_performance_to_improve": improving,
        "managing_magistrates_courts_cases": f"{outcomes}_magistrates_courts",
        "managing_crown_court_cases": f"{outcomes}_crown_court",
    }


def test_what_only_function_or_an_issue_joins_has_the_lower_bound_0(crosswalk):
    ours = crosswalk["curation_rule"].isin(["function_only", "issue_of_same_inspection"])
    assert ours.sum() >= 10
    assert crosswalk.loc[ours, "share_low"].fillna(0).eq(0).all()


def test_nothing_is_said_to_be_filed_in_a_section(crosswalk, review):
    """The Wessex page lists thirteen criteria flat; the order is all that groups them."""
    rules = hd.load("crosswalk_rules")["statement"]
    for sentences in (crosswalk["justification"], rules):
        assert not sentences.str.contains(r"\bfile[sd]? .*(?:there|section|page)").any()
    assert set(hd.load("aspects")["parent_basis"].dropna()) == {"inferred"}


def test_all_twelve_single_links_are_of_the_second_pass(review):
    linked = {
        one: review[f"{one}_status"].isin(["mapped", "undetermined"]) for one in ("first", "second")
    }
    assert (linked["second"] & ~linked["first"]).sum() == 12
    assert (linked["first"] & ~linked["second"]).sum() == 0
    alone = review.loc[linked["second"] & ~linked["first"], "settled_status"]
    assert alone.value_counts(dropna=False).tolist()[0] == 10
    told = (shipped_folder() / "README.md").read_text(encoding="utf-8")
    for words_ in ("All 12 of these run one way", "by one\ncurator on one day", "0.905"):
        assert words_ in told
