"""The booth's screen over stores in memory: an application, a hub, and what a page says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient

from services.lane_gateway.domain.live import LiveState
from services.lane_gateway.use_cases.find_display_record import FindDisplayRecord
from services.lane_gateway.use_cases.show_display_record import ShowDisplayRecord
from services.lane_gateway.web.app import SiteSettings, UseCases, create_app
from services.lane_gateway.web.live_hub import LiveHub
from services.lane_gateway.web.parts import EXTENSION
from shared.clock import utc_now
from shared.web.settings import Issuer, WebSettings
from tests.signing_in import sign_in_as
from tests.unit.lane_gateway.web.compiled import COMPILED
from tests.unit.lane_gateway.web.fakes import (
    AccessInMemory,
    HeadquartersInMemory,
    ReadsInMemory,
    RecordsInMemory,
)
from tests.unit.lane_gateway.web.live_builders import datagram


class Page(HTMLParser):
    """What an officer sees: texts by class, forms by the command they send, values."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.text = ""
        self.live: dict[str, str] = {}
        self.commands: list[str] = []
        self.images: list[str] = []
        self._classes: list[str] = []
        self._said: list[tuple[str, str]] = []
        self.feed(html)
        self.text = re.sub(r"\s+", " ", self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("id") == "live":
            self.live = given
        if given.get("name") == "kind":
            self.commands.append(given["value"])
        if tag == "img":
            self.images.append(given["src"])
        if tag not in {"img", "input", "meta", "link", "br", "path", "circle", "rect"}:
            self._classes.append(given.get("class", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"path", "circle", "rect"} and self._classes:
            self._classes.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._classes and data.strip():
            self._said.append((self._classes[-1], data.strip()))

    def said(self, name: str) -> list[str]:
        """Return the texts that stand directly in elements of the class ``name``."""
        return [text for classes, text in self._said if name in classes.split()]


@dataclass
class Screen:
    """One booth, with everything around it in memory."""

    reads: ReadsInMemory = field(default_factory=ReadsInMemory)
    records: RecordsInMemory = field(default_factory=RecordsInMemory)
    headquarters: HeadquartersInMemory = field(default_factory=HeadquartersInMemory)
    access: AccessInMemory = field(default_factory=AccessInMemory)
    commands: list[Mapping[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hub = LiveHub(Path("unused.sock"))
        self.app = self._build()

    def _build(self) -> Flask:
        nothing: dict[str, Any] = dict.fromkeys(UseCases.__dataclass_fields__)
        find = FindDisplayRecord(records=self.records, headquarters=self.headquarters)
        show = ShowDisplayRecord(access=self.access)
        use_cases = UseCases(**nothing | {"find_record": find, "show_record": show})
        nowhere = Issuer(url="http://localhost:9", client_id="lanes", client_secret="s")
        web = WebSettings(
            service="lane_gateway",
            secret_key=b"a secret of the tests, 32 bytes.",
            production=False,
            base_url="http://localhost:8003",
            issuers={"people": nowhere, "staff": nowhere},
        )
        settings = SiteSettings(web=web, site="sym", zone="America/Los_Angeles")
        app = create_app(use_cases, self.reads, self.hub, settings)
        app.jinja_env.bytecode_cache = COMPILED
        return app

    def show(self, state: LiveState) -> None:
        """Let the lane be live with this picture."""
        for scans in (1, 2):
            self.hub.take(datagram(replace(state, scans=state.scans + scans, at=utc_now())))

    def page(self, *, language: str = "en", officer: str = "boris", query: str = "") -> Page:
        answer = self.client(officer).get(f"/{language}/lanes/l1/booth{query}")
        assert answer.status_code == 200
        return Page(answer.text)

    def client(self, officer: str = "boris", *roles: str) -> FlaskClient:
        client = self.app.test_client()
        sign_in_as(client, "staff", officer, roles or ("booth",))
        return client

    def close(self) -> None:
        cast("Any", self.app.extensions[EXTENSION]).holders.close()
