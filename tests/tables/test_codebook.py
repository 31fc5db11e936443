"""The codebook says what the description says, as a table and as a page."""

import re

from agreement import agreement, in_words

import hmcpsi_data as hd
from hmcpsi_data.tables.description import markdown, package, shipped_folder, table, table_names


def test_the_page_in_the_data_folder_is_the_one_that_the_description_makes():
    page = (shipped_folder() / "README.md").read_text(encoding="utf-8")
    made, mark, by_hand = page.partition("\n<!-- What follows is written by hand and kept. -->\n")
    assert package()["attribution"] in made
    assert package()["licenses"][0]["path"] in made
    assert made == markdown(), "run: python -m hmcpsi_data codebook --write"
    assert mark
    assert "## Agreement of the two passes" in by_hand


def test_the_codebook_of_one_table_has_its_columns_and_the_page_a_section():
    for name in table_names():
        book = hd.codebook(name)
        assert book["field"].tolist() == list(hd.load(name).columns)
        assert book.dtypes.equals(hd.codebook().dtypes)
        assert set(book.loc[book["key"], "field"]) == set(table(name).primary_key)
        assert f"(#{name})" in markdown()
        assert f"\n## {name}\n" in markdown()


def test_the_codebook_names_allowed_values_and_references():
    book = hd.codebook("ratings").set_index("field")
    missing = "not_in_framework, not_rated, not_found, not_applicable"
    assert book.loc["missing", "allowed"] == missing
    assert book.loc["aspect_id", "references"] == "aspects.aspect_id"
    assert hd.codebook("scales").set_index("field").loc["is_open", "allowed"] == "true, false"


def test_every_constraint_of_the_description_is_put_into_words():
    for resource in package()["resources"]:
        for field in resource["schema"]["fields"]:
            constraints = field.get("constraints", {}).keys() - {"required"}
            assert constraints <= {"enum", "pattern", "minimum", "maximum"}
            assert table(resource["name"]).field(field["name"]).allowed or not constraints


def test_no_row_of_a_table_on_the_page_is_broken_by_what_stands_in_it():
    for grid in re.findall(r"(?:^\|.*\n)+", markdown(), re.M):
        assert len({line.replace(r"\|", "").count("|") for line in grid.splitlines()}) == 1


def test_what_a_person_wrote_on_the_two_passes_has_the_figures_of_the_tables():
    page = (shipped_folder() / "README.md").read_text(encoding="utf-8")
    _, _, by_hand = page.partition("## Agreement of the two passes")
    written = [line for line in by_hand.splitlines() if line.startswith("| ")][2:]
    found = agreement(hd.Record())
    expected = [f"| {sets} | {' | '.join(map(in_words, of))} |" for sets, of in found.items()]
    assert written == expected
    review = hd.load("crosswalk_review")
    differ = int((~review["agreed"]).sum())
    assert f"differ in {differ} of its {len(review)}" in " ".join(by_hand.split())
