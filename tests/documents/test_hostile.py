"""What is no document, or would harm, is refused in one sentence or comes out as inert text."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import hostile
import pandas as pd
import pytest
from hostile import DOCX, FRAGMENTS, LINES, PDF, TEXTS, pdf, spoilt, told, word, zipped
from hypothesis import example, given
from hypothesis import strategies as st

import hmcpsi_data as hd
from hmcpsi_data.documents import source as limits

BOMBS = hostile.bombs()
LIMITED = """
import pathlib, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
sys.path.insert(0, sys.argv[1])
import hostile
print(*(hostile.told(pathlib.Path(path)) for path in sys.argv[2:]))
"""


def refusal(source, name=None):
    with pytest.raises(hd.DocumentError) as caught:
        hd.read_document(source, name)
    assert "\n" not in str(caught.value)
    return caught.value.fault


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no limits of work here")
def test_lines_that_drive_patterns_to_their_worst_end_within_the_limit_of_a_process(tmp_path):
    texts = [one for name, (one, _) in BOMBS.items() if name.startswith("text")]
    paths = [tmp_path / f"{at}.txt" for at in range(0, len(texts), 9)]  # all are in make trust
    for path, text in zip(paths, texts[::9], strict=True):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    command = [sys.executable, "-c", LIMITED, str(Path(__file__).parents[1]), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stdout.split() == ["clear"] * len(paths)


BINARY = [
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),  # an old Word file
    b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01",
    bytes(range(256)) * 20,
    b"\x1f\x8b\x08\0\0\0\0\0\x02\xff",
]
PACKED = [name for name in BOMBS if name.startswith(("PDF", "DOCX"))]
REFUSED = [
    *[(*BOMBS[name], "") for name in PACKED if name not in {"PDF, matrices", "PDF, drawings"}],
    (*BOMBS["HTML, attributes"], "takes more than 4 seconds"),
    (*BOMBS["HTML, nested div"], "nested too deep"),
    (*BOMBS["DOCX, much of nothing"], "unpacked it has more than"),
    (pdf(*[[(60, 700, "CPS Northmarch")]] * 301), None, "it has more than 300 pages"),
    (pdf([]), None, "it has no text, only pictures"),
    *[(nothing, None, "holds no text") for nothing in ("", " \n\t ", b"\xef\xbb\xbf", b"<html/>")],
    *[(odd, None, "cannot be read from") for odd in (None, 7, ["CPS"], object(), pd.DataFrame())],
    *[("CPS Northmarch", name, "its name is given as") for name in (5, b"a.txt", Path("a.txt"))],
    ("a" * (limits.MAX_CHARACTERS + 1), None, "more than 500,000 characters"),
    (b"a" * (limits.MAX_CHARACTERS + 1), None, "more than 500,000 characters"),
    ("a\n" * (limits.MAX_LINES + 1), None, "more than 15,000 lines"),
    (b"a" * (limits.MAX_BYTES + 1), None, "more than 10,000,000 bytes"),
    *[(data, name, "binary and no text") for data in BINARY for name in (None, "a.txt", "a.html")],
    *[(b"CPS Northmarch", name, "damaged or no") for name in ("a.pdf", "a.docx")],
    (zipped({"a.txt": "CPS Northmarch"}), None, "damaged or no DOCX"),
    *[(pdf([(60, 700, "CPS")])[:cut], "a.pdf", "it is damaged or") for cut in (20, 200)],
    *[(word("CPS")[:cut], None, "damaged or no DOCX") for cut in (200, 2_000, 6_000)],
]


@pytest.mark.parametrize(
    ("source", "name", "told"), REFUSED, ids=[f"{n} {row[2]}" for n, row in enumerate(REFUSED)]
)
def test_what_is_no_document_or_too_large_is_one_sentence(source, name, told):
    assert told in refusal(source, name)


@given(
    st.lists(st.sampled_from([*LINES, *FRAGMENTS]) | st.text(max_size=8), max_size=60),
    st.sampled_from(["", "\n"]),
    st.randoms(use_true_random=False),
    st.sampled_from([None, "a.txt", "a.html", "a.md"]),
)
@example(["# Area Assurance inspection of CPS Northmarch", "(An n invented label)", "Good"], "\n",
         None, None)  # fmt: skip
def test_pieces_of_documents_in_any_order_whole_and_spoilt(pieces, between, chance, name):
    text = between.join(pieces)
    assert told(text, name) == "clear"
    if chance is not None:
        whole = chance.choice([*TEXTS, text]).encode("utf-8", "surrogatepass")
        assert told(spoilt(chance, whole), name) == "clear"


def test_random_documents_of_every_kind_and_pages_that_are_nested():
    assert [len(hd.read_document(data).ratings) for data in (PDF, DOCX)] == [1, 1]
    documents = [*hostile.random_documents(40, seed=0)]
    assert len({kind for kind, *_ in documents}) == 6
    pages = [BOMBS[name] for name in BOMBS if name.startswith(("HTML, nested", "HTML, entities"))]
    assert {told(*one) for one in (*pages, *(one[1:] for one in documents))} == {"clear"}


def test_too_many_rows_and_columns_and_a_line_that_is_too_long():
    row = "<tr><td colspan=1000000>Leadership</td><td rowspan=1000000>Good</td></tr>"
    document = hd.read_document(f"<html><table>{row * 10}</table></html>")
    assert max(map(len, document.lines)) < 200
    why = hd.read_document(*BOMBS["text, rows"]).problems["why"]
    assert why.str.contains("from here on, no ratings are read").any()
    text = "CPS Northmarch inspected\n" + "Leadership is good. " * 1_000
    (told,) = hd.read_document(text).problems.query("locator == 'L2'")["why"]
    assert told == "the line is too long to be read"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_what_is_no_file_is_a_sentence_also_a_device_or_a_pipe_that_nobody_writes_to(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    other = "this is a folder, a device or a pipe, not a file"
    for place in (tmp_path, str(tmp_path), tmp_path / "pipe.txt", "/dev/zero", Path("/dev/random")):
        assert refusal(place) == other
    for place in (tmp_path / "notice.txt", "notice-that-is-not-there.pdf", Path("a\0b.txt")):
        assert re.match("there is no such file|it cannot be opened", refusal(place))


def test_a_pdf_with_a_password_is_refused_and_one_of_five_pages_with_an_owners_is_read():
    pypdf = pytest.importorskip("pypdf")
    line = "the Area should ensure that files are read in time and witnesses are told of it"
    page = [(60, 810, "CPS Northmarch"), *[(60, 790 - 15 * n, line) for n in range(48)]]
    plain = pdf(*[page] * 5)
    locked = []
    for user in ("secret", ""):
        writer, out = pypdf.PdfWriter(io.BytesIO(plain)), io.BytesIO()
        writer.encrypt(user, "owner", algorithm="RC4-128")
        writer.write(out)
        locked.append(out.getvalue())
    assert refusal(locked[0]) == "it is encrypted"
    document = hd.read_document(locked[1])
    assert document.words("p2 L1") == [document.lines[document.pages[0]]] == ["CPS Northmarch"]
    assert len(document.pages) == 5


def test_a_missing_library_is_named_with_what_to_install_and_texts_need_none(monkeypatch):
    for library in ("lxml", "pypdf", "docx"):
        monkeypatch.setitem(sys.modules, library, None)
    remedy = r'needs lxml.*pip install "hmcpsi_data\[documents\]"'
    with pytest.raises(hd.DocumentError, match=remedy):
        hd.read_document(b"<html><p>CPS Northmarch</p></html>", "a.html")
    assert hd.read_document(WORDS.encode("cp1252"), "a.txt").lines == (WORDS,)


WORDS = "CPS Northmarch\u2019s \u00a35 \u2013 \u201cfair\u201d, rated \u2018good\u2019 \u2026"
SCRIPTS = (
    "<html><head><script>steal()</script><style>a{}</style></head><body onload='steal()'>"
    f"<h1 onclick='steal()'>{WORDS}<script>steal()</script></h1>"
    "<iframe src='javascript:steal()'></iframe><template>steal()</template>"
    "<p hidden>steal()</p><noscript>steal()</noscript><!-- steal() --></body></html>"
)


@pytest.mark.parametrize(
    "source",
    [*(WORDS.encode(code) for code in ("utf-8", "cp1252", "utf-16", "utf-16-le", "utf-8-sig")),
     *(f"<html><meta charset={lie}><h1>{WORDS}</h1></html>".encode()
       for lie in ("utf-16", "undefined", "utf-7", "cp037")), SCRIPTS],
)  # fmt: skip
def test_words_are_read_in_every_encoding_whatever_a_page_says_and_scripts_are_not(source):
    assert hd.read_document(source).lines == (WORDS,)


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "=HYPERLINK(0)", "@SUM(1)"])
def test_hostile_words_stay_words_and_controls_are_in_no_table(words):
    document = hd.read_document(
        "Invented: CPS response to the Area Assurance inspection of CPS Northmarch\n\n"
        f"Issues to address\n\n1. {words} must be dealt with\nCPS response: {words}\n\n"
        "Criteria\tScore\nLeadership\x1b\tGood\nDis\u202eclosure\tFair\nTime\u200b limits\tPoor\n",
        "a.txt",
    )
    assert document.actions["text"].item() == f"{words} must be dealt with"
    assert document.responses["text"].item() == words
    labels = document.claims.query("table == 'ratings'")["what"].tolist()
    assert labels == ["Leadership", "Disclosure", "Time limits"]
