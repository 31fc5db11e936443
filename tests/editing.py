"""A copy of the shipped data that a test may break, cell by cell."""

import csv
import json
import shutil
from pathlib import Path

from hmcpsi_data.tables.description import shipped_folder, table


class Copy:
    """A copy of the data folder, without sums. Lines count from 1, the header being line 1."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(shipped_folder(), folder)
        path = folder / "datapackage.json"
        described = json.loads(path.read_bytes())
        for resource in described["resources"]:  # else each change would be told as such
            for key in ("bytes", "hash", "rows"):
                resource.pop(key)
        path.write_text(json.dumps(described, indent=1), encoding="utf-8")

    def path(self, name: str) -> Path:
        return self.folder / table(name).file

    def read(self, name: str) -> list[list[str]]:
        with self.path(name).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, name: str, rows: list[list[str]]) -> None:
        with self.path(name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)

    def records(self, name: str) -> list[tuple[int, dict[str, str]]]:
        header, *rows = self.read(name)
        return [(line, dict(zip(header, row, strict=True))) for line, row in enumerate(rows, 2)]

    def line(self, name: str, /, **wanted) -> int:
        """The first line whose cells are as wanted; a function says whether its cell will do."""
        for line, row in self.records(name):
            if all(w(row[c]) if callable(w) else row[c] == w for c, w in wanted.items()):
                return line
        raise LookupError(f"{name} has no row with {wanted}")

    def put(self, name: str, line: int, /, **cells: str) -> int:
        rows = self.read(name)
        for column, value in cells.items():
            rows[line - 1][rows[0].index(column)] = value
        self.write(name, rows)
        return line

    def add(self, name: str, /, **cells: str) -> int:
        """Add a row at the end; returns its line."""
        rows = self.read(name)
        self.write(name, [*rows, [cells.get(column, "") for column in rows[0]]])
        return len(rows) + 1

    def edit(self, name: str, change) -> None:
        self.path(name).write_bytes(change(self.path(name).read_bytes()))

    def snapshot(self) -> dict[str, tuple[bytes, int]]:
        """What each file holds, and when it was changed."""
        files = [path for path in self.folder.iterdir() if path.is_file()]
        return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
