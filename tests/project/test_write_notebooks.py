"""The writer of the notebooks: stable, careful, and clear about what is wrong."""

import importlib.util
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("write", ROOT / "notebooks/write.py")
writer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(writer)

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
