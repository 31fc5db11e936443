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
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def documents(shared):
    names = hd.load("sources").set_index("source_id")["file_name"]
    return {doc: hd.read_document(shared / "documents" / names[doc]) for doc in FOUNDING}


def rows(frame, columns):
    """The rows as a sorted list; what is missing is None."""
    values = frame[columns].astype(object).where(frame[columns].notna(), None)
    return sorted(values.values.tolist(), key=str)


def of(table, doc):
    frame = hd.load(table)
    return frame[frame["source_id"] == doc]


def known(table, doc, columns):
    """The rows that the data have of a document, under the names that a `Document` uses."""
    frame = of(table, doc)
    if table == "ratings":
        aspects = hd.load("aspects").set_index("aspect_id")
        frame = frame[frame["rating"].notna()]
        frame = frame.assign(
            label=frame["label_as_printed"],
            level=frame["aspect_id"].map(aspects["level"]),
            is_critical=frame["aspect_id"].map(aspects["is_critical"]),
        )
    return rows(frame, columns)


@pytest.mark.parametrize("doc", FOUNDING)
@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("ratings", ["label", "level", "is_critical", "rating", "locator"]),
        ("actions", ["kind", "number", "progress", "locator"]),
        ("responses", ["number", "locator"]),
        ("measures", ["value", "unit", "locator"]),
    ],
)
def test_a_table_equals_the_data(doc, table, columns, documents):
    assert rows(getattr(documents[doc], table), columns) == known(table, doc, columns)


@pytest.mark.parametrize("doc", FOUNDING)
def test_kind_framework_area_name_and_hash(doc, documents):
    document, source = documents[doc], of("sources", doc).iloc[0]
    assert (document.kind, document.framework_id, document.area_id) == FOUNDING[doc]
    assert document.area in set(of("area_names", doc)["name"])
    assert document.sha256 == source["sha256"]
    assert len(document.lines) == source["n_lines"]


@pytest.mark.parametrize("doc", FOUNDING)
def test_the_date_is_that_of_the_source_as_far_as_the_text_has_it(doc, documents):
    document, source = documents[doc], of("sources", doc).iloc[0]
    found = document.published, document.published_precision, document.published_basis
    if doc == "doc_aap_2016":  # the day stands on another page only
        assert found == ("2016", "year", "inferred")
        assert source["published"].startswith("2016")
    elif doc == "doc_fu_2010":  # another page may have the day
        assert found == ("2010", "year", "inferred")
        assert source["published"].startswith("2010")
    else:
        columns = ["published", "published_precision", "published_basis"]
        assert found == tuple(source[columns])


@pytest.mark.parametrize("doc", FOUNDING)
def test_the_police_forces_are_those_of_the_data(doc, documents):
    columns = ["force", "force_as_printed", "locator"]
    assert rows(documents[doc].forces, columns) == rows(of("area_forces", doc), columns)


@pytest.mark.parametrize("doc", FOUNDING)
def test_nothing_is_left_in_doubt_and_each_has_its_inspection(doc, documents):
    assert documents[doc].problems.empty
    inspections = set(hd.load("inspections")["inspection_id"])
    assert documents[doc].inspection_id in inspections


@pytest.mark.parametrize("doc", FOUNDING)
def test_periods_are_those_of_the_data_where_both_have_one(doc, documents):
    for row in of("measures", doc).dropna(subset=["period_from"]).to_dict("records"):
        found = documents[doc].measures
        same = found[(found["value"] == row["value"]) & (found["locator"] == row["locator"])]
        begun, ended = row["period_from"], row["period_to"]
        expected = begun if begun == ended else f"{begun}/{ended}"
        printed = same["period"].dropna().unique().tolist()
        assert printed in ([], [expected]), row["measure_id"]
