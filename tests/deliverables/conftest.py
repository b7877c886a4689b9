"""Who reports, and who decides."""

import pytest

from people.models import User
from tests import factories


@pytest.fixture
def priya(db) -> User:
    return factories.person("programme_manager")


@pytest.fixture
def olu(db) -> User:
    return factories.person("outcomes_group", "Olu")
