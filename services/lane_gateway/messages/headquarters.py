"""The site's calls to enrollment over HTTP, with its own key as proof of who it is."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import requests

from shared.clock import Clock
from shared.crypto.client_assertion import make_assertion
from shared.crypto.keyring import KeyRing
from shared.errors import NotFound, Unavailable
from shared.ids import new_id

PAGE = 1_000  # entries asked for at once after a gap
TIMEOUT = (2.0, 10.0)  # seconds to connect, and between two bytes of an answer
RECORD_TIMEOUT = (0.2, 0.4)  # architecture section 5: no decision waits for a display record
CHUNK = 1 << 20
NOT_FOUND = 404


@dataclass(frozen=True, kw_only=True)
class Headquarters:
    """Enrollment as a site sees it."""

    address: str
    site: str
    ring: KeyRing = field(repr=False)
    clock: Clock
    session: requests.Session = field(default_factory=requests.Session, repr=False)

    def entries(self, after: int) -> list[Mapping[str, Any]]:
        """Return the feed's entries after a number, at most a page of them."""
        answer = self._get(f"/api/v1/feed?after={after}&limit={PAGE}")
        return list(answer["entries"])

    def snapshot_statement(self) -> Mapping[str, Any]:
        """Return the signed statement beside the newest snapshot; ``NotFound`` while none is."""
        statement: Mapping[str, Any] = self._get("/api/v1/snapshot")["statement"]
        return statement

    def fetch_snapshot(self, sha256: str, target: Path, *, bytes_per_second: int) -> None:
        """Write the snapshot file to ``target``, at a limited rate: lanes decide meanwhile."""
        with self._request(f"/api/v1/snapshot/{sha256}", stream=True) as answer:
            started, written = time.monotonic(), 0
            with target.open("wb") as file:
                for chunk in answer.iter_content(CHUNK):
                    file.write(chunk)
                    written += len(chunk)
                    ahead = written / bytes_per_second - (time.monotonic() - started)
                    if ahead > 0:
                        time.sleep(ahead)

    def display_record(self, credential_id: UUID) -> Mapping[str, Any]:
        """Return the sealed display record of a card, within 400 ms or not at all."""
        path = f"/api/v1/sites/{self.site}/credentials/{credential_id}/record"
        answer: Mapping[str, Any] = self._request(path, timeout=RECORD_TIMEOUT).json()
        return answer

    def _get(self, path: str) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self._request(path).json()
        return answer

    def _request(
        self, path: str, *, stream: bool = False, timeout: tuple[float, float] = TIMEOUT
    ) -> requests.Response:
        token = make_assertion(
            self.ring,
            client=f"site:{self.site}",
            audience=self.address,
            jti=new_id(),
            now=self.clock(),
        )
        try:
            answer = self.session.get(
                self.address + path,
                headers={"Authorization": f"Bearer {token}"},
                timeout=timeout,
                stream=stream,
                allow_redirects=False,
            )
            if answer.status_code == NOT_FOUND:
                raise NotFound(f"Headquarters has nothing at {path}")
            answer.raise_for_status()
        except requests.RequestException as error:
            raise Unavailable(f"Headquarters did not answer: {type(error).__name__}") from error
        return answer
