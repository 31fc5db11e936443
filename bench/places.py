"""The core of the tests in other places: locales, time zones, no HOME, -O, hash seeds, read-only.

Part of `make trust`. Each place is a Python of its own; a place that this machine does not have
(a locale that is not installed, another user where one is not root) is named and not counted.
Under -O an assert does nothing, but those of the tests are rewritten by pytest and still fail.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORE = ["tests/record", "tests/show", "tests/formats", "tests/tables/test_record.py"]
PYTEST = ["-m", "pytest", "-q", "-m", "not browser", "-n2", "--hypothesis-profile=quick"]
TESTS = [*PYTEST, "-p", "no:cacheprovider", f"--rootdir={ROOT}", f"-c{ROOT / 'pyproject.toml'}"]
TESTS += [str(ROOT / test) for test in CORE]
OPTIMIZED = "ignore:assertions not in test modules"  # says pytest
NOBODY = 65534


def places(home: Path) -> dict[str, dict[str, Any]]:
    """What differs in the surroundings of each place."""
    env = dict(os.environ)
    file = home / "file"
    file.write_text("")

    def with_(**changed: str) -> dict[str, Any]:
        return {"env": env | changed}

    found = {
        "Turkish": with_(LC_ALL="tr_TR.UTF-8"),
        "Japanese, EUC": with_(LC_ALL="ja_JP.EUC-JP", PYTHONUTF8="0"),
        "C, without UTF-8": with_(LC_ALL="C", PYTHONCOERCECLOCALE="0"),
        "Kiritimati": with_(TZ="Pacific/Kiritimati"),
        "St John's": with_(TZ="America/St_Johns"),
        "no HOME": {"env": {name: value for name, value in env.items() if name != "HOME"}},
        "-W error": with_(PYTHONWARNINGS="error"),
        "hash seed 1": with_(PYTHONHASHSEED="1"),
        "hash seed 2": with_(PYTHONHASHSEED="20261129"),
        "no place for matplotlib": with_(MPLCONFIGDIR=str(file)),  # so that not even root can
        "-O": with_(PYTHONOPTIMIZE="1", PYTEST_ADDOPTS=f"-W '{OPTIMIZED}'"),
        "-OO": with_(PYTHONOPTIMIZE="2", PYTEST_ADDOPTS=f"-W '{OPTIMIZED}'"),
        "another folder": {"env": env, "cwd": home},
    }
    if os.name != "nt" and os.geteuid() == 0:  # nobody owns nothing, so all is read-only
        (home / "nobody").mkdir()
        os.chown(home / "nobody", NOBODY, NOBODY)
        found["as another user"] = {
            **with_(HOME=str(home / "nobody"), TMPDIR=str(home / "nobody")),
            "user": NOBODY,
            "group": NOBODY,
            "extra_groups": [],
            "cwd": "/",
        }
    return found


def main(names: list[str]) -> int:
    """Run the core in each place, or the named ones, and print how it went; 1 where any failed."""
    failed = 0
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    known = {re.sub(r"[^a-z]", "", name.lower()) for name in listed.split()}
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o755)
        for place, differing in places(Path(home)).items():
            around = {"cwd": ROOT, "capture_output": True, "text": True, **differing}
            if names and place not in names:
                continue
            wanted = around["env"].get("LC_ALL", "C")
            if wanted != "C" and re.sub(r"[^a-z]", "", wanted.lower()) not in known:
                print(f"{place:26}  not here: the locale {wanted} is not installed", flush=True)
                continue
            start = time.perf_counter()
            command = [sys.executable, *TESTS]
            try:
                ran = subprocess.run(command, check=False, **around)
            except PermissionError:  # a Python in the home of one user
                print(f"{place:26}  not here: it may not run this Python", flush=True)
                continue
            last = (ran.stdout.strip() or ran.stderr.strip() or "nothing").splitlines()[-1]
            said = re.sub(r"\x1b\[[0-9;]*m", "", last).strip("= ")
            print(f"{place:26}  {said}  ({time.perf_counter() - start:.0f} s)", flush=True)
            if ran.returncode:
                failed += 1
                print(ran.stdout[-3000:], ran.stderr[-1000:])
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
