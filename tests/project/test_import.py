"""Importing the package is cheap, arrows point down only, and what is offered is explained."""

import ast
import graphlib
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
    {"errors", "words", "palette", "html"}, {"tables"}, {"record"}, {"method"}, {"checking"},
    {"assessment"}, {"documents", "formats"}, {"pictures"}, {"show"}, {"site"}, {"explorers"},
    {"lab"}, {"__main__"},
]  # fmt: skip
ROOMS = ["show", "pictures", "explorers", "assessment"]


def fresh(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def imports(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = [node for node in tree.body if isinstance(node, ast.If)]  # only for the type checker
    tree.body = [node for node in tree.body if node not in typing]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module != "hmcpsi_data":
            yield node.module or ""
        elif isinstance(node, ast.Import | ast.ImportFrom):
            before = "hmcpsi_data." if isinstance(node, ast.ImportFrom) else ""
            yield from (before + one.name for one in node.names)


def test_a_lower_floor_never_imports_a_higher_one_and_no_module_itself_by_others():
    floors = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
    graph, upward = {}, []
    for path in set(PACKAGE.rglob("*.py")) - {PACKAGE / "__init__.py"}:
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        others = [one for one in imports(path) if one.startswith("hmcpsi_data.")]
        assert "frictionless" not in path.read_text(encoding="utf-8")  # which only tests have
        own = floors[name.split(".")[1]]
        upward += [(name, one) for one in others if floors.get(one.split(".")[1], 0) > own]
        if path.name != "__init__.py":
            graph[name] = others
    assert upward == []
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_package_and_tests_keep_to_their_budget():
    def lines(paths):
        return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)

    package = [path for path in PACKAGE.rglob("*.py") if "notebooks" not in path.parts]
    # What the house may hold. A change that needs more takes something away first.
    assert lines(package) <= 15_000
    assert len(package) <= 70
    assert lines(PACKAGE.parent.glob("tests/**/*.py")) <= 11_000
    assert lines([PACKAGE.parent / "tasks.py"]) <= 130


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


def test_all_is_complete_and_every_error_is_caught_as_one():
    before = {name: getattr(hd, name) for name in hd.__all__}
    for module in pkgutil.iter_modules(hd.__path__):
        if module.name != "__main__":  # none hides a name of the package
            importlib.import_module(f"hmcpsi_data.{module.name}")
    assert {name: getattr(hd, name) for name in hd.__all__} == before
    members = [name for name, one in inspect.getmembers(hd) if not inspect.ismodule(one)]
    assert [name for name in members if not name.startswith("_")] == sorted(hd.__all__)
    assert len(hd.__all__) <= 40
    assert all(issubclass(getattr(hd, name), hd.HmcpsiError) for name in members if "Error" in name)
    assert issubclass(hd.UnknownValueError, ValueError)
    # what is offered is explained, and of the package with an example that runs
    for module in (hd, *(importlib.import_module(f"hmcpsi_data.{room}") for room in ROOMS)):
        assert module.__doc__
        assert sorted(module.__all__) == sorted(set(module.__all__))
        for name in module.__all__:
            public, told = getattr(module, name), f"{module.__name__}.{name}"
            doc = inspect.getdoc(public) or ""
            assert doc.partition("\n")[0].endswith("."), told
            if module is hd and inspect.isfunction(public):
                assert "\n>>> " in doc, told
                needs = bool(inspect.signature(public).parameters)
                assert ("Parameters\n---" in doc) is needs, told


@pytest.mark.parametrize(
    ("room", "library"),
    [("Pictures", "matplotlib"), ("Pictures", "afcharts"), ("Explorers", "anywidget")],
)
def test_without_the_extra_a_sentence_names_the_install(room, library):
    code = f"import sys; sys.modules[{library!r}] = None; import hmcpsi_data.{room.lower()}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    told = f'{room} need {library}, which pip install "hmcpsi_data[notebooks]" installs.'
    assert ran.stderr.splitlines()[-1] == f"ImportError: {told}"
