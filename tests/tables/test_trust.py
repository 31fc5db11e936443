"""A sample of `make trust`: what is broken or killed is told in a sentence, none in silence."""

import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))
trust = pytest.importorskip("trust", reason="The benches are part of the source only.")
writing = pytest.importorskip("trust_writing")


def test_a_file_cut_at_any_byte_is_told():
    found = trust.cuts("offices")
    assert found.total() == len(trust.hd.Record().content("offices.csv"))
    assert {how for _, how in found} <= {"clear", "by sum"}


@pytest.mark.parametrize("name", ["offices", "ratings"])
def test_no_broken_folder_of_a_sample_passes_in_silence_or_ends_in_a_traceback(name):
    told = trust.broken(name, sample=4, number=1)
    assert len(told) == 5
    assert [how for how in told if how[1] not in ("clear", "by sum")] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system does not fork.")
@pytest.mark.parametrize(
    "command",
    ["adding a document", "saving a crosswalk", "exporting", "writing the codebook"],
)
def test_a_killed_writer_leaves_before_or_after_and_the_next_one_goes_on(command):
    assert list(writing.deaths(command, moments=2)) == ["clear", "clear"]
