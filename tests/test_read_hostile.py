"""What is no document, or would harm, is refused in one sentence or comes out as inert text."""

import os
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from papers import assembled, drawing, pdf, word, zipped

import hmcpsi_data as hd
from hmcpsi_data.documents import limits

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def refusal(source, name=None):
    with pytest.raises(hd.DocumentError) as caught:
        hd.read_document(source, name)
    error = caught.value
    assert str(error).endswith((".", ")", '"'))
    assert "\n" not in str(error)
    return error.fault


def packed_pdf(content, filters="/FlateDecode"):
    """A PDF whose only page is drawn by packed instructions."""
    stream = b"<< /Filter [%b] /Length %d >>\nstream\n%b\nendstream"
    return assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            stream % (filters.encode("ascii"), len(content), content),
        ]
    )


@pytest.mark.parametrize("source", ["", "  \n\t ", b"", b"\n\n", b"\xef\xbb\xbf", b"<html></html>"])
def test_nothing_is_no_document(source):
    assert refusal(source) in {"it is empty", "it holds no text"}


def test_a_folder(tmp_path):
    assert refusal(tmp_path) == "this is a folder"
    assert refusal(str(tmp_path)) == "this is a folder"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/random"])
def test_a_device(device):
    assert refusal(device) == "this is a device or a pipe, not a file"
    assert refusal(Path(device)) == "this is a device or a pipe, not a file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_that_nobody_writes_to(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert refusal(tmp_path / "pipe.txt") == "this is a device or a pipe, not a file"


def test_no_such_file(tmp_path):
    assert refusal(tmp_path / "notice.txt") == "there is no such file"
    assert refusal("notice-that-is-not-there.pdf") == "there is no such file"


def test_a_name_that_no_system_takes():
    assert "cannot be opened" in refusal(Path("a\0b.txt")) or refusal(Path("a\0b.txt"))


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "notice.txt"
    path.write_text("CPS Kent", encoding="utf-8")

    def denied(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert refusal(path) == "it cannot be opened (Permission denied)"


@pytest.mark.parametrize("source", [None, 7, ["CPS Kent"], object()])
def test_what_is_neither_path_nor_bytes_nor_text(source):
    assert "cannot be read from" in refusal(source)


def test_fifty_megabytes(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert refusal(path) == f"it has more than {limits.MAX_BYTES:,} bytes"
    assert refusal(bytes(limits.MAX_BYTES + 1)) == f"it has more than {limits.MAX_BYTES:,} bytes"


def test_too_many_characters_or_lines():
    assert "characters" in refusal("a" * (limits.MAX_CHARACTERS + 1))
    assert "lines" in refusal("a\n" * (limits.MAX_LINES + 1))
    assert "characters" in refusal(b"a" * (limits.MAX_CHARACTERS + 1))


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01",
        b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff",
        bytes(range(256)) * 20,
        b"\x1f\x8b\x08\0\0\0\0\0\x02\xff",
    ],
)
def test_a_binary_file(data):
    assert refusal(data) == "it is binary and no text"
    assert refusal(data, "notice.txt") == "it is binary and no text"
    assert refusal(data, "notice.html") == "it is binary and no text"


def test_an_old_word_file():
    assert "old Word file" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "a.doc")


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_a_text_that_is_called_a_pdf_or_docx(name):
    assert "damaged or no" in refusal(b"CPS Kent, an invented text", name)


def test_a_pdf_that_is_encrypted():
    locked = "/Encrypt << /Filter /Standard /V 1 /R 2 /O ({}) /U ({}) /P -4 >> /ID [(a) (a)]"
    data = pdf([(60, 700, "CPS Kent")], trailer=locked.format("o" * 32, "u" * 32))
    assert refusal(data) == "it is encrypted"


def test_a_docx_that_is_encrypted():
    data = bytearray(word("CPS Kent"))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refusal(bytes(data)) == "it is encrypted"


@pytest.mark.parametrize("cut", [20, 200, 600])
def test_a_pdf_that_is_cut(cut):
    assert refusal(pdf([(60, 700, "CPS Kent")])[:cut], "cut.pdf")


@pytest.mark.parametrize("cut", [4, 1000, 10_000])
def test_a_docx_that_is_cut(cut):
    assert refusal(word("CPS Kent")[:cut]) == "it is damaged or no DOCX"


def test_a_zip_that_is_no_docx():
    assert refusal(zipped({"a.txt": "CPS Kent"})) == "it is a ZIP file but no DOCX"


def test_a_docx_without_sense():
    data = zipped({"word/document.xml": "<a/>", "[Content_Types].xml": TYPES})
    assert "damaged or no DOCX" in refusal(data)


def test_a_picture_in_a_pdf_is_no_text():
    assert refusal(pdf([])) == "it has no text, only pictures"


def test_a_docx_that_unpacks_to_too_much():
    data = zipped({"word/document.xml": bytes(200_000_000)})
    assert len(data) < limits.MAX_BYTES
    assert refusal(data) == f"unpacked it has more than {limits.MAX_UNPACKED:,} bytes"


def test_a_docx_of_too_many_parts():
    parts = {f"a/{i}": "" for i in range(limits.MAX_PARTS + 1)}
    assert refusal(zipped(parts)) == f"it has more than {limits.MAX_PARTS:,} parts"


def test_entities_that_grow():
    bomb = '<!DOCTYPE d [<!ENTITY a "lol">{}]><d>&k;</d>'
    names = "abcdefghijk"
    grown = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise(names))
    parts = {"word/document.xml": bomb.format(grown), "[Content_Types].xml": TYPES}
    assert refusal(zipped(parts))
    page = hd.read_document("<html>" + bomb.format(grown), "a.html")
    assert sum(map(len, page.lines)) < 10_000


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_pdf_that_unpacks_to_too_much(times):
    content = bytes(50_000_000)
    for _ in range(times):
        content = zlib.compress(content, 9)
    assert refusal(packed_pdf(content, "/FlateDecode " * times))


def test_a_pdf_of_too_many_pages():
    pages = [[(60, 700, "CPS Kent")]] * (limits.MAX_PAGES + 1)
    assert refusal(pdf(*pages)) == f"it has more than {limits.MAX_PAGES:,} pages"


def test_a_pdf_whose_pages_draw_too_much():
    page = drawing([(60, 700, "CPS Kent")] * 10_000)
    assert len(page) < limits.MAX_PAGE_BYTES
    assert refusal(pdf(*[page] * 6)) == "its pages are too large"


def test_a_pdf_whose_pages_hold_each_other():
    data = assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 /Parent 2 0 R >>",
        ]
    )
    assert refusal(data)


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul", "p", "font", "blockquote", "svg"])
@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_html_that_is_nested_too_deep(tag, depth):
    page = "<html><body>" + f"<{tag}>" * depth + "CPS Kent"
    try:
        document = hd.read_document(page[: limits.MAX_CHARACTERS], "a.html")
    except hd.DocumentError as error:
        assert "nested" in error.fault or "no text" in error.fault  # noqa: PT017
    else:
        assert tag == "p"  # one ends the other
        assert document.lines == ("CPS Kent",)


def test_a_row_of_a_million_columns():
    row = "<tr><td colspan=1000000>Leadership</td><td rowspan=1000000>Good</td></tr>"
    document = hd.read_document(f"<html><table>{row * 10}</table></html>")
    assert max(map(len, document.lines)) < 200


def test_scripts_and_handlers_of_a_page_are_not_read():
    page = (
        "<html><head><script>steal()</script><style>a{}</style></head><body onload='steal()'>"
        "<h1>CPS Kent</h1><p onclick='steal()'>Invented text<script>steal()</script></p>"
        "<iframe src='javascript:steal()'></iframe><template>steal()</template>"
        "<p hidden>steal()</p><noscript>steal()</noscript><!-- steal() --></body></html>"
    )
    document = hd.read_document(page)
    assert document.lines == ("CPS Kent", "", "Invented text")


HOSTILE = ["<script>alert(1)</script>", "=HYPERLINK(0)", "<img src=x onerror=alert(1)>", "@SUM(1)"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words):
    text = (
        "Invented: CPS response to the Area Assurance inspection of CPS Kent\n\n"
        f"Issues to address\n\n1. {words} must be dealt with\nCPS response: {words}\n"
    )
    document = hd.read_document(text, "a.txt")
    assert document.actions["text"].item() == f"{words} must be dealt with"
    assert document.responses["text"].item() == words


def test_controls_that_steer_a_terminal_or_turn_the_text_are_in_no_table():
    text = (
        "Overall Performance Assessment of CPS Kent, invented\n\nAspect\tAssessment\n"
        "Leader\x1b[2Jship\tGood\nDis\u202eclosure\tFair\nCustody time\u200b limits\tPoor\n"
    )
    labels = hd.read_document(text).ratings["label"].tolist()
    assert labels == ["Leader[2Jship", "Disclosure", "Custody time limits"]


@pytest.mark.parametrize(
    ("library", "source", "name"),
    [
        ("lxml", b"<html><p>CPS Kent</p></html>", "a.html"),
        ("pypdf", pdf([(60, 700, "CPS Kent")]), "a.pdf"),
        ("docx", word("CPS Kent"), "a.docx"),
    ],
)
def test_a_missing_library_is_named_with_what_to_install(library, source, name, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(hd.DocumentError, match=r'pip install "hmcpsi_data\[documents\]"'):
        hd.read_document(source, name)


def test_texts_need_none_of_the_libraries(monkeypatch):
    for library in ("lxml", "pypdf", "docx", "charset_normalizer"):
        monkeypatch.setitem(sys.modules, library, None)
    document = hd.read_document("CPS Kent\u2019s invented text".encode("cp1252"), "a.txt")
    assert document.lines == ("CPS Kent\u2019s invented text",)
    assert hd.read_document("# CPS Kent", "a.md").area == "CPS Kent"


def test_a_line_that_is_too_long_is_a_problem():
    text = "CPS Kent\n" + "Leadership is good. " * limits.MAX_LINE
    document = hd.read_document(text[: limits.MAX_LINE * 2])
    assert document.problems[["locator", "reason"]].values.tolist() == [
        ["L2", "the line is too long to be read"]
    ]


def test_many_problems_are_not_all_listed():
    row = "Aspect\tAssessment\nPremises\tGood\n\nThe canteen was closed, as ever.\n\n"
    document = hd.read_document("Invented: OPA of CPS Kent\n\n" + row * 500)
    assert len(document.problems) == limits.MAX_PROBLEMS
    assert "more" in document.problems["reason"].iloc[-1]


def test_a_pdf_whose_work_grows_with_the_square_is_refused_at_once():
    shifts = drawing([(60, 700, "CPS Kent")]) + b" BT " + b"[(a)1(b)2]TJ " * 4000 + b" ET"
    assert "too large" in refusal(pdf(shifts), "shifts.pdf")
    matrices = b"BT /F1 9 Tf " + b"1 0 0 1 0 0 cm (a)Tj " * 4000 + b" ET"
    assert "too large" in refusal(pdf(matrices), "matrices.pdf")


def test_a_report_of_a_hundred_pages_is_read():
    line = "the Area should ensure that files are read in time and witnesses are told of it"
    page = [(60, 790 - 15 * n, line) for n in range(48)]
    document = hd.read_document(pdf(*[[(60, 810, "CPS Kent, an invented report"), *page]] * 100))
    assert len(document.pages) == 100
