"""The web application as tests drive it: signed in, with forms filled as browsers do."""

import re
from dataclasses import dataclass, field
from html import unescape
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.test import TestResponse

from shared.web.settings import IssuerName
from tests.signing_in import csrf_token, sign_in_as

ONCE = re.compile(r'name="once" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')


@dataclass
class Browser:
    """One person's browser."""

    app: Flask
    issuer: IssuerName = "people"
    subject: str = field(default_factory=lambda: f"p{uuid4().hex}")
    roles: tuple[str, ...] = ()
    language: str = "en"

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        self.id: UUID = sign_in_as(self.client, self.issuer, self.subject, self.roles).id
        self.token = csrf_token(self.client)
        self.once = self.version = ""

    def get(self, path: str) -> str:
        """Open a page and remember what its form carries."""
        answer = self.client.get(f"/{self.language}{path}", follow_redirects=True)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200, (path, answer.status_code, page)
        once, version = ONCE.search(page), VERSION.search(page)
        self.once = once[1] if once else str(uuid4())
        self.version = version[1] if version else ""
        return unescape(page)

    def send(self, path: str, **typed: object) -> TestResponse:
        """Send a form as the page that was opened last has it; ``_`` stands for ``-`` in names."""
        sent = {name.replace("__", "-"): value for name, value in typed.items()}
        hidden = {"csrf_token": self.token, "once": self.once}
        if self.version:
            hidden["version"] = self.version
        return self.client.post(
            f"/{self.language}{path}", data={**hidden, **sent}, content_type="multipart/form-data"
        )

    def fill(self, path: str, **typed: object) -> TestResponse:
        """Open a page and send its form."""
        self.get(path)
        return self.send(path, **typed)

    def call(
        self, method: str, path: str, body: object | None = None, **headers: str
    ) -> TestResponse:
        """Call the JSON interface."""
        sent = {"X-CSRFToken": self.token, "Referer": "http://localhost/"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST" and "Idempotency-Key" not in sent:
            sent["Idempotency-Key"] = str(uuid4())
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=sent)


def open_file(staff: Browser, path: str) -> str:
    """Open a person's file, saying why."""
    staff.client.post(
        "/en/purpose",
        data={"csrf_token": staff.token, "purpose": "own_case", "then": f"/en{path}"},
    )
    return staff.get(path)
