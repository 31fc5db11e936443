"""SSSOM: the standard's own examples, files of others, hostile files, and what a header says."""

import pandas as pd
import pytest
import sssom_pydantic
from invented import aspects, crosswalk, plain, row, world

from hmcpsi_data.errors import CrosswalkError
from hmcpsi_data.method.compare import set_pairs
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.method.sssom import cardinality, read_mappings

KNOWN = aspects(old=3, new=3)
SHIPPED = set_pairs()
EX = pd.DataFrame(
    {"set_id": ["ex:old"] * 2 + ["ex:new"] * 2, "aspect_id": ["ex:a", "ex:b", "ex:c", "ex:d"]}
)


@pytest.mark.shared
def test_cardinality_is_that_of_the_examples_of_the_standard(shared):
    for name, size in (("", 9), ("-with-unmapped-entities", 4)):
        path = shared / "vectors" / f"cardinality{name}.sssom.tsv"
        _, found = read_mappings(path.name, path.read_bytes())
        assert len(found) == size
        assert cardinality(found).tolist() == found["mapping_cardinality"].tolist()


def test_predicates_follow_from_relations_and_status_and_files_of_others_are_read_by_them():
    relations = ["source_within_target", "source_contains_target", "overlaps", "undetermined"]
    links = [row("old_a", f"new_{x}", relation=r) for x, r in zip("abcd", relations, strict=True)]
    rows = [row("old_a", None, "remainder"), row("old_b", "new_e", relation="equal")]
    rows += [row("old_c", None, "no_counterpart"), row("old_d", "new_a", "undetermined")]
    found = crosswalk(*links, *rows, old=4, new=5).cardinality()
    assert plain(found, "predicate_id", "cardinality") == [
        ["skos:broadMatch", "n:n"], ["skos:narrowMatch", "1:n"], ["skos:relatedMatch", "1:n"],
        ["skos:mappingRelation", "1:n"], ["skos:exactMatch", "1:0"], ["skos:exactMatch", "1:1"],
        ["skos:mappingRelation", "1:0"], ["rdfs:seeAlso", "n:1"],
    ]  # fmt: skip
    exact, related = "skos:exactMatch", "skos:mappingRelation"
    sure = mapping("old_a", "s:broadMatch", "new_a"), mapping("old_a", exact, None)
    open_ = mapping("old_b", related, "new_b"), mapping("old_b", "rdfs:seeAlso", "new_a")
    lost = mapping("old_c", exact, None), mapping(None, exact, "new_c")
    found = Crosswalk.from_sssom(written(*sure, *open_, *lost), KNOWN)
    assert found.is_valid()
    doubt = "undetermined"
    assert plain(found.to_frame(), "status", "relation", "share_high") == [
        ["mapped", "source_within_target", None], ["remainder", None, None],
        ["mapped", doubt, None], [doubt, doubt, None],
        ["no_counterpart", None, None], ["no_counterpart", None, None],
    ]  # fmt: skip
    header, line = HEADER + "#mapping_date: 2026-01-02\n", f"{GOOD}\tA|B \\| C"
    data = written(line, header=header, columns=f"{COLUMNS}\tauthor_label")
    found = Crosswalk.from_sssom(data, KNOWN).to_frame()
    assert plain(found, "curated_on", "curated_by") == [["2026-01-02", "A; B | C"]]


@pytest.mark.parametrize("shipped", SHIPPED, ids=repr)
def test_shipped_crosswalks_are_read_by_another_tool_and_come_back_from_it(tmp_path, shipped):
    path, again = tmp_path / "x.sssom.tsv", tmp_path / "again.sssom.tsv"
    shipped.to_sssom(path)
    mappings, _, described, errors = sssom_pydantic.read(path, return_errors=True)
    assert not errors
    assert len(mappings) == len(shipped.to_frame())
    cardinalities = {mapping.cardinality for mapping in mappings}
    assert cardinalities == set(shipped.cardinality()["cardinality"])
    declared = {definition.name for definition in described.extension_definitions}
    assert {name for mapping in mappings for name in mapping.extensions} <= declared
    records, converter, described = sssom_pydantic.read_unprocessed(path)
    sssom_pydantic.write_unprocessed(records, again, metadata=described, converter=converter)
    assert "#subject_source:" in again.read_text(encoding="utf-8")
    pd.testing.assert_frame_equal(Crosswalk.from_sssom(again).to_frame(), shipped.to_frame())


def header_of(found):
    return read_mappings("x", found.to_sssom().encode())[0]


def test_the_header_says_whose_judgement_it_is_and_declares_slots_and_identifiers_of_nobody_else():
    shipped = Crosswalk.load("old", "new", world())
    header = header_of(shipped)
    finding = "this project's own judgement and no finding of the inspectorate."
    assert header["mapping_set_description"] == f"The links are {finding}"
    assert header["mapping_set_title"] == "Crosswalk from old to new"
    assert header["publication_date"] == "2026-02-03"
    assert header["mapping_set_id"] == "https://hmcpsi-data.invalid/crosswalk/old/new"
    assert "Not produced or endorsed by HMCPSI or the CPS" in header["comment"]
    assert header["license"].startswith("https://www.nationalarchives.gov.uk/")
    for one in (shipped, SHIPPED[0]):
        always = {"creator_label", "publication_date", "license", "mapping_set_version"}
        assert always <= set(header_of(one))
    header = header_of(shipped.without("old_c", "Only this test says so."))
    assert "the judgement of those who made them and no" in header["mapping_set_description"]
    assert "mapping_set_version" not in header
    assert header["creator_label"] == ["nobody", "a user of the workbook"]
    bare = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    assert not {"creator_label", "publication_date"} & set(header_of(bare))
    first, *_, last = SHIPPED
    header, found = read_mappings("x", first.then(last).to_sssom().encode())
    assert found["mapping_justification"].unique().tolist() == ["semapv:MappingChaining"]
    assert all(".invalid/" in base for base in header["curie_map"].values())
    assert set(header["curie_map"]) == {"workbook_aspect", "workbook_set", "workbook_slot"}
    hints = {s["slot_name"]: s.get("type_hint") for s in header["extension_definitions"]}
    assert {name for name in found if name.startswith("ext_")} == set(hints)
    assert hints["ext_share_low"] == hints["ext_share_high"] == "xsd:double"
    assert hints["ext_status"] is None


HEADER = """\
#curie_map:
#  workbook_aspect: https://hmcpsi-data.invalid/aspect/
#  workbook_set: https://hmcpsi-data.invalid/set/
#  s: http://www.w3.org/2004/02/skos/core#
#mapping_set_description: A long text that another tool has
#  folded into two lines
#subject_source: workbook_set:old
#object_source: workbook_set:new
"""
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
MANUAL = "semapv:ManualMappingCuration"
ENDS = ("subject", "object")


def written(*lines, header=HEADER, columns=COLUMNS):
    return (header + "\n".join([columns, *lines]) + "\n").encode()


def mapping(source, predicate, target):
    start, end = (f"workbook_aspect:{x}" if x else "sssom:NoTermFound" for x in (source, target))
    return "\t".join([start, predicate, end, MANUAL])


def problems_of(data, known=KNOWN):
    with pytest.raises(CrosswalkError) as caught:
        Crosswalk.from_sssom(data, known)
    assert "cannot be read as a crosswalk." in caught.value.fault
    assert caught.value.problems["remedy"].str.endswith((".", "header.")).all()
    found = caught.value.problems[["row", "problem"]].astype(object)
    return dict(found.where(found.notna(), None).to_numpy())


@pytest.mark.shared
def test_files_of_others_at_fault_are_named_by_line_and_headers_of_other_forms_are_read(shared):
    """Cases of public bug reports: g02, g10 and g13."""
    cases = shared / "cases"
    found = problems_of((cases / "g02_empty_id.sssom.tsv").read_bytes(), EX)
    assert found == {7: "subject_id is empty."}
    found = problems_of((cases / "g10_predicate_space.sssom.tsv").read_bytes(), EX)
    for line, (number, problem) in zip(("exact", "broad"), found.items(), strict=True):
        assert f'Did you mean "skos:{line}Match"' in problem
        assert number in (6, 7)
    for name in ("flow_map", "quoted_prefix", "yaml_comments"):
        found = Crosswalk.from_sssom(cases / f"g13_{name}.sssom.tsv", EX)
        assert found.is_valid()
        ends = ["source_set", "source_aspect_id", "target_set", "target_aspect_id", "relation"]
        assert plain(found.to_frame(), *ends) == [
            ["ex:old", "ex:a", "ex:new", "ex:c", "equal"],
            ["ex:old", "ex:b", "ex:new", "ex:d", "source_within_target"],
        ]


def test_one_cause_is_one_line_and_a_strange_predicate_is_refused_with_the_nearest():
    lines = [f"x:{n}\tskos:exactMatch\ty:{n}\t{MANUAL}" for n in range(1000)]
    with pytest.raises(CrosswalkError) as caught:
        Crosswalk.from_sssom(written(*lines, header=""))
    assert caught.value.problems["problem"].tolist() == [
        *(f"{end}_source stands neither in the header nor in a column." for end in ENDS),
        *(f'The prefix "{one}" is not declared.' for one in "xy"),
    ]
    for strange in ("skos:exactMatch ", " skos:exactMatch", "skos:ExactMatch", "SKOS:exactMatch",
                    "skos:closeMatch", "exactMatch"):  # fmt: skip
        (problem,) = problems_of(written(mapping("old_a", strange, "new_a"))).values()
        assert f'predicate_id "{strange}" is not known.' in problem
        assert '"skos:exactMatch"' in problem
    lines = [mapping("old_a", "skos:closeMatch", "new_a")] * 1000
    with pytest.raises(CrosswalkError) as caught:
        Crosswalk.from_sssom(written(*lines), KNOWN)
    assert str(caught.value).count("\n  line ") == 10
    assert "and 990 more" in str(caught.value)
    header = HEADER.replace("#  s:", "#  skos: https://example.org/other#\n#  s:")
    assert problems_of(written(*lines, header=header)) == {
        1: 'The prefix skos is bound to "https://example.org/other#", and the standard binds it to '
        "http://www.w3.org/2004/02/skos/core#."
    }


GOOD = mapping("old_a", "skos:broadMatch", "new_a")
SLOTS = f"{COLUMNS}\tpredicate_modifier\text_status\text_relation"
ELSEWHERE = "skos:broadMatch does not go with ext_status and ext_relation."


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (written(GOOD, "workbook_aspect:old_b\tskos:broadMatch", GOOD, "too\tmany\tx\ty\tz"),
         {11: "The line has 2 cells, the header of the table 4.",
          13: "The line has 5 cells, the header of the table 4."}),
        (written("a\tb\tc", columns="subject_id\tobject_id\tpredicate_id"),
         {9: 'The column "mapping_justification" is missing.'}),
        (written(columns=f"{COLUMNS}\tsubject_id"), {9: "A column is there twice."}),
        (b"\xff\xfe#", {1: "Byte 0 is not UTF-8."}),
        (written('"open\t\t\t'), {10: "The line cannot be read (unexpected end of data)."}),
        (written(f"{GOOD}\t\tmapped\tequal", f"{GOOD}\t\tremainder\t", f"{GOOD}\tNot\t\t",
                 f"NCIT:1\tskos:broadMatch\tworkbook_aspect:new_a\t{MANUAL}\t\t\t",
                 f"workbook_aspect:old_b\tskos:broadMatch\t\t{MANUAL}\t\t\t",
                 f"old_c\tskos:broadMatch\tworkbook_aspect:new_b\t{MANUAL}\t\t\t",
                 f"workbook_aspect:old_b\t\tworkbook_aspect:new_b\t{MANUAL}\t\t\t", columns=SLOTS),
         {10: ELSEWHERE, 11: ELSEWHERE, 12: "The mapping is negated.",
          13: 'The prefix "NCIT" is not declared.', 14: "object_id is empty.",
          15: 'The prefix "old_c" is not declared.', 16: "predicate_id is empty."}),
    ],
    ids=["cells", "column", "twice", "bytes", "quote", "mappings"],
)  # fmt: skip
def test_a_malformed_file_lists_every_offending_line(data, problems):
    assert problems_of(data) == problems


BOMB = "".join(f"b{n}: &b{n} [{','.join(['*' + before] * 9)}]\n#"
               for n, before in enumerate(["a", *(f"b{m}" for m in range(9))]))  # fmt: skip
NO_PREFIXES = "curie_map is no mapping of prefixes to addresses."
LONG = "The header is longer than 100,000 characters."


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("curie_map: hello", NO_PREFIXES),
        ("a: b\n#curie_map:\n#  a: [b]", NO_PREFIXES),
        ("not a slot", "The header is no list of slots."),
        ("a: b\n#\tc: d", "The header is no YAML ("),
        ("a: [b", "The header is no YAML ("),
        ("a: \x07", "The header is no YAML ("),
        ("a: &a [*a]", "The header is no YAML ("),  # an endless list
        ("a: " + "[" * 500, "The header is nested too deeply."),
        ("a: " + "[" * 1_200_000, LONG),
        ("\n#".join(f"slot_{n}: value" for n in range(90_000)), LONG),
        ("curie_map: {}", None),
        ("curie_map:", None),
        ("subject_source: []", None),
        ("object_source:\n#  - a: b", None),
        ("object_source:\n#  a: b", None),
        ("", None),
        ("a: &a [x,x,x,x,x,x,x,x,x]\n#" + BOMB, None),
        ("\n#".join(["<<: {a: b}"] * 3_000), None),
    ],
    ids=range(18),
)
def test_a_header_at_fault_or_hostile_is_refused_in_one_line_or_read(lines, problem):
    """One that is read gives no set: a slot of another kind is not there."""
    data = written(mapping("old_a", "skos:exactMatch", "new_a"), header=f"#{lines}\n")
    found = problems_of(data)
    if problem:
        assert set(found) == {1}
        assert found[1].startswith(problem)
    else:
        assert len(read_mappings("x", data)[1]) == 1
        assert found[None] == "object_source stands neither in the header nor in a column."
