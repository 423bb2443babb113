"""One server for all tests of a file that change nothing of it."""

from collections.abc import Iterator

import pytest
from server_for_tests import Client, serving


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with serving() as found:
        yield found
