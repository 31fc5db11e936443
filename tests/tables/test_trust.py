"""A sample of the broken folders of `make trust`: each is told in a sentence, none in silence."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))
trust = pytest.importorskip("trust", reason="The benches are part of the source only.")


def test_no_broken_folder_of_a_sample_passes_in_silence_or_ends_in_a_traceback():
    told = list(trust.folders(["offices", "ratings"], sample=4, cuts=1))
    assert len(told) == 10
    assert [how for how in told if how[1] != "clear"] == []
