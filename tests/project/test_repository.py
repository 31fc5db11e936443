"""Nothing stands in the repository that does not belong there, and its links lead somewhere."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:(?:work|root|farm)\b|home/\w|Users/\w)|\b[A-Z]:\\Users")
# A link or picture of Markdown, not an address and not a place in the same page.
LOCAL = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")
SENTENCE = 12  # words


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
