"""pyproject.toml, environment.yml and requirements.lock ask for the same; the set-up is careful."""

import importlib.util
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def bounds(lines):
    """The bounds by the name of what is required."""
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
    assert lines == []
    assert "://" not in LOCK


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """The tasks in a folder of their own, where steps of the set-up are only listed."""
    spec = importlib.util.spec_from_file_location("tasks", ROOT / "tasks.py")
    tasks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tasks)
    for name in ("VENV", "STAMP", "LOCK", "PROJECT", "ROOT"):
        monkeypatch.setattr(tasks, name, tmp_path / getattr(tasks, name).relative_to(ROOT))
    tasks.LOCK.write_text("uv==1.0 \\\n    --hash=sha256:00\n")
    tasks.PROJECT.write_text("")
    tasks.steps = []

    def install(*command):
        tasks.steps.append(" ".join(map(str, command)))
        tasks.VENV.mkdir(exist_ok=True)

    monkeypatch.setattr(tasks, "install", install)
    monkeypatch.setattr(tasks.subprocess, "run", lambda *_, **__: None)
    return tasks


def test_without_uv_it_comes_by_its_hash_and_everything_else_by_uv(elsewhere, monkeypatch):
    monkeypatch.setattr(elsewhere.shutil, "which", lambda _: None)
    elsewhere.VENV.touch()  # a file in its place gives way
    elsewhere.ready()
    assert elsewhere.STAMP.is_file()
    assert (elsewhere.VENV / "uv.txt").read_text() == elsewhere.LOCK.read_text()
    made, brought, *rest = elsewhere.steps
    assert "-m venv" in made
    assert "--require-hashes" in brought
    assert [step for step in rest if not step.startswith(str(elsewhere.BIN / "uv"))] == []
    assert "--require-hashes" in rest[0]
    elsewhere.main("clean")
    (elsewhere.ROOT / "other").mkdir()
    elsewhere.VENV.symlink_to("other")
    elsewhere.main("clean")
    assert not elsewhere.VENV.exists()
    assert (elsewhere.ROOT / "other").is_dir()


def test_a_missing_file_and_an_unknown_task_are_told(elsewhere):
    with pytest.raises(SystemExit, match="There is no task 'tests'"):
        elsewhere.main("tests")
    for file in (elsewhere.LOCK, elsewhere.PROJECT):
        content = file.read_text()
        file.unlink()
        with pytest.raises(SystemExit, match=rf"{re.escape(file.name)} is missing"):
            elsewhere.main("check")
        file.write_text(content)
