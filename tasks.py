"""The project's tasks, with the standard library only: `python tasks.py help` lists them.

Most tasks first make `.venv` if it is missing, out of date or broken. `make test` is the same.
"""

import errno
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "made-from.json"
LOCK, PROJECT = ROOT / "requirements.lock", ROOT / "pyproject.toml"
# From 4.25 on, jsonschema takes 2.7 s to import with what Jupyter asks of it.
LIMITS = "jsonschema<4.25\n"
# What a notebook imports; of some packages only a part is read before it is needed.
IMPORTED = """
import frictionless, ipykernel.zmqshell, jupyterlab.labapp, matplotlib.backends.backend_svg
from hmcpsi_data import *
from hmcpsi_data.explorers import *
"""
PROMPT = '''
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

class PromptConnection(ZMQChannelsWebsocketConnection):
    """Answers of the kernel go to the browser at once."""

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()

c.ServerApp.kernel_websocket_connection_class = PromptConnection
'''
START = "notebooks/00-start-here.ipynb"


class Stop(Exception):  # noqa: N818 - it ends a task, with a sentence that says why and what helps
    """A task cannot go on."""


def say(text=""):
    """Print a line at once, also when the output goes into a file."""
    print(text, flush=True)


def run(*command):
    """Run a command in `.venv` and return its exit code; Ctrl-C and SIGTERM are its business."""
    path = os.pathsep.join([str(PYTHON.parent), os.environ.get("PATH", "")])
    env = {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV)}
    process = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=env)
    before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    interrupted = False
    while True:
        try:
            code = process.wait()
            break
        except KeyboardInterrupt:  # the command got it too and ends in its own way
            interrupted = True
    signal.signal(signal.SIGTERM, before)
    if interrupted and code:
        raise KeyboardInterrupt
    return code


def ready():
    """Make `.venv` from the lock, or only what is out of date; at once when nothing is."""
    for file in (LOCK, PROJECT):
        if not file.exists():
            raise Stop(f"{file.name} is missing: take it from git (git checkout {file.name}).")
    place = f"{sys.version} {ROOT}".encode()
    wanted = {
        "environment": hashlib.sha256(LOCK.read_bytes() + place).hexdigest(),
        "package": hashlib.sha256(PROJECT.read_bytes()).hexdigest(),
    }
    found = made_from()
    if found == wanted:
        return
    start, uv = time.perf_counter(), shutil.which("uv")
    if not VENV.is_dir():
        remove(VENV)  # a file, or a link that leads nowhere
    STAMP.unlink(missing_ok=True)  # so that an interrupted run is seen as unfinished
    if found.get("environment") != wanted["environment"]:
        make_environment(uv)
    say("> Installing the package itself, editable ...")
    install(uv, "--no-deps", "--no-build-isolation", "-e", ".")
    say("> Compiling what a notebook imports, so that it starts quickly ...")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([PYTHON, "-c", IMPORTED], cwd=ROOT, env=env, check=False)
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")
    say(f"  .venv is ready after {time.perf_counter() - start:.1f} s\n")


def made_from():
    """Read what `.venv` was made from; nothing if it is missing, unfinished or broken."""
    parts = ["hmcpsi_data", "jupyterlab", "matplotlib", "nbval", "pandas", "playwright", "pytest"]
    probe = f"from importlib.util import find_spec as f; exit(not all(map(f, {parts})))"
    try:
        subprocess.run([PYTHON, "-I", "-c", probe], check=True)
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError, subprocess.CalledProcessError):
        return {}


def make_environment(uv):
    """Make `.venv` anew and fill it from the lock, every file checked by its hash."""
    base = getattr(sys, "_base_executable", None) or sys.executable  # never the one in .venv
    if not uv and not all(map(importlib.util.find_spec, ["venv", "ensurepip"])):
        raise Stop("This Python has no venv module: apt install python3-venv (Debian), or take uv.")
    say(f"> Making .venv with Python {platform.python_version()} and {'uv' if uv else 'pip'} ...")
    remove(VENV)
    command = [uv, "venv", "-q", "--python", base, VENV] if uv else [base, "-m", "venv", VENV]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise Stop("The reason stands above. Is the folder writable and the disk not full?")
    start = time.perf_counter()
    say(f"> Installing what {LOCK.name} lists, hashes checked (once, a minute or less) ...")
    if not uv:  # first the newest pip: one of 2023 takes twice as long
        pin = re.search(r"^pip==.*\n(?: .*\n)+", LOCK.read_text(encoding="utf-8"), re.M)
        (VENV / "pip.lock").write_text(pin[0])
        install(uv, "--require-hashes", "-r", VENV / "pip.lock")
    install(uv, "--no-deps", "--require-hashes", "-r", LOCK)  # it is complete
    settings = VENV / "etc/jupyter/labconfig/default_setting_overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    no_news = {"fetchNews": "false", "checkForUpdates": False}
    settings.write_text(json.dumps({"@jupyterlab/apputils-extension:notification": no_news}))
    # A server's connection holds a second small packet back for up to 40 ms unless told not to.
    server = VENV / "etc/jupyter/jupyter_server_config.py"
    server.write_text(PROMPT, encoding="utf-8")
    say(f"  done in {time.perf_counter() - start:.1f} s")


def install(uv, *what):
    """Install with uv or pip; pip's many lines are counted, and shown only when it fails."""
    pip = [PYTHON, "-m", "pip", "install", "--no-input", "--no-compile", *what]
    command = [uv, "pip", "install", "--python", PYTHON, *what] if uv else pip
    show, lines, fetched = sys.stdout.isatty(), [], 0
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "errors": "replace"}
    with subprocess.Popen(command, cwd=ROOT, encoding="utf-8", **pipes) as process:
        for line in process.stdout:
            lines.append(line)
            fetched += line.startswith("Collecting")
            if show and fetched:
                print(f"\r  {fetched} packages looked up ", end="", flush=True)
    print("\r" + " " * 40 + "\r" if show else "", end="")
    if process.returncode:
        raise Stop(
            f"{''.join(lines[-15:])}\nThe packages could not be installed. If a connection, a name "
            "or a certificate failed, check the network or the proxy and run this again; "
            "if a hash or a version did not fit: python tasks.py clean, then this again."
        )


def lab(*args):
    """open JupyterLab on the start notebook (ARGS such as --no-browser or --port=8899)"""
    if not (ROOT / START).exists():
        raise Stop(f"{START} is missing: take it from git (git checkout {START}).")
    options = f"""
        --ServerApp.ip=127.0.0.1 --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/{START}
        --ServerApp.answer_yes=True --Application.log_level=WARN --LabApp.news_url=
        --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate
        --LabApp.extension_manager=readonly --LanguageServerManager.autodetect=False
        --KernelManager.transport_encryption=auto
    """.split()
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    say("> Opening JupyterLab; if no browser comes up, open the address below. Ctrl-C ends it.")
    if run(PYTHON, "-m", "jupyterlab", *options, *args) > 0:
        raise Stop("The reason stands above. If it is the port: python tasks.py lab --port=8899")
    return 0


def test(*args):
    """run everything: ruff, tests, notebooks (ARGS go to the first pytest, such as -k name)"""
    stored = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("notebooks/*.ipynb"))
    nbval = ["pytest", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=60", *stored]
    parts = {
        "lint": ["ruff", "check", "."],
        "format": ["ruff", "format", "--check", "."],
        "tests": ["pytest", *args],
        "notebooks": nbval if stored else None,
    }
    summary, reasons, failed = [], Counter(), False
    with tempfile.TemporaryDirectory() as folder:
        for name, command in parts.items():
            start, report = time.perf_counter(), Path(folder, f"{name}.xml")
            if command:
                say(f"\n> {name}: {' '.join(command)}")
                option = [f"--junitxml={report}"] if command[0] == "pytest" else []
                code, told = run(PYTHON, "-m", *command, *option), read_report(report, reasons)
            else:
                code, told = os.environ.get("CI") == "true", "there is no notebooks/*.ipynb yet"
            seconds = time.perf_counter() - start
            summary.append(f"  {name:10} {'FAILED' if code else 'passed'} {seconds:6.1f} s  {told}")
            failed = failed or bool(code)
    summary += [f"  skipped    {count} x {reason}" for reason, count in reasons.items()]
    say("\n".join(["\nSummary", *summary]))
    return int(failed)


def read_report(report, reasons):
    """Count what pytest's report says and add why tests were skipped to `reasons`."""
    if not report.exists():
        return ""
    cases = list(ElementTree.parse(report).iter("testcase"))
    skips = [skip for case in cases for skip in case.findall("skipped")]
    reasons.update(skip.get("message", "no reason given") for skip in skips)
    bad = sum(any(case.find(kind) is not None for kind in ("failure", "error")) for case in cases)
    return f"{len(cases) - len(skips) - bad} passed, {bad} failed, {len(skips)} skipped"


def bench(*args):
    """measure what the project promises about speed"""
    return run(PYTHON, "bench/run.py", *args)


def check(*args):
    """check the tables in data/ (ARGS: another folder)"""
    return run(PYTHON, "-m", "hmcpsi_data", "check", *args)


def notebooks(*args):
    """run the notebooks and store their outputs (ARGS: some of them; --check only compares)"""
    return run(PYTHON, "notebooks/write.py", *args)


def codebook(*args):
    """write data/README.md from data/datapackage.json"""
    return run(PYTHON, "-m", "hmcpsi_data", "codebook", "--write", *args)


def lint(*args):
    """look at the code with ruff (ARGS=--fix mends what can be mended)"""
    checked = run(PYTHON, "-m", "ruff", "check", *args, ".")
    mode = [] if "--fix" in args else ["--check"]
    return run(PYTHON, "-m", "ruff", "format", *mode, ".") or checked


def lock(*args):
    """write requirements.lock from pyproject.toml, with uv (ARGS=--upgrade for the newest)"""
    uv = shutil.which("uv")
    if not uv:
        raise Stop("The lock is written with uv, which is not on the PATH: pip install uv.")
    scope = ["--extra", "dev", "--universal", "--python-version", "3.11", "--generate-hashes"]
    plain = ["--no-emit-index-url", "--no-header", "--no-annotate", "--quiet", "-o", LOCK.name]
    with tempfile.TemporaryDirectory() as folder:
        limits = Path(folder, "limits.txt")
        limits.write_text(LIMITS, encoding="utf-8")
        code = run(uv, "pip", "compile", "pyproject.toml", *scope, "-c", limits, *plain, *args)
    if code:
        raise Stop(f"uv could not resolve the requirements (see above); {LOCK.name} is as it was.")
    text = LOCK.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("#", "--"))]
    if "://" in text or " @ " in text or any(line.startswith((".", "/")) for line in lines):
        raise Stop(f"{LOCK.name} names an address or a folder, as pyproject.toml asks: mend both.")
    text = "\n".join(["# Made by: python tasks.py lock", *lines, ""])
    LOCK.write_text(text, encoding="utf-8", newline="\n")
    say(f"{LOCK.name} lists {sum('==' in line for line in lines)} packages.")
    return 0


def clean(*_):
    """remove .venv, caches and built packages"""
    names = [".venv", "dist", ".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__"]
    folders = [ROOT / name for name in names]
    for top in ("hmcpsi_data", "tests", "bench", "notebooks"):
        folders += [*(ROOT / top).rglob("__pycache__"), *(ROOT / top).rglob(".ipynb_checkpoints")]
    for folder in filter(os.path.lexists, folders):
        say(f"  removing {folder.relative_to(ROOT)}")
        remove(folder)
    return 0


def remove(path):
    """Remove a folder, or the file or link that stands in its place; what it leads to stays."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def show_help(*_):
    """show this list"""
    say("python tasks.py TASK [ARGS], or the same with make: make TASK ARGS=...\n")
    say("\n".join(f"  {name:10} {task.__doc__}" for name, task in TASKS.items()))
    say("\nAll but lock, clean and help make .venv from requirements.lock, if it is not there yet.")
    return 0


NEEDS_ENVIRONMENT = (lab, test, bench, check, notebooks, codebook, lint)
TASKS = {task.__name__: task for task in (*NEEDS_ENVIRONMENT, lock, clean)}
TASKS["help"] = show_help


def main(args):
    """Run one task and return its exit code."""
    name, *rest = args or ["help"]
    try:
        if name not in TASKS:
            raise Stop(f"There is no task {name!r}. There are: {', '.join(TASKS)}.")
        if TASKS[name] in NEEDS_ENVIRONMENT:
            ready()
        return TASKS[name](*rest)
    except Stop as stop:
        say(f"\n{stop}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped. What was left unfinished is made anew the next time.")
        return 130
    except OSError as problem:
        if errno.errorcode.get(problem.errno) not in ("EACCES", "EROFS", "ENOSPC", "ENOTEMPTY"):
            raise
        say(f"\n{problem}. Free some space, make {ROOT} writable or end what uses .venv.")
        return 1


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - told before anything else fails
        newer = [f"python3.{n}" for n in (14, 13, 12, 11) if shutil.which(f"python3.{n}")]
        remedy = f"There is {newer[0]}: use it." if newer else "Install one from python.org."
        sys.exit(f"Python 3.11 or newer is needed; this is {platform.python_version()}. {remedy}")
    sys.exit(main(sys.argv[1:]))
