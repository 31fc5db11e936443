"""The bench runs to its end. What it measures is no test: that depends on the machine."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[2] / "bench" / "run.py"


def test_a_bench_measures_to_its_end_and_one_that_is_not_there_is_no_success():
    command = [sys.executable, RUN, "assessment", "nothing"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "No module named 'nothing'" in ran.stderr
    first, *lines, last = ran.stdout.splitlines()
    assert (first, last, len(lines)) == ("assessment:", "nothing:", 5)
    assert all("within" in line or "passes the limit" in line for line in lines)


@pytest.mark.parametrize("path", sorted(RUN.parent.glob("*.py")), ids=lambda path: path.name)
def test_what_a_bench_takes_from_the_package_is_there(path):
    text = path.read_text(encoding="utf-8")  # also in the code that it hands to another Python
    for module, names in re.findall(r"from (hmcpsi_data[\w.]*) import ([\w, ]+)", text):
        for name in re.findall(r"[^\W\d]\w*", names.replace(" as ", ",").split(",")[0]):
            found = importlib.import_module(module)
            assert hasattr(found, name) or importlib.import_module(f"{module}.{name}"), name
