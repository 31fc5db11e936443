"""Tables of ratings in forms that go wrong easily; every document here is invented."""

import pytest
from papers import column, pdf

import hmcpsi_data as hd

FRONT = (
    "Press notice, invented for a test\n\nOverall Performance Assessment of CPS Kent\n\n"
    "Embargoed until 14 March 2006\n\n"
)
NOT_UNDERSTOOD = "the row gives no rating that is understood"


def read(table):
    return hd.read_document(FRONT + table)


def ratings(document, *columns):
    frame = document.ratings[list(columns)]
    values = frame.astype(object).where(frame.notna(), None)
    return [tuple(row) for row in values.values.tolist()]


def problems(document):
    return [tuple(row) for row in document.problems[["locator", "reason"]].values.tolist()]


CRITICAL = {
    """
Aspect\tCritical\tAssessment
Leadership\tYes\tGood
Disclosure\tNo\tFair
Managing resources\tYes\tPoor
""": [("Leadership", True), ("Disclosure", False), ("Managing resources", True)],
    """
Aspect\tAssessment
Leadership (critical)\tGood
Disclosure\tFair
""": [("Leadership", True), ("Disclosure", False)],
    """
Critical aspects\tAssessment
Leadership\tGood

Other aspects\tAssessment
Disclosure\tFair
""": [("Leadership", True), ("Disclosure", False)],
    """
Critical aspects\tAssessment
Leadership\tGood
Managing resources\tGodo
The service to victims and witnesses\tFair
""": [("Leadership", True), ("The service to victims and witnesses", True)],
    """
Critical aspects\tAssessment
Leadership\tGood

Page 2 of 3

Critical aspects\tAssessment
Managing resources\tFair
""": [("Leadership", True), ("Managing resources", True)],
}


@pytest.mark.parametrize(("table", "expected"), CRITICAL.items())
def test_what_is_critical_is_told_by_headings_columns_or_brackets(table, expected):
    assert ratings(read(table), "label", "is_critical") == expected


@pytest.mark.parametrize(
    ("table", "locators"),
    [
        ("Handling sensitive cases and    Good\nhate crimes\n", "L8-L9"),
        ("Handling sensitive cases and\nhate crimes                     Good\n", "L8-L9"),
        ("Handling sensitive cases\nand hate crimes                 Good\n", "L8-L9"),
        (
            "Handling sensitive cases and\n                                Good\nhate crimes\n",
            "L8-L10",
        ),
        ("Handling Sensitive Cases        Good\nAnd Hate Crimes\n", "L8-L9"),
        ("Handling Sensitive              Good\nCases And Hate\nCrimes\n", "L8-L10"),
    ],
)
def test_a_label_that_a_narrow_column_wraps_is_one_label(table, locators):
    last = "Presenting and progressing      Fair\ncases at court\nDisclosure     Poor\n"
    document = read(f"Aspect                          Assessment\n{table}{last}")
    labels = [label.casefold() for label in document.ratings["label"]]
    assert labels == [
        "handling sensitive cases and hate crimes",
        "presenting and progressing cases at court",
        "disclosure",
    ]
    assert document.ratings["rating"].tolist() == ["Good", "Fair", "Poor"]
    assert document.ratings["locator"].iloc[0] == locators
    assert document.problems.empty


def test_a_label_in_brackets_that_a_narrow_column_wraps():
    lines = [
        "Criteria", "Case preparation and progress", "(magistrates' courts)",
        "Case preparation and progress (Crown", "Court)", "Reviews and decisions",
    ]  # fmt: skip
    scores = ["Score", "Fair", "", "Good", "", "Poor"]
    front = ["Area Assurance inspection of CPS Wessex", "", "Invented, 6 May 2017", ""]
    page = column(60, 800, front) + column(60, 700, lines) + column(380, 700, scores)
    assert ratings(hd.read_document(pdf(page)), "label", "rating") == [
        ("Case preparation and progress (magistrates' courts)", "Fair"),
        ("Case preparation and progress (Crown Court)", "Good"),
        ("Reviews and decisions", "Poor"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Disclosure\tGodo", NOT_UNDERSTOOD),
        ("Disclosure\tSatisfactory", NOT_UNDERSTOOD),
        ("Disclosure\tGood/Fair", NOT_UNDERSTOOD),
        ("Disclosure\tVery good", NOT_UNDERSTOOD),
        ("Disclosure\tGood (Fair in 2005)", NOT_UNDERSTOOD),
        ("Disclosure\tG", NOT_UNDERSTOOD),
        ("Disclosure Godo", NOT_UNDERSTOOD),
        ("Disclosure\t", "the row gives no rating"),
        ("Disclosure\tnot rated", "the row gives no rating"),
    ],
)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_row_without_a_rating_that_is_understood_is_a_problem(row, reason, at):
    rows = ["Leadership\tGood", "Managing resources\tFair"]
    rows.insert(at, row)
    document = read("Aspect\tAssessment\n" + "\n".join(rows) + "\n\nNothing more was said.\n")
    assert ratings(document, "label", "rating") == [
        ("Leadership", "Good"),
        ("Managing resources", "Fair"),
    ]
    if at or row != "Disclosure\tnot rated":
        assert (f"L{8 + at}", reason) in problems(document)
    assert len(problems(document)) <= 1


@pytest.mark.parametrize(
    "cell",
    ["Good", "good*", "Good\u00b9", "Good [2]", "Good (3)", "*Good*", "_Good_", "Rated Good"],
)
def test_marks_around_a_rating_make_no_difference(cell):
    document = read(f"Aspect\tAssessment\nLeadership\t{cell}\nDisclosure\t{cell}\n")
    assert ratings(document, "label", "rating") == [("Leadership", "Good"), ("Disclosure", "Good")]
    assert document.problems.empty


@pytest.mark.parametrize(
    "row",
    [
        "{label},{rating}", "{label};{rating}", '"{label}","{rating}"', "*{label}*\t{rating}",
        "{rating}\t{label}", "{label} 2 {rating}", "{label}&nbsp;{rating}",
    ],
)  # fmt: skip
def test_rows_in_forms_that_are_not_of_a_table(row):
    pairs = [("Leadership", "Good"), ("Managing resources", "Fair"), ("Disclosure", "Poor")]
    first = row.format(label="Aspect", rating="Assessment")
    rows = [row.format(label=label, rating=rating) for label, rating in pairs]
    document = read("\n".join([first, *rows]))
    assert ratings(document, "label", "rating", "locator") == [
        (*pair, f"L{n}") for n, pair in enumerate(pairs, 8)
    ]
    assert document.problems.empty


@pytest.mark.parametrize(
    "table",
    [
        "Rating\tAreas\nExcellent\t3\nGood\t10\nPoor\t4\n",
        "Rating\tMeaning\nGood\tThis is good work\nPoor\tThis is poor work\n",
        "Question\tScore\nI like my job\tGood\nMy manager is fair\tFair\n",
        "Hotel\tRating\nThe Crown\tGood\nThe Bell\tPoor\n",
    ],
)
def test_a_table_of_others_beside_ours_is_one_problem(table):
    ours = "Aspect\tAssessment\nLeadership\tGood\nDisclosure\tFair\n\n"
    document = read(ours + table)
    assert ratings(document, "label", "locator") == [("Leadership", "L8"), ("Disclosure", "L9")]
    (problem,) = document.problems["locator"]
    assert problem.startswith("L12-")
    alone = read(table)
    assert alone.ratings.empty
    assert len(alone.problems) == 1


def test_a_headline_above_the_table_is_no_rating():
    notice = (
        "CPS Kent performance: Good\n\nInvented OPA of CPS Kent, 14 March 2006\n\n"
        "Aspect\tAssessment\nLeadership\tGood\nDisclosure\tFair\n"
    )
    document = hd.read_document(notice)
    assert ratings(document, "label", "locator") == [("Leadership", "L6"), ("Disclosure", "L7")]
    assert document.problems["locator"].tolist() == ["L1"]


def test_a_web_address_between_rows_belongs_to_no_label():
    document = read("Aspect\tAssessment\nDisclosure\tFair\nwww.example.org\nLeadership\tGood\n")
    assert document.ratings["label"].tolist() == ["Disclosure", "Leadership"]
