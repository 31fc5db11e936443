"""Importing the package is cheap, and what it offers is complete and explained."""

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys

import pytest

import hmcpsi_data as hd

HEAVY = ["frictionless", "matplotlib", "ipywidgets", "IPython", "afcharts", "anywidget", "difflib"]


def fresh(code):
    """What a new Python prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_the_import_brings_nothing_heavy_beyond_pandas():
    code = "import json, sys, {}; print(json.dumps(sorted(sys.modules)))"
    ours = set(json.loads(fresh(code.format("hmcpsi_data"))))
    pandas = set(json.loads(fresh(code.format("pandas"))))
    assert "pandas" in ours
    assert not (ours - pandas) & set(HEAVY)
    others = {name.partition(".")[0] for name in ours - pandas} - sys.stdlib_module_names
    assert others == {"hmcpsi_data"}


def test_the_import_reads_no_data():
    code = (
        "import sys; opened = []\n"
        "sys.addaudithook(lambda e, a: opened.append(str(a[0])) if e == 'open' else None)\n"
        "import hmcpsi_data\n"
        "print([name for name in opened if name.endswith(('.csv', '.json'))])"
    )
    assert fresh(code).strip() == "[]"


def test_all_is_sorted_without_repeats_and_complete():
    assert len(hd.__all__) == len(set(hd.__all__))
    assert hd.__all__ == sorted(hd.__all__)
    public = {
        name
        for name, value in inspect.getmembers(hd)
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert public == set(hd.__all__)


@pytest.mark.parametrize("name", hd.__all__)
def test_a_public_name_is_explained_with_an_example_that_runs(name):
    doc = inspect.getdoc(getattr(hd, name))
    assert doc
    assert doc.splitlines()[0].endswith(".")
    if inspect.isfunction(getattr(hd, name)):
        assert "\n>>> " in doc
        assert "Parameters\n----------" in doc


def modules():
    """The modules that need pandas only; the packages within need the extra for notebooks."""
    found = pkgutil.iter_modules(hd.__path__)
    return [module.name for module in found if not module.ispkg and module.name != "__main__"]


@pytest.mark.parametrize("name", modules())
def test_a_module_is_explained_and_offers_what_it_says(name):
    module = importlib.import_module(f"hmcpsi_data.{name}")
    assert module.__doc__
    for public in getattr(module, "__all__", ()):
        value = getattr(module, public)
        assert not callable(value) or value.__doc__ or not inspect.isroutine(value)


def test_importing_a_module_never_hides_a_name_of_the_package():
    before = {name: getattr(hd, name) for name in hd.__all__}
    for module in modules():
        importlib.import_module(f"hmcpsi_data.{module}")
    assert {name: getattr(hd, name) for name in hd.__all__} == before


def test_every_error_is_caught_as_one():
    errors = [getattr(hd, name) for name in hd.__all__ if name.endswith("Error")]
    assert all(issubclass(error, hd.HmcpsiError) for error in errors)
    assert issubclass(hd.UnknownValueError, ValueError)


@pytest.mark.parametrize(
    ("what", "where", "library"),
    [
        ("Pictures", "pictures", "matplotlib"),
        ("Pictures", "pictures", "afcharts"),
        ("Explorers", "explorers", "anywidget"),
        ("Explorers", "explorers", "matplotlib"),
    ],
)
def test_without_the_extra_a_sentence_names_the_install(what, where, library):
    code = f"import sys; sys.modules[{library!r}] = None; import hmcpsi_data.{where}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    told = f'{what} need {library}, which pip install "hmcpsi_data[notebooks]" installs.'
    assert ran.stderr.splitlines()[-1] == f"ImportError: {told}"
