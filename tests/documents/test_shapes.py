"""One invented table of ratings is read the same in every shape that is known."""

import io

import docx
import pytest
from hostile import column, pdf, word

import hmcpsi_data as hd

ROWS = [
    ("Critical aspects", None),
    ("Pre-charge decision-making", "Good"),
    ("Ensuring successful outcomes", "Fair"),
    ("Leadership", "Excellent"),
    ("The service to victims and witnesses", "Poor"),
    ("Managing resources", "Good"),
    ("Other defining aspects", None),
    ("Managing magistrates\N{RIGHT SINGLE QUOTATION MARK} courts cases", "Fair"),
    ("Disclosure", "Poor"),
    ("Custody time limits", "Excellent"),
]
HEADS = [
    "Press notice, invented for a test",
    "Embargoed until 00.01 on 14 March 2006",
    "Overall Performance Assessment of CPS Northmarch",
    "Leadership is excellent, yet disclosure remains poor",
]
FRONT = [line for words in HEADS for line in (words, "")]
BACK = ["", "The Area needs to try, said a visitor to its offices; it was poor"]
LABELS = ["Aspect", *(label for label, _ in ROWS)]
RATINGS = ["Assessment", *(rating or "" for _, rating in ROWS)]
CELLS = [*map(list, zip(LABELS, RATINGS, strict=True))]
EXPECTED = [
    (label, rating, critical)
    for critical, part in ((True, ROWS[1:6]), (False, ROWS[7:]))
    for label, rating in part
]


def text(row="{}\t{}", header="Aspect\tAssessment", rated=str):
    """The document as a text, each row by a pattern."""
    rows = [row.format(label, rated(rating)) if rating else label for label, rating in ROWS]
    return "\n".join([*FRONT, header, *rows, *BACK])


PAGE = "".join(f"<p>{line}</p>" for line in FRONT)
TABLE = "".join(f"<tr><td>{label}</td><td>{rating}</td></tr>" for label, rating in CELLS)
SHAPES = {
    "tabs": text(),
    "several tabs": text("{}\t\t{}\t"),
    "a single space": text("{} {}", "Aspect Assessment"),
    "many spaces": text("{:<60}{}", f"{'Aspect':<60}Assessment"),
    "indented": text("    {:<60}{}", "    Aspect    Assessment"),
    "pipes": text("{} | {}", "Aspect | Assessment"),
    "pipes around": text("| {} | {} |", "| Aspect | Assessment |\n| --- | --- |"),
    "a colon": text("{}: {}", "Aspect: Assessment"),
    "a dash": text("{} \N{EN DASH} {}", "Aspect Assessment"),
    "dots": text("{} ........ {}", "Aspect Assessment"),
    "bullets": text("- {}: {}", "Aspect: Assessment"),
    "numbers": text("7. {}\t{}"),
    "no header": text(header=""),
    "rows apart": text("\n{}\t{}\n"),
    "capitals": text(rated=str.upper),
    "straight quotes": text().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"),
    "small letters": text(rated=str.lower),
    "small letters after a space": text("{} {}", "Aspect Assessment", str.lower),
    "quoted ratings": text("{}\t'{}'"),
    "bold": text("{} | **{}**", "**Aspect** | **Assessment**"),
    "no-break spaces": text().replace(" ", "\N{NO-BREAK SPACE}"),
    "a point at the end": text("{}\t{}."),
    "a direction of travel": text("{}\t{}\tImproved", "Aspect\tAssessment\tTravel"),
    "Windows": text().replace("\n", "\r\n").encode("cp1252"),
    "old Macintosh": text().replace("\n", "\r").encode(),
    "HTML": f"<html><body>{PAGE}<table>{TABLE}</table><p>{BACK[1]}</p></body></html>",
    "PDF": pdf(column(60, 800, FRONT) + column(60, 650, LABELS) + column(380, 650, RATINGS)),
    "DOCX": word(*HEADS, CELLS, BACK[1]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_ratings_are_the_same_in_every_shape_and_locators_lead_to_them(shape):
    document = hd.read_document(SHAPES[shape])
    assert (document.framework_id, document.area) == ("opa_2005", "CPS Northmarch")
    found = document.ratings[["label", "rating", "is_critical"]].values.tolist()
    quote = "'" if shape == "straight quotes" else "\N{RIGHT SINGLE QUOTATION MARK}"
    assert [(label.replace(quote, "\u2019"), *more) for label, *more in found] == EXPECTED
    assert set(document.ratings["level"]) == {"aspect"}
    for label, rating, locator in document.ratings[["label", "rating", "locator"]].values:
        words = " ".join(" ".join(document.words(locator)).split()).casefold()
        assert label.casefold() in words
        assert rating.casefold() in words
        assert locator.startswith("p1 ") == (shape == "PDF")
    if shape in {"tabs", "many spaces", "HTML", "DOCX"}:  # the headline says again what is rated
        doubts = document.problems.query("table == 'ratings'")
        assert doubts[["value", "words"]].values.tolist() == [["Poor", BACK[1]]]


TITLE = "Overall Performance Assessment of CPS Northmarch (invented)\n14 March 2006\n\n"


@pytest.mark.parametrize(
    "rows",
    ["Aspect | Assessment\nLeadership | Good*", "Aspect | Assessment\nLeadership | Good **",
     "Aspect | Assessment\nLeadership\u2020 | Good", "Aspect | Assessment*\nLeadership | Good",
     "Critical aspects\u00b9\nLeadership\tGood", "Aspect\tRating\nLeadership\tGood[1]",
     "Aspect\tRating\nLeadership\tGood (1)", "Aspect\tRating\nLeadership\t*Good",
     "Aspect\tRating\nLeadership\tGood 1", "Aspect\tRating\nLeadership\tGood\u00b9"],
)  # fmt: skip
def test_a_mark_of_a_footnote_makes_a_rating_doubtful(rows):
    document = hd.read_document(TITLE + rows)
    assert document.ratings.empty
    assert document.problems["what"].eq("Leadership").any()


@pytest.mark.parametrize(
    ("table", "certain", "doubtful"),
    [
        ("<tr><td>Leadership<td><del>Good</del>", [], 0),
        ("<tr><td>Leadership<td><s>Good</s> Fair", [["Leadership", "Fair"]], 0),
        ("<tr><td>Leadership<td><del>Good</del><ins>Fair</ins>", [["Leadership", "Fair"]], 0),
        ("<tr><td>Leadership<td>Good<sup><a href=#n>1</a></sup>", [], 1),
        ("<tr><td>Leadership<td>Good<sup>*</sup>", [], 1),
        ("<tr><td>Leadership<td style='display: none'>Good<td>Fair", [["Leadership", "Fair"]], 0),
        ("<tr><td>Leadership<td rowspan=2>Good<tr><td>Disclosure",
         [["Leadership", "Good"], ["Disclosure", "Good"]], 0),
        ("<tr><td rowspan=2>Leadership<td>Good<tr><td>Fair", [], 2),
        ("<tr><td colspan=2>Critical<tr><td>Leadership<td>Good", [["Leadership", "Good"]], 0),
    ],
)  # fmt: skip
def test_cells_of_a_page_that_are_struck_out_noted_or_merged(table, certain, doubtful):
    page = f"<p>{TITLE}</p><table><tr><th>Aspect<th>Assessment{table}</table>".replace("\n", "<p>")
    document = hd.read_document(f"<html>{page}</html>")
    assert document.ratings[["label", "rating"]].values.tolist() == certain
    assert len(document.problems.query("table == 'ratings'")) == doubtful


@pytest.mark.parametrize(
    ("where", "words", "certain"),
    [("header", "DRAFT", 0), ("header", "CPS Kent", 0), ("footer", "Draft, not agreed", 0),
     ("header", "CPS Northmarch", 1), ("footer", "3", 1), ("vanish", "", 0), ("strike", "", 0),
     ("footnoteReference", "", 0)],
)  # fmt: skip
def test_edges_of_a_page_and_hidden_or_noted_words_of_a_word_file(where, words, certain):
    document = docx.Document(io.BytesIO(word(*TITLE.split("\n"), [["Aspect", "Assessment"]])))
    row = document.tables[0].add_row().cells
    row[0].text, run = "Leadership", row[1].paragraphs[0].add_run("Good")
    if words:
        getattr(document.sections[0], where).paragraphs[0].text = words
    elif where == "footnoteReference":
        run._r.append(docx.oxml.OxmlElement(f"w:{where}", {docx.oxml.ns.qn("w:id"): "2"}))
    else:
        run._r.get_or_add_rPr().append(docx.oxml.OxmlElement(f"w:{where}"))
    out = io.BytesIO()
    document.save(out)
    assert len(hd.read_document(out.getvalue()).ratings) == certain
