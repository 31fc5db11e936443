"""Inspections of the Crown Prosecution Service as tidy, sourced tables."""

from hmcpsi_data.tables.record import Record, load, tables

__version__ = "0.2.0"

__all__ = ["Record", "load", "tables"]
