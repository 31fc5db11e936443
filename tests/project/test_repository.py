"""What the repository says is so, its links lead on, and nothing is there that must not be."""

import ast
import json
import re
import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path

import lxml.html
import pytest

import hmcpsi_data as hd
from hmcpsi_data.assessment import consistent_rules
from hmcpsi_data.record.areas import days, in_being
from hmcpsi_data.record.joins import tally
from hmcpsi_data.words import listed as in_a_row

ROOT = Path(__file__).resolve().parents[2]
if not (ROOT / "README.md").is_file():
    pytest.skip("not a source checkout", allow_module_level=True)
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:(?:work|root|farm)\b|home/\w|Users/\w)|\b[A-Z]:\\Users")
# A link or picture of Markdown, not an address and not a place in the same page.
LOCAL = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")
SENTENCE = 12  # words
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)[^)]*\)")
QUIET = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.ClassDef)
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
README = (ROOT / "README.md").read_text(encoding="utf-8")
NUMBERS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
IN_WORDS = dict(enumerate(NUMBERS.split()))
SCALE = ["Poor", "Fair", "Good", "Excellent", "Limited", "Substantial", "Achieved"]
RATED = hd.undisputed(hd.ratings()).dropna(subset="rating")
AREAS = hd.areas().query("kind == 'area'")


@cache
def texts() -> dict[str, str]:
    """Give the texts that are in git, or would be with the next commit, by their path."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    found = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            found[name] = content.decode("utf-8")  # a text that is not UTF-8 fails here
    return found


def words(text: str) -> str:
    return " " + " ".join(re.findall(r"[^\W_]+", text.casefold())) + " "


def test_no_path_of_a_machine_and_no_lock_with_addresses():
    found = [(name, path) for name, text in texts().items() for path in MACHINE_PATH.findall(text)]
    assert found == []
    locks = [name for name in texts() if re.search(r"lock|requirements|constraints", name)]
    assert "requirements.lock" in locks
    assert [name for name in locks if "://" in texts()[name]] == []
    assert not {"uv.lock", "pylock.toml"} & set(locks)


@pytest.mark.shared
def test_no_secret_and_no_sentence_of_the_founding_documents(shared: Path):
    document = (shared / "documents/opa-2006-leicestershire.txt").read_text(encoding="utf-8")
    text = " ".join(document.splitlines()[49:56])
    # what the press page of 2006 must not pass on
    login = re.findall(r"Password: (\S+)", text)
    numbers = re.findall(r"\b0\d{2,4} \d{3,4} \d{4}\b", text)
    surnames = re.findall(r"contact (?!HMCPSI)[A-Z][a-z]+ ([A-Z][a-z]+)", text)
    assert (len(login), len(numbers), len(surnames)) == (1, 2, 1), "the document reads differently"
    numbers += [number.replace(" ", "") for number in numbers]
    kept = [secret.casefold() for secret in (*login, *surnames, *numbers)]
    # only the names of the files: what was found must not stand in a log either
    carriers = [name for name, text in texts().items() if any(s in text.casefold() for s in kept)]
    assert carriers == []
    documents = sorted((shared / "documents").glob("*.txt"))
    lines = "\n".join(path.read_text(encoding="utf-8") for path in documents)
    pieces = re.split(r"(?<=[.!?])\s+|\n", lines) + re.split(r"(?<=[.!?:;])\s+|\n", lines)
    long = {piece for piece in map(words, pieces) if len(piece.split()) >= SENTENCE}
    assert len(long) > 50
    plain = {name: words(text) for name, text in texts().items()}
    copied = [(name, one[:60]) for name, text in plain.items() for one in long if one in text]
    assert copied == []


def test_what_a_reader_looks_for_is_there_and_local_links_lead_somewhere():
    for name in ("README.md", "LICENSE", "LICENSE-DATA.md", "CITATION.cff"):
        assert texts()[name].strip()
    for command in ("make lab", "make test", "tasks.py lab"):
        assert command in texts()["README.md"]
    broken = []
    for name, text in texts().items():
        if name.endswith(".md"):
            targets = LOCAL.findall(re.sub(r"(?ms)^```.*?^```", "", text))
            folder = (ROOT / name).parent
            broken += [(name, target) for target in targets if not (folder / target).exists()]
    assert broken == []


def cells(path, kind):
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell | {"text": "".join(cell["source"])} for cell in found if cell["cell_type"] == kind]


def markdown(path):
    return "\n\n".join(cell["text"] for cell in cells(path, "markdown"))


@each_notebook
def test_every_code_cell_is_short_was_run_in_order_and_says_something_that_is_no_error(path):
    code = cells(path, "code")
    counts = [cell["execution_count"] for cell in code]
    assert counts == list(range(1, len(counts) + 1)), "run: python tasks.py notebooks"
    silent = [cell["text"] for cell in code if not cell["outputs"]]
    loud = [text for text in silent if not all(isinstance(n, QUIET) for n in ast.parse(text).body)]
    assert loud == []
    assert [cell["text"] for cell in code if len(cell["text"].splitlines()) > 8] == []
    outputs = [output for cell in code for output in cell["outputs"]]
    assert outputs
    assert not {"error", "stderr"} & {out.get("name", out["output_type"]) for out in outputs}
    # outputs can be read without a kernel, and aloud
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert not {kind for kind in kinds if "widget" in kind or "javascript" in kind}
    assert not {kind for kind in kinds if kind.startswith("image/")}, "no alt: use an HTML figure"
    pages = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    images = [one for page in pages if page for one in lxml.html.fromstring(page).iter("img")]
    assert [image for image in images if len(image.get("alt") or "") < 10] == []
    assert [page for page in pages if 'class="dataframe"' in page] == []
    assert "widgets" not in json.loads(path.read_text(encoding="utf-8"))["metadata"]


@each_notebook
def test_headings_form_an_outline_and_nothing_of_a_machine_is_left(path):
    levels = [len(marks) for marks in re.findall(r"(?m)^(#+) ", markdown(path))]
    assert levels[:1] == [1]
    assert levels.count(1) == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
    assert re.findall(r"\bat 0x[0-9a-f]+|[^\w.:/]/tmp/", path.read_text(encoding="utf-8")) == []
    # images have a text, and links lead somewhere, on and back
    images = IMAGE.findall(markdown(path))
    assert [target for alt, target in images if len(alt) < 10] == []
    targets = [target for _, target in images] + LINK.findall(markdown(path))
    local = [target.partition("#")[0] for target in targets if "://" not in target]
    assert [target for target in local if target and not (path.parent / target).exists()] == []
    if path == NOTEBOOKS[0]:
        assert {other.name for other in NOTEBOOKS[1:]} <= set(local)
        return
    place = NOTEBOOKS.index(path)
    around = [NOTEBOOKS[place - 1].name, NOTEBOOKS[0].name]
    around += [other.name for other in NOTEBOOKS[place + 1 : place + 2]]
    last = LINK.findall(cells(path, "markdown")[-1]["text"].splitlines()[-1])
    assert last == [*around, "../CONTRIBUTING.md#reporting-an-error"]


def said(place, *phrases):
    text = README
    if place != "README":
        text = markdown(next((ROOT / "notebooks").glob(f"{place}-*.ipynb")))
    text = " ".join(text.replace("*", "").split())
    assert [phrase for phrase in phrases if phrase.replace("*", "") not in text] == []


def count(words):
    return {word: IN_WORDS[n] for word, n in words.value_counts().items()}


def spread(words):
    n = words.value_counts()
    return in_a_row([f"{n[one]} {one}" for one in SCALE if one in n])


def of(framework, level=None, without=()):
    found = RATED[RATED["framework_id"].eq(framework) & ~RATED["area"].isin(without)]
    return found if level is None else found[found["level"].eq(level)]


def areas(rows):
    return rows.loc[rows["area_id"].isin(AREAS["area_id"]), "area_id"].nunique()


def test_what_is_said_of_2006_and_2010():
    aspects = hd.ratings("Leicestershire", framework="opa_2005", level="aspect")
    words = aspects["rating"]
    critical = count(words[aspects["is_critical"].fillna(False)])["Good"]
    said("01", f"{spread(words)} of 14 aspects", f"Of the five critical aspects {critical} were")
    said("10", f"{critical.capitalize()} of its five critical aspects were Good")
    progress = hd.actions()["progress"].dropna().str.removesuffix(" progress")
    n = count(progress)
    told = f"{n['Achieved']} achieved, {n['Substantial']} substantial, {n['Limited']} limited"
    said("00", f"{spread(words)} of 14 aspects", told)
    said("02", f"{n['Achieved'].capitalize()} of the nine actions were rated Achieved by July 2010")
    said("02", f"2010, {n['Substantial']} Substantial progress and {n['Limited']} Limited")
    said("README", f"Fair overall; {len(words)} aspects: {tally(words, SCALE)}.",
         f"progress on {len(progress)} actions: {tally(progress, SCALE)}")  # fmt: skip
    rules = consistent_rules()
    told = f"family of {len(rules.family):,} rules; {len(rules):,} agree with all that is known"
    said("10", told)


def test_what_is_said_of_2016_and_2022_and_of_both_beside_2006():
    inspected = of("aap_2016").query("area == 'East Midlands'").set_index("level")["rating"]
    criteria, sections = inspected["criterion"], inspected["section"]
    n = criteria.value_counts()
    told = f"{n['Poor']} Poor (communication with victims), {n['Fair']} Fair and {n['Good']} Good"
    said("00", f"had {spread(criteria)} of 7 criteria")
    said("03", f"{told} of 7 criteria", f"{spread(sections)} of 4 sections")
    issues = hd.load("actions").groupby("inspection_id").size()
    said("README", f"7 criteria: {tally(criteria, SCALE)}; 4 sections: {tally(sections, SCALE)}; "
         f"{issues['east_midlands_aap_2016']} issues with answers",
         f"the programme gives none); {issues['south_west_aip_2021']} issues")  # fmt: skip
    assert len(of("aip_2021")) == 0
    verdicts = count(hd.compare()["verdict"])
    rows = hd.Crosswalk.load("opa_2005", "aap_2016_east_midlands").to_frame()
    rows = rows.dropna(subset="source_aspect_id").drop_duplicates("source_aspect_id")
    linked = count(rows["status"].ne("no_counterpart"))
    inside = verdicts["inside the old range"].capitalize()
    said("04", f"{inside} of the seven criteria were rated within the range",
         f"and {verdicts['below it']} below it: resources, and communication with victims",
         f"{linked[True]} have a place among the seven criteria",
         f"{linked[False]} have none")  # fmt: skip


def test_what_is_said_of_all_areas():
    early, late = (areas(of(one, "overall")) for one in ("opa_2005", "opa_2007"))
    full = of("aap_2016", "section").groupby("area_id").size().eq(4).sum()
    said("09", f"we know the overall rating of {early}; of the 42 rated in 2007, of {late}",
         f"all four sections are known of {full} of 14 Areas")  # fmt: skip
    national = hd.national()
    for year, name in {"2005-06": "opa_2005_all", "2007": "opa_2007_all"}.items():
        rows = national[national["distribution_id"].eq(name)]
        assert rows["n_units"].unique().tolist() == [42]
        bounds = rows.set_index("rating").loc[SCALE[:4], ["n_low", "n_high"]].itertuples()
        n = [f"{low if low == high else f'{low} to {high}'} {word}" for word, low, high in bounds]
        said("09", f"in {year} {in_a_row(n)}")
    boroughs = of("aei_2008_london_borough", "overall")["area_id"].nunique()
    units = hd.load("frameworks").set_index("framework_id")["n_units"]
    further = areas(of("aei_2008", without=["Leicestershire"]))
    sections = of("aap_2016", "section", ["East Midlands"]).groupby("area").size()
    rated = RATED[RATED["level"].eq("criterion") & RATED["area"].ne("East Midlands")]
    assert sorted(rated.groupby("area").size()) == [1, 1, 7, 7, 13]
    issues = hd.load("actions").query("kind == 'issue' and not source_id.str.startswith('doc_')")
    issues = issues.merge(hd.load("inspections")[["inspection_id", "area_id"]])
    press = RATED["tier"].eq("press_and_other").sum()
    dates = hd.load("inspections")[["fieldwork_from", "published"]].stack().dropna()
    numbers = [in_being(AREAS, days(f"{year}-04-01")).sum() for year in (1999, 2011, 2017)]
    said(
        "README",
        f"overall ratings (with those above, of {early} of 42 Areas in 2005-06 and of {late}",
        f"{boroughs} of {units['aei_2008_london_borough']} London boroughs",
        f"Area effectiveness inspections of {IN_WORDS[further]} further Areas",
        f"sections of {IN_WORDS[sections.eq(4).sum()]} further Areas (one section of a fifth)",
        "the 13 criteria printed for Wessex, the 7 of each of the two pilots",
        "one criterion each of Mersey-Cheshire and North West",
        f"issues of {areas(issues)} Areas",
        f"Of {len(RATED)} ratings {press} rest on the press and say so; one more is",
        f"(HMCPSI), {dates.min()[:4]} to {dates.max()[:4]}, as tidy data",
        "({} from 1999, {} from 2011, {} from 2017)".format(*numbers),
        "sixteen themes across the rounds",
    )


def test_the_lines_of_code_run():
    first = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    calls = re.findall(r"(?m)^hd\..*", first)
    assert len(calls) == 9
    assert all(eval(call) is not None for call in calls)
