"""A database of its own for every test, and an enterprise to write about."""

import pytest

from app.records.enterprises import EnterpriseKey
from tests.records import db, server

__all__ = ["db", "server"]


@pytest.fixture
def firm():
    return EnterpriseKey("样例甲（上海）有限公司", "", {"lon": 121.5, "lat": 31.2}, "样例名单")
