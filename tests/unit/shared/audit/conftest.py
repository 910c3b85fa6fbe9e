"""The chain that the tests of this folder start from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.shared.audit.chains import Chain, chain_in


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with chain_in(tmp_path) as made:
        yield made
