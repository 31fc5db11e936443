"""The wheel and the sdist are built alike twice, install into an empty place and work there."""

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import without

import hmcpsi_data as hd
from hmcpsi_data.tables.description import shipped_folder, table, table_names

ROOT = Path(__file__).resolve().parents[2]


def build(folder, *kinds, source=ROOT):
    targets = [f"--target={kind}" for kind in kinds]
    run([sys.executable, "-m", "hatchling", "build", *targets, "--directory", folder], source)
    return sorted(Path(folder).iterdir())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    if not (find_spec("hatchling") and find_spec("uv") and (ROOT / "pyproject.toml").is_file()):
        without("hatchling, uv or the checkout is missing, so nothing can be built.")
    wheel, sdist = build(tmp_path_factory.mktemp("built"), "wheel", "sdist")
    return {"wheel": wheel, "sdist": sdist}


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """An environment that holds the wheel alone; what it needs is found where the tests find it."""
    home = tmp_path_factory.mktemp("installed")
    uv = [sys.executable, "-m", "uv", "--no-config", "--offline"]
    run([*uv, "venv", "-q", "--python", sys.executable, home / "env"])
    (python,) = [*(home / "env").glob("bin/python"), *(home / "env").glob("Scripts/python.exe")]
    run([*uv, "pip", "install", "-q", "--no-deps", "--python", python, built["wheel"]])
    libraries = Path(sys.modules["pandas"].__file__).parents[1]
    own = run([python, "-c", "import site; print(site.getsitepackages()[0])"])
    # a path by hand reads no .pth file there, so that the checkout stays out of sight
    Path(own, "libraries.pth").write_text(str(libraries))
    return python


def run(command, folder=None):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_wheel_carries_the_package_all_data_and_a_page_and_is_built_alike_each_time(
    built, tmp_path
):
    with zipfile.ZipFile(built["wheel"]) as wheel:
        names, inside = wheel.namelist(), "hmcpsi_data/data/"
        files = {inside + table(name).file for name in table_names()}
        files |= {f"{inside}datapackage.json", f"{inside}README.md"}
        assert {name for name in names if name.startswith(inside)} == files
        for name in files:
            assert wheel.read(name) == (shipped_folder() / Path(name).name).read_bytes()
        (page,) = [one for one in names if one.endswith(".dist-info/METADATA")]
        text = wheel.read(page).decode()
    assert not [name for name in names if name.endswith(".pyc")]
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"hmcpsi_data"}
    for file in ("voila/templates/hmcpsi/index.html.j2", "site/site.css"):
        assert f"hmcpsi_data/{file}" in names
    assert f"\nVersion: {hd.__version__}\n" in text
    assert "The notebooks" in text
    assert [link for link in re.findall(r"\]\(([^)]*)\)", text) if "://" not in link] == []
    (sdist,) = build(tmp_path / "again", "sdist")
    with tarfile.open(sdist) as packed:
        packed.extractall(tmp_path / "unpacked", filter="data")
    (wheel,) = build(tmp_path / "wheel", "wheel", source=next((tmp_path / "unpacked").iterdir()))
    for again, first in ((sdist, built["sdist"]), (wheel, built["wheel"])):
        assert (again.name, again.read_bytes()) == (first.name, first.read_bytes())


def test_the_wheel_works_in_an_environment_of_its_own(installed, tmp_path):
    code = "import json, hmcpsi_data as hd; print(json.dumps([hd.__file__, hd.ratings().to_csv()]))"
    file, rated = json.loads(run([installed, "-I", "-c", code], tmp_path))
    assert Path(file).is_relative_to(Path(installed).parents[1])
    assert rated == hd.ratings().to_csv()
    itself = [installed, "-I", "-m", "hmcpsi_data"]
    assert "No problems" in run([*itself, "check"], tmp_path)
    run([*itself, "export", "out", "--format=csv"], tmp_path)
    assert (tmp_path / "out" / "ratings.csv").is_file()
