"""Rules of method, each on invented data. A test here fails when its rule is broken.

The others stand where their functions are tested: 2 in `test_scales`, 4 and 8 in `test_links`, 5 in
`test_translate`, 6 in `test_compare`, 7 in `test_sssom`.
"""

import pandas as pd
import pytest
from agreement import agreement, kappa
from invented import crosswalk, inspection, made, rated, ratings, row, tables, world
from sweep import faults

from hmcpsi_data import assessment
from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.method import scales
from hmcpsi_data.method.compare import compare, set_pairs
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.ratings import ratings as joined
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record

SUMMARIES = [scales.ordered, scales.counts, scales.lower_median, scales.upper_median,
             scales.range_of]  # fmt: skip
LINKED = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))


@pytest.mark.parametrize("function", [*SUMMARIES, LINKED.translate, LINKED.sensitivity])
def test_1_two_frameworks_are_never_put_into_one_order(function):
    both = pd.concat([ratings("Strong"), ratings("Strong").assign(framework_id="round_two")])
    arguments = [world()] if function in SUMMARIES else []
    with pytest.raises(FrameworkError, match=r"round_one and round_two .* equal words") as caught:
        function(both, *arguments)
    assert set(caught.value.frameworks) == {"round_one", "round_two"}
    assert "compare(source, target, area)" in str(caught.value)


def test_1_equal_words_do_not_make_equal_scales():
    other = ratings("Strong").assign(framework_id="round_two")
    with pytest.raises(FrameworkError, match="equal words do not make equal scales"):
        scales.dominance(ratings("Strong"), other, world())
    for frame in (world().table("ratings"), joined(record=world())):
        assert frame["rating"].dtype == "string"  # loaded as words without an order


def test_3_every_shipped_row_says_whose_judgement_it_is_and_why():
    for shipped in set_pairs():
        frame = shipped.to_frame()
        assert list(frame.columns) == list(table("crosswalk").columns)
        said = ["rationale", "confidence", "justification", "curation_rule", "curated_by"]
        assert frame[[*said, "curated_on"]].notna().all(axis=None)
        assert (frame["reviewed_by"].isna() == frame["reviewed_on"].isna()).all()
        reviewed = frame.dropna(subset="reviewed_on")
        assert (reviewed["reviewed_on"] >= reviewed["curated_on"]).all()
        assert set(frame["basis"] + " " + frame["speaker"]) == {"inferred project"}


def test_3_the_agreement_of_the_two_passes_is_that_of_the_textbook():
    """The table of Cohen (1968), 200 units in three categories: 0.492 and, weighted, 0.348."""
    counts = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    weights = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    cells = [(a, b) for a in range(3) for b in range(3) for _ in range(counts[a][b])]
    assert round(kappa(*zip(*cells, strict=True)), 3) == 0.492
    assert round(kappa(*zip(*cells, strict=True), lambda a, b: weights[a][b]), 3) == 0.348
    assert str(kappa("aaaa", "aaaa")) == "nan"
    *_, every = agreement(Record()).values()
    figures = [707, 84, 611, 12, 0.924, 76, 0.892, 132, 17, 4, 0.877]
    assert [round(figure, 3) for figure in every] == figures


def test_5_translated_is_never_the_default_view():
    assert "origin" not in joined(record=world())
    assert len(joined(record=world())) == len(world().table("ratings"))


@pytest.mark.parametrize(("target", "kind"), [("steps", "progress"), ("talk", "prose")])
def test_9_only_compare_refuses_across_kinds_of_measure(target, kind):
    links = [row(f"old_{x}", f"{target}_a") | {"target_set": target} for x in "abc"]
    found = Crosswalk(pd.DataFrame(links), record=world())
    with pytest.raises(FrameworkError, match=f"cannot be compared: .*{kind}"):
        compare("old", target, "Bothmark", crosswalk=found, record=world())
    assert found.coverage()["n_linked"].tolist() == [3, 1]
    assert len(found.translate(ratings("Weak", "Weak", "Weak"))) == 1
    assert found.inverse().is_valid()


def test_9_progress_has_an_order_of_its_own_and_prose_has_none(tmp_path):
    steps = [inspection("north_steps", "northmark_1990", "follow_up", "2003-05")]
    done = rated("north_steps", {"steps_a": "Done"})
    record = made(tmp_path, **tables(inspections=steps, ratings=done))
    found = joined(record=record)
    assert scales.range_of(found, record) == ("Done", "Done")
    with pytest.raises(FrameworkError, match="has no scale: its measure is narrative"):
        scales.ordered(found.assign(framework_id="round_three"), record)


def test_whatever_is_typed_gives_a_result_or_a_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # files are written by the names that are typed
    frame, profile = ratings("Weak", "Strong"), assessment.profile("Suffolk")
    csv, sssom = LINKED.to_csv().encode(), LINKED.to_sssom().encode()
    chain = {"other": LINKED.inverse()}
    for function, given in [
        *((one, {"ratings": frame, "record": world()}) for one in SUMMARIES),
        (scales.dominance, {"a": frame, "b": frame, "record": world()}),
        (compare, {"source": "old", "target": "new", "area": "Bothmark", "record": world()}),
        (Crosswalk, {"frame": LINKED.to_frame()}),
        (Crosswalk.load, {"source": "old", "target": "new", "record": world()}),
        (Crosswalk.from_csv, {"source": csv}), (Crosswalk.from_sssom, {"source": sssom}),
        (LINKED.to_csv, {}), (LINKED.to_sssom, {}), (LINKED.then, chain),
        (LINKED.without, {"aspect_id": "old_a", "justification": "x"}),
        (LINKED.translate, {"ratings": frame}), (LINKED.sensitivity, {"ratings": frame}),
        (assessment.profile, {}), (assessment.overall, {"profile": profile}),
        (assessment.what_if, {"profile": profile}), (assessment.sensitivity, {"profile": profile}),
        (assessment.consistent_rules, {}),
    ]:  # fmt: skip
        assert faults(function, given) == []
    for part in (profile[:3], profile[:0]):
        assert faults(assessment.overall, {"profile": part}) == []
