"""The core of the tests in other places: locales, time zones, no HOME, -O, hash seeds, read-only.

Part of `make trust`. Each place is a Python of its own; a place that this machine does not have
(a locale that is not installed, another user where one is not root) is named and not counted.
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
# asserts do nothing under -O, so this looks at values itself
SMOKE = """
import hmcpsi_data as hd
poor = hd.ratings("Leicestershire", framework="opa_2005", rating="Poor")
found = (len(hd.check()), poor["aspect"].tolist(), len(hd.ratings(rating="Fair")) > 20)
if found != (0, ["Managing magistrates' courts cases"], True):
    raise SystemExit(f"not as it should be: {found}")
print("1 passed")
"""


def places(home: Path) -> dict[str, tuple[list[str], dict[str, Any]]]:
    """Options of Python and what differs in its surroundings, for each place."""
    here = {"cwd": ROOT}
    env = dict(os.environ)
    sealed = home / "sealed"
    sealed.mkdir(mode=0o555)
    tests = [*PYTEST, "-p", "no:cacheprovider", *CORE]

    def surroundings(**changed: str) -> dict[str, Any]:
        return here | {"env": env | changed}

    found = {
        "Turkish": (tests, surroundings(LC_ALL="tr_TR.UTF-8")),
        "Japanese, EUC": (tests, surroundings(LC_ALL="ja_JP.EUC-JP", PYTHONUTF8="0")),
        "C, without UTF-8": (tests, surroundings(LC_ALL="C", PYTHONCOERCECLOCALE="0")),
        "Kiritimati": (tests, surroundings(TZ="Pacific/Kiritimati")),
        "St John's": (tests, surroundings(TZ="America/St_Johns")),
        "no HOME": (tests, here | {"env": {k: v for k, v in env.items() if k != "HOME"}}),
        "-W error": (["-W", "error", *tests], surroundings()),
        "hash seed 1": (tests, surroundings(PYTHONHASHSEED="1")),
        "hash seed 2": (tests, surroundings(PYTHONHASHSEED="20261129")),
        "no place for matplotlib": (tests, surroundings(MPLCONFIGDIR=str(sealed / "none"))),
        "-O": (["-O", "-c", SMOKE], surroundings()),
        "-OO": (["-OO", "-c", SMOKE], surroundings()),
        "another folder": (["-c", SMOKE], {"cwd": home, "env": env}),
    }
    if os.name != "nt" and os.geteuid() == 0:  # nobody owns nothing, so all is read-only
        found["as another user"] = (["-c", SMOKE], {"cwd": "/", "env": env, "user": 65534})
    return found


def main() -> int:
    """Run the core in each place and print how it went; 1 where anything failed."""
    failed = 0
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    known = {re.sub(r"[^a-z]", "", name.lower()) for name in listed.split()}
    with tempfile.TemporaryDirectory() as home:
        for place, (options, around) in places(Path(home)).items():
            wanted = around["env"].get("LC_ALL", "C") if "LC_ALL" in around["env"] else "C"
            if wanted != "C" and re.sub(r"[^a-z]", "", wanted.lower()) not in known:
                print(f"{place:26}  not here: the locale {wanted} is not installed", flush=True)
                continue
            start = time.perf_counter()
            try:
                ran = subprocess.run(
                    [sys.executable, *options],
                    capture_output=True,
                    text=True,
                    check=False,
                    **around,
                )
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
    raise SystemExit(main())
