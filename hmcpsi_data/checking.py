"""`check`: every problem of a data folder, of its files and of the method, as one table."""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.errors import DataError
from hmcpsi_data.method.links import crosswalk_problems
from hmcpsi_data.tables.check import problems
from hmcpsi_data.tables.record import Record, RecordLike

__all__ = ["check"]

_COLUMNS = ["file", "row", "column", "value", "problem", "remedy"]
_DTYPES = dict.fromkeys(_COLUMNS, "string") | {"row": "Int64"}


def check(record: RecordLike = None) -> pd.DataFrame:
    """Every problem of a data folder; empty when all is well.

    It looks at characters, types, allowed values, keys, dates, locators, scales, sums and what
    must hold between rows, and at the validity of the crosswalk.

    Parameters
    ----------
    record : Record or path, optional
        A record, which is checked as it was opened, or a data folder, which is opened as it is
        now. Without it, as for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per problem, by file and line: `file`; `row` (Int64), the line in the file, the
        header being line 1; `column`; `value`; `problem`, a sentence that says where and what;
        `remedy`, what to do. All but `row` are string. A cell is named once, with the problem that
        tells most, and a row with too many or too few cells only as such. Tables whose file or
        columns are at fault are not looked into further.

    Raises
    ------
    HmcpsiError
        Where `record` is neither a record nor the path of a folder.

    Examples
    --------
    >>> check("no_such_folder")["problem"].tolist()
    ['no_such_folder: there is no such folder.']
    """
    try:
        opened = record if isinstance(record, Record) else Record(record)
        faults = problems(opened, crosswalk_problems)
    except DataError as fault:  # no folder, or no description to go by
        faults = [fault]
    rows = [(f.file, f.row, f.column, f.value or None, f.problem, f.remedy) for f in faults]
    return pd.DataFrame(rows, columns=_COLUMNS).astype(_DTYPES)
