"""Let a write die, or be refused by the system, at each of its steps, and see what is left.

Run as ``python tests/dying.py WHAT WAY HOME``. It forks for each step, prints a line for each state
that must not be, and at last how many steps there were.
"""

import ctypes
import logging
import os
import sys
from pathlib import Path

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.tables.writing import copy_data, new_folder, replace_folder, write_file

STEPS = ("open", "os.chmod", "os.listdir", "os.mkdir", "os.remove", "os.rename", "os.rmdir")
watch = {"home": "", "left": None, "deed": None, "before": "", "run": 0}


def step(event, arguments):
    """Count what is done in the home; of many alike in a row only the first and the fifth."""
    if watch["left"] is None or event not in STEPS:
        return
    if event == "open" and not str(arguments[0]).startswith(watch["home"]):
        return
    watch["run"] = watch["run"] + 1 if event == watch["before"] else 0
    watch["before"] = event
    if watch["run"] not in (0, 4):
        return
    watch["left"] -= 1
    if watch["left"] < 0:
        watch["left"] = None
        watch["deed"]()


def refuse():
    raise OSError(28, "No space left on device")


def tried(deed, at, call):
    """How a call ended, in a process of its own, whose step `at` meets a deed: 9 is death."""
    if (child := os.fork()) == 0:
        watch.update(left=at, deed=deed, before="", run=0)
        try:
            call()
        except HmcpsiError as error:
            os._exit(1 if "Nothing was changed" in str(error) else 2)
        except BaseException:
            os._exit(3)
        os._exit(0 if watch["left"] is None else 4)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def filled(folder, word):
    with new_folder(folder, "site", "index") as (stage, _):
        for name in ("index", "page"):
            (stage / name).write_text(word)


def main(what, way, home):
    if way == "two renamings":
        ctypes.CDLL = lambda *_, **__: object()
    logging.disable(logging.CRITICAL)
    home = Path(home)
    watch["home"] = str(home)
    target = home / "mine"
    write_file(home / "beside", "")
    if what == "data":
        offices = (copy_data(target) / "offices.csv").read_bytes()
    look = home if what == "file" else target

    def write(old=False):
        if what == "data":
            word = b"Leicester," if old else b"Leichester,"
            replace_folder(target, {"offices.csv": offices.replace(b"Leicester,", word)})
        else:
            make = filled if what == "folder" else write_file
            make(target, "old" if old else "new")

    write()
    after = contents(look)
    write(old=True)
    before = contents(look)
    beside = sorted(path.name for path in home.iterdir() if path != target)
    sys.addaudithook(step)
    for deed, name in ((lambda: os._exit(9), "death"), (refuse, "refusal")):
        at, end = 0, 9
        while end != 4:
            write(old=True)
            end = tried(deed, at, write)
            state = {k: v for k, v in contents(look).items() if not k.startswith(".")}
            # a folder between two renamings is found again by the next writer, so by this one
            lost = what != "file" and not target.exists() and end == 9 and way != "exchange"
            found = (
                "before" if state == before or lost else "after" if state == after else "between"
            )
            told = f"{what}, {way}: {name} at step {at} (ended with {end}): "
            if found == "between" or found != {1: "before", 4: "after"}.get(end, found):
                print(told, f"the folder is {found}")
            if end in (2, 3):
                print(told, "no sentence that nothing was changed")
            write()
            if contents(look) != after:
                print(told, "the next write does not do its work")
            if (left := sorted(p.name for p in home.iterdir() if p != target)) != beside:
                print(told, f"{left} is left")
            at += 1
    print(f"{at} steps")


if __name__ == "__main__":
    main(*sys.argv[1:])
