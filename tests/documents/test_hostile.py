"""What is no document, or would harm, is refused in one sentence or comes out as inert text.

Each hostile file must end within five seconds of work, in this process and in that which unpacks
it; a report that is only slow to draw counts as hostile too.
"""

import os
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from papers import assembled, column, drawing, pdf, word, zipped

import hmcpsi_data as hd
from hmcpsi_data.documents import source as limits

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
SECONDS = 5


def refusal(source, name=None):
    with pytest.raises(hd.DocumentError) as caught:
        hd.read_document(source, name)
    assert "\n" not in str(caught.value)
    return caught.value.fault


def work():
    """Seconds that processors have worked for this process and for those that it started."""
    return sum(os.times()[:4])


@pytest.fixture
def quickly():
    """Five seconds of work at most."""
    start = work()
    yield
    assert work() - start < SECONDS


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


def fonts_pdf(pages, fonts, font, stream=b""):
    """A PDF whose pages all name all of so many fonts."""
    first = 4
    names = " ".join(f"/F{i} {first + i} 0 R" for i in range(fonts))
    kids = " ".join(f"{first + fonts + i} 0 R" for i in range(pages))
    drawn = b"BT /F0 9 Tf (a) Tj ET"
    page = f"<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << /Font << {names} >> >> >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} /MediaBox [0 0 595 842] >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
        *[font.format(map=first + fonts + pages)] * fonts,
        *[page] * pages,
    ]
    if stream:
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    return assembled(objects)


WIDTHS = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [<< /Type "
    "/Font /Subtype /CIDFontType2 /BaseFont /A /W [0 65000 500] >>] >>"
)
MAP = "<< /Type /Font /Subtype /Type1 /BaseFont /A /ToUnicode {map} 0 R >>"
RANGE = b"begincmap\n1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\nendcmap"
DIFFERENCES = (
    "<< /Type /Font /Subtype /Type1 /BaseFont /A /Encoding << /Type /Encoding /Differences [0 "
    + "/a " * 20_000
    + "] >> >>"
)


@pytest.mark.parametrize(
    "data",
    [
        fonts_pdf(300, 100, WIDTHS),
        fonts_pdf(300, 20, MAP, RANGE),
        fonts_pdf(300, 100, DIFFERENCES),
        pdf(b"BT /F1 9 Tf " + b"1 0 0 1 0 0 cm (a)Tj " * 40_000 + b" ET"),
        pdf(*[drawing([(60, 700, "CPS Kent")] * 10_000)] * 20),
        packed_pdf(zlib.compress(zlib.compress(bytes(100_000_000), 9), 9), "/FlateDecode " * 2),
    ],
    ids=["widths", "maps", "differences", "matrices", "drawings", "packed twice"],
)
def test_a_pdf_that_keeps_its_reader_busy(data, quickly):
    assert refusal(data)


@pytest.mark.parametrize(
    "line",
    ["Leadership {} Good", "Leadership Good {}", "{} Good", "rated as {} Good for Leadership"],
)
@pytest.mark.parametrize("mark", [".", "\u2021", "'", "\u2026 ", ": ", "a:", "CPS Aa ", "and "])
def test_lines_that_drive_patterns_to_their_worst(line, mark, quickly):
    row = line.format(mark * (900 // len(mark)))
    text = "Invented: OPA of CPS Kent, 14 March 2006\n\n" + f"{row}\n\n" * (400_000 // len(row))
    hd.read_document(text)


def test_one_line_of_dots_and_many(quickly):
    for text in ("." * 480_000, ("." * 9_000 + "\n") * 50):
        hd.read_document("Invented: OPA of CPS Kent\n\n" + text)


def test_too_many_rows_of_one_table_are_cut_with_a_word(quickly):
    text = "Invented: OPA of CPS Kent\n\nAspect\tAssessment\n" + "Leadership\tGood\n" * 14_000
    told = hd.read_document(text).problems["why"]
    assert told.str.contains("from here on, no ratings are read").any()


def test_html_that_keeps_its_reader_busy(quickly):
    attributes = " ".join(f"a{i}=1" for i in range(150_000))
    assert "takes more than" in refusal(f"<html><p {attributes}>CPS Kent</p></html>")


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul", "p", "blockquote", "svg"])
@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_html_that_is_nested_too_deep(tag, depth, quickly):
    page = "<html><body>" + f"<{tag}>" * depth + "CPS Kent"
    try:
        document = hd.read_document(page, "a.html")
    except hd.DocumentError as error:
        assert "nested" in error.fault or "no text" in error.fault  # noqa: PT017
    else:
        assert document.lines[0] == "CPS Kent"  # one paragraph ends the other


def test_a_docx_of_nested_tables(quickly):
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    depth = 3_000
    body = "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth
    parts = {"word/document.xml": f"<w:document {w}><w:body>{body}</w:body></w:document>"}
    assert refusal(zipped({**parts, "[Content_Types].xml": TYPES}))


def test_a_docx_that_unpacks_to_too_much(quickly):
    for name in ("word/document.xml", "word/document.xml.", "word/media/a.bin"):
        assert "unpacked it has more than" in refusal(zipped({name: bytes(200_000_000)}))


def test_entities_that_grow(quickly):
    bomb = '<!DOCTYPE d [<!ENTITY a "lol">{}]><d>&k;</d>'
    grown = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise("abcdefghijk"))
    parts = {"word/document.xml": bomb.format(grown), "[Content_Types].xml": TYPES}
    assert refusal(zipped(parts))
    page = hd.read_document("<html>" + bomb.format(grown), "a.html")
    assert sum(map(len, page.lines)) < 10_000


def test_a_pdf_of_too_many_pages_or_of_pages_that_hold_each_other():
    pages = [[(60, 700, "CPS Kent")]] * 301
    assert refusal(pdf(*pages)) == "it has more than 300 pages"
    loop = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 /Parent 2 0 R >>"
    assert refusal(assembled(["<< /Type /Catalog /Pages 2 0 R >>", loop]))


# What is no document ----------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["", "  \n\t ", b"", b"\n\n", b"\xef\xbb\xbf", b"<html></html>"])
def test_nothing_is_no_document(source):
    assert refusal(source) in {"it is empty", "it holds no text"}


@pytest.mark.parametrize("source", [None, 7, ["CPS Kent"], object()])
def test_what_is_neither_path_nor_bytes_nor_text(source):
    assert "cannot be read from" in refusal(source)


def test_a_folder_and_no_such_file(tmp_path):
    assert refusal(tmp_path) == "this is a folder"
    assert refusal(str(tmp_path)) == "this is a folder"
    assert refusal(tmp_path / "notice.txt") == "there is no such file"
    assert refusal("notice-that-is-not-there.pdf") == "there is no such file"
    assert refusal(Path("a\0b.txt"))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/random"])
def test_a_device(device):
    assert refusal(device) == "this is a device or a pipe, not a file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_that_nobody_writes_to(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert refusal(tmp_path / "pipe.txt") == "this is a device or a pipe, not a file"


def test_fifty_megabytes(tmp_path, quickly):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert refusal(path) == f"it has more than {limits.MAX_BYTES:,} bytes"
    assert refusal(b"a" * (limits.MAX_BYTES + 1)) == f"it has more than {limits.MAX_BYTES:,} bytes"


def test_too_many_characters_or_lines():
    assert "characters" in refusal("a" * (limits.MAX_CHARACTERS + 1))
    assert "lines" in refusal("a\n" * 15_001)
    assert "characters" in refusal(b"a" * (limits.MAX_CHARACTERS + 1))


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01",
        bytes(range(256)) * 20,
        b"\x1f\x8b\x08\0\0\0\0\0\x02\xff",
    ],
)
@pytest.mark.parametrize("name", [None, "notice.txt", "notice.html"])
def test_a_binary_file(data, name):
    assert refusal(data, name) == "it is binary and no text"


def test_an_old_word_file_and_texts_that_are_called_pdf_or_docx():
    assert "old Word file" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "a.doc")
    for name in ("a.pdf", "a.docx"):
        assert "damaged or no" in refusal(b"CPS Kent, an invented text", name)
    assert "damaged or no DOCX" in refusal(zipped({"a.txt": "CPS Kent"}))
    assert refusal(pdf([])) == "it has no text, only pictures"


@pytest.mark.parametrize("cut", [20, 200, 600])
def test_a_pdf_or_docx_that_is_cut(cut):
    assert refusal(pdf([(60, 700, "CPS Kent")])[:cut], "cut.pdf")
    assert refusal(word("CPS Kent")[: cut * 10]) == "it is damaged or no DOCX"


def test_a_pdf_with_a_password_is_refused_and_one_with_an_owners_password_is_read():
    pypdf = pytest.importorskip("pypdf")
    import io

    plain = pdf([(60, 700, "Invented: CPS Kent")])
    for user, read in (("secret", False), ("", True)):
        writer = pypdf.PdfWriter(io.BytesIO(plain))
        writer.encrypt(user, "owner", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        if read:
            assert "Invented: CPS Kent" in hd.read_document(out.getvalue()).lines[0]
        else:
            assert refusal(out.getvalue()) == "it is encrypted"


def test_a_docx_that_is_encrypted():
    data = bytearray(word("CPS Kent"))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == "it is encrypted"


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


# What comes out is inert ------------------------------------------------------------------------


def test_a_row_of_a_million_columns():
    row = "<tr><td colspan=1000000>Leadership</td><td rowspan=1000000>Good</td></tr>"
    document = hd.read_document(f"<html><table>{row * 10}</table></html>")
    assert max(map(len, document.lines)) < 200


@pytest.mark.parametrize("charset", ["utf-16", "undefined", "utf-7", "cp037"])
def test_a_charset_that_lies_is_not_believed(charset):
    page = f"<html><meta charset={charset}><h1>CPS Kent\u2019s invented text</h1></html>"
    assert hd.read_document(page.encode(), "a.html").lines == ("CPS Kent\u2019s invented text",)


def test_scripts_and_handlers_of_a_page_are_not_read():
    page = (
        "<html><head><script>steal()</script><style>a{}</style></head><body onload='steal()'>"
        "<h1>CPS Kent</h1><p onclick='steal()'>Invented text<script>steal()</script></p>"
        "<iframe src='javascript:steal()'></iframe><template>steal()</template>"
        "<p hidden>steal()</p><noscript>steal()</noscript><!-- steal() --></body></html>"
    )
    assert hd.read_document(page).lines == ("CPS Kent", "", "Invented text")


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "=HYPERLINK(0)", "@SUM(1)"])
def test_hostile_words_stay_words(words):
    document = hd.read_document(
        "Invented: CPS response to the Area Assurance inspection of CPS Kent\n\n"
        f"Issues to address\n\n1. {words} must be dealt with\nCPS response: {words}\n",
        "a.txt",
    )
    assert document.actions["text"].item() == f"{words} must be dealt with"
    assert document.responses["text"].item() == words


def test_controls_that_steer_a_terminal_or_turn_the_text_are_in_no_table():
    text = (
        "Overall Performance Assessment of CPS Kent, invented\n\nAspect\tAssessment\n"
        "Leadership\x1b\tGood\nDis\u202eclosure\tFair\nCustody time\u200b limits\tPoor\n"
    )
    labels = hd.read_document(text).ratings["label"].tolist()
    assert labels == ["Leadership", "Disclosure", "Custody time limits"]


def test_a_line_that_is_too_long_is_a_doubt():
    text = "CPS Kent inspected\n" + "Leadership is good. " * 1_000
    (told,) = hd.read_document(text).problems.query("locator == 'L2'")["why"]
    assert told == "the line is too long to be read"


def test_many_doubts_are_not_all_listed():
    row = "Aspect\tAssessment\nPremises\tGood\n\nThe canteen was closed, as ever.\n\n"
    document = hd.read_document("Invented: OPA of CPS Kent\n\n" + row * 290)
    assert len(document.problems) == 200
    assert "more doubts" in document.problems["why"].iloc[-1]


def test_a_report_of_some_pages_is_read():
    line = "the Area should ensure that files are read in time and witnesses are told of it"
    page = [(60, 790 - 15 * n, line) for n in range(48)]
    document = hd.read_document(pdf(*[[(60, 810, "CPS Kent, an invented report"), *page]] * 40))
    assert len(document.pages) == 40
    assert document.words("p2 L1") == [document.lines[document.pages[0]]]


def test_columns_of_a_pdf_stay_columns():
    page = column(60, 800, ["Invented: overall performance assessment of CPS Kent"])
    page += column(60, 770, ["Aspect", "Leadership", "Disclosure"])
    page += column(380, 770, ["Rating", "Good", "Fair"])
    ratings = hd.read_document(pdf(page)).ratings
    assert ratings[["label", "rating"]].values.tolist() == [
        ["Leadership", "Good"], ["Disclosure", "Fair"],
    ]  # fmt: skip
