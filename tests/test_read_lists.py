"""Lists of actions and answers in forms that go wrong easily; every document here is invented."""

import pytest

import hmcpsi_data as hd

FOLLOW_UP = "Follow-up inspection of CPS Surrey\n\nInvented for a test, 6 July 2010\n\n"
RESPONSE = (
    "CPS response to the HMCPSI Area Assurance inspection of CPS Wessex\n\n"
    "Invented for a test, 6 May 2017\n\nIssues to address\n\n"
)


def read(*parts):
    return hd.read_document("".join(parts))


@pytest.mark.parametrize(
    "row",
    [
        "{n}\t{text}\t{word}", "{n} | {text} | {word}", "| {n} | {text} | {word} |",
        "|{n}|{text}|{word}|", "{n}.  {text}    {word}", "{n} {text} {word}",
    ],
)  # fmt: skip
def test_progress_in_rows_of_every_form(row):
    words = ["SUBSTANTIAL PROGRESS", "achieved", "**Limited progress**"]
    rows = [row.format(n=n, text="Managers do this", word=w) for n, w in enumerate(words, 1)]
    document = read(FOLLOW_UP, "Progress against recommendations\n\n", "\n".join(rows))
    assert document.actions[["kind", "number", "progress", "locator"]].values.tolist() == [
        ["recommendation", 1, "Substantial progress", "L7"],
        ["recommendation", 2, "Achieved", "L8"],
        ["recommendation", 3, "Limited progress", "L9"],
    ]
    assert document.problems.empty


def test_a_short_action_that_names_recommendations_is_no_header():
    document = read(
        FOLLOW_UP, "Progress against recommendations\n\n",
        "1\tEarlier recommendations are kept\tAchieved\n2\tThe AFI is kept\tLimited progress\n",
    )  # fmt: skip
    assert document.actions["progress"].tolist() == ["Achieved", "Limited progress"]
    assert set(document.actions["kind"]) == {"recommendation"}


@pytest.mark.parametrize("words", [["Substantial", "Full"], ["Achieved", "Partly done"]])
def test_a_word_that_is_no_rating_of_progress_is_a_problem(words):
    rows = "\n".join(f"{n}\tDo this\t{word}" for n, word in enumerate(words, 1))
    document = read(FOLLOW_UP, "Progress against recommendations\n\n", rows)
    known = [word == "Achieved" for word in words]
    assert document.actions["progress"].tolist() == ["Achieved"] * sum(known)
    assert len(document.problems) == len(words) - sum(known)


@pytest.mark.parametrize("mark", ["i. {}", "a) {}", "{}"])
def test_answers_to_issues_without_a_number_are_problems(mark):
    issues = [mark.format("Letters should be short"), mark.format("Files should be read")]
    entries = "\n\n".join(f"{issue}\nCPS response: Agreed" for issue in issues)
    document = read(RESPONSE, entries)
    assert document.responses.empty
    assert document.problems["locator"].tolist() == ["L8", "L11"]


def test_an_issue_after_a_gap_in_the_numbers_is_an_issue():
    document = read(
        RESPONSE, "1. Letters should be short.\nCPS response: Agreed.\n\n",
        "3. Files should be read.\nCPS response: In part.\n",
    )  # fmt: skip
    assert document.actions[["number", "locator"]].values.tolist() == [[1, "L7"], [3, "L10"]]
    assert document.responses["text"].tolist() == ["Agreed.", "In part."]


def test_numbered_points_within_an_answer_are_no_issues():
    document = read(
        RESPONSE, "1. Letters should be short.\nCPS response: Agreed:\n\n",
        "3. We will write.\n\n4. We will read.\n\n2. Files should be read.\nCPS response: Yes.\n",
    )  # fmt: skip
    assert document.actions["number"].tolist() == [1, 2]
    assert document.responses["locator"].tolist() == ["L8;L10;L12", "L15"]
