"""The session: sealed in a cookie, with an idle limit and an absolute one.

The cookie itself has no end date: a browser then still sends it after the session has ended, and
we can tell somebody whose session ended from somebody who never signed in.
"""

import secrets
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask, g, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature

from shared.web.principal import Principal, Realm
from shared.web.sealed import Broken, Seal
from shared.web.settings import WebSettings

KEEP_COOKIE = 7 * 24 * 3600  # seconds; an ended session is still recognised for that long
TOUCH_AFTER = 60  # seconds; a fresher "last seen" is not worth another cookie

_json = TaggedJSONSerializer()


class _SealedValues:
    """Takes the place of Flask's signer, which would leave the content readable."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def dumps(self, values: dict[str, Any]) -> str:
        return self._seal.seal(_json.dumps(values).encode())

    def loads(self, token: str, max_age: float | None = None) -> dict[str, Any]:  # noqa: ARG002 - Flask's signature; the age that counts is in the session
        try:
            return cast(
                "dict[str, Any]",
                _json.loads(self._seal.open(token, max_age=KEEP_COOKIE).decode()),
            )
        except (Broken, ValueError) as error:
            raise BadSignature("The session cannot be opened") from error


class SealedSessions(SecureCookieSessionInterface):
    """Flask's cookie sessions, encrypted."""

    def __init__(self, settings: WebSettings) -> None:
        keys = (settings.secret_key, *settings.old_secret_keys)
        self._values = _SealedValues(Seal(keys, f"session {settings.service}"))

    def get_signing_serializer(self, app: Flask) -> Any:  # noqa: ARG002 - Flask's signature
        """Return what seals and opens the cookie's value."""
        return self._values


def begin_session(principal: Principal, *, now: datetime) -> None:
    """Start afresh as ``principal``; a form opened before stays valid for the same person."""
    before = _stored_principal()
    same = before is not None and before.actor == principal.actor
    token = session.get("csrf_token") if same else None
    session.clear()
    session["who"] = {
        "issuer": principal.issuer,
        "subject": principal.subject,
        "authority": principal.authority,
        "name": principal.name,
        "roles": sorted(principal.roles),
        "passkey": principal.passkey,
    }
    session["sid"] = secrets.token_urlsafe(16)
    session["born"] = session["seen"] = int(now.timestamp())
    if token:
        session["csrf_token"] = token


def read_session(settings: WebSettings) -> None:
    """Set ``g.principal`` from the cookie, or ``g.ended`` to whom it belonged until it ended."""
    principal = _stored_principal()
    if principal is None:
        return
    now = settings.clock()
    born, seen = (datetime.fromtimestamp(session[name], UTC) for name in ("born", "seen"))
    if settings.ended_sessions.holds(session.get("sid", "")):
        session.clear()
        return
    if now - seen > settings.idle_limit or now - born > settings.absolute_limit:
        g.ended = principal
        return
    if principal.passkey and not (settings.vouched and settings.vouched(principal)):
        g.ended = principal
        return
    g.principal = principal
    if (now - seen).total_seconds() > TOUCH_AFTER:
        session["seen"] = int(now.timestamp())


def end_session(settings: WebSettings) -> None:
    """Sign out: here, and for every copy of the cookie."""
    name = session.get("sid")
    if name:
        now = settings.clock()
        settings.ended_sessions.add(name, until=now + settings.absolute_limit, now=now)
    session.clear()


def ended_principal() -> Principal | None:
    """Return to whom the ended session of this request belonged, if there was one."""
    return cast("Principal | None", g.get("ended"))


def _stored_principal() -> Principal | None:
    who = session.get("who")
    if not who:
        return None
    return Principal(
        issuer=cast("Realm", who["issuer"]),
        subject=who["subject"],
        authority=who["authority"],
        name=who["name"],
        roles=frozenset(who["roles"]),
        passkey=who.get("passkey", ""),
    )
