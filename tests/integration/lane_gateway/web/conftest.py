from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.lane_gateway.web.site import Site, VoiceOfAgent


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    built = Site.build(tmp_path)
    built.hub.start()
    yield built
    built.close()


@pytest.fixture
def agent(site: Site) -> Iterator[VoiceOfAgent]:
    voice = site.agent()
    voice.start()
    yield voice
    voice.stop()
