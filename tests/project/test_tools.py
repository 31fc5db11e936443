"""The tools: environments that ask for the same, a careful set-up, notebooks written, the bench."""

import importlib
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


def module(name):
    spec = importlib.util.spec_from_file_location(Path(name).stem, ROOT / name)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


writer = module("notebooks/write.py")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def bounds(lines):
    return {canonicalize_name(one.name): str(one.specifier) for one in map(Requirement, lines)}


ASKED = bounds(chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()))
del ASKED["hmcpsi-data"]


def test_conda_asks_for_the_same():
    asked = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *conda, from_pypi = asked["dependencies"]
    *pypi, itself = from_pypi["pip"]
    assert (itself, asked["channels"]) == ("-e .", ["conda-forge"])
    found = bounds(conda) | bounds(pypi)
    assert found.pop("python") == PROJECT["requires-python"]
    assert found == ASKED
    assert not bounds(conda).keys() & bounds(pypi).keys()


def test_each_requirement_has_a_lower_bound_only_and_a_pin_with_hashes_and_no_address():
    for name, bound in ASKED.items():
        assert re.fullmatch(r">=[\d.]+", bound), f"{name}{bound}"
        pinned = re.findall(rf"(?m)^{re.escape(name)}==([^ ;]+)", LOCK)
        assert pinned, f"{name} is not in requirements.lock: run python tasks.py lock"
        assert all(Requirement(name + bound).specifier.contains(version) for version in pinned)
    pin, its_hash = r"[a-z0-9-]+==\S+ .*\\", r" {4}--hash=sha256:[0-9a-f]{64}(?: \\)?"
    lines = [line for line in LOCK.splitlines() if not re.fullmatch(f"#.*|{pin}|{its_hash}", line)]
    assert lines == []  # and so no address


def test_without_uv_it_comes_by_its_hash_everything_else_by_uv_and_what_is_missing_is_told(
    monkeypatch, tmp_path
):
    tasks = module("tasks.py")
    for name in ("VENV", "STAMP", "LOCK", "PROJECT", "ROOT"):
        monkeypatch.setattr(tasks, name, tmp_path / getattr(tasks, name).relative_to(ROOT))
    tasks.LOCK.write_text("uv==1.0 \\\n    --hash=sha256:00\n")
    tasks.PROJECT.write_text("")
    steps = []  # they are only listed

    def install(*command):
        steps.append(" ".join(map(str, command)))
        tasks.VENV.mkdir(exist_ok=True)

    monkeypatch.setattr(tasks, "install", install)
    monkeypatch.setattr(tasks.subprocess, "run", lambda *_, **__: None)
    monkeypatch.setattr(tasks.shutil, "which", lambda _: None)
    tasks.VENV.touch()  # a file in its place gives way
    tasks.ready()
    assert tasks.STAMP.is_file()
    assert (tasks.VENV / "uv.txt").read_text() == tasks.LOCK.read_text()
    made, brought, *rest = steps
    assert "-m venv" in made
    assert "--require-hashes" in brought
    assert [step for step in rest if not step.startswith(str(tasks.BIN / "uv"))] == []
    assert "--require-hashes" in rest[0]
    tasks.main("clean")
    (tmp_path / "other").mkdir()
    tasks.VENV.symlink_to("other")
    tasks.main("clean")
    assert not tasks.VENV.exists()
    assert (tmp_path / "other").is_dir()
    with pytest.raises(SystemExit, match="There is no task 'tests'"):
        tasks.main("tests")
    for file in (tasks.PROJECT, tasks.LOCK):
        file.unlink()
        with pytest.raises(SystemExit, match=rf"{re.escape(file.name)} is missing"):
            tasks.main("check")
        file.touch()


VIEW = """\
from IPython.display import display
widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}
display({"text/html": "<p>é</p>", "text/plain": "é"} | widget, raw=True)
"""


def notebook(path, *code):
    cell = {"cell_type": "code", "metadata": {"collapsed": True, "tags": ["kept"]}}
    cell |= {"outputs": [], "execution_count": 7, "id": "same"}
    metadata = {"language_info": {"name": "python", "version": "2.7"}, "widgets": {}}
    content = {"cells": [cell | {"source": text} for text in code], "metadata": metadata}
    content |= {"nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_stores_what_can_be_read_and_changes_nothing_the_second_time(tmp_path, capsys, monkeypatch):
    path = notebook(tmp_path / "a.ipynb", "print(1)\nprint(2)", "  ", VIEW)
    assert writer.main([str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    stored = json.loads(text)
    assert [cell["execution_count"] for cell in stored["cells"]] == [1, 2]
    assert stored["cells"][0]["outputs"][0]["text"] == ["1\n", "2\n"]
    assert stored["cells"][1]["outputs"][0]["data"].keys() == {"text/html", "text/plain"}
    assert [cell["metadata"] for cell in stored["cells"]] == [{"tags": ["kept"]}] * 2
    assert stored["metadata"]["language_info"] == {"name": "python"}
    assert stored["metadata"].keys() == {"language_info", "kernelspec"}
    assert len({cell["id"] for cell in stored["cells"]}) == 2
    assert "é" in text
    assert writer.main([str(path), "--check"]) == 0
    monkeypatch.setattr(writer, "rewritten", lambda _: "something else")
    assert writer.main([str(path), "--check"]) == 1
    assert "a.ipynb would change" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == text


def test_one_error_and_nothing_is_written(tmp_path, capsys):
    good = notebook(tmp_path / "good.ipynb", "1")
    bad = notebook(tmp_path / "bad.ipynb", "1", "1 / 0")
    torn = []
    for content in ("{", "[]", "{}", '{"cells": 3}', '{"cells": [{}]}'):
        torn.append(tmp_path / f"torn{len(torn)}.ipynb")
        torn[-1].write_text(content)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert writer.main(map(str, [good, bad, *torn])) == 1
    said = capsys.readouterr().err
    assert "bad.ipynb, cell 2 (code cell 2): ZeroDivisionError: division by zero" in said
    assert [path for path in torn if f"{path.name} is not a notebook" not in said] == []
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_bench_measures_to_its_end_and_one_that_is_not_there_is_no_success():
    command = [sys.executable, ROOT / "bench/run.py", "assessment", "nothing"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "No module named 'nothing'" in ran.stderr
    first, *lines, last = ran.stdout.splitlines()
    assert (first, last, len(lines)) == ("assessment:", "nothing:", 5)
    assert all("within" in line or "passes the limit" in line for line in lines)


@pytest.mark.parametrize("path", sorted((ROOT / "bench").glob("*.py")), ids=lambda path: path.name)
def test_what_a_bench_takes_from_the_package_is_there(path):
    text = path.read_text(encoding="utf-8")  # also in the code that it hands to another Python
    for module, names in re.findall(r"from (hmcpsi_data[\w.]*) import ([\w, ]+)", text):
        for name in re.findall(r"[^\W\d]\w*", names.replace(" as ", ",").split(",")[0]):
            found = importlib.import_module(module)
            assert hasattr(found, name) or importlib.import_module(f"{module}.{name}"), name
