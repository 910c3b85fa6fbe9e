"""Sign-in by OpenID Connect: authorization code with PKCE, at one of two providers.

Nothing else signs anybody in: no header, no flag, no other route. A site's officers have a way of
their own beside it, by passkeys that the site checks itself; only the page is shared.
"""

import secrets
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client.errors import MismatchingStateError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from shared.errors import NotFound, NotSignedIn, Unavailable
from shared.web.access import public
from shared.web.kept import forget_kept
from shared.web.kit import current_kit
from shared.web.language import Text, current_language
from shared.web.principal import ROLES, Principal
from shared.web.sessions import begin_session, end_session
from shared.web.settings import Issuer, IssuerName, WebSettings

PROVIDER_TIMEOUT = 5  # seconds; a person waits for it, and a slow provider must not eat our threads
MOST_RESTARTS = 2  # a browser that refuses cookies would go round for ever

ISSUERS: tuple[IssuerName, ...] = ("people", "staff")

sign_in = Blueprint("sign_in", __name__)


class SignInFailed(NotSignedIn):
    """The provider, or the way back from it, did not vouch for anybody."""

    code = "sign_in_failed"


class SignInCancelled(NotSignedIn):
    """The person turned back at the provider."""

    code = "sign_in_cancelled"


class SignIn:
    """The providers of one application."""

    def __init__(self, app: Flask, settings: WebSettings) -> None:
        self._settings = settings
        self._oauth = cast("Any", OAuth(app))
        for name, issuer in settings.issuers.items():
            self._oauth.register(
                name,
                client_id=issuer.client_id,
                client_secret=issuer.client_secret,
                server_metadata_url=f"{issuer.url.rstrip('/')}/.well-known/openid-configuration",
                client_kwargs={
                    "scope": "openid profile",
                    "code_challenge_method": "S256",
                    "default_timeout": PROVIDER_TIMEOUT,
                },
            )

    def issuer(self, name: str) -> Issuer:
        """Return the provider ``name``, or raise ``NotFound``."""
        issuer = self._settings.issuers.get(cast("IssuerName", name))
        if issuer is None:
            raise NotFound("There is no such sign-in here")
        return issuer

    def start(self, name: str, *, then: str, restarts: int = 0) -> ResponseReturnValue:
        """Send the browser to the provider; ``then`` is where it ends up."""
        client = self._client(name)
        callback = self._settings.base_url + url_for("sign_in.callback", issuer=name)
        state = f"{secrets.token_urlsafe(24)}.{restarts}"
        try:
            asked = client.create_authorization_url(
                callback, state=state, ui_locales=current_language()
            )
        except requests.RequestException as error:
            raise Unavailable("The sign-in provider did not answer") from error
        _forget_attempts()
        client.save_authorize_data(
            redirect_uri=callback, then=then, language=current_language(), **asked
        )
        return redirect(asked["url"])

    def finish(self, name: str) -> ResponseReturnValue:
        """Take what the provider sent with the browser, and open a session."""
        client = self._client(name)
        begun = client.framework.get_state_data(session, request.args.get("state")) or {}
        g.language = begun.get("language", current_language())
        try:
            claims = self._claims(client, name)
        except MismatchingStateError:
            return self._again(name)
        principal = self._principal(name, claims)
        begin_session(principal, now=self._settings.clock())
        return redirect(begun.get("then") or url_for("kit.root"))

    def leave(self, principal: Principal | None) -> ResponseReturnValue:
        """End the session here and, where the provider offers it, there."""
        end_session(self._settings)
        after = url_for("sign_in.signed_out")
        if principal is None or principal.issuer == "site" or principal.passkey:
            return redirect(after, 303)
        try:
            address = self._client(principal.issuer).load_server_metadata()["end_session_endpoint"]
        except (requests.RequestException, KeyError):
            return redirect(after, 303)
        query = {
            "client_id": self.issuer(principal.issuer).client_id,
            "post_logout_redirect_uri": self._settings.base_url + after,
            "ui_locales": current_language(),
        }
        return redirect(f"{address}?{urlencode(query)}", 303)

    def _client(self, name: str) -> Any:
        self.issuer(name)
        return self._oauth.create_client(name)

    def _claims(self, client: Any, name: str) -> Mapping[str, Any]:
        url = self.issuer(name).url.rstrip("/")
        expected = {"iss": {"essential": True, "values": [url, url + "/"]}}
        try:
            token = client.authorize_access_token(claims_options=expected)
            claims = dict(token.get("userinfo") or {})
            if claims.get("sub") and name == "staff" and "groups" not in claims:
                claims = {**client.userinfo(token=token), **claims}
        except requests.RequestException as error:
            raise Unavailable("The sign-in provider did not answer") from error
        except MismatchingStateError:
            raise
        except AuthlibBaseError as error:
            kind = SignInCancelled if error.error == "access_denied" else SignInFailed
            raise kind("The provider did not sign anybody in") from error
        except (JoseError, ValueError) as error:
            raise SignInFailed("The provider's answer cannot be trusted") from error
        if not claims.get("sub"):
            raise SignInFailed("The provider named nobody")
        return claims

    def _principal(self, name: str, claims: Mapping[str, Any]) -> Principal:
        groups = claims.get("groups") if name == "staff" else None
        named = groups if isinstance(groups, list) else []
        return Principal(
            issuer=cast("IssuerName", name),
            subject=str(claims["sub"]),
            authority=self.issuer(name).url.rstrip("/"),
            name=str(claims.get("name") or claims.get("preferred_username") or claims["sub"]),
            roles=frozenset(str(group).strip("/") for group in named) & ROLES,
        )

    def _again(self, name: str) -> ResponseReturnValue:
        """Start once more: the cookie with the state was lost, which costs nobody anything."""
        _, _, counted = request.args.get("state", "").rpartition(".")
        restarts = int(counted) if counted.isdecimal() else MOST_RESTARTS
        if restarts >= MOST_RESTARTS:
            raise SignInFailed("The browser did not bring its cookie back")
        return self.start(name, then=url_for("kit.root"), restarts=restarts + 1)


def _forget_attempts() -> None:
    """Drop attempts that were never finished, so that the cookie stays small."""
    for key in [key for key in session if key.startswith("_state_")]:
        session.pop(key)


def local_address(wanted: str | None) -> str | None:
    """Return ``wanted`` if it is an address within this application."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return None
    return wanted if wanted.isprintable() and "\\" not in wanted else None


def _providers() -> SignIn:
    return current_kit().sign_in


@sign_in.get("/<language:language>/sign-in")
@public
def choose() -> ResponseReturnValue:
    """Ask at which door the person wants to come in."""
    names, then = _names(), local_address(request.args.get("then"))
    if len(names) == 1 and current_kit().door is None:
        return redirect(url_for("sign_in.start", issuer=names[0], then=then))
    return show_doors(then)


def show_doors(then: str | None, error: Text | None = None) -> str:
    """Return the page with all ways in; ``error`` is what went wrong at the service's own."""
    return render_template("sign_in.html", names=_names(), then=then, error=error)


def _names() -> list[IssuerName]:
    return [name for name in ISSUERS if name in current_kit().settings.issuers]


@sign_in.get("/<language:language>/sign-in/<issuer>")
@public
def start(issuer: str) -> ResponseReturnValue:
    """Go to the provider."""
    then = local_address(request.args.get("then"))
    return _providers().start(issuer, then=then or url_for("kit.home"))


@sign_in.get("/sign-in/<issuer>/callback")
@public
def callback(issuer: str) -> ResponseReturnValue:
    """Come back from the provider."""
    return _providers().finish(issuer)


@sign_in.post("/<language:language>/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Leave; a form that was kept aside goes, too."""
    return forget_kept(_providers().leave(g.get("principal")))


@sign_in.get("/<language:language>/signed-out")
@public
def signed_out() -> ResponseReturnValue:
    """Say that the session has ended."""
    return render_template("signed_out.html")


@sign_in.get("/<language:language>/signed-in")
@public
def signed_in() -> ResponseReturnValue:
    """Send the person back to the window in which their form waits."""
    return render_template("signed_in.html")
