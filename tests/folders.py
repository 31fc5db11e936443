"""Data folders with further, invented Areas, for tests only."""

import pandas as pd

from hmcpsi_data.tables.description import shipped_folder
from hmcpsi_data.tables.writing import appended

COUNTIES = ("derbyshire", "leicestershire", "lincolnshire", "northamptonshire", "nottinghamshire")
EAST_MIDLANDS_IN_1999 = tuple(f"{county}_1999" for county in COUNTIES)


def ids(frame):
    return frame["area_id"].to_list()


def copy_of_the_data(folder, **rows):
    """A data folder with further rows: one dictionary or several for each table."""
    for file in shipped_folder().glob("*.csv"):
        more = pd.DataFrame(rows.get(file.stem, []))
        (folder / file.name).write_bytes(appended(file.read_bytes(), more))
    return folder


def unit(area_id, name, kind="area", valid_from="1999-04-01", valid_to=""):
    return {
        "area_id": area_id, "name": name, "kind": kind, "valid_from": valid_from,
        "valid_from_precision": "day", "valid_to": valid_to, "source_id": "s038",
        "valid_to_precision": "day" if valid_to else "", "basis": "inferred", "speaker": "project",
    }  # fmt: skip
