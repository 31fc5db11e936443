"""Cardinality of an official crosswalk that others have counted: CAEN Rev.2 to Rev.3."""

import json
from importlib import resources

import caen_romania
import pandas as pd

from hmcpsi_data.sssom import cardinality


def test_the_links_with_flag_0_have_the_published_cardinalities():
    text = resources.files(caen_romania).joinpath("data.json").read_text(encoding="utf-8")
    links = pd.DataFrame(json.loads(text)["links"], columns=["subject_id", "object_id", "flag"])
    plain = links[links["flag"] == 0]
    assert len(plain) == 904
    found = cardinality(plain).value_counts().to_dict()
    assert found == {"1:1": 361, "n:n": 299, "n:1": 130, "1:n": 114}
