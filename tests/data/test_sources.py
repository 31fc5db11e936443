"""Sources that people can name and find, reports that nobody here has read, and what changed."""

import re

import pandas as pd

import hmcpsi_data as hd
from hmcpsi_data.tables.description import shipped_folder
from hmcpsi_data.words import date_in_words


def test_a_label_ends_with_the_date_of_its_source():
    sources = hd.load("sources").set_index("source_id")
    assert sources["label"].is_unique
    dates = sources["published"].map(date_in_words).replace("", "undated")
    assert [one for one, date in zip(sources["label"], dates, strict=True)
            if not one.endswith(f", {date}")] == []  # fmt: skip
    assert sources.loc["s010", "label"] == "Public Finance, 14 March 2008"
    rows = hd.ratings("Leicestershire", framework="opa_2005", rating="Poor")
    assert hd.citations(rows).tolist() == [
        "HMCPSI, press notice on Leicestershire, 14 March 2006, line 26"
    ]


def test_a_source_has_an_address_without_a_persons_name_or_says_why_it_has_none():
    sources = hd.load("sources").set_index("source_id")
    gone = ["s083", "s089", "s106", "s124", "s129"]
    assert sources.loc[gone, "address"].isna().all()
    assert sources.loc[gone, "note"].str.contains("carries a person's name and is not").all()
    told = hd.load("changes").query("table == 'sources' and column == 'address'")
    assert set(told["row_id"]) == {*gone, "doc_aip_response_2022"}
    assert not told["old"].fillna("").str.contains("http").any()
    assert sources["address"].dropna().is_unique
    silent = sources[sources["address"].isna()]
    why = "is not repeated here|No address of this notice was found|whole address was not kept"
    assert len(silent) == 11
    assert (silent["note"].fillna("").str.contains(why) | silent["sha256"].notna()).all()


def test_the_report_of_every_inspection_is_listed_until_somebody_has_read_it():
    reports = hd.load("unread_reports").set_index("report_id")
    assert len(reports) == 109
    loose = reports.index[reports["inspection_id"].isna()]
    assert loose.tolist() == ["hertfordshire_2007_report"]  # its framework was not found
    assert set(hd.load("inspections")["inspection_id"]) - set(reports["inspection_id"]) == {
        "england_and_wales_opa_2007",  # an article on all Areas, which names no report on them
        "london_opa_2007",  # three sectors have one report each
        "south_west_aap_2016",  # decided on; that it took place is stated nowhere
    }
    assert reports.loc[reports["seen"] == "beginning", "address"].notna().all()


def test_no_row_names_a_person_and_key_words_are_six_at_most():
    """Offices only; the one title of a person that stands is that of an office."""
    for path in shipped_folder().glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(?:Mr|Mrs|Ms|Miss|Sir|Dame|QPM|QC|KC)\b", text), path.name
    for name in ("findings", "actions", "responses", "commitments", "programmes", "methods"):
        assert hd.load(name)["key_words"].dropna().str.split().str.len().max() <= 6, name


OWN = {
    "findings": ["subject", "note"], "actions": ["topic", "note"], "tensions": ["explanation"],
    "responses": ["summary", "note"], "commitments": ["what"], "inspections": ["note"],
    "frameworks": ["usage_warning"], "unread_reports": ["title", "closes", "note"],
    "programmes": ["what"], "scales": ["meaning"], "aspects": ["covers"],
    "crosswalk": ["justification"], "crosswalk_review": ["reason"],
    "crosswalk_rules": ["statement"],
}  # fmt: skip


def test_what_we_say_repeats_no_line_of_a_document(shared):
    """No eight words in a row of a founding document stand in our own words."""

    def runs(text):
        words = re.findall(r"[a-z0-9']+", text.replace("\u2019", "'").casefold())
        return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}

    texts = [path.read_text("utf-8") for path in (shared / "documents").glob("*.txt")]
    assert len(texts) == 5
    printed = set().union(*map(runs, texts))
    cells = [cell for name in OWN for one in OWN[name] for cell in hd.load(name)[one].dropna()]
    assert [cell for cell in cells if runs(cell) & printed] == []


def test_each_changed_value_stands_as_it_is_told_with_a_reason_and_no_rating_was_changed():
    """The last told value of a cell is the one in its table."""
    told = hd.changes().fillna("")
    assert (told["new"] != told["old"]).all()
    assert told["note"].ne("").all()
    assert set(told["version"]) == {"2026.11.29"}
    assert set(told.loc[told["table"] == "ratings", "column"]) == {"note"}
    keys = {"framework_measures": [0, 1], "scales": [0, 1]}
    for name, changes in told.groupby("table"):
        path = shipped_folder() / f"{name}.csv"
        rows = pd.read_csv(path, dtype="string", keep_default_na=False)
        key = [*rows.columns[keys.get(name, [0])]]
        key = ["programme_id", "source_id"] if name == "programmes" else key
        rows.index = rows[key].agg(", ".join, axis=1)
        for change in changes.itertuples():
            assert rows.loc[change.row_id, change.column] == change.new, change
    assert hd.changes(since="2026.11.29").empty
    assert len(hd.changes(since="0.1.0")) == len(told) > 400
    cited = (shipped_folder().parent / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {hd.data_version()}" in cited
    assert "date-released: 2026-11-29" in cited
