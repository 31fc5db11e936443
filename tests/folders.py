"""Data folders with further, invented Areas, for tests only."""

import csv

from hmcpsi_data.tables.description import shipped_folder

EAST_MIDLANDS_IN_1999 = (
    "derbyshire_1999",
    "leicestershire_1999",
    "lincolnshire_1999",
    "northamptonshire_1999",
    "nottinghamshire_1999",
)


def ids(frame):
    return frame["area_id"].to_list()


def copy_of_the_data(folder, **rows):
    """A data folder with further rows: one dictionary or several for each table."""
    for file in shipped_folder().glob("*.csv"):
        text = file.read_bytes().decode()
        for row in rows.get(file.stem, ()):
            header = next(csv.reader([text.split("\r\n")[0]]))
            text += ",".join(row.get(column, "") for column in header) + "\r\n"
        (folder / file.name).write_bytes(text.encode())
    return folder


def unit(area_id, name, kind="area", valid_from="1999-04-01", valid_to=""):
    return {
        "area_id": area_id, "name": name, "kind": kind, "valid_from": valid_from,
        "valid_from_precision": "day", "valid_to": valid_to, "source_id": "s038",
        "valid_to_precision": "day" if valid_to else "", "basis": "inferred", "speaker": "project",
    }  # fmt: skip
