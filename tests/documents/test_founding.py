"""The five founding documents are read as the data have them: nothing missed, nothing invented."""

import pytest

import hmcpsi_data as hd

FOUNDING = {
    "doc_opa_2006": ("opa", "opa_2005", "leicestershire_1999"),
    "doc_fu_2010": ("follow_up", "follow_up_2010", "leicestershire_1999"),
    "doc_aap_2016": ("area_assurance", "aap_2016", "east_midlands_2011"),
    "doc_aap_response_2016": ("response", "aap_2016", "east_midlands_2011"),
    "doc_aip_response_2022": ("response", "aip_2021", "south_west_2011"),
}
# What a text has of its date; the day stands on other pages.
YEARS = {"doc_aap_2016": "2016", "doc_fu_2010": "2010"}
READ = {
    "ratings": ["label", "level", "is_critical", "rating", "locator"],
    "actions": ["kind", "number", "progress", "locator"],
    "responses": ["number", "locator"],
    "measures": ["value", "unit", "locator"],
    "forces": ["force", "force_as_printed", "locator"],
}
ROWS = {
    "ratings": ["rating_id", "inspection_id", "aspect_id", "rating", "locator", "speaker", "basis"],
    "actions": ["action_id", "inspection_id", "kind", "number", "progress", "locator", "speaker"],
    "responses": ["response_id", "action_id", "number", "locator", "speaker"],
    "measures": ["value", "locator", "basis"],
}
pytestmark = [pytest.mark.shared, pytest.mark.parametrize("doc", FOUNDING)]


@pytest.fixture(scope="module")
def documents(shared):
    names = hd.load("sources").set_index("source_id")["file_name"]
    return {doc: hd.read_document(shared / "documents" / names[doc]) for doc in FOUNDING}


def listed(frame, columns):
    """The rows as a sorted list; what is missing is None."""
    values = frame[columns].astype(object).where(frame[columns].notna(), None)
    return sorted(values.values.tolist(), key=str)


def of(table, doc):
    """The rows that the data have of a document, with the names that a `Document` uses."""
    frame = hd.load("area_forces" if table == "forces" else table)
    frame = frame[frame["source_id"] == doc]
    if table != "ratings":
        return frame
    aspects = hd.load("aspects")[["aspect_id", "level", "is_critical"]]
    rated = frame[frame["rating"].notna()].merge(aspects, on="aspect_id")
    return rated.assign(label=rated["label_as_printed"])


def test_all_tables_and_their_rows_equal_the_data(doc, documents):
    document, rows = documents[doc], documents[doc].rows()
    for table, columns in READ.items():
        assert listed(getattr(document, table), columns) == listed(of(table, doc), columns), table
    for table, columns in ROWS.items():
        known = of(table, doc)[[*rows[table]]]
        assert listed(rows[table], columns) == listed(known, columns), table
        assert rows[table].dtypes.to_dict() == known.dtypes.to_dict()
    assert rows["inspections"].empty
    found = document.measures
    for row in of("measures", doc).dropna(subset=["period_from"]).to_dict("records"):
        same = found[(found["value"] == row["value"]) & (found["locator"] == row["locator"])]
        begun, ended = row["period_from"], row["period_to"]
        expected = begun if begun == ended else f"{begun}/{ended}"  # where both have a period
        assert same["period"].dropna().unique().tolist() in ([], [expected]), row["measure_id"]


def test_what_the_document_is_when_it_came_out_and_what_is_in_doubt(doc, documents):
    document, source = documents[doc], of("sources", doc).iloc[0]
    assert (document.kind, document.framework_id, document.area_id) == FOUNDING[doc]
    assert document.area in set(of("area_names", doc)["name"])
    assert (document.sha256, len(document.lines)) == (source["sha256"], source["n_lines"])
    found = document.published, document.published_precision, document.published_basis
    if doc in YEARS:
        assert found == (YEARS[doc], "year", "inferred")
        assert source["published"].startswith(YEARS[doc])
    else:
        assert found == tuple(source[[f"published{one}" for one in ("", "_precision", "_basis")]])
    # the lead of the notice rates a thing that its table has not: a finding in the data
    doubts = [["engagement", "Good", "L5"]] if doc == "doc_aap_2016" else []
    assert document.problems[["what", "value", "locator"]].values.tolist() == doubts
    assert len(document.rows().problems) == len(doubts)
    assert document.inspection_id in set(hd.load("inspections")["inspection_id"])
