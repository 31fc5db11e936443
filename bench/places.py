"""The core of the tests in other places and with other versions of what the package needs.

Each place is a Python of its own; one that this machine does not have (a locale that is not
installed) is named and not counted. Under -O an assert does nothing, but those of the tests are
rewritten by pytest and still fail.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

Env = dict[str, str | None]  # what differs; None where a name is not there
ROOT = Path(__file__).resolve().parents[1]
NEEDED = ("hmcpsi_data", "tests", "data", "docs", "notebooks", "pyproject.toml")
# reading, filtering, method, documents, writing
CORE = [
    "tests/tables/test_record.py",
    "tests/tables/test_writing.py",
    "tests/record",
    "tests/method/test_translate.py",
    "tests/method/test_compare.py",
    "tests/documents/test_founding.py",
    "tests/formats",
]
LONG = "not (dies or threads or libreoffice)"
PYTEST = ["-m", "pytest", "-q", "-m", "not browser", "-n2", "--hypothesis-profile=quick"]
PYTEST += ["-p", "no:cacheprovider", "-k", LONG]
OPTIMIZED = "-W 'ignore:assertions not in test modules'"  # says pytest
OLD = "-W default"  # old libraries warn of each other
# A root that obeys the rights of files, as anybody does
OBEDIENT = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]


def core(python: str | Path, changed: Env, root: Path = ROOT, cwd: Path = ROOT,
         before: list[str] | None = None) -> Counter[str]:  # fmt: skip
    """How many tests of the core passed (clear) and failed (traceback) somewhere."""
    tests = [
        f"--rootdir={root}",
        f"-c{root / 'pyproject.toml'}",
        *(str(root / one) for one in CORE),
    ]
    around = {**os.environ, "PYTHONPATH": str(root), **changed}
    env = {name: value for name, value in around.items() if value is not None}
    command = [*(before or []), str(python), *PYTEST, *tests]
    ran = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    last = (ran.stdout.strip().splitlines() or [""])[-1]
    counts = {how: int(number) for number, how in re.findall(r"(\d+) (passed|failed|error)", last)}
    failed = counts.get("failed", 0) + counts.get("error", 0)
    if ran.returncode and not failed:
        failed = 1
    if failed:
        print(ran.stdout[-3000:], ran.stderr[-1000:], file=sys.stderr)
    return Counter(clear=counts.get("passed", 0), traceback=failed)


def figures(_: bool = False) -> Iterator[tuple[str, Counter[str]]]:
    """Each place, and how many tests of the core passed there."""
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    known = {re.sub(r"[^a-z]", "", name.lower()) for name in listed.split()}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "file").touch()
        places: dict[str, Env] = {  # what differs in independent ways is tried together
            "Turkish, Kiritimati, hash seed 1":
                {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
            "Japanese EUC, St John's, hash seed 2":
                {"LC_ALL": "ja_JP.EUC-JP", "PYTHONUTF8": "0", "TZ": "America/St_Johns",
                 "PYTHONHASHSEED": "2"},
            "C without UTF-8, no HOME":
                {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "HOME": None},
            "-W error, matplotlib may not write":  # not even root can make a folder of a file
                {"PYTHONWARNINGS": "error", "MPLCONFIGDIR": str(home / "file")},
            "-OO": {"PYTHONOPTIMIZE": "2", "PYTEST_ADDOPTS": OPTIMIZED},
        }  # fmt: skip
        for place, changed in places.items():
            wanted = re.sub(r"[^a-z]", "", str(changed.get("LC_ALL", "C")).lower())
            if wanted == "c" or wanted in known:
                yield f"place: {place}", core(sys.executable, changed)
            else:
                yield f"place: {place}: not installed here", Counter()
        if shutil.which(OBEDIENT[0]):
            installed = home / "installed"
            for name in NEEDED:
                copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
                installed.mkdir(exist_ok=True)
                copy(ROOT / name, installed / name)
            for path in (installed, *installed.rglob("*")):
                path.chmod(path.stat().st_mode & ~0o222)
            counts = core(sys.executable, {}, installed, home, OBEDIENT)
            yield "place: read-only, another working folder", counts
            for path in (installed, *installed.rglob("*")):
                path.chmod(path.stat().st_mode | 0o200)


def versions(whole: bool = False) -> Iterator[tuple[str, Counter[str]]]:
    """The oldest dependencies that `pyproject.toml` allows, or in the whole run the newest too."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    for name, how in (("oldest", "lowest-direct"), ("newest", "highest"))[: 1 + whole]:
        with tempfile.TemporaryDirectory() as home:
            python = Path(home, "bin", "python")
            install = [uv, "pip", "install", "-q", "--python", str(python), "--resolution", how]
            for command in (
                [uv, "venv", "-q", "--python", sys.executable, "--clear", home],
                [*install, f"{ROOT}[test]"],
            ):
                subprocess.run(command, cwd=ROOT, check=True)
            yield f"versions: the {name}", core(python, {"PYTEST_ADDOPTS": OLD})
