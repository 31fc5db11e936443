"""The wheel carries the data and works away from the checkout."""

import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import without

import hmcpsi_data as hd
from hmcpsi_data.tables.description import shipped_folder, table, table_names

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The contents of a wheel built from this checkout, in a folder of their own."""
    if importlib.util.find_spec("hatchling") is None:
        without("hatchling is not installed, so no wheel can be built.")
    if not (ROOT / "pyproject.toml").is_file():
        without("These tests run away from a checkout, so no wheel can be built.")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(unpacked, tmp_path, code):
    """What an isolated Python prints that finds the package in the wheel only, elsewhere."""
    start = f"import sys; sys.path.insert(0, {str(unpacked)!r})\n"
    command = [sys.executable, "-I", "-c", start + code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_wheel_carries_the_package_and_all_data(unpacked):
    data = unpacked / "hmcpsi_data" / "data"
    files = {"datapackage.json", "README.md"} | {table(name).file for name in table_names()}
    assert {path.name for path in data.iterdir()} == files
    for name in files:
        assert (data / name).read_bytes() == (shipped_folder() / name).read_bytes()
    assert not [path for path in unpacked.rglob("*") if path.suffix == ".pyc"]
    assert {path.name.partition("-")[0] for path in unpacked.iterdir()} == {"hmcpsi_data"}


def test_the_wheel_loads_all_tables_from_another_folder(unpacked, tmp_path):
    code = (
        "import json, hmcpsi_data as hd\n"
        "print(json.dumps([hd.__file__, {n: len(hd.load(n)) for n in hd.tables()['name']}]))"
    )
    file, rows = json.loads(run(unpacked, tmp_path, code))
    assert Path(file).is_relative_to(unpacked)
    assert rows == {name: len(hd.load(name)) for name in table_names()}


def test_the_wheel_answers_as_the_checkout_does(unpacked, tmp_path):
    code = "import hmcpsi_data as hd; print(hd.ratings().to_csv(index=False).strip())"
    assert run(unpacked, tmp_path, code) == hd.ratings().to_csv(index=False).strip()


def test_the_wheel_has_the_version_of_the_package(unpacked):
    (metadata,) = unpacked.glob("*.dist-info/METADATA")
    assert f"\nVersion: {hd.__version__}\n" in metadata.read_text(encoding="utf-8")
