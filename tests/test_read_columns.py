"""Tables whose columns can be mistaken for each other; every document here is invented."""

import pytest
from test_read_tables import problems, ratings, read

import hmcpsi_data as hd

AREA = "Invented for a test\n\nArea Assurance inspection of CPS Wessex\n\n6 May 2017\n\n"
NOT_IN_COLUMN = "the row has no rating in the column of this inspection's ratings"

EMPTY = {
    "pipes": "| Aspect | 2003 | 2005 |\n| Leadership | Good | Fair |\n| Disclosure | | Good |\n"
    "| Managing resources | Fair | |\n",
    "tabs": "Aspect\t2003\t2005\nLeadership\tGood\tFair\nDisclosure\t\tGood\n"
    "Managing resources\tFair\t\n",
}


@pytest.mark.parametrize("marks", EMPTY)
def test_an_empty_cell_keeps_its_column(marks):
    document = read(EMPTY[marks])
    assert ratings(document, "label", "rating") == [("Leadership", "Fair"), ("Disclosure", "Good")]
    assert ("L10", NOT_IN_COLUMN) in problems(document)


def test_an_empty_cell_of_a_page_keeps_its_column():
    rows = [("Aspect", "2003", "2005"), ("Leadership", "Good", ""), ("Disclosure", "Fair", "Good")]
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    document = hd.read_document(
        f"<html><body><h1>Invented Overall Performance Assessment of CPS Kent</h1>"
        f"<p>14 March 2006</p><table>{body}</table></body></html>"
    )
    assert ratings(document, "label", "rating") == [("Disclosure", "Good")]
    assert NOT_IN_COLUMN in set(document.problems["reason"])


def test_a_table_of_an_earlier_year_alone_in_its_column_is_not_read():
    document = read("Aspect\t2003\t2005\nLeadership\tGood\nDisclosure\tFair\n")
    assert document.ratings.empty
    assert [locator for locator, _ in problems(document)] == ["L7", "L8", "L9"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Aspect\tKent\tNational average", "Good"),
        ("Aspect\tSelf-assessment rating\tHMCPSI rating", "Fair"),
        ("Aspect\tAssessment\t\n\t2003\t2005", "Fair"),
        ("\t2003\t2005", "Fair"),
        ("Aspect\tRating\tRating", None),
    ],
)
def test_the_column_of_this_inspection(header, expected):
    document = read(f"{header}\nLeadership\tGood\tFair\nDisclosure\tGood\tFair\n")
    wanted = [("Leadership", expected), ("Disclosure", expected)] if expected else []
    assert ratings(document, "label", "rating") == wanted
    assert not document.problems.empty


def test_letters_before_the_labels_are_no_labels():
    document = read(
        "Aspect                                2003 rating    2005 rating\n"
        "A   Leadership                        Good           Fair\n"
        "B   Handling sensitive cases and\n"
        "    hate crimes                       Good           Excellent\n"
        "C   Presenting and progressing cases at court Good           Poor\n"
        "D   Disclosure                        n/a            Good\n"
    )
    assert ratings(document, "label", "rating", "locator") == [
        ("Leadership", "Fair", "L8"),
        ("Handling sensitive cases and hate crimes", "Excellent", "L9-L10"),
        ("Disclosure", "Good", "L12"),
    ]
    assert ("L11", NOT_IN_COLUMN) in problems(document)


def test_a_key_in_a_line_is_no_row():
    key = "Rating: Excellent Good Fair Poor\nKey: 4 = Excellent, 3 = Good, 2 = Fair, 1 = Poor\n"
    document = read(f"{key}\nAspect\tAssessment\nLeadership\tGood\nDisclosure\tFair\n\n{key}")
    assert ratings(document, "label", "rating") == [("Leadership", "Good"), ("Disclosure", "Fair")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Fair \u2191", "Fair"),
        ("Fair (stable)", "Fair"),
        ("Fair (improved)", "Fair"),
        ("Good \u2192 Fair", None),
        ("Fair (was Poor)", None),
        ("Good Fair", None),
    ],
)
def test_a_direction_of_travel_in_the_cell_of_a_rating(cell, expected):
    document = read(f"Aspect\tAssessment\nLeadership\tGood\nDisclosure\t{cell}\n")
    wanted = [("Leadership", "Good"), *([("Disclosure", expected)] if expected else [])]
    assert ratings(document, "label", "rating") == wanted
    assert document.problems.empty == bool(expected)


def test_a_line_of_three_values_between_commas_is_no_label():
    document = read("Aspect,Critical,Assessment\nLeadership,Yes,Good\nDisclosure,No,Fair\n")
    assert document.ratings.empty
    assert [locator for locator, _ in problems(document)] == ["L8", "L9"]


def test_ratings_below_their_labels_are_a_problem():
    document = hd.read_document(
        f"{AREA}Public confidence\tCasework quality\tContinuously improving\nGood\tFair\tPoor\n"
    )
    assert document.ratings.empty
    assert problems(document) == [("L8", "ratings whose labels do not stand in their line")]


def test_scores_as_numbers_beside_a_key_are_a_problem():
    document = hd.read_document(
        f"{AREA}Criteria\tScore\nEffectiveness of leadership\t3\nPerformance data\t2\n\n"
        "Key: 4 = Excellent, 3 = Good, 2 = Fair, 1 = Poor\n"
    )
    assert document.ratings.empty
    assert document.problems["locator"].tolist() == ["L8-L9"]


def test_criteria_worded_as_sentences_under_their_sections():
    document = hd.read_document(
        f"{AREA}Part A: The success of CPS people\nCriteria\tScore\n"
        "A1 Strategic leadership\tGood\n"
        "A2 The Area is learning all the time\tFair\n"
        "Overall score for the success of CPS people\tGood\n\n"
        "Part B: Public confidence\n"
        "B1 Victims are treated with respect\tPoor\nand kept informed\n"
        "Overall: Public confidence\tPoor\n"
    )
    assert ratings(document, "label", "level", "rating") == [
        ("Strategic leadership", "criterion", "Good"),
        ("The Area is learning all the time", "criterion", "Fair"),
        ("the success of CPS people", "section", "Good"),
        ("Victims are treated with respect and kept informed", "criterion", "Poor"),
        ("Public confidence", "section", "Poor"),
    ]
    assert document.problems.empty


def test_a_section_by_another_name_among_the_others():
    labels = ["Leadership and management", "Casework quality", "Public confidence"]
    document = hd.read_document(AREA + "".join(f"{label}\tFair\n" for label in labels))
    assert ratings(document, "label", "level") == [(label, "section") for label in labels]
