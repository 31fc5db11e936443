"""Folders of data of one's own."""

import pytest
from editing import Copy

import hmcpsi_data as hd


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path / "data")


@pytest.fixture
def mine(tmp_path):
    return hd.copy_data(tmp_path / "mine")
