"""The project's tasks, with the standard library only: `python tasks.py help` lists them."""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV, LOCK, PROJECT = ROOT / ".venv", ROOT / "requirements.lock", ROOT / "pyproject.toml"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "made-from.txt"
NEEDED = ["hmcpsi_data", "jupyterlab", "matplotlib", "nbval", "pandas", "playwright", "pytest"]
LINT = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]]
NBVAL = ["pytest", "-n2", "--dist=loadfile", "--nbval", "--nbval-current-env", "notebooks"]
RELEASE = [["hatchling", "build"], ["bench/release.py"]]
RESOLVE = ["uv", "pip", "compile", "-q", PROJECT, "--extra=dev", "--upgrade", "-o", LOCK]

# task: what it does, and the commands (of `.venv`) that do it; ARGS go to the last of them
TASKS = {
    "lab": ("open JupyterLab on the start notebook", [["hmcpsi_data", "lab", "."]]),
    "app": ("open the explorers as one page without code", [["hmcpsi_data", "app"]]),
    "test": ("run everything: lint, types, notebooks, tests", [*LINT, NBVAL, ["pytest", "-n2"]]),
    "lint": ("look at the code with ruff and mypy", LINT),
    "check": ("check the tables in data/", [["hmcpsi_data", "check"]]),
    "codebook": ("write data/README.md and the sums", [["hmcpsi_data", "codebook", "--write"]]),
    "notebooks": ("run the notebooks and store their outputs", [["notebooks/write.py"]]),
    "bench": ("measure what the project promises about speed", [["bench/run.py"]]),
    "trust": ("break and kill, here and elsewhere; say how it is told", [["bench/trust.py"]]),
    "site": ("build the site of plain files in site/", [["hmcpsi_data", "site", "site"]]),
    "coverage": ("branch coverage", [["pytest", "tests/method", "tests/assessment", "--cov"]]),
    "mutants": ("change the method and see which tests notice (hours)", [["mutmut", "run"]]),
    "lock": ("write requirements.lock from pyproject.toml", [RESOLVE]),
    "release": ("build wheel, sdist, bill of materials and licences in dist/", RELEASE),
    "clean": ("remove .venv and caches", []),
    "help": ("show this list", []),
}


def run(name, *rest):
    """Run a module, a script or uv, all of `.venv`; Ctrl-C is the command's business, too."""
    program = [] if name == "uv" else [PYTHON] if name.endswith(".py") else [PYTHON, "-m"]
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    with subprocess.Popen([*program, name, *rest], cwd=ROOT, env=env) as process:
        while True:
            with contextlib.suppress(KeyboardInterrupt):
                return process.wait()


def install(*command):
    """Run a step of the set-up; where it fails, say what helps."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit("The reason stands above. Check the network or proxy, then: make clean; again.")


@contextlib.contextmanager
def alone():
    """Hold a lock that ends with this process, so that two runs do not make `.venv` at once."""
    name = f"hmcpsi_data-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:16]}.lock"
    with Path(tempfile.gettempdir(), name).open("a") as file:
        windows = os.name == "nt"
        lock = __import__("msvcrt").locking if windows else __import__("fcntl").lockf
        lock(file.fileno(), *((1, 1) if windows else (2,)))
        yield


def ready():
    """Make `.venv` from the lock, or bring it up to date; at once where nothing has changed."""
    for file in (file for file in (LOCK, PROJECT) if not file.exists()):
        sys.exit(f"{file.name} is missing: get it back with git checkout {file.name}.")
    made_from = LOCK.read_bytes() + PROJECT.read_bytes() + f"{sys.version}{ROOT}".encode()
    wanted, start = hashlib.sha256(made_from).hexdigest(), time.perf_counter()
    probe = f"from importlib.util import find_spec as f; exit(not all(map(f, {NEEDED})))"
    made = PYTHON.exists() and STAMP.is_file() and STAMP.read_text() == wanted
    if made and not subprocess.run([PYTHON, "-I", "-c", probe], check=False).returncode:
        return
    print("> Making .venv from requirements.lock (once, a minute or less) ...", flush=True)
    (VENV if VENV.is_symlink() or VENV.is_file() else STAMP).unlink(missing_ok=True)
    uv = shutil.which("uv")
    install(*([uv, "venv", "-q"] if uv else [sys.executable, "-m", "venv"]), "--clear", VENV)
    if not uv:  # bring it, by its hash
        (VENV / "uv.txt").write_text(re.search(r"^uv==.*\n(?: .*\n)+", LOCK.read_text(), re.M)[0])
        install(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", VENV / "uv.txt")
        uv = BIN / "uv"
    itself = ["--no-deps", "--no-build-isolation", "-e", "."]
    install(uv, "pip", "sync", "-q", "--python", PYTHON, "--require-hashes", LOCK)
    install(uv, "pip", "install", "-q", "--python", PYTHON, *itself)
    warm = "import hmcpsi_data.explorers, jupyterlab.labapp, ipykernel.zmqshell"  # compiles them
    subprocess.run([PYTHON, "-c", warm], cwd=ROOT, check=False)
    STAMP.write_text(wanted)
    print(f"  ready after {time.perf_counter() - start:.1f} s\n", flush=True)


def main(name="help", *args):
    """Run one task: all its commands, even where one fails; say how each ended."""
    TASKS.get(name) or sys.exit(f"There is no task {name!r}. There are: {', '.join(TASKS)}.")
    if name == "help":
        listed = "\n".join(f"  {task:10} {what}" for task, (what, _) in TASKS.items())
        print(f"python tasks.py TASK [ARGS], or with make: make TASK ARGS=...\n\n{listed}")
    elif name == "clean":
        for path in (VENV, *(ROOT / f".{tool}_cache" for tool in ("pytest", "ruff", "mypy"))):
            path.unlink() if path.is_symlink() else shutil.rmtree(path, ignore_errors=True)
    else:
        with alone():
            ready()
    ends, commands = {}, TASKS[name][1]
    for command in commands:
        start = time.perf_counter()
        print(f"\n> {' '.join(map(str, command))}", flush=True)
        code = run(*command, *(args if command is commands[-1] else ()))
        ends[" ".join(map(str, command))] = (code, time.perf_counter() - start)
    for said, (code, seconds) in ends.items():
        print(f"{'FAILED' if code else 'passed'} {seconds:6.1f} s  {said}", flush=True)
    return any(code for code, _ in ends.values())


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - said before anything else fails
        sys.exit(f"This is Python {sys.version[:6]}. Try: make {sys.argv[-1]} PYTHON=python3.11")
    try:
        sys.exit(main(*sys.argv[1:]))
    except OSError as problem:
        sys.exit(f"\n{problem}. Free some space, make the folder writable or end what uses .venv.")
