"""What comes with an extra, and the sentence that names the install where it is missing."""

from importlib.util import find_spec

__all__ = ["require"]


def require(what: str, extra: str, *libraries: str) -> None:
    """Stop an import with a sentence where a library of an extra is not installed.

    Parameters
    ----------
    what : str
        What needs the libraries, in the plural, as a sentence begins.
    extra : str
        The extra that brings them.
    *libraries : str
        Names as they are imported.

    Raises
    ------
    ImportError
        Where one of them is not installed.

    Examples
    --------
    >>> require("Tables", "notebooks", "pandas")
    >>> require("Paintings", "notebooks", "canvas")
    Traceback (most recent call last):
    ImportError: Paintings need canvas, which pip install "hmcpsi_data[notebooks]" installs.
    """
    for name in libraries:
        if find_spec(name) is None:
            install = f'pip install "hmcpsi_data[{extra}]"'
            raise ImportError(f"{what} need {name}, which {install} installs.", name=name)
