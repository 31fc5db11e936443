"""Sentences that never give a count without what it is a part of."""

import pytest

import hmcpsi_data as hd
from hmcpsi_data.record.describe import rated

DOUBTED = "1 contradicted by another source and not counted"
# what was asked for, and the sentence
LEICESTERSHIRE, EAST_MIDLANDS = ("Leicestershire", "opa_2005"), ("East Midlands", "aap_2016")
CASES = [
    (LEICESTERSHIRE, {}, "overall Fair; aspects: Poor 1, Fair 4, Good 7, Excellent 2 of 14."),
    (LEICESTERSHIRE, {"level": "aspect", "rating": "Poor"}, "1 of 14 aspects Poor; 13 not shown."),
    (LEICESTERSHIRE, {"critical": True}, "aspects: Fair 1, Good 4 of 14; 9 not shown."),
    (EAST_MIDLANDS, {"level": "section"}, "sections: Fair 3, Good 1 of 4."),
    (EAST_MIDLANDS, {"level": "criterion"}, "criteria: Poor 1, Fair 3, Good 3 of 7 known."),
    (("South West", "aap_pilot_2016"), {"level": "pilot_score"}, "pilot scores: Fair 1, Good 1"),
    (("Essex", "opa_2007"), {}, f"Essex, OPA 2007: {DOUBTED}."),
    (("Essex", "opa_2005"), {"level": "aspect"}, "2 of 14 aspects Poor; 12 not found."),
    ((None, "opa_2007"), {}, DOUBTED),
    ((None, "opa_2005"), {"level": "overall", "rating": "Poor"},
     "4 units: 4 of 42 overall assessments Poor; 8 not shown; 30 not found."),
    (EAST_MIDLANDS, {"level": "aspect"}, "No rating is shown. Nothing found is never Poor."),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "filters", "sentence"), CASES)
def test_ratings_are_told_level_by_level_with_what_is_left_out(asked, filters, sentence):
    told = rated(hd.ratings(*asked, **filters))
    assert sentence in told
    assert told.startswith((asked[0] or "OPA", "No rating"))
