from datetime import date

import pytest

from lightbox.navigator import table
from lightbox.navigator.index import Index

DAY = date(2026, 11, 30)


@pytest.fixture(scope="session")
def libraries():
    return table.load()


@pytest.fixture(scope="session")
def index(libraries):
    return Index(libraries, DAY)


@pytest.fixture
def rows():
    return table.read_rows()


@pytest.fixture
def day():
    return DAY
