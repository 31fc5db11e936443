"""Documents seen nowhere else are read as a person would read them.

All of them are invented, in shapes of their own, and say so; the files stand in tests/documents.
"""

from pathlib import Path

import pytest
from papers import column, pdf, word

import hmcpsi_data as hd

FOLDER = Path(__file__).parent / "documents"
OPA_2005 = [
    "Pre-charge decision-making",
    "Ensuring successful outcomes",
    "Leadership",
    "The service to victims and witnesses",
    "Managing resources",
    "Managing magistrates' courts cases",
    "Managing Crown Court cases",
    "Handling sensitive cases and hate crimes",
    "Custody time limits",
    "Disclosure",
    "Presenting and progressing cases at court",
    "Delivering change",
    "Managing performance to improve",
    "Securing community confidence",
]


OLD = "opa-2006-west-yorkshire.txt"  # read as it would come: in cp1252, with CRLF


def read(name):
    if name == OLD:
        text = (FOLDER / name).read_text(encoding="utf-8").replace("\n", "\r\n")
        return hd.read_document(text.encode("cp1252"), name)
    return hd.read_document(FOLDER / name)


def rows(frame, *columns):
    values = frame[list(columns)].astype(object).where(frame[list(columns)].notna(), None)
    return [tuple(row) for row in values.values.tolist()]


def front(document):
    return document.kind, document.framework_id, document.area_id, document.published


FRONTS = {
    "opa-2005-norfolk.html": ("opa", "opa_2005", "norfolk_1999", "2005-12-16"),
    "opa-2006-west-yorkshire.txt": ("opa", "opa_2005", "west_yorkshire_1999", "2006-03-14"),
    "opa-2007-thames-valley.txt": ("opa", "opa_2007", "thames_valley_1999", "2008-03-13"),
    "follow-up-2010-south-wales.html": ("follow_up", "follow_up_2010", "south_wales_1999", "2010"),
    "follow-up-2011-surrey.txt": ("follow_up", "follow_up_2010", "surrey_1999", "2011-06-28"),
    "area-assurance-2016-prose-only.txt": (
        "area_assurance", "aap_2016", "south_east_2011", "2016-09-06",
    ),
    "area-assurance-2017-east-of-england.md": (
        "area_assurance", "aap_2016", "east_of_england_2011", "2017-10-25",
    ),
    "area-assurance-2018-north-west.html": (
        "area_assurance", "aap_2016", "north_west_2011", "2018-02-27",
    ),
    "response-2018-london-south.txt": (
        "response", "aap_2016", "london_south_2017", "2018-10-25",
    ),
    "response-2022-yorkshire.html": (
        "response", "aip_2021", "yorkshire_and_humberside_2011", "2022-04",
    ),
    "national-2006.txt": ("opa", "opa_2005", None, "2006-03-14"),
    "hygiene.txt": ("unknown", None, None, None),
}  # fmt: skip


@pytest.mark.parametrize("name", FRONTS)
def test_kind_framework_area_and_date(name):
    assert front(read(name)) == FRONTS[name]


def test_every_invented_document_says_so_and_is_read():
    names = {path.name for path in FOLDER.iterdir()}
    assert names == set(FRONTS)
    for name in names:
        words = (FOLDER / name).read_text(encoding="utf-8").casefold()
        assert "invented" in words, name


def test_a_page_with_another_header_and_marks_of_its_own():
    document = read("opa-2005-norfolk.html")
    labels = [label.replace("'", "\u2019") for label in OPA_2005]
    labels[0], labels[3] = "Pre-charge decision\u2011making", "The service to victims & witnesses"
    ratings = "Excellent Excellent Good Good Good Good Fair Excellent Good Good Fair Good Good Good"
    overall, *aspects = rows(document.ratings, "label", "level", "is_critical", "rating")
    assert overall == ("overall", "overall", None, "Excellent")
    expected = zip(labels, ratings.split(), strict=True)
    assert aspects == [
        (label, "aspect", at < 5, rating) for at, (label, rating) in enumerate(expected)
    ]
    assert rows(document.problems, "locator") == [("L35-L37",)]  # the cafes
    assert rows(document.forces, "force", "force_as_printed") == [
        ("Norfolk", "Norfolk Constabulary")
    ]


def test_small_letters_after_a_space_in_an_old_encoding():
    text = (FOLDER / "opa-2006-west-yorkshire.txt").read_text(encoding="utf-8")
    document = hd.read_document(text.replace("\n", "\r\n").encode("cp1252"), "notice.txt")
    ratings = "fair poor fair good poor poor fair good excellent good fair fair fair good".title()
    overall, *aspects = rows(document.ratings, "label", "rating", "locator")
    assert overall == ("Overall assessment", "Poor", "L8")
    assert [rating for _, rating, _ in aspects] == ratings.split()
    assert [label for label, _, _ in aspects] == [
        label.replace("'", "\u2019") for label in OPA_2005
    ]
    assert [locator for *_, locator in aspects] == [
        f"L{n}" for n in (*range(13, 18), *range(19, 28))
    ]
    assert document.problems.empty


def test_of_two_columns_of_ratings_the_later_is_read():
    document = read("opa-2007-thames-valley.txt")
    ratings = "Good Fair Good Fair Excellent Fair Poor Good Good Fair Good Excellent Good"
    overall, *aspects = rows(document.ratings, "level", "rating", "locator")
    assert overall == ("overall", "Good", "L11")
    assert [rating for _, rating, _ in aspects] == ratings.split()
    assert len(document.problems) == 2  # the earlier ratings, and the direction of travel
    assert rows(document.measures, "value", "unit", "period") == [
        (13, "aspects", None),
        (3, "offices", None),
        (16, "courts", None),
        (4, "Crown Court centres", None),
        (287.4, "full-time equivalents", "2006-10/2007-09"),
        (48_215, "cases", "2006-10/2007-09"),
        (13.2, "%", "2006-10/2007-09"),
    ]


def test_sections_and_criteria_in_one_table():
    document = read("area-assurance-2018-north-west.html")
    assert rows(document.ratings, "label", "level", "rating") == [
        ("The success of CPS people", "section", "Good"),
        ("Effective leadership", "criterion", "Excellent"),
        ("Work effectively with criminal justice partners", "criterion", "Good"),
        ("Commitment to CPS values", "criterion", "Good"),
        ("Continuously improving", "section", "Fair"),
        ("Management of resources", "criterion", "Fair"),
        ("High quality casework", "section", "Fair"),
        ("Reviews and decisions (magistrates\u2019 courts)", "criterion", "Fair"),
        ("Reviews and decisions (Crown Court)", "criterion", "Good"),
        ("Public confidence", "section", "Poor"),
        ("Communicating with victims", "criterion", "Poor"),
    ]
    assert rows(document.problems, "locator", "reason") == [("L19", "the row gives no rating")]
    assert rows(document.actions, "kind", "number", "locator") == [
        ("issue", 1, "L28"),
        ("issue", 2, "L29"),
    ]
    assert document.responses.empty
    assert document.forces["force"].tolist() == ["Cumbria", "Lancashire", "Greater Manchester"]
    assert rows(document.measures, "value", "unit", "period") == [
        (110, "files", "2017-01/2017-03"),
        (9, "courts", None),
        (1, "Crown Court centres", None),
    ]


def test_sections_in_prose_beside_criteria_in_a_table():
    document = read("area-assurance-2017-east-of-england.md")
    assert rows(document.ratings, "label", "level", "rating", "locator") == [
        ("Public Confidence", "section", "Excellent", "L9"),
        ("Continuously Improving", "section", "Good", "L9"),
        ("Success of CPS People", "section", "Good", "L9-L10"),
        ("High Quality Casework", "section", "Fair", "L10"),
        ("Effective leadership", "criterion", "Good", "L14"),
        ("Analysis of Area\u2019s key performance data", "criterion", "Fair", "L15"),
        ("Reviews and decisions (Crown Court)", "criterion", "Fair", "L16"),
        ("Communicating with victims", "criterion", "Excellent", "L17"),
    ]


def test_praise_blame_conditions_and_earlier_years_are_no_ratings():
    document = read("area-assurance-2016-prose-only.txt")
    assert document.ratings.empty
    assert document.problems["locator"].tolist() == ["L8"]


@pytest.mark.parametrize(
    ("name", "locator"), [("hygiene.txt", "L4-L6"), ("national-2006.txt", "L8-L12")]
)
def test_a_table_that_is_none_of_ours_is_one_problem(name, locator):
    document = read(name)
    assert document.ratings.empty
    assert document.actions.empty
    assert document.problems["locator"].tolist() == [locator]


def test_progress_in_columns_that_run_over_lines():
    document = read("follow-up-2011-surrey.txt")
    assert rows(document.actions, "kind", "number", "progress", "locator") == [
        ("recommendation", 1, "Substantial progress", "L13-L14"),
        ("recommendation", 2, "Achieved", "L16"),
        ("recommendation", 3, "No longer applicable", "L18-L19"),
        ("recommendation", 4, "Not progressed", "L23"),
        ("recommendation", 5, "Limited progress", "L25-L26"),
    ]
    assert document.problems["locator"].tolist() == ["L28"]  # its word is of no scale
    assert rows(document.ratings, "level", "rating", "locator") == [("overall", "Poor", "L8")]


def test_progress_that_stands_before_the_action():
    document = read("follow-up-2010-south-wales.html")
    assert rows(document.actions, "kind", "number", "progress") == [
        ("recommendation", 1, "Limited progress"),
        ("recommendation", 2, "Achieved"),
        ("recommendation", 3, "Not progressed"),
        ("aspect_for_improvement", 1, "Substantial progress"),
        ("aspect_for_improvement", 2, "No longer applicable"),
    ]
    assert document.problems.empty


def test_issues_that_are_stated_twice_in_other_words():
    document = read("response-2022-yorkshire.html")
    assert document.ratings.empty
    assert rows(document.actions, "kind", "number", "locator") == [
        ("issue", 1, "L15;L20"),
        ("issue", 2, "L16;L29"),
        ("issue", 3, "L17;L33"),
        ("issue", 4, "L18;L39"),
    ]
    assert rows(document.responses, "number", "locator") == [
        (1, "L22;L24;L26-L27"),
        (2, "L31"),
        (3, "L35;L37"),
        (4, "L41"),
    ]


def test_recommendations_with_headed_answers_of_several_paragraphs():
    document = read("response-2018-london-south.txt")
    assert rows(document.actions, "kind", "number", "locator") == [
        ("recommendation", 1, "L12-L14"),
        ("recommendation", 2, "L23-L25"),
        ("recommendation", 3, "L33"),
    ]
    assert rows(document.responses, "number", "locator") == [
        (1, "L17-L19;L21"),
        (2, "L28;L30-L31"),
        (3, "L34"),
    ]
    assert rows(document.ratings, "label", "rating") == [
        ("Public Confidence", "Good"),
        ("Casework Quality", "Fair"),
        ("Continuously Improving", "Fair"),
        ("Success of CPS People", "Good"),
    ]


FIVE = [
    ("Letters should be shorter.", "We will write a guide."),
    ("Files should be read sooner.", "Agreed: within three days."),
    ("The rota must be fair.", "A new rota began in May 2017."),
    ("Lawyers need time for disclosure.", "Two lawyers have been appointed."),
    ("Witnesses should be told of delays.", "The unit will ring them."),
]
TITLE = "CPS Response to the HMCPSI Area Assurance Inspection of CPS Wessex"


def five(document):
    assert front(document)[:3] == ("response", "aap_2016", "wessex_2011")
    assert document.actions["kind"].tolist() == ["issue"] * 5
    assert document.actions["number"].tolist() == [1, 2, 3, 4, 5]
    assert document.actions["text"].tolist() == [issue for issue, _ in FIVE]
    assert document.responses["number"].tolist() == [1, 2, 3, 4, 5]
    assert document.responses["text"].tolist() == [answer for _, answer in FIVE]
    assert document.ratings.empty


def test_a_docx_whose_issues_are_numbered_by_the_word_processor():
    blocks = [TITLE, "13 December 2016", "This is invented for a test.", "Issues to address"]
    for issue, answer in FIVE:
        blocks += [(issue, "List Number"), f"CPS response: {answer}"]
    five(hd.read_document(word(*blocks)))


def test_a_docx_with_issues_and_answers_in_a_table():
    table = [["No.", "Issue to address", "CPS response"]]
    table += [[str(n), issue, answer] for n, (issue, answer) in enumerate(FIVE, 1)]
    five(hd.read_document(word(TITLE, "Invented for a test.", table)))


def test_a_pdf_with_issues_on_two_pages():
    lines = [f"{n}. {issue}\nCPS response: {answer}\n" for n, (issue, answer) in enumerate(FIVE, 1)]
    first = [TITLE, "", "Invented for a test.", "", "Issues to address", "", *lines[0].split("\n")]
    rest = [line for block in lines[1:] for line in block.split("\n")]
    pages = [column(60, 780, first), column(60, 780, rest)]
    numbered = [[*page, (290, 30, str(n))] for n, page in enumerate(pages, 1)]
    document = hd.read_document(pdf(*numbered))
    five(document)
    assert document.actions["locator"].str.startswith("p2 ").tolist() == [False] + [True] * 4


@pytest.mark.parametrize(
    "entry",
    [
        "Issue {n}: {issue}\nArea response: {answer}\n",
        "Issue {n}\n\n{issue}\n\nCPS response\n\n{answer}\n",
        "{n}) {issue}\n\nResponse: {answer}\n",
        "{n}\t{issue}\nThe CPS response:\n{answer}\n",
        "{n}. {issue} CPS response: {answer}",
        "{n}. {issue}\n\n{answer}\n",
    ],
)
def test_issues_and_answers_in_other_forms(entry):
    entries = [entry.format(n=n, issue=i, answer=a) for n, (i, a) in enumerate(FIVE, 1)]
    five(
        hd.read_document("\n".join([TITLE, "", "Invented.", "", "Issues to address", "", *entries]))
    )


@pytest.mark.parametrize(
    ("sentence", "measures"),
    [
        ("It covers twelve magistrates' courts and six Crown Court centres.",
         [(12, "courts"), (6, "Crown Court centres")]),
        ("We read 120 magistrates' courts and Crown Court files.", [(120, "files")]),
        ("Of the 1,204 cases, ninety-six per cent ended in time.", [(1204, "cases"), (96, "%")]),
        ("Four of the nine issues concern letters.", [(4, "issues"), (9, "issues")]),
        ("There are 115 full time equivalent staff at three offices.",
         [(115, "full-time equivalents"), (3, "offices")]),
        ("One hundred and five files were read by 2 inspectors.",
         [(105, "files"), (2, "inspectors")]),
        ("It is one of 42 CPS Areas.", [(42, "Areas")]),
        ("In the last two months, on 14 March 2006, section 9 of the Act of 2003 was used.", []),
        ("The second phase began; ring 020 7946 0000 or see page 12.", []),
    ],
)  # fmt: skip
def test_numbers_with_their_units(sentence, measures):
    document = hd.read_document(f"CPS Kent, an invented text\n\n{sentence}\n")
    assert rows(document.measures, "value", "unit") == measures


@pytest.mark.parametrize(
    ("printed", "on", "area_id"),
    [
        ("CPS West Midlands", "14 March 2006", "west_midlands_1999"),
        ("CPS West Midlands", "3 October 2017", "west_midlands_2011"),
        ("CPS Hampshire & Isle of Wight", "14 March 2006", "hampshire_and_isle_of_wight_1999"),
        ("Cymru/Wales CPS Area", "3 October 2016", "cymru_wales_2011"),
        ("CPS Mersey Cheshire", "5 April 2018", "mersey_cheshire_2011"),
        ("CPS Kent", "5 April 2018", None),
        ("CPS Barsetshire", "14 March 2006", None),
    ],
)
def test_an_area_is_known_by_its_name_at_the_date(printed, on, area_id):
    text = f"Inspection of {printed}: an invented text\n\n{on}\n\nNothing more.\n"
    document = hd.read_document(text)
    assert document.area == printed
    assert document.area_id == area_id
    assert document.problems.empty == (area_id is not None)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Embargoed until 00:01 on Tuesday 14th March 2006", ("2006-03-14", "day", "stated")),
        ("Published 03/04/2017", ("2017-04-03", "day", "stated")),
        ("2018-10-25", ("2018-10-25", "day", "stated")),
        ("Issued in August 2022", ("2022-08", "month", "stated")),
        ("The visit took place in July 2010.", ("2010", "year", "inferred")),
        ("Changes will be made by March 2031.", (None, None, None)),
        ("31/11/2016", ("2016", "year", "inferred")),
    ],
)
def test_the_date_with_its_precision_and_basis(line, found):
    document = hd.read_document(f"CPS Kent, an invented text\n\n{line}\n")
    assert (
        document.published, document.published_precision, document.published_basis,
    ) == found  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "ratings"),
    [
        ("CPS Kent has been assessed as Good in its overall performance assessment.", ["Good"]),
        ("The Area's overall performance was assessed as 'Fair'.", ["Fair"]),
        ("Overall, CPS Kent was rated as Poor.", ["Poor"]),
        ("CPS Kent received an overall rating of Good.", ["Good"]),
        ("The overall assessment for CPS Kent is GOOD.", ["Good"]),
        ("Overall performance: Excellent", ["Excellent"]),
        ("Overall rating | good", ["Good"]),
        ("The Area was judged to be fair overall, and pleased.", ["Fair"]),
        ("The overall performance assessment of CPS Kent was good in parts.", []),
        ("Overall the Area was excellent at custody time limits.", []),
        ("Overall performance is good compared with last year.", []),
        ("Each Area gets an overall rating: excellent, good, fair or poor.", []),
        ("In 2001 the overall rating of the Area was Poor.", []),
        ("Overall, good progress was made, and fair words were said.", []),
        ("The overall rating would be Good if files were not poor.", []),
    ],
)
def test_the_overall_rating_of_a_sentence(sentence, ratings):
    text = f"Invented: OPA of CPS Kent\n\n14 March 2006\n\n{sentence}\n\nNothing more.\n"
    document = hd.read_document(text)
    assert document.ratings["rating"].tolist() == ratings
    assert set(document.ratings["level"]) <= {"overall"}
