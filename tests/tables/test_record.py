"""A record gives each table, and a locator its lines, as described, or says what is wrong."""

import csv
import os
import pickle
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from editing import Copy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hmcpsi_data as hd
from hmcpsi_data.errors import AmbiguousAreaError, AreaNotInBeingError, LocatorError
from hmcpsi_data.tables import description
from hmcpsi_data.tables.description import shipped_folder, table, table_names
from hmcpsi_data.tables.locators import Span, format_locator, lines_of, merged, parse

TABLES = table_names()


def test_tables_are_listed_have_what_their_files_have_and_are_the_callers_own():
    for name in TABLES:
        loaded = hd.load(name)
        types = {column: str(dtype) for column, dtype in loaded.dtypes.items()}
        assert types == {field.name: field.dtype for field in table(name).fields}
        with (shipped_folder() / table(name).file).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(loaded) == len(rows)
        for column in (field.name for field in table(name).fields if field.type == "string"):
            assert loaded[column].fillna("").tolist() == [row[column] for row in rows]
        before = loaded.copy()
        loaded.iloc[:, 0] = pd.NA
        loaded["new"], loaded.attrs["note"], loaded.index.name = 1, "mine", "mine"
        pd.testing.assert_frame_equal(hd.load(name), before)
        assert hd.load(name).attrs == {}
    overview = hd.tables()
    sizes = [(name, len(hd.load(name))) for name in TABLES]
    assert list(zip(overview["name"], overview["rows"], strict=True)) == sizes
    assert overview.dtypes.astype(str).tolist() == ["string", "Int64", "Int64", "string"]


def test_text_stays_text_and_an_empty_cell_is_not_available_whatever_its_type(copy):
    texts = ["NA", "NaN", "null", "None", "N/A", "nan", "<NA>", "-"]
    for line, text in enumerate(texts, 2):
        copy.put("aspect_sets", line, note=text)
    copy.put("scales", 2, rank="", locator="", is_open="")
    copy.put("measures", 2, value="-1.5e2")
    record = hd.Record(copy.folder)
    assert record.table("aspect_sets")["note"].head(len(texts)).tolist() == texts
    assert record.table("scales").loc[0, ["rank", "locator", "is_open"]].isna().all()
    assert record.table("measures").loc[0, "value"] == -150.0


def test_the_form_of_a_file_and_its_own_description_make_no_difference(copy):
    description = copy.folder / "datapackage.json"
    text = description.read_text(encoding="utf-8")
    description.write_text(text.replace('"integer"', '"string"'), encoding="utf-8")
    copy.write("scales", copy.read("scales")[:1])
    empty = hd.load("scales", copy.folder)
    assert (len(empty), empty.dtypes.equals(hd.load("scales").dtypes)) == (0, True)
    plain = copy.path("offices").read_bytes()
    gaps = plain.replace(b"\r\n", b"\r\n\r\n", 2) + b",,,,,,\r\n\r\n"
    for other in (gaps, plain.replace(b"\r\n", b"\n"), plain.replace(b"\r\n", b"\r")):
        copy.path("offices").write_bytes(other)
        pd.testing.assert_frame_equal(hd.load("offices", copy.folder), hd.load("offices"))


def test_the_folder_is_the_argument_else_the_environment_else_the_shipped_one(copy, monkeypatch):
    copy.put("scales", 2, value="from the copy")
    shipped = hd.load("scales").loc[0, "value"]
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(copy.folder.parent))
    for folder in (str(copy.folder), "~/data"):
        assert hd.load("scales", folder).loc[0, "value"] == "from the copy"
        monkeypatch.setenv("HMCPSI_DATA", folder)
        assert hd.load("scales").loc[0, "value"] == "from the copy"
    assert hd.load("scales", shipped_folder()).loc[0, "value"] == shipped
    monkeypatch.setenv("HMCPSI_DATA", "")
    assert hd.load("scales").loc[0, "value"] == shipped


@pytest.mark.parametrize("name", ["rating", "Ratings", None, ["ratings"], pd.NA])
def test_an_unknown_table_names_the_nearest_where_there_is_one(name):
    with pytest.raises(
        hd.UnknownValueError, match=r"(?s)^table .* is not known.*tables\(\) lists"
    ) as e:
        hd.load(name)
    assert ('Did you mean "ratings"' in str(e.value)) == ("ating" in str(name))


@pytest.mark.parametrize(
    ("name", "column", "kind", "values"),
    [
        ("scales", "rank", "a whole number", ["1_000", "\u0663", "1.0", "9" * 19, "9" * 5000]),
        ("measures", "value", "a number", ["NaN", "inf", "1,5", "1e999", "\u0663.\u0665"]),
    ],
)
def test_only_plain_digits_make_a_number(name, column, kind, values, copy):
    for line, value in enumerate(values, 2):
        copy.put(name, line, **{column: value})
    problems = hd.check(copy.folder)
    named = problems["row"][problems["column"] == column]
    assert named.tolist() == list(range(2, len(values) + 2))
    with pytest.raises(hd.DataError, match=f"line 2, column {column}: .* is not {kind}") as error:
        hd.load(name, copy.folder)
    fault = error.value
    assert (fault.file, fault.row, fault.column, fault.value) == (
        f"{name}.csv",
        2,
        column,
        values[0],
    )


def test_errors_survive_a_trip_to_another_process():
    for error in (
        hd.DataError("a.csv", 2, "b", "c", "is wrong", "Put it right."),
        AmbiguousAreaError("area", "x", ["a", "b"], "areas()", ["1999", "2011"]),
        AreaNotInBeingError("area", "x", ["a"], "areas()", "2016", "It ended."),
        hd.FrameworkError(["a"], "It cannot be.", "Do this."),
        hd.DocumentError("a.txt", "it is empty", "Give another."),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again)) == (type(error), str(error))


def test_a_record_stays_as_it_was_opened_whatever_becomes_of_the_folder(copy):
    record = hd.Record(copy.folder)
    before = hd.load("scales", copy.folder)
    copy.put("scales", 2, value="changed value")
    assert record.table("scales").equals(before)
    shutil.rmtree(copy.folder)
    assert hd.check(record).empty
    assert hd.tables(record)["rows"].sum() > 1000
    assert record.content("offices.csv").startswith(b"area_id")


@pytest.mark.parametrize("folder", [5, [], pd.NA, pd.DataFrame()])
def test_what_is_no_folder_is_refused_in_a_sentence(folder):
    for call in (hd.Record, hd.tables, hd.check, hd.data_version, lambda f: hd.load("scales", f)):
        with pytest.raises(hd.HmcpsiError, match="is no data folder"):
            call(folder)


def test_32_threads_share_a_record():
    record, calls = hd.Record(), []

    def made(record):
        calls.append(1)
        return record.table("ratings")["rating"].value_counts().to_dict()

    def work(name):
        frame = record.table(name)
        frame.iloc[:, 0] = pd.NA
        return name, len(frame), record.once(made)

    with ThreadPoolExecutor(32) as pool:
        done = list(pool.map(work, TABLES * 12))
    sizes = {(name, len(hd.load(name))) for name in TABLES}
    assert (len(calls), {(name, size) for name, size, _ in done}) == (1, sizes)
    assert all(counts is done[0][2] for *_, counts in done)


PART = b'{"resources": [{"name": "offices", "path": "offices.csv", "title": "", "schema": []}]}'
BROKEN = [
    None, b"", b"{", b'{"resources": "\xff"}', b"[" * 100_000, b"[]", b"{}", b'{"resources": [5]}',
    b'{"resources": ' + b"9" * 5000 + b"}", b'{"resources": [{"name": "a"}]}', PART,
]  # fmt: skip


def test_a_damaged_description_of_the_package_is_one_sentence(copy, monkeypatch):
    monkeypatch.setattr(description, "shipped_folder", lambda: copy.folder)
    path = copy.folder / "datapackage.json"
    try:
        for content in BROKEN:
            path.unlink() if content is None else path.write_bytes(content)
            for call in (hd.tables, lambda: hd.load("scales"), hd.codebook, hd.Record):
                description.package.cache_clear(), description._tables.cache_clear()
                with pytest.raises(hd.DataError, match=r"^datapackage\.json: it cannot be .*\.$"):
                    call()
            assert len(hd.check(copy.folder)) == 1
    finally:
        description.package.cache_clear(), description._tables.cache_clear()


MEASURED = """
import pathlib, re, resource, sys, hmcpsi_data as hd
print(hd.tables(hd.Record(sys.argv[1]))["rows"].sum())
own = pathlib.Path("/proc/self/status")  # elsewhere a process may be told its parent's peak
print(re.search(r"VmHWM:\\s*([0-9]+)", own.read_text())[1] if own.exists()
      else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_hundred_times_the_data_open_in_time_and_memory(tmp_path):
    """Rows repeated, read in a process of its own that is measured."""
    folder = Copy(tmp_path / "data").folder
    times = 100 if os.environ.get("HMCPSI_TRUST") else 5
    for name in TABLES:
        header, *rows = (folder / table(name).file).read_bytes().splitlines(keepends=True)
        (folder / table(name).file).write_bytes(header + b"".join(rows) * times)
    command = [sys.executable, "-c", MEASURED, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows, kilobytes = done.stdout.split()
    assert int(rows) == times * hd.tables()["rows"].sum()
    assert int(kilobytes) < 1_000_000


numbers = st.integers(1, 999_999)
pages = st.none() | numbers
spans = st.builds(lambda page, *ends: Span(page, *sorted(ends)), pages, numbers, numbers)


def test_lines_of_locators_and_what_is_malformed_or_runs_backwards_is_refused_and_not_written():
    assert lines_of("L20-L21;p3 L12;L1") == [(None, 20), (None, 21), (3, 12), (None, 1)]
    assert merged(["p2 L3", "L26", "L20-L24", "L25;L30"]) == "L20-L26;L30;p2 L3"
    for locator in (
        "", "22", "l22", "L-1", "L2-3", "L2\u2013L3", "L2,L3", ";L2", "L2; L3", "L2\n", "p3L12",
        "P3 L12", "L\u0662", "L1000000", "L2-L3-L4", "L0-L2", "p0 L1", "L01",
    ):  # fmt: skip
        with pytest.raises(LocatorError, match=r"is not of the form L22, L20-L22, L3;L7 or p3 L12"):
            parse(locator)
    with pytest.raises(LocatorError, match="runs backwards"):
        parse("L1;p3 L5-L4")
    for spans in ([], [(None, 5, 4)], [(0, 1, 1)], [(None, 1, 10**6)]):
        with pytest.raises(LocatorError):
            format_locator(spans)


@given(st.lists(spans, min_size=1, max_size=5))
def test_what_is_written_is_read_again_and_has_the_form_of_the_description(spans):
    written = format_locator(spans)
    assert list(parse(written)) == spans
    assert re.fullmatch(table("findings").field("locator").pattern, written)
    few = [Span(span.page, span.first, min(span.last, span.first + 50)) for span in spans]
    assert len(lines_of(format_locator(few))) == sum(span.last - span.first + 1 for span in few)


# The first text makes the table of all characters, longer than the limit of a busy machine.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(alphabet="pL0123456789-; ", max_size=20)
    | st.text(max_size=20)
    | st.from_regex(r"((p[0-9]{1,8} )?L[0-9]{1,7}(-L[0-9]{1,7})?;?){1,3}\n?")
)
def test_any_text_is_a_locator_or_a_locator_error(text):
    try:
        spans = parse(text)
    except LocatorError:
        return
    assert all(1 <= span.first <= span.last for span in spans)
    assert re.fullmatch(table("findings").field("locator").pattern, text)
