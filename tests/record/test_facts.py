"""Everything that was stated, in one table; and a theme through all rounds."""

from hmcpsi_data import facts, load, theme_history
from hmcpsi_data.words import FACTS

COLUMNS = ["kind", "text", "speaker", "basis", "source_id", "source_title"]
ROUNDS = load("frameworks")["round"].tolist()  # in the order of time: pilots before what they tried


def test_every_piece_of_evidence_is_there_once_with_its_source():
    history = theme_history(load("themes")["theme_id"].tolist())
    rows = ["theme_id", "table", "row_id"]
    there, expected = (sorted(frame[rows].values.tolist()) for frame in (history, load("evidence")))
    assert there == expected
    assert set(history["kind"]) <= set(FACTS) - {"method", "inspection", "lineage"}
    assert history[COLUMNS].notna().all(axis=None)
    for _, found in history.groupby("theme_id"):
        rounds = found["round"].dropna().tolist()
        assert rounds == sorted(rounds, key=ROUNDS.index)
        assert found["round"].isna().is_monotonic_increasing


# All facts ------------------------------------------------------------------------------------


FOUND = facts()


def test_every_row_of_every_table_that_states_something_is_a_fact():
    keys = {
        "ratings": "rating_id", "actions": "action_id", "responses": "response_id",
        "commitments": "commitment_id", "findings": "finding_id", "measures": "measure_id",
        "methods": "method_id", "inspections": "inspection_id",
    }  # fmt: skip
    for table, key in keys.items():
        rows = FOUND[FOUND["table"].eq(table) & FOUND["kind"].ne("progress")]
        assert rows["row_id"].tolist() == load(table)[key].tolist(), table
    followed = load("actions").dropna(subset="progress")["action_id"].tolist()
    assert FOUND.loc[FOUND["kind"].eq("progress"), "row_id"].tolist() == followed
    assert FOUND["kind"].eq("lineage").sum() == len(load("area_lineage"))
    assert set(FOUND["kind"]) <= set(FACTS)


def test_a_fact_has_its_kind_its_words_its_speaker_and_its_source():
    told = ["kind", "what", "text", "theme_ids", "table", "row_id", "speaker", "basis", "tier",
            "source_id", "source_title"]  # fmt: skip
    assert FOUND[told].notna().all(axis=None)
    assert set(FOUND.dtypes.astype(str)) == {"string"}
    rated = facts(kind="rating").set_index("row_id").loc["leicestershire_opa_2005_disclosure"]
    assert rated[["what", "value", "text", "level", "aspect_id"]].tolist() == [
        "Disclosure", "Good", "Disclosure: Good", "aspect", "opa_2005_disclosure"
    ]  # fmt: skip


def test_an_answer_and_progress_name_the_request_that_they_belong_to():
    asked = set(load("actions")["action_id"])
    for kind in ("response", "progress"):
        rows = FOUND[FOUND["kind"].eq(kind)]
        assert set(rows["answers"]) <= asked
        assert rows["answers"].notna().all()
    promised = FOUND[FOUND["kind"].eq("commitment")]
    assert promised["answers"].isna().sum() == load("commitments")["response_id"].isna().sum()


def test_facts_are_filtered_by_each_of_their_columns():
    rows = facts("East Midlands", kind=["issue", "Answer"], speaker="CPS", search="disclosure")
    assert set(rows["area"]) == {"East Midlands"}
    assert set(rows["kind"]) <= {"issue", "response"}
    for round_ in FOUND["round"].dropna().unique():
        assert set(facts(round=round_)["round"]) == {round_}
    assert facts(kind=[]).empty
    assert facts(tier="parliament", basis="stated")["tier"].eq("parliament").all()
