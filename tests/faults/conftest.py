"""The running services of this folder's tests."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.faults.headquarters import Headquarters


@pytest.fixture(scope="package")
def headquarters(server_folder: Path) -> Iterator[Headquarters]:
    """Enrollment and vetting, running."""
    made = Headquarters(Path(mkdtemp(dir=server_folder, prefix="h")))
    try:
        made.start()
        yield made
    finally:
        made.stop()
