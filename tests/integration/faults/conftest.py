"""Running services whose servers may be taken away."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.faults.applicants import Applicant, WaitingRoom
from tests.faults.headquarters import Headquarters


@pytest.fixture(scope="package")
def headquarters(server_folder: Path) -> Iterator[Headquarters]:
    """Enrollment and vetting, running."""
    made = Headquarters(Path(mkdtemp(dir=server_folder, prefix="f")))
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="package")
def waiting_room(headquarters: Headquarters) -> Iterator[WaitingRoom]:
    made = WaitingRoom(headquarters.enrollment_config())
    yield made
    made.close()


@pytest.fixture
def applicant(waiting_room: WaitingRoom) -> Applicant:
    """Somebody with a complete draft and a session."""
    waiting_room.fill(1)
    found = waiting_room.next()
    assert found is not None
    return found
