"""Sources that people can name and find, reports that nobody here has read, and what changed."""

import re

import pandas as pd

import hmcpsi_data as hd
from hmcpsi_data.tables.description import shipped_folder
from hmcpsi_data.words import date_in_words


def test_a_label_ends_with_the_date_of_its_source():
    labels = hd.load("sources").set_index("source_id")["label"]
    assert labels.is_unique
    assert labels["s010"] == "Public Finance, 14 March 2008"
    for row in hd.load("sources").itertuples():
        date = "undated" if pd.isna(row.published) else date_in_words(row.published)
        assert row.label.endswith(", " + date), row.label
    rows = hd.ratings("Leicestershire", framework="opa_2005", rating="Poor")
    assert hd.citations(rows).tolist() == [
        "HMCPSI, press notice on Leicestershire, 14 March 2006, line 26"
    ]


def test_no_address_carries_the_name_of_a_person():
    sources = hd.load("sources").set_index("source_id")
    gone = ["s083", "s089", "s106", "s124", "s129"]
    assert sources.loc[gone, "address"].isna().all()
    assert sources.loc[gone, "note"].str.contains("carries a person's name and is not").all()
    told = hd.load("changes").query("table == 'sources' and column == 'address'")
    assert set(told["row_id"]) == {*gone, "doc_aip_response_2022"}
    assert not told["old"].fillna("").str.contains("http").any()


def test_every_source_has_an_address_or_says_why_it_has_none():
    sources = hd.load("sources")
    silent = sources[sources["address"].isna()]
    why = "is not repeated here|No address of this notice was found|whole address was not kept"
    assert len(silent) == 11
    assert sources["address"].dropna().is_unique
    told = silent["note"].fillna("").str.contains(why) | silent["sha256"].notna()
    assert told.all()


def test_the_report_of_every_inspection_is_listed_until_somebody_has_read_it():
    reports = hd.load("unread_reports")
    assert len(reports) == 109
    own = reports.dropna(subset="inspection_id")
    rest = set(reports["report_id"]) - set(own["report_id"])
    assert rest == {"hertfordshire_2007_report"}  # its framework was not found
    assert set(hd.load("inspections")["inspection_id"]) - set(reports["inspection_id"]) == {
        "england_and_wales_opa_2007",  # an article on all Areas, which names no report on them
        "london_opa_2007",  # three sectors have one report each
        "south_west_aap_2016",  # decided on; that it took place is stated nowhere
    }
    assert reports.loc[reports["seen"] == "beginning", "address"].notna().all()


def test_no_row_names_a_person():
    """Offices only; the one title of a person that stands is that of an office."""
    for path in shipped_folder().glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(?:Mr|Mrs|Ms|Miss|Sir|Dame|QPM|QC|KC)\b", text), path.name


def test_no_key_words_stand_beyond_six():
    for name in ("findings", "actions", "responses", "commitments", "programmes", "methods"):
        words = hd.load(name)["key_words"].dropna().str.split().str.len()
        assert words.max() <= 6, name


def test_what_we_say_repeats_no_line_of_a_document(shared):
    """No eight words in a row of a founding document stand in our own words."""

    def plain(text):
        return re.findall(r"[a-z0-9']+", text.replace("\u2019", "'").casefold())

    texts = [
        f" {' '.join(plain(path.read_text(encoding='utf-8')))} "
        for path in (shared / "documents").glob("*.txt")
    ]
    assert len(texts) == 5
    own = {
        "findings": ["subject", "note"], "actions": ["topic", "note"], "tensions": ["explanation"],
        "responses": ["summary", "note"], "commitments": ["what"], "inspections": ["note"],
        "frameworks": ["usage_warning"], "unread_reports": ["title", "closes", "note"],
        "programmes": ["what"], "scales": ["meaning"], "aspects": ["covers"],
        "crosswalk": ["justification"], "crosswalk_review": ["reason"],
        "crosswalk_rules": ["statement"],
    }  # fmt: skip
    for name, columns in own.items():
        for column in columns:
            for cell in hd.load(name)[column].dropna():
                said = plain(cell)
                runs = [" ".join(said[i : i + 8]) for i in range(len(said) - 7)]
                assert not [run for run in runs if any(f" {run} " in text for text in texts)], cell


# What changed -----------------------------------------------------------------------------------


def test_each_changed_value_stands_as_it_is_told():
    """The last told value of a cell is the one in its table."""
    folder, told = shipped_folder(), hd.changes().fillna("")
    assert (told["new"] != told["old"]).all()
    keys = {"framework_measures": 2, "scales": 2}
    for name, changes in told.groupby("table"):
        rows = pd.read_csv(folder / f"{name}.csv", dtype="string", keep_default_na=False)
        key = rows.columns[: keys.get(name, 1)].tolist()
        key = ["programme_id", "source_id"] if name == "programmes" else key
        rows.index = rows[key].agg(", ".join, axis=1)
        for change in changes.itertuples():
            assert rows.loc[change.row_id, change.column] == change.new, change


def test_every_change_says_why_and_no_rating_was_changed():
    told = hd.changes()
    assert told["note"].notna().all()
    assert set(told["version"]) == {"2026.11.29"}
    assert set(told.loc[told["table"] == "ratings", "column"]) == {"note"}
    assert hd.changes(since="2026.11.29").empty
    assert len(hd.changes(since="0.1.0")) == len(told) > 400
    cited = (shipped_folder().parent / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {hd.data_version()}" in cited
    assert "date-released: 2026-11-29" in cited
