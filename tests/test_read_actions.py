"""Actions and answers in further plain forms; every document here is invented."""

import hmcpsi_data as hd

RESPONSE = "CPS response to the HMCPSI Area Assurance inspection of CPS Wessex\n\nInvented\n\n"


def rows(frame, *columns):
    values = frame[list(columns)].astype(object).where(frame[list(columns)].notna(), None)
    return [tuple(row) for row in values.values.tolist()]


def test_numbers_without_a_mark_below_a_heading():
    document = hd.read_document(
        "Invented\n\nArea effectiveness inspection of CPS Cumbria\n\n10 June 2009\n\n"
        "Recommendations\n\n1 The Area should keep its logs in order.\n"
        "2 Heads of unit should watch advocates at work.\n\n"
        "Aspects for improvement\n\n1 May 2009 was a busy month for all of the units.\n"
    )
    assert rows(document.actions, "kind", "number", "locator") == [
        ("recommendation", 1, "L9"),
        ("recommendation", 2, "L10"),
    ]


def test_a_table_of_recommendations_without_answers():
    document = hd.read_document(
        "# Area Assurance inspection of CPS Wessex\n\nInvented, 6 May 2017\n\n"
        "| No. | Recommendation | By |\n|---|---|---|\n| R1 | Keep logs. | June |\n"
        "| R2 | Watch advocates. | July |\n"
    )
    assert rows(document.actions, "kind", "number", "text", "locator") == [
        ("recommendation", 1, "Keep logs.", "L7"),
        ("recommendation", 2, "Watch advocates.", "L8"),
    ]
    assert document.responses.empty


def test_several_answers_beside_one_issue_and_none_beside_another():
    page = (
        "<html><body><h1>CPS Wessex response to the Area Assurance inspection (invented)</h1>"
        "<table><tr><th>Issue</th><th>Action</th><th>Owner</th></tr>"
        "<tr><td rowspan=2>1. Keep logs.</td><td>Train clerks.</td><td>Head of unit</td></tr>"
        "<tr><td>Check each week.</td><td>Clerks</td></tr>"
        "<tr><td>2. Watch advocates.</td><td></td><td>Nobody</td></tr></table></body></html>"
    )
    document = hd.read_document(page)
    assert rows(document.actions, "number", "text") == [(1, "Keep logs."), (2, "Watch advocates.")]
    assert rows(document.responses, "number", "text", "locator") == [
        (1, "Train clerks. Check each week.", "L4-L5")
    ]


def test_an_empty_cell_is_no_answer():
    document = hd.read_document(
        f"{RESPONSE}| Issue | CPS response | Owner | Date |\n|---|---|---|---|\n"
        "| 1. Keep logs. | | | |\n| 2. Watch advocates. | Begun. | | May |\n"
    )
    assert rows(document.responses, "number", "text") == [(2, "Begun.")]


def test_an_answer_that_says_first_whether_it_accepts():
    document = hd.read_document(
        f"{RESPONSE}Recommendation 1\nThe Area should keep logs in order.\n"
        "Accepted. Clerks were trained in May.\n\n"
        "Recommendation 2\nThe Area should watch advocates.\nNot accepted: it has no staff.\n"
    )
    assert rows(document.actions, "number", "locator") == [(1, "L5-L6"), (2, "L9-L10")]
    assert rows(document.responses, "number", "locator") == [(1, "L7"), (2, "L11")]


def test_progress_below_each_action_without_a_heading_above_them():
    document = hd.read_document(
        "Invented\n\nFollow-up inspection of CPS Cumbria\n\n10 June 2010\n\n"
        "Recommendation 1: Keep logs.\nProgress: Substantial progress\n\n"
        "Recommendation 2\nWatch advocates.\nProgress: Limited progress\n"
        "Inspectors saw three of them.\n"
    )
    assert rows(document.actions, "number", "text", "progress", "locator") == [
        (1, "Keep logs.", "Substantial progress", "L7-L8"),
        (2, "Watch advocates.", "Limited progress", "L10-L12"),
    ]


def test_numbers_without_a_mark_above_answers_that_have_one():
    document = hd.read_document(
        f"{RESPONSE}Issues to address\n1 Letters should be better.\n"
        "Response: A team began in May.\n2 Logs should be kept.\nResponse: 12 clerks do so.\n"
    )
    assert rows(document.actions, "number", "locator") == [(1, "L6"), (2, "L8")]
    assert rows(document.responses, "number", "locator") == [(1, "L7"), (2, "L9")]
