"""Every row with a locator in a founding document is proved by the lines that it cites."""

import hashlib
import re

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data.description import table, table_names
from hmcpsi_data.locators import lines_of

FOUNDING = [
    "doc_opa_2006",
    "doc_fu_2010",
    "doc_aap_2016",
    "doc_aap_response_2016",
    "doc_aip_response_2022",
]
LOCATED = [name for name in table_names() if {"source_id", "locator"} <= set(table(name).columns)]
# What a row claims to stand in its lines, word for word.
PRINTED = {
    "ratings": ["label_as_printed", "rating_as_printed"],
    "actions": ["key_words", "number", "progress_as_printed"],
    "responses": ["key_words"],
    "commitments": ["key_words", "date_as_printed"],
    "measures": ["value_as_printed"],
    "findings": ["key_words"],
    "methods": ["key_words"],
    "programmes": ["key_words"],
    "area_names": ["name"],
    "area_forces": ["force_as_printed"],
    "offices": ["place"],
    "aspects": ["label_as_printed"],
}
# Lines that carry no fact, by document, with the reason.
NO_FACT = {
    "doc_opa_2006": {
        3: "kind of document, in sources",
        52: "login of the press site: never carried over",
        53: "login of the press site: never carried over",
        55: "telephone numbers and press contact: never carried over",
        57: "heading",
    },
    "doc_fu_2010": {
        5: "publisher, in sources",
        16: "heading",
        28: "heading",
        40: "heading of the annex, cited where the text names it",
    },
    "doc_aap_2016": {},
    "doc_aap_response_2016": {8: "title again", 24: "introduces the responses"},
    "doc_aip_response_2022": {
        1: "page furniture",
        3: "page furniture",
        5: "page furniture",
        6: "page furniture",
        10: "page furniture",
        58: "name of the signatory: recorded by office",
        62: "page furniture",
    },
}


def plain(text):
    """Text with straight quotes, single spaces and small letters."""
    text = text.replace("\u2019", "'").replace("\u2018", "'").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text).casefold()


@pytest.fixture(scope="module")
def documents(shared):
    sources = hd.load("sources").set_index("source_id")
    folder = shared / "documents"
    return {
        doc: (folder / sources.loc[doc, "file_name"]).read_text(encoding="utf-8").split("\n")
        for doc in FOUNDING
    }


def cited(documents, source_id, locator):
    lines = documents[source_id]
    return plain(" ".join(lines[line - 1] for _, line in lines_of(locator)))


def founding_rows(name):
    frame = hd.load(name)
    return frame[frame["source_id"].isin(FOUNDING)]


def test_the_founding_documents_are_those_that_were_read(shared):
    sources = hd.load("sources").set_index("source_id").loc[FOUNDING]
    for doc, row in sources.iterrows():
        content = (shared / "documents" / row["file_name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"], doc
        assert content.decode("utf-8").count("\n") + 1 == row["n_lines"], doc


@pytest.mark.parametrize("name", PRINTED)
def test_the_cited_lines_contain_what_the_row_claims(name, documents):
    frame = founding_rows(name)
    assert len(frame), name
    unproved = []
    for row in frame.to_dict("records"):
        text = cited(documents, row["source_id"], row["locator"])
        claims = [str(row[column]) for column in PRINTED[name] if pd.notna(row[column])]
        for claim in claims:
            if not re.search(rf"(?<!\w){re.escape(plain(claim))}(?!\d)", text):
                unproved.append((row["source_id"], row["locator"], claim))
    assert unproved == []


@pytest.mark.parametrize("name", ["ratings", "actions", "responses", "measures", "commitments"])
def test_every_claim_of_the_main_tables_can_be_proved(name, documents):
    """No row gets by with nothing printed to hold it against."""
    frame = founding_rows(name)
    has_claim = frame[PRINTED[name]].notna().any(axis=1)
    assert has_claim.all(), frame.loc[~has_claim].iloc[:, 0].tolist()


def test_every_critical_aspect_stands_under_the_heading_of_critical_aspects(documents):
    aspects = founding_rows("aspects").query("set_id == 'opa_2005' and level == 'aspect'")
    for row in aspects.to_dict("records"):
        heading = "critical aspects" if row["is_critical"] else "other defining aspects"
        assert heading in cited(documents, row["source_id"], row["locator"]), row["aspect_id"]


def test_a_number_in_words_is_the_number_of_the_row():
    words = {
        "three": 3, "three-phase": 3, "five": 5, "six": 6, "seven": 7, "ten": 10,
        "fourteen": 14, "twenty": 20, "twenty-two": 22,
    }  # fmt: skip
    for row in founding_rows("measures").to_dict("records"):
        printed = row["value_as_printed"].casefold()
        value = words.get(printed)
        if value is None:
            value = float(printed.replace(",", "").rstrip("%"))
        assert value == row["value"], row["measure_id"]


@pytest.mark.parametrize("doc", FOUNDING)
def test_every_line_that_carries_a_fact_is_cited_by_a_row(doc, documents):
    locators = [
        row["locator"] for name in LOCATED for row in founding_rows(name).to_dict("records")
        if row["source_id"] == doc and pd.notna(row["locator"])
    ]  # fmt: skip
    sources = hd.load("sources").set_index("source_id")
    if pd.notna(sources.loc[doc, "published_locator"]):
        locators.append(sources.loc[doc, "published_locator"])
    inspections = hd.load("inspections")
    dated = inspections[inspections["published_source_id"] == doc]
    locators += dated["published_locator"].dropna().tolist()
    lines = {line for locator in locators for _, line in lines_of(locator)}
    uncited = {
        number
        for number, text in enumerate(documents[doc], 1)
        if text.strip() and number not in lines
    }
    assert uncited == set(NO_FACT[doc])


def test_the_data_carries_no_sentence_of_the_documents(documents, shared):
    """Seven words in a row of a document are too many; labels and names may have more.

    The quotations that the collected facts keep of other sources are held to the same.
    """
    allowed = {"label_as_printed", "name", "sha256", "file_name", "title", "locator", "address"}
    texts = {doc: f" {plain(' '.join(lines))} " for doc, lines in documents.items()}
    for path in sorted((shared / "facts").glob("*.csv")):
        for quoted in re.findall(r'""([^"]+)""', path.read_text(encoding="utf-8")):
            texts[quoted] = f" {plain(quoted)} "
    assert len(texts) > len(documents)
    copied = []
    for name in table_names():
        frame = hd.load(name)
        for column in frame.select_dtypes("string"):
            if column in allowed or column.endswith("_id"):
                continue
            for value in frame[column].dropna().unique():
                words = plain(value).split()
                runs = [" ".join(words[i : i + 7]) for i in range(len(words) - 6)]
                copied += [
                    run for run in runs if any(f" {run} " in text for text in texts.values())
                ]
    assert copied == []
