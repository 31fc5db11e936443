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


def test_without_uv_it_comes_by_its_hash_everything_else_by_uv_and_what_is_missing_is_told(
    monkeypatch, tmp_path
):
    spec = importlib.util.spec_from_file_location("tasks", ROOT / "tasks.py")
    tasks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tasks)
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
