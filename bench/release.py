"""What a release brings with it: its bill of materials and the licences, in dist/.

Only what the extras of the wheel ask for is counted, at the versions of requirements.lock, in an
environment of its own; what the developers use beside it is not shipped.
"""

import csv
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT, DIST = ROOT / ".venv" / "shipped", ROOT / "dist"


def run(*command):
    subprocess.run([sys.executable, "-m", *map(str, command)], cwd=ROOT, check=True)


def licence(metadata):
    """The licence that a package states: its expression, or a line of text, or its classifiers."""
    line = (metadata.get("License") or "").strip().removeprefix("UNKNOWN")
    words = [one for one in metadata.get_all("Classifier", []) if one.startswith("License ::")]
    stated = metadata.get("License-Expression") or ("" if "\n" in line else line)
    return stated or "; ".join(one.rpartition(" :: ")[2] for one in words)


def main():
    """Write both lists; end with 1 where a package states no licence."""
    wanted = ["-q", "--python", ENVIRONMENT, "-c", "requirements.lock", ".[app,export,pdf]"]
    run("uv", "venv", "-q", "--clear", ENVIRONMENT)
    run("uv", "pip", "install", *wanted)
    bill = DIST / "bom.json"
    run("cyclonedx_py", "environment", "--output-reproducible", "-o", bill, ENVIRONMENT)
    (place,) = [*ENVIRONMENT.glob("lib/*/site-packages"), *ENVIRONMENT.glob("Lib/site-packages")]
    found = [one.metadata for one in distributions(path=[str(place)])]
    rows = sorted((one["Name"], one["Version"], licence(one)) for one in found)
    with (DIST / "licences.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("name", "version", "licence"), *rows])
    silent = [name for name, _, stated in rows if not stated]
    print(f"{len(rows)} packages: dist/bom.json says what they are, dist/licences.csv their terms.")
    print(f"Without a stated licence: {', '.join(silent) or 'none'}.")
    return bool(silent)


if __name__ == "__main__":
    sys.exit(main())
