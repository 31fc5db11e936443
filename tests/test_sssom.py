"""SSSOM: the standard's own examples, files that come back as they were, and files at fault."""

import pandas as pd
import pytest
import sssom_pydantic
from hypothesis import given
from hypothesis import strategies as st
from invented import aspects, crosswalk, crosswalks, names, row

from hmcpsi_data import load
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_files import saved
from hmcpsi_data.errors import CrosswalkError, DataError, HmcpsiError, UnknownValueError
from hmcpsi_data.sssom import cardinality
from hmcpsi_data.sssom_file import read

KNOWN = aspects(old=3, new=3)
PAIRS = list(
    load("crosswalk")[["source_set", "target_set"]].drop_duplicates().itertuples(index=False)
)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "n_rows"),
    [
        ("cardinality", 9),
        ("cardinality-with-unmapped-entities", 4),
        ("cardinality-scope-empty", 6),
        ("cardinality-scope-predicate", 6),
        ("cardinality-scope-predicate+object_source", 6),
    ],
)
def test_cardinality_is_that_of_the_examples_of_the_standard(shared, name, n_rows):
    header, found = read(shared / "vectors" / f"{name}.sssom.tsv")
    assert len(found) == n_rows
    computed = cardinality(found, header.get("cardinality_scope", ()))
    assert computed.tolist() == found["mapping_cardinality"].tolist()


def test_cardinality_counts_literals_by_their_label():
    found = pd.DataFrame(
        {"subject_id": ["a", "a"], "object_id": [None, None], "object_label": ["x", "y"]}
    )
    assert cardinality(found).tolist() == ["1:n", "1:n"]


def test_a_crosswalk_has_the_cardinality_of_its_mappings():
    found = crosswalk(
        row("old_a", "new_a"),
        row("old_a", "new_b", relation="source_contains_target"),
        row("old_b", None, "no_counterpart"),
    )
    assert found.cardinality()["cardinality"].tolist() == ["1:n", "1:n", "1:0"]
    scoped = found.cardinality(["predicate_id"])
    pd.testing.assert_frame_equal(found.cardinality(["predicate_id"] * 2), scoped)
    assert scoped["cardinality"].tolist() == ["1:1", "1:1", "1:0"]
    assert scoped["scope"].unique().tolist() == ["predicate_id"]
    with pytest.raises(UnknownValueError, match='scope "predicate" is not known'):
        found.cardinality(["predicate"])


def test_predicates_follow_from_relations():
    relations = {
        "source_within_target": "skos:broadMatch",
        "source_contains_target": "skos:narrowMatch",
        "overlaps": "skos:relatedMatch",
        "undetermined": "skos:mappingRelation",
    }
    links = [row("old_a", f"new_{x}", relation=r) for x, r in zip("abcd", relations, strict=True)]
    equal = row("old_b", "new_e", relation="equal")
    found = crosswalk(*links, equal, new=5).cardinality()
    assert found["predicate_id"].tolist() == [*relations.values(), "skos:exactMatch"]


TEXT = st.one_of(
    st.none(),
    st.sampled_from(["=1+1", "'=1+1", "''-a", "+\n=a", "'a", "\t@"]),
    st.sampled_from(["|", "\\", "\\|", '"', "'", "\t", "#", "a\nb", "\r\n", " x ", "NA", "nan"]),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20),
)


@given(crosswalks(), st.lists(TEXT, min_size=5, max_size=5))
def test_what_is_written_comes_back_as_it_was(tmp_path_factory, found, texts):
    path = tmp_path_factory.mktemp("sssom") / "x.sssom.tsv"
    columns = ["justification", "curation_rule", "curated_by", "reviewed_by", "curated_on"]
    frame = found.to_frame().assign(**dict(zip(columns, texts, strict=True)))
    written = Crosswalk(frame, aspects=KNOWN)
    written.to_sssom(path)
    pd.testing.assert_frame_equal(
        Crosswalk.from_sssom(path, aspects=KNOWN).to_frame(), written.to_frame()
    )
    table = path.with_suffix(".csv")
    written.to_csv(table)
    pd.testing.assert_frame_equal(
        Crosswalk.from_csv(table, aspects=KNOWN).to_frame(), written.to_frame()
    )


def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing(tmp_path):
    found = Crosswalk.load("opa_2005", "opa_2007")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "nowhere" / "x.tsv"):
        for write in (found.to_csv, found.to_sssom):
            with pytest.raises(HmcpsiError, match=r"cannot be written \(.+\)\. Give another file"):
                write(path)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_what_no_text_can_hold_is_not_written(character, tmp_path):
    frame = Crosswalk.load("opa_2005", "opa_2007").to_frame()
    frame.loc[0, "justification"] = f"a{character}b"
    for write in (Crosswalk(frame).to_csv, Crosswalk(frame).to_sssom):
        with pytest.raises(CrosswalkError, match="was not written: a cell holds"):
            write(tmp_path / "x.csv")
    assert not list(tmp_path.iterdir())


def test_a_csv_file_with_bad_lines_lists_all_of_them(tmp_path):
    path = tmp_path / "mine.csv"
    crosswalk(row("old_a", "new_a"), row("old_b", "new_b")).to_csv(path)
    path.write_text(path.read_text(encoding="utf-8") + "a,b\n\nc\n", encoding="utf-8")
    with pytest.raises(CrosswalkError, match=r"mine\.csv cannot be read as a crosswalk") as caught:
        Crosswalk.from_csv(path, aspects=KNOWN)
    assert dict(caught.value.problems[["row", "problem"]].to_numpy()) == {
        4: "The row has 2 cells, the header 19.",
        6: "The row has 1 cell, the header 19.",
    }
    assert "\n  line 6: The row has 1 cell, the header 19. Write a comma" in str(caught.value)


def test_a_csv_file_of_a_spreadsheet_may_start_with_a_byte_order_mark(tmp_path):
    path, found = tmp_path / "mine.csv", crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    found.to_csv(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    again = Crosswalk.from_csv(path, aspects=KNOWN)
    pd.testing.assert_frame_equal(again.to_frame(), found.to_frame())


def test_no_cell_of_a_csv_file_is_a_formula_and_the_two_writers_agree(tmp_path):
    path = tmp_path / "mine.csv"
    frame = Crosswalk.load(*PAIRS[0]).to_frame()
    frame["justification"] = pd.array(["=1+1", "'=1+1", "'quoted'"] * 99, "string")[: len(frame)]
    mine = Crosswalk(frame)
    mine.to_csv(path)
    assert ",=1" not in path.read_text(encoding="utf-8")
    pd.testing.assert_frame_equal(Crosswalk.from_csv(path).to_frame(), frame)
    assert path.read_bytes().replace(b"\n", b"\r\n") == saved(mine, "csv")


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_shipped_crosswalks_are_read_by_another_tool_and_come_back_from_it(
    tmp_path, source, target
):
    shipped, path = Crosswalk.load(source, target), tmp_path / "x.sssom.tsv"
    shipped.to_sssom(path)
    mappings, _, described, errors = sssom_pydantic.read(path, return_errors=True)
    assert not errors
    assert len(mappings) == len(shipped.to_frame())
    written = {mapping.cardinality for mapping in mappings}
    assert written == set(shipped.cardinality()["cardinality"])
    declared = {definition.name for definition in described.extension_definitions}
    used = {name for mapping in mappings for name in mapping.extensions}
    assert used <= declared

    again = tmp_path / "again.sssom.tsv"
    records, converter, described = sssom_pydantic.read_unprocessed(path)
    sssom_pydantic.write_unprocessed(records, again, metadata=described, converter=converter)
    assert "#subject_source:" in again.read_text(encoding="utf-8")
    back = Crosswalk.from_sssom(again).to_frame()
    pd.testing.assert_frame_equal(back, shipped.to_frame())


def test_identifiers_are_nobody_elses(tmp_path):
    path = tmp_path / "x.sssom.tsv"
    Crosswalk.load(*PAIRS[0]).to_sssom(path, licence="https://example.org/mine")
    header, found = read(path)
    assert all(".invalid/" in base for base in header["curie_map"].values())
    assert set(header["curie_map"]) == {"workbook_aspect", "workbook_set", "workbook_slot"}
    assert header["license"] == "https://example.org/mine"
    extensions = {name for name in found if name.startswith("ext_")}
    assert extensions == {slot["slot_name"] for slot in header["extension_definitions"]}


HEADER = """\
#curie_map:
#  workbook_aspect: https://hmcpsi-data.invalid/aspect/
#  workbook_set: https://hmcpsi-data.invalid/set/
#mapping_set_id: https://example.org/mine
#license: https://example.org/licence
#mapping_set_description: A long text that another tool has
#  folded into two lines
#subject_source: workbook_set:old
#object_source: workbook_set:new
"""
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
MANUAL = "semapv:ManualMappingCuration"


def written(tmp_path, *lines, header=HEADER, columns=COLUMNS):
    path = tmp_path / "mine.sssom.tsv"
    path.write_text(header + "\n".join([columns, *lines]) + "\n", encoding="utf-8")
    return path


def mapping(source, predicate, target):
    ends = (f"workbook_aspect:{end}" if end else "sssom:NoTermFound" for end in (source, target))
    subject, object_ = ends
    return "\t".join([subject, predicate, object_, MANUAL])


def test_a_file_of_others_is_read_by_its_predicates(tmp_path):
    path = written(
        tmp_path,
        mapping("old_a", "skos:broadMatch", "new_a"),
        mapping("old_a", "skos:exactMatch", None),
        mapping("old_b", "skos:closeMatch", "new_b"),
        mapping("old_c", "skos:exactMatch", None),
        mapping(None, "skos:exactMatch", "new_c"),
    )
    found = Crosswalk.from_sssom(path, aspects=KNOWN)
    assert found.is_valid()
    frame = found.to_frame()
    assert frame["status"].tolist() == [
        "mapped",
        "remainder",
        "mapped",
        "no_counterpart",
        "no_counterpart",
    ]
    assert frame["relation"].dropna().tolist() == ["source_within_target", "undetermined"]
    assert frame["share_high"].isna().all()
    assert read(path)[0]["mapping_set_description"].endswith("has folded into two lines")


def problems_of(path):
    with pytest.raises(CrosswalkError) as caught:
        Crosswalk.from_sssom(path, aspects=KNOWN)
    assert caught.value.fault == f"{path.name} cannot be read as a crosswalk."
    assert str(caught.value).count("\n  line ") == len(caught.value.problems)
    assert caught.value.problems["remedy"].str.endswith(".").all()
    return dict(caught.value.problems[["row", "problem"]].to_numpy())


def test_a_malformed_file_lists_every_offending_line(tmp_path):
    path = written(
        tmp_path,
        mapping("old_a", "skos:broadMatch", "new_a"),
        "workbook_aspect:old_b\tskos:broadMatch",
        mapping("old_b", "skos:broadMatch", "new_b"),
        "too\tmany\tcells\tin\tthis",
        header="#not a slot\n" + HEADER,
    )
    assert problems_of(path) == {
        1: '"not a slot" is no slot of a header.',
        13: "The line has 2 cells, the header of the table 4.",
        15: "The line has 5 cells, the header of the table 4.",
    }


def test_mappings_that_are_no_mappings_are_listed_together(tmp_path):
    path = written(
        tmp_path,
        mapping("old_a", "skos:broadMatch", "new_a"),
        f"NCIT:1\tskos:broadMatch\tworkbook_aspect:new_a\t{MANUAL}",
        f"workbook_aspect:old_b\tskos:broadMatch\t\t{MANUAL}",
        f"workbook_aspect:old_c\tbroader\tworkbook_aspect:new_b\t{MANUAL}",
    )
    assert problems_of(path) == {
        12: 'The prefix of subject_id "NCIT:1" is not declared.',
        13: "object_id is empty.",
        14: 'The prefix of predicate_id "broader" is not declared.',
    }


def test_mappings_that_contradict_themselves_are_listed_together(tmp_path):
    slots = f"{COLUMNS}\tpredicate_modifier\text_status\text_relation\text_share_low"
    path = written(
        tmp_path,
        mapping("old_a", "skos:broadMatch", "new_a") + "\t\tmapped\tequal\t0.5",
        mapping("old_b", "skos:broadMatch", "new_b") + "\tNot\t\t\t",
        mapping(None, "skos:exactMatch", None) + "\t\t\t\t",
        mapping("old_c", "skos:broadMatch", "new_c") + "\t\t\t\thalf",
        columns=slots,
    )
    assert problems_of(path) == {
        11: "skos:broadMatch does not go with equal.",
        12: "The mapping is negated.",
        13: "Neither side has a term.",
        14: 'share_low "half" is not a number.',
    }


def test_a_file_without_sets_or_columns_says_so(tmp_path):
    path = written(tmp_path, mapping("old_a", "skos:broadMatch", "new_a"), header="")
    assert set(problems_of(path).values()) == {
        'The prefix of object_id "workbook_aspect:new_a" is not declared.'
    }
    path = written(tmp_path, "a\tb", columns="subject_id\tobject_id")
    assert len(problems_of(path)) == 1
    path = written(tmp_path, columns=f"{COLUMNS}\tsubject_id")
    assert problems_of(path) == {10: "A column is there twice."}


def test_a_file_that_is_no_text_or_not_there(tmp_path):
    path = tmp_path / "mine.sssom.tsv"
    path.write_bytes(b"\xff\xfe#")
    assert problems_of(path) == {1: "Byte 0 is not UTF-8."}
    path.write_text(HEADER + f'{COLUMNS}\n"open\t\t\t\n', encoding="utf-8")
    assert problems_of(path)[11].startswith("The line cannot be read (")
    with pytest.raises(DataError, match="the file is missing"):
        Crosswalk.from_sssom(tmp_path / "none.sssom.tsv")


def test_content_at_fault_is_read_and_then_diagnosed(tmp_path):
    path = written(tmp_path, mapping("old_z", "skos:broadMatch", "new_a"))
    found = Crosswalk.from_sssom(path, aspects=KNOWN)
    checks = found.diagnose()["check"].value_counts()
    assert checks.to_dict() == {"silence": len(names("old", 3)) + 2, "ids": 1}


def test_a_header_may_use_other_forms_of_yaml(tmp_path):
    header = (
        '# curie_map:\n#   x: "https://example.org/x/"\n'
        "# cardinality_scope: [predicate_id, 'object_source']\n#\n"
        "# creator_id:\n# - x:1\n# license: 'it''s mine'\n"
    )
    path = written(tmp_path, "x:1\tskos:exactMatch\tx:2\tx:3", header=header)
    found, _ = read(path)
    assert found == {
        "curie_map": {"x": "https://example.org/x/"},
        "cardinality_scope": ["predicate_id", "object_source"],
        "creator_id": ["x:1"],
        "license": "it's mine",
    }


def test_a_slot_twice_in_the_header_is_an_error(tmp_path):
    path = written(tmp_path, header=HEADER + "#license: another\n")
    assert problems_of(path) == {10: 'The slot "license" is there twice.'}


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("curie_map: hello", "curie_map is no mapping of prefixes to addresses."),
        ("curie_map: [a, b]", "curie_map is no mapping of prefixes to addresses."),
        ("curie_map:\n#  a: [b]", "curie_map is no mapping of prefixes to addresses."),
        ("creator_id:\n#  - a\n#    b: c", '"b: c" does not go with what stands before it.'),
        ("note:\n#  a: b\n#  - c", '"- c" does not go with what stands before it.'),
        ("subject_source:\n#  - a: b", "subject_source is neither a text nor a list of texts."),
        ("object_source:\n#  a: b", "object_source is neither a text nor a list of texts."),
    ],
)
def test_a_header_whose_slots_are_of_another_kind_is_refused_with_its_line(
    tmp_path, lines, problem
):
    path = written(tmp_path, header=f"#{lines}\n")
    assert list(problems_of(path).values()) == [problem]
    assert set(problems_of(path)) <= set(range(1, lines.count("\n") + 2))


def test_an_empty_prefix_map_is_one(tmp_path):
    line = "skos:1\tskos:exactMatch\tskos:2\tskos:3"
    for header in ("#curie_map: {}\n", "#curie_map:\n", "#subject_source: []\n"):
        header, found = read(written(tmp_path, line, header=header))
        assert len(found) == 1
    assert found["subject_source"].isna().all()


def test_a_folded_line_continues_the_text_before_it(tmp_path):
    header = "#creator_label:\n#  - A long\n#    name\n#note:\n#  a: b\n#    c\n"
    found, _ = read(written(tmp_path, header=header))
    assert found == {"creator_label": ["A long name"], "note": {"a": "b c"}}


SHIPPED = """#curie_map:
#  workbook_aspect: https://hmcpsi-data.invalid/aspect/
#subject_source: workbook_set:old
#creator_id:
#  - orcid:1
#  - slot_name: ext_status
#    property: workbook_slot:status
#license: "https://example.org"
"""
ODD = ["\t", "\n", '"', "#", ":", "|", "-", "[", "]", "{", "}", " ", ",", "\r", "\0", "é", "\\u"]
ODD += ["\n#", "\n#  - ", "\n#  a: b", "\n#    b: c", "{}", "[a, b]", "\t\t", "sssom:NoTermFound"]


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(["", *ODD])),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_becomes_of_a_file_only_the_errors_of_this_project_are_raised(
    tmp_path_factory, edits
):
    good = SHIPPED + "\n".join(
        [
            f"{COLUMNS}\text_share_low\tobject_type",
            mapping("old_a", "skos:broadMatch", "new_a") + "\t0.5\t",
            mapping("old_b", "skos:exactMatch", None) + "\t\trdfs literal",
        ]
    )
    for where, length, odd in edits:
        at = int(where * len(good))
        good = good[:at] + odd + good[at + length :]
    path = tmp_path_factory.mktemp("odd") / "odd.sssom.tsv"
    path.write_bytes(good.encode("utf-8"))
    try:
        found = Crosswalk.from_sssom(path, aspects=KNOWN)
    except HmcpsiError:
        return
    assert found.is_valid() == found.diagnose().empty


def test_a_chain_says_that_it_was_chained(tmp_path):
    first = Crosswalk.load("opa_2005", "aap_2016_east_midlands")
    path = tmp_path / "chain.sssom.tsv"
    first.then(Crosswalk.load("aap_2016_east_midlands", "aip_2021_subjects")).to_sssom(path)
    _, found = read(path)
    assert found["mapping_justification"].unique().tolist() == ["semapv:MappingChaining"]
    assert sssom_pydantic.read(path).mappings
