"""A sample of `make trust`: what is broken or killed is told in a sentence, none in silence."""

import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))
folders = pytest.importorskip("trust_folders", reason="The benches are part of the source only.")
writing = pytest.importorskip("trust_writing")


def test_a_file_cut_at_any_byte_and_a_broken_folder_are_told():
    found = folders.cuts("offices")
    assert found.total() == len(folders.hd.Record().content("offices.csv"))
    assert {*found} <= {"clear", "by sum"}
    told = folders.broken("offices", sample=2, number=1)
    assert len(told) == 3
    assert [how for how in told if how[1] not in ("clear", "by sum")] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system does not fork.")
@pytest.mark.parametrize("command", ["saving a crosswalk", "writing the codebook"])
def test_a_killed_writer_leaves_before_or_after_and_the_next_one_goes_on(command):
    assert list(writing.deaths(command, moments=2)) == ["clear"] * 2
