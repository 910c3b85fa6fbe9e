from collections.abc import Iterator
from pathlib import Path

import pytest

from services.lane_gateway.persistence.site_files import SiteFiles
from tests.integration.lane_gateway.web.site import Site, make_files
from tests.integration.lane_gateway.web.voice import VoiceOfAgent


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Empty files of a site, made once."""
    folder = tmp_path_factory.mktemp("site") / "empty"
    make_files(SiteFiles(folder=folder))
    return folder


@pytest.fixture
def site(tmp_path: Path, template: Path) -> Iterator[Site]:
    built = Site.build(tmp_path, template=template)
    built.hub.start()
    yield built
    built.close()


@pytest.fixture
def agent(site: Site) -> Iterator[VoiceOfAgent]:
    voice = site.agent()
    voice.start()
    yield voice
    voice.stop()
