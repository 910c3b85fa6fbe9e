from collections.abc import Iterator

import pytest

from tests.unit.lane_gateway.web.screen import Screen


@pytest.fixture
def screen() -> Iterator[Screen]:
    made = Screen()
    yield made
    made.close()
