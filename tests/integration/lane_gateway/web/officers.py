"""Somebody of the staff at a browser of the test client."""

import time
from collections.abc import Callable
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from tests.signing_in import csrf_token, sign_in_as

PATIENCE = 5.0  # seconds; a datagram takes a millisecond, a busy machine its time


class Officer:
    """Signed in with roles; posts forms as the pages carry them."""

    def __init__(self, app: Flask, subject: str = "boris", *roles: str) -> None:
        self.client = app.test_client()
        self.subject = subject
        sign_in_as(self.client, "staff", subject, roles or ("booth",))
        self._token = csrf_token(self.client)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, **fields: object) -> TestResponse:
        sent: dict[str, object] = {"csrf_token": self._token}
        for name, said in fields.items():
            sent[name] = said if isinstance(said, list) else str(said)
        return self.client.post(path, data=sent)

    def command(self, kind: str, *, lane: str = "l1", **fields: object) -> TestResponse:
        once = fields.pop("once", None) or uuid4()
        path = f"/en/lanes/{lane}/booth/command"
        return self.post(path, kind=kind, once=once, **fields)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        etag: str | None = None,
    ) -> TestResponse:
        """Call the JSON interface."""
        headers = {"X-CSRFToken": self._token}
        if key is not None:
            headers["Idempotency-Key"] = key
        if etag is not None:
            headers["If-Match"] = etag
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, json=body)

    def look_until(self, path: str, seen: Callable[[str], bool]) -> str:
        """Return the page once ``seen`` says yes; fail when it never does."""
        until = time.monotonic() + PATIENCE
        while True:
            page = self.get(path).text
            if seen(page):
                return page
            assert time.monotonic() < until, page
            time.sleep(0.02)
