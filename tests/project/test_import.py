"""Importing the package is cheap, arrows point down only, and what is offered is explained."""

import ast
import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import hmcpsi_data as hd

PACKAGE = Path(hd.__file__).parent
FLOORS = [
    ["errors", "words", "palette", "html"],
    ["tables"],
    ["record"],
    ["method"],
    ["checking"],
    ["assessment"],
    ["documents", "formats"],
    ["pictures"],
    ["show"],
    ["site"],
    ["explorers"],
    ["lab"],
    ["app"],
    ["__main__"],
]
ROOMS = ["show", "pictures", "explorers", "assessment"]


def fresh(code):
    """What a new Python prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def imports(path):
    """The modules of this package that a module imports, wherever in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = [node for node in tree.body if isinstance(node, ast.If)]  # only for the type checker
    tree.body = [node for node in tree.body if node not in typing]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hmcpsi_data"):
            if node.module == "hmcpsi_data":
                yield from (f"hmcpsi_data.{name.name}" for name in node.names)
            else:
                yield node.module
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name.startswith("hmcpsi_data"))


def floor(module):
    """The number of the floor on which a module stands; the package itself is no floor."""
    room = module.split(".")[1] if "." in module else ""
    return next((n for n, rooms in enumerate(FLOORS) if room in rooms), None)


def test_a_lower_floor_never_imports_a_higher_one():
    upward = []
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] == "__init__":
            continue
        own = floor(".".join(["hmcpsi_data", *parts]))
        assert own is not None, f"{'/'.join(parts)} stands on no floor"
        upward += [
            f"{'/'.join(parts)} imports {other}"
            for other in imports(path)
            if (below := floor(other)) is not None and below > own
        ]
    assert upward == []


def test_no_module_imports_itself_by_way_of_others():
    names = {
        ".".join(["hmcpsi_data", *path.relative_to(PACKAGE).with_suffix("").parts]): path
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py"
    }
    reached = {name: {one for one in imports(path) if one in names} for name, path in names.items()}
    for _ in names:
        wider = {
            name: found | {far for near in found for far in reached[near]}
            for name, found in reached.items()
        }
        if wider == reached:
            break
        reached = wider
    assert [name for name, found in reached.items() if name in found] == []


def test_the_package_keeps_to_its_budget():
    package = [path for path in PACKAGE.rglob("*.py") if "notebooks" not in path.parts]
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in package)
    # The aim is 15,000 lines in about 70 modules, and 11,000 of tests: these only ever go down.
    assert lines <= 19_800
    assert len(package) <= 88
    tests = sum(
        len(path.read_text(encoding="utf-8").splitlines())
        for path in Path(__file__).resolve().parents[1].rglob("*.py")
    )
    assert tests <= 14_600


def test_the_import_brings_nothing_beyond_pandas_and_reads_no_data():
    code = (
        "import json, sys; opened = []\n"
        "sys.addaudithook(lambda e, a: opened.append(str(a[0])) if e == 'open' else None)\n"
        "import {}; print(json.dumps([sorted(sys.modules), opened]))"
    )
    ours, opened = json.loads(fresh(code.format("hmcpsi_data")))
    pandas, _ = json.loads(fresh(code.format("pandas")))
    assert "pandas" in ours
    others = {name.partition(".")[0] for name in {*ours} - {*pandas}} - sys.stdlib_module_names
    assert others == {"hmcpsi_data"}
    assert [name for name in opened if name.endswith((".csv", ".json"))] == []


def test_all_is_sorted_without_repeats_and_complete():
    assert hd.__all__ == sorted(set(hd.__all__))
    public = {
        name
        for name, value in inspect.getmembers(hd)
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert public == set(hd.__all__)
    assert len(hd.__all__) <= 40


@pytest.mark.parametrize("name", hd.__all__)
def test_a_public_name_is_explained_with_an_example_that_runs(name):
    public = getattr(hd, name)
    doc = inspect.getdoc(public)
    assert doc.splitlines()[0].endswith(".")
    if inspect.isfunction(public):
        assert "\n>>> " in doc
        assert "Parameters\n----------" in doc or not inspect.signature(public).parameters


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_offers_is_explained(room):
    module = importlib.import_module(f"hmcpsi_data.{room}")
    assert module.__doc__
    assert sorted(module.__all__) == sorted(set(module.__all__))
    for name in module.__all__:
        doc = inspect.getdoc(getattr(module, name)) or ""
        assert doc.partition("\n")[0].endswith("."), f"{room}.{name}"


def test_importing_a_module_never_hides_a_name_of_the_package():
    before = {name: getattr(hd, name) for name in hd.__all__}
    for module in pkgutil.iter_modules(hd.__path__):
        if module.name != "__main__":
            importlib.import_module(f"hmcpsi_data.{module.name}")
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


def test_every_public_function_of_the_record_takes_a_record():
    without = {"codebook", "copy_data", "add_document", "undisputed", "invented_notice"}
    functions = {name: one for name, one in vars(hd).items() if inspect.isfunction(one)}
    missing = [
        name
        for name in hd.__all__
        if name in functions.keys() - without
        and "record" not in inspect.signature(functions[name]).parameters
    ]
    assert missing == []


def test_check_needs_no_library_that_only_tests_have():
    code = "import sys; sys.modules['frictionless'] = None\n"
    code += "from hmcpsi_data.__main__ import main; sys.exit(main(['check']))"
    assert "No problems" in fresh(code)
