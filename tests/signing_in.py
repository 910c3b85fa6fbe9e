"""A signed-in test client, made with the application's own key; the product has no such door."""

from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient

from shared.web.kit import EXTENSION
from shared.web.principal import Principal
from shared.web.settings import IssuerName, WebSettings


def sign_in_as(
    client: FlaskClient, issuer: IssuerName, subject: str, roles: tuple[str, ...] = ()
) -> Principal:
    """Put a session of ``subject`` into ``client``, as after a sign-in just now."""
    settings = settings_of(client.application)
    principal = Principal(
        issuer=issuer,
        subject=subject,
        authority=settings.issuers[issuer].url.rstrip("/"),
        name=subject.title(),
        roles=frozenset(roles),
    )
    now = int(settings.clock().timestamp())
    with client.session_transaction() as session:
        session["who"] = {
            "issuer": principal.issuer,
            "subject": principal.subject,
            "authority": principal.authority,
            "name": principal.name,
            "roles": sorted(principal.roles),
        }
        session["sid"] = uuid4().hex
        session["born"] = session["seen"] = now
    return principal


def csrf_token(client: FlaskClient) -> str:
    """Return a token that forms of this client's session carry."""
    from flask_wtf.csrf import generate_csrf  # noqa: PLC0415 - not needed by most callers

    with client.session_transaction() as session:
        raw = session.setdefault("csrf_token", uuid4().hex)
    with client.application.test_request_context():
        from flask import session as own  # noqa: PLC0415 - the request's, not the client's

        own["csrf_token"] = raw
        return str(generate_csrf())


def settings_of(app: Flask) -> WebSettings:
    """Return the settings that ``app`` was built with."""
    settings: WebSettings = app.extensions[EXTENSION].settings
    return settings
