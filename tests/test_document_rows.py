"""The founding documents give the rows that the data have, and add up to them in a copy."""

import pandas as pd
import pytest
from editing import Copy
from test_documents import FOUNDING

import hmcpsi_data as hd
from hmcpsi_data.description import table, table_names
from hmcpsi_data.documents.rows import TABLES

OBSERVED = {
    "area_forces", "area_names", "inspections", "ratings", "actions", "responses", "commitments",
    "findings", "tensions", "measures", "programmes", "methods", "evidence", "offices",
}  # fmt: skip
COMPARED = {
    "ratings": ["rating_id", "inspection_id", "aspect_id", "rating", "locator", "speaker", "basis"],
    "actions": ["action_id", "inspection_id", "kind", "number", "progress", "locator", "speaker"],
    "responses": ["response_id", "action_id", "number", "locator", "speaker"],
    "measures": ["value", "value_as_printed", "unit", "locator"],
}

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def read(shared):
    """The founding documents as they are read, by their identifiers."""
    names = hd.load("sources").set_index("source_id")["file_name"]
    return {doc: hd.read_document(shared / "documents" / names[doc]) for doc in FOUNDING}


def without(copy: Copy, doc: str) -> None:
    """Make a copy of the data as if the document had never been read.

    What the project knows of frameworks, scales and aspects stays: it then rests on a source that
    was not read line by line.
    """
    rows = {name: [row for _, row in copy.records(name)] for name in table_names()}
    others = {
        row["inspection_id"]
        for name in ("ratings", "actions", "findings")
        for row in rows[name]
        if row["source_id"] != doc
    }
    gone: set[str] = set()
    kept = {}
    for name in table_names():  # in this order a row stands before those that refer to it
        kept[name] = [row for row in rows[name] if not _goes(name, row, doc, others, gone)]
        if name in OBSERVED:
            gone |= {row[table(name).primary_key[0]] for row in rows[name] if row not in kept[name]}
    for name in ("evidence", "tensions"):  # they refer to rows of any table
        kept[name] = [row for row in kept[name] if not _goes(name, row, doc, others, gone)]
    for name, left in kept.items():
        for row in left:
            _unread(name, row, doc)
        columns = list(table(name).columns)
        copy.write(name, [columns, *([row[column] for column in columns] for row in left)])


def _goes(name: str, row: dict, doc: str, others: set[str], gone: set[str]) -> bool:
    """Whether a row is what the document says, or hangs on such a row."""
    if name == "rating_sources":  # a further source of a rating goes with it
        return row["rating_id"] in gone or row["source_id"] == doc
    if name not in OBSERVED:
        return False
    hangs = ("row_id", "first_id", "second_id", "inspection_id", "action_id", "response_id")
    own = table(name).primary_key[0]
    if any(row.get(column) in gone for column in hangs if column != own and row.get(column)):
        return True
    if name == "inspections":
        return row["source_id"] == doc and row["inspection_id"] not in others
    return row.get("source_id") == doc


def _unread(name: str, row: dict, doc: str) -> None:
    """What stays rests on a source that was not read line by line."""
    for column in [column for column in row if column.endswith("source_id")]:
        lines = column.removesuffix("source_id") + "locator"
        if row[column] == doc and lines in row:
            row[lines] = ""
    if row.get("source_id") == doc:
        row |= {column: "" for column in row if column.endswith("locator")}
    if name == "sources" and row["source_id"] == doc:
        row |= {"sha256": "", "n_lines": "", "file_name": ""}


@pytest.fixture(params=FOUNDING)
def doc(request):
    return request.param


@pytest.fixture
def copy(tmp_path, doc):
    found = Copy(tmp_path / "data")
    without(found, doc)
    return found


def plain(frame: pd.DataFrame, columns: list[str]) -> list[tuple]:
    cells = frame[columns].astype(object)
    return sorted(cells.where(cells.notna(), "").itertuples(index=False, name=None), key=str)


def test_every_table_has_exactly_the_columns_of_the_description(read, doc):
    rows = read[doc].rows()
    assert tuple(rows) == TABLES
    for name, frame in rows.items():
        loaded = hd.load(name)
        assert list(frame.columns) == list(loaded.columns)
        assert frame.dtypes.to_dict() == loaded.dtypes.to_dict()


def test_the_rows_are_those_of_the_data(read, doc):
    rows = read[doc].rows()
    for name, columns in COMPARED.items():
        known = hd.load(name)
        known = known[known["source_id"].eq(doc)]
        if name == "ratings":
            known = known[known["rating"].notna()]
        if name == "measures":
            columns = ["value", "unit", "locator"]
            assert pairs(rows[name], columns) == pairs(known, columns)
            continue
        assert plain(rows[name], columns) == plain(known, columns), name


def pairs(frame: pd.DataFrame, columns: list[str]) -> list[tuple]:
    """The numbers with their lines; a court may be called one in two ways."""
    cells = frame.assign(unit=frame["unit"].str.split().str[-1].str.lower())
    return plain(cells, [column for column in columns if column != "unit"])


def test_added_to_a_copy_without_it_the_document_passes_every_check(read, doc, copy):
    assert hd.check(copy.folder).empty, hd.check(copy.folder)["problem"].tolist()
    added = hd.add_document(read[doc], copy.folder)
    found = hd.check(copy.folder)
    assert found.empty, found["problem"].tolist()
    assert added.problems.empty
    for name, n in added.counts.items():
        new = hd.load(name, copy.folder)
        if "source_id" in new:
            assert new["source_id"].eq(added.source_id).sum() == n


def test_the_ratings_that_were_taken_away_are_back(read, doc, copy):
    before = hd.ratings(folder=copy.folder).dropna(subset="rating")
    hd.add_document(read[doc], copy.folder)
    after = hd.ratings(folder=copy.folder).dropna(subset="rating")
    columns = ["rating_id", "label", "level", "rating", "locator", "area_id", "framework_id"]
    assert plain(after, columns) == plain(hd.ratings().dropna(subset="rating"), columns)
    assert len(after) - len(before) == len(read[doc].ratings)


def test_no_wording_of_the_document_is_in_the_rows_but_labels_and_key_words(read, doc):
    lines = " ".join(" ".join(read[doc].lines).split()).casefold()
    for name, frame in read[doc].rows().items():
        for column in frame.select_dtypes("string"):
            if column in ("label", "label_as_printed", "force_as_printed"):
                continue
            for cell in frame[column].dropna():
                words = cell.casefold().split()
                runs = [" ".join(words[i : i + 8]) for i in range(len(words) - 7)]
                assert [run for run in runs if run in lines] == [], (name, column)


def test_key_words_are_at_most_six_and_stand_in_the_cited_lines(read, doc):
    rows = read[doc].rows()
    for name in ("actions", "responses"):
        for words, locator in rows[name][["key_words", "locator"]].itertuples(index=False):
            said = " ".join(" ".join(read[doc].words(locator)).split())
            assert 1 <= len(words.split()) <= 6
            assert words in said


def test_a_response_speaks_as_the_inspected_body(read, doc):
    rows = read[doc].rows()
    speaker = "inspected_body" if "response" in doc else "inspectorate"
    said = [frame["speaker"] for frame in rows.values() if "speaker" in frame]
    assert set(pd.concat(said)) == {speaker}
    assert rows["sources"]["tier"].tolist() == [speaker]


def test_what_nobody_has_judged_is_empty(read, doc):
    rows = read[doc].rows()
    assert rows["actions"]["theme_id"].isna().all()
    assert rows["responses"][["commitment", "state"]].isna().all(axis=None)
    assert rows["evidence"].empty
    assert rows["actions"]["topic"].str.contains("not yet in our words").all()
