"""Let a write die, or be refused by the system, at each of its steps, and see what is left.

``python tests/dying.py WHAT WAY HOME`` prints each state that must not be, and the number of steps.
"""

import ctypes
import logging
import os
import sys
from functools import partial
from pathlib import Path

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.tables.writing import copy_data, new_folder, replace_folder, write_file

STEPS = ("open", "os.chmod", "os.listdir", "os.mkdir", "os.remove", "os.rename", "os.rmdir")
DIED, REFUSED, UNSAID, DONE = 9, 1, 2, 4  # how a write ends; 0 where it got over a refusal


def die():
    os._exit(DIED)


def refuse():
    raise OSError(28, "No space left on device")


def tried(deed, last, call, home):
    """How a call ended, in a process of its own, whose step of this number meets a deed."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    at, before, run = -1, "", 0

    def step(event, arguments):  # of many alike in a row only the first and the fifth
        nonlocal at, before, run
        if event in STEPS and (event != "open" or str(arguments[0]).startswith(home)):
            before, run = event, run + 1 if event == before else 0
            at += run in (0, 4)
            if at == last and run in (0, 4):
                deed()

    sys.addaudithook(step)
    try:
        call()
    except HmcpsiError as error:
        os._exit(REFUSED if "Nothing was changed" in str(error) else UNSAID)
    except BaseException:
        os._exit(UNSAID)
    os._exit(0 if at >= last else DONE)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def main(what, way, home):
    if way == "two renamings":
        ctypes.CDLL = lambda *_, **__: object()
    logging.disable(logging.CRITICAL)
    os.fsync = lambda _: None  # nothing here takes the power away
    target = Path(home, "mine")
    write_file(Path(home, "beside"), "")
    offices = (copy_data(target) / "offices.csv").read_bytes() if what == "data" else b""
    look = target.parent if what == "file" else target

    def write(word):
        if what == "data":
            replace_folder(target, {"offices.csv": offices.replace(b"Leicester", word.encode())})
        elif what == "file":
            write_file(target, word)
        else:
            with new_folder(target, "site", "index") as (stage, _):
                for name in ("index", "page"):
                    (stage / name).write_text(word)

    old, new, whole = "Leicester", "Leichester", {}
    for word in (new, old):
        write(word)
        whole[word] = contents(look)
    beside = sorted(path.name for path in target.parent.iterdir() if path != target)
    steps = 0
    for deed in (die, refuse):
        at, end = 0, None
        while end != DONE:
            end = tried(deed, at, partial(write, new), home)
            state = {k: v for k, v in contents(look).items() if not k.startswith(".")}
            # a folder between two renamings is found again by the next writer, so by this one
            lost = way != "exchange" and what != "file" and end == DIED and not target.exists()
            allowed = {REFUSED: [old], UNSAID: [], DONE: [new]}.get(end, [old, new])
            told = f"{what}, {way}: {deed.__name__} at step {at} (ended with {end}): "
            if not lost and state not in [whole[word] for word in allowed]:
                print(told, "what stands there is not what should")
            write(new)
            if contents(look) != whole[new]:
                print(told, "the next write does not do its work")
            if (left := sorted(p.name for p in target.parent.iterdir() if p != target)) != beside:
                print(told, f"{left} is left")
            at, old, new = at + 1, new, old
        steps += at
    print(f"{steps} steps")


if __name__ == "__main__":
    main(*sys.argv[1:])
